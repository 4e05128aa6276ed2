"""Mending in place: the right English figure where a translated sentence has a wrong one.

Stands between the check of a translated sentence and the flag: it touches a sentence only where a figure of the
target is aligned with one figure of the source beyond doubt, and only if the mended sentence then compares as faithful.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from depesche.figure import Figure, Kind, Role
from depesche.figures.compare import Comparison, Match, Outcome, compare_figures
from depesche.figures.convert import numbers_of
from depesche.figures.grammar import find_figures
from depesche.figures.language import load_language
from depesche.figures.recast import cores_of, recastings
from depesche.figures.relate import SHARED_KINDS, Nearness, relate
from depesche.figures.write import modifier_words

_MODIFIER_ONLY = {Outcome.MODIFIER_LOST, Outcome.MODIFIER_CHANGED}
_ARTICLE = re.compile(r"\b([Aa])n?(\s+)$")
_DOUBLED = re.compile(
    r"\b(to up to|up to to|(?:about|more than|almost|at least|up to) (?:about|more than|almost|at least|up to))\b"
)
"""Two modifiers in a row: the figure's own was not part of its span."""
_DETERMINER = re.compile(r"\b(?:the|these|those|its|their|his|her|our|an?)\s+$", re.IGNORECASE)
"""Words behind which "about" does not stand ("the about 200 guests")."""
_AN = re.compile(r"(?:8|11(?!\d)|18(?!\d)|eight|eleven|[aio](?!ne\b)|e(?!uro)|u(?!n[ai]))", re.IGNORECASE)
"""Beginnings that want "an": 8, 11, 18, 11,000, "eight", and vowels that sound as such."""
_COUNTED = re.compile(
    r"[\s-]*(?!(?:an?|per|each|every|for|in|to|from|this|on|and|or|by|at|with|within|during|after|before|since|until|than|"
    r"more|less|higher|lower|long|wide|high|tall|deep|earlier|later|away)\b)[^\W\d_]",
    re.IGNORECASE,
)
"""A word behind a number that the number may count."""
_LAST_WORDS = re.compile(r"[^\W\d_]+(?:[ ]+(?:back|again|further|only|just|[^\W\d_]+ly))*(?=[ ]+$)")
"""The word right before a figure, or the one before its adverbs."""
_PREPOSITION = re.compile(r"(?:below|above|under|over|to|by|beyond|beneath)\b", re.IGNORECASE)
_LIMIT = re.compile(r"(?:at least|at most)\b", re.IGNORECASE)
_THRESHOLD = re.compile(r"[\s-]*(?:mark(?:er)?|threshold|barrier|hurdle|limit|level)\b", re.IGNORECASE)
_MOST_BEFORE = 60
MOST_MENDED = 12
"""A sentence with more wrong figures is not mended but translated again or flagged."""


@dataclass(frozen=True, slots=True)
class Mend:
    """The outcome of mending: `text` is the sentence with every figure right, or None with the `reason` why not.

    `replaced` are the problems that were mended, with their figures as they were; empty for a sentence that was right.
    """

    text: str | None
    replaced: tuple[Match, ...] = ()
    reason: str | None = None


def mend_figures(
    source_text: str,
    source: Sequence[Figure],
    target_text: str,
    target: Sequence[Figure] | None = None,
    language: str = "en",
    source_language: str = "de",
    *,
    complete: bool = True,
    rounding: bool = False,
) -> Mend:
    """Return `target_text` with its wrong figures put right, as far as that is safe.

    The spans of `source` refer to `source_text`, those of `target` to `target_text`, where the figures are looked for
    if they are not given. `complete=False` and `rounding=True` suit a sentence of a
    brief. All or nothing: where one problem cannot be mended the text is None.
    """

    def compare(text: str, figures: Sequence[Figure]) -> Comparison:
        return compare_figures(
            source,
            figures,
            complete=complete,
            rounding=rounding,
            source_text=source_text,
            target_text=text,
            source_language=source_language,
            target_language=language,
        )

    found = find_figures(target_text, language) if target is None else target
    problems = compare(target_text, found).problems
    if not problems:
        return Mend(target_text)
    if language != "en":
        return Mend(None, reason=f"figures are not written in {language}")
    if len(problems) > MOST_MENDED:
        return Mend(None, reason=f"{len(problems)} figures are wrong")
    if reason := _unsafe(problems, source, found, target_text):
        return Mend(None, reason=reason)
    text = target_text
    for problem in sorted(problems, key=lambda match: -_place(match)):
        mended = _mend_one(text, problem, len(found))
        if mended is None:
            assert problem.source is not None  # noqa: S101 - _unsafe lets only pairs through
            return Mend(None, reason=f"no wording for „{problem.source.text}“ fits the sentence")
        text = mended
    if not compare(text, find_figures(text, language)).faithful:
        return Mend(None, reason="the sentence is not right with the figure in its place")
    return Mend(text, tuple(problems))


def _place(match: Match) -> int:
    return match.target.span.start if match.target else 0


def _unsafe(problems: Sequence[Match], source: Sequence[Figure], target: Sequence[Figure], text: str) -> str:
    """Return why the problems may not be mended in place, or nothing."""
    for problem in problems:
        if problem.source is None or problem.target is None:
            return problem.detail
        if reason := _doubt(problem, problems, source, target, text):
            return reason
    places = [problem.target.span for problem in problems if problem.target]
    if len(set(places)) < len(places):
        return "two figures claim one place"
    return ""


def _doubt(
    problem: Match, problems: Sequence[Match], source: Sequence[Figure], target: Sequence[Figure], text: str
) -> str:
    """Return what speaks against this pair being the same figure, or nothing."""
    one, other = problem.source, problem.target
    assert one is not None  # noqa: S101 - the caller lets only pairs through
    assert other is not None  # noqa: S101
    relation = relate(one, other)
    if relation is None:
        return "the figures have nothing in common"
    for rival in problems:
        if rival is problem or rival.source is None or rival.target is None:
            continue
        for cross in (relate(one, rival.target), relate(rival.source, other)):
            if cross and cross.nearness <= relation.nearness:
                return f"„{one.text}“ and „{rival.source.text}“ may be either of two figures"
    if one.modifier != other.modifier and _THRESHOLD.match(text, other.span.end):
        return f"“{other.text}” names a threshold"
    if (one.kind is Kind.RATE) != (other.kind is Kind.RATE):
        return f"“{other.text}” and „{one.text}“ differ in what they are measured by"
    if relation.nearness is Nearness.OTHER_UNIT and Kind.COUNT in (one.kind, other.kind):
        alone = all(sum(numbers_of(f) == numbers_of(one) for f in figures) == 1 for figures in (source, target))
        if not (alone and _lost_its_unit(one, other, text)):
            return f"“{other.text}” counts something else than „{one.text}“"
    if relation.nearness is Nearness.OTHER_VALUE and one.kind is Kind.COUNT:
        counts = [sum(figure.kind is Kind.COUNT for figure in figures) for figures in (source, target)]
        if counts != [1, 1]:
            return f"“{other.text}” may count something else than „{one.text}“"
    if one.kind is Kind.COUNT and (one.value == 1) != (other.value == 1):
        return "the verb would have to change between singular and plural"
    return ""


def _lost_its_unit(source: Figure, target: Figure, text: str) -> bool:
    """Say whether the target is a bare number, with no word behind it that it may count: "at least 200 a month"."""
    if source.kind not in SHARED_KINDS or target.kind is not Kind.COUNT or target.unit is not None:
        return False
    return _COUNTED.match(text, target.span.end) is None


def _mend_one(text: str, problem: Match, figures: int) -> str | None:
    """Return `text` with one problem mended, or None if no wording reads back as the source figure."""
    source, target = problem.source, problem.target
    if source is None or target is None:
        return None
    wordings: Iterator[str] = (
        _with_modifier(source, target) if problem.outcome in _MODIFIER_ONLY else recastings(source, target)
    )
    for wording in wordings:
        if _turns_verb(text, source, target, wording):
            continue
        mended = _placed(text, target, wording)
        found = find_figures(mended, "en")
        if (
            _as_many(found, figures)
            and not _DOUBLED.search(mended)
            and any(_says(source, figure) for figure in found if _around(figure, target))
        ):
            return mended
    return None


def _turns_verb(text: str, source: Figure, target: Figure, wording: str) -> bool:
    """Say whether `wording` would make a verb of motion say something else: "fell 3 percent" for "fell below 3".

    A preposition right behind the verb stays what it is, and a limit, or any modifier of what the figure did not move
    by, does not stand there.
    """
    before = _LAST_WORDS.search(text[max(0, target.span.start - _MOST_BEFORE) : target.span.start])
    if before is None or not _is_motion(before[0].partition(" ")[0].casefold()):
        return False
    kept, new = _PREPOSITION.match(target.text), _PREPOSITION.match(wording)
    if (kept and kept[0].casefold()) != (new and new[0].casefold()) or _LIMIT.match(wording):
        return True
    return kept is None and source.modifier != target.modifier and source.role is not Role.BY


def _is_motion(word: str) -> bool:
    english = load_language("en")
    return english.direction(word) is not None or word in english.sets["changes.passing"]


def _as_many(found: Sequence[Figure], figures: int) -> bool:
    """Say whether no figure was lost or added, but for "a month" that became part of "200 euros a month"."""
    return len(found) == figures or (len(found) == figures - 1 and any(figure.kind is Kind.RATE for figure in found))


def _around(figure: Figure, target: Figure) -> bool:
    """Say whether a figure of the mended text stands where the target's was, give or take the article."""
    return abs(figure.span.start - target.span.start) <= 1


def _says(source: Figure, figure: Figure) -> bool:
    relation = relate(source, figure)
    return relation is not None and relation.faithful


def _with_modifier(source: Figure, target: Figure) -> Iterator[str]:
    """Yield the target's own words with the source's modifier in place of its own."""
    for core in [target.text] if target.modifier is None else cores_of(target.text):
        bare = find_figures(core, "en")
        if len(bare) == 1 and bare[0].modifier is None and numbers_of(bare[0]) == numbers_of(target):
            # "Thirty people" loses its capital behind "More than", "€5 million" has none to lose.
            start = core[:1].lower() + core[1:] if core[1:2].islower() else core
            yield f"{modifier_words(source)} {start}".strip()


def _placed(text: str, target: Figure, wording: str) -> str:
    """Put `wording` in the target's place: capital at the start of a sentence, "a" or "an" before it."""
    before, after = text[: target.span.start], text[target.span.end :]
    if not before.strip(" “\"'‘") or (target.text[:1].isupper() and before.rstrip(" “\"'‘")[-1:] in ".!?:"):
        wording = wording[:1].upper() + wording[1:]
    if _DETERMINER.search(before) and wording.startswith("about "):
        wording = f"roughly {wording.removeprefix('about ')}"
    if article := _ARTICLE.search(before):
        n = "n" if _AN.match(wording.lstrip("€$£¥")) else ""
        before = f"{before[: article.start()]}{article[1]}{n}{article[2]}"
    if target.text.endswith(".") and not wording.endswith(".") and not after.strip():
        wording += "."
    return f"{before}{wording}{after}"
