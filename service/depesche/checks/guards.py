"""The guards on one translated sentence: what small models get wrong, each check made from a failure seen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from depesche.checks.dates import check_edges, compare_dates, find_dates, without_namesakes
from depesche.checks.denials import check_denials, check_negation
from depesche.checks.directions import compare_directions
from depesche.checks.exchanged import find_exchanged
from depesche.checks.hedges import check_hedges
from depesche.checks.intentions import check_intentions
from depesche.checks.names import check_genitives, check_identifiers, check_names
from depesche.checks.names_exchanged import check_exchanged_names
from depesche.checks.ranks import check_ranks
from depesche.checks.reporting import check_reporting
from depesche.checks.times import compare_times, find_times
from depesche.checks.words import WordPattern, find_terms, opposites, word_table, words
from depesche.figure import Figure
from depesche.figures.compare import Match, Outcome, compare_figures
from depesche.finding import Finding, FindingCode
from depesche.kept import kept
from depesche.source import Sentence
from depesche.span import Span

_FIGURE_CODES = {
    Outcome.MISSING: FindingCode.FIGURE_MISSING,
    Outcome.VALUE_CHANGED: FindingCode.FIGURE_CHANGED,
    Outcome.ROUNDED: FindingCode.FIGURE_CHANGED,
    Outcome.UNIT_CHANGED: FindingCode.UNIT_CHANGED,
    Outcome.MODIFIER_LOST: FindingCode.MODIFIER_CHANGED,
    Outcome.MODIFIER_CHANGED: FindingCode.MODIFIER_CHANGED,
    Outcome.INVENTED: FindingCode.FIGURE_INVENTED,
}
FIGURE_CODES = frozenset(_FIGURE_CODES.values())
"""What a comparison of figures can find."""
_CHATTER = re.compile(
    r"\W*(?:(?:sure|certainly|of course|okay)\b[,!:]\s+here|(?:here|this) is (?:the|a|your) (?:english )?translation"
    r"|(?:english )?translation\s*:|the translation (?:is|of|must)|(?:in english|english)\s*:|translated\s*:"
    r"|as an ai\b|the (?:german )?sentence (?:means|translates)"
    r"|(?:i(?: am|'m)? )?(?:sorry,? (?:but )?)?i (?:cannot|can't|am unable to) (?:translate|help with|assist|provide))",
    re.IGNORECASE,
)
_CHATTER_AFTER = re.compile(r"\((?:note|translation|the translation)\b[^)]*\)?\s*$", re.IGNORECASE)
_ANY_MARK = re.compile(r"[„“”»«\"‚‘’‹›]|(?<!\w)'|'(?!\w)")
_QUOTED = re.compile(r"[„»“\"][^„“”»«\"]+[“”«\"]")
# Long enough and with an ending or a letter that English does not have, so that "international" is left alone.
_INFLECTED = re.compile(r"^\w{3,}(?:en|em|er|es|lich|isch|ung)$|[äöüß]")
# No part of a name by what stands around it: "the Bundesregierung's course", but not the Süddeutsche Zeitung.
_NOUN = re.compile(
    r"(?<!\S)[A-ZÄÖÜ]\w{5,}(?:ung|keit|heit|schaft)(?:en)?(?=['’]s\b|[.,;:!?]|$|\s(?!für|der|des|[A-ZÄÖÜ]))"
)
_ARTICLES = frozenset({"The", "A", "An", "This", "In", "Of"})
_FEWEST_QUOTED_WORDS = 4
_LONGEST_QUOTE = 3
_SENTENCE_END = re.compile(r"[.!?][”\"’')]*(?:\s+(?=[“\"‘'(]?[A-Z])|\s*$)")
_LOWEST_RATIO, _HIGHEST_RATIO = 0.45, 2.0
_SHORTEST_FOR_RATIO = 25
_REPEATS = 3
_LONGEST_LOOP = 12
_GERMAN_WORDS_BETRAY = 2


def check_sentence(
    sentence: Sentence,
    source_figures: Sequence[Figure],
    english: str,
    english_figures: Sequence[Figure],
    *,
    finished: bool = True,
    names: frozenset[str] = frozenset(),
) -> tuple[Finding, ...]:
    """Return all that is wrong with `english` as the translation of `sentence`; empty means verified.

    `source_figures` are those of the sentence (spans into `Article.text`), `english_figures` those found in
    `english`; `finished` says that the model ended by itself; `names` are the article's confirmed names.
    """
    if not english.strip():
        return (Finding(FindingCode.EMPTY, "no translation", sentence.span),)
    findings = [*check_form(sentence.text, sentence.language, english)]
    if not finished:
        findings.append(Finding(FindingCode.UNFINISHED, "the model did not come to an end"))
    findings += _check_figures(sentence, source_figures, english, english_figures)
    findings += compare_dates(
        find_dates(sentence.text, sentence.language, figures=_local_spans(sentence, source_figures)),
        without_namesakes(
            find_dates(english, "en", figures=[figure.span for figure in english_figures]), sentence.text
        ),
    )
    findings += compare_times(
        find_times(sentence.text, sentence.language, figures=_local_spans(sentence, source_figures)),
        find_times(english, "en", figures=[figure.span for figure in english_figures]),
    )
    findings += check_identifiers(sentence.text, english)
    findings += check_names(sentence.text, english, names)
    findings += check_genitives(english, names)
    findings += check_exchanged_names(sentence.text, english, names)
    findings += compare_directions(sentence.text, sentence.language, english)
    findings += check_negation(sentence.text, sentence.language, english)
    if sentence.language == "de":
        findings += check_edges(sentence.text, english)
        findings += check_denials(sentence.text, english)
        findings += check_reporting(sentence.text, english)
        findings += check_opposites(sentence.text, english)
        findings += check_hedges(sentence.text, english)
        findings += check_intentions(sentence.text, english)
        findings += check_ranks(sentence.text, english)
        findings += check_terms(english)
    findings += check_quotation_marks(sentence.text, english)
    return tuple(findings)


def _check_figures(
    sentence: Sentence, source: Sequence[Figure], english: str, english_figures: Sequence[Figure]
) -> list[Finding]:
    if not source and not english_figures:
        return []
    start = sentence.span.start
    comparison = compare_figures(
        [figure.shifted(-start) for figure in source],
        english_figures,
        source_text=sentence.text,
        target_text=english,
        source_language=sentence.language,
    )
    exchanged = find_exchanged(sentence.text, english, comparison.matches)
    return [
        *(figure_finding(match, offset=start) for match in comparison.problems),
        *(replace(found, span=found.span.shifted(start)) for found in exchanged if found.span is not None),
    ]


def figure_finding(match: Match, *, offset: int = 0) -> Finding:
    """Return a problem of a comparison as a finding; `offset` leads from its source text to `Article.text`."""
    words = match.target.text if match.target else match.source.text if match.source else ""
    detail = f"“{words}”: {match.detail or match.outcome.replace('_', ' ')}"
    return Finding(_FIGURE_CODES[match.outcome], detail, match.source.span.shifted(offset) if match.source else None)


def check_form(source: str, language: str, english: str) -> list[Finding]:
    """Return what is wrong with the shape of `english`: chatter, loops, length, language, doubled sentences."""
    findings = []
    if _CHATTER.match(english) or ("(" in english and _CHATTER_AFTER.search(english)):
        findings.append(Finding(FindingCode.CHATTER, "the model talks about its task"))
    if loop := find_loop(english):
        findings.append(Finding(FindingCode.REPETITION, f"“{loop}” is repeated"))
    ratio = len(english) / len(source)
    if len(source) >= _SHORTEST_FOR_RATIO and not _LOWEST_RATIO <= ratio <= _HIGHEST_RATIO:
        findings.append(Finding(FindingCode.LENGTH_RATIO, f"{ratio:.1f} times as long as the source"))
    if is_untranslated(source, language, english):
        findings.append(Finding(FindingCode.UNTRANSLATED, "still in the source language"))
    elif language == "de":
        left = find_copied_words(source, english)
        findings += [Finding(FindingCode.TERM_UNTRANSLATED, f"“{word}” is German") for word in left]
    findings += _check_doubled(english)
    return findings


def find_loop(text: str) -> str | None:
    """Return a phrase that stands three times or more in a row in `text`, as a model in a loop writes it."""
    tokens = text.casefold().split()
    if max(Counter(tokens).values(), default=0) < _REPEATS:
        return None
    for size in range(1, _LONGEST_LOOP + 1):
        run = 1
        for start in range(size, len(tokens)):
            # Compare token by token with the one `size` before: `size` equal ones in a row make one repeat.
            run = run + 1 if tokens[start] == tokens[start - size] else 1
            if run > size * (_REPEATS - 1):
                return " ".join(tokens[start - size + 1 : start + 1])
    return None


def is_untranslated(source: str, language: str, english: str) -> bool:
    """Say whether `english` is still in the source language, by its function words."""
    if language == "en":
        return False
    own = [word.casefold() for word in words(english)]
    foreign, markers = _foreign_markers(language), word_table("en").markers
    betrayed = sum(word in foreign for word in own)
    if not betrayed:
        return False
    native = sum(word in markers for word in own)
    if betrayed >= _GERMAN_WORDS_BETRAY and betrayed > native:
        return True
    return Counter(own) == Counter(word.casefold() for word in words(source))


@cache
def _foreign_markers(language: str) -> frozenset[str]:
    """Return the function words of `language` that are none of English."""
    return word_table(language).markers - word_table("en").markers


def check_opposites(german: str, english: str) -> list[Finding]:
    """Return a finding for each pair of opposites of which the English lost a side and has the other in its place.

    Where the German has both ("ein Überschuss nach einem Verlust"), the English has the other one twice.
    """
    findings = []
    for side in _said_sides(german):
        turned = side.reverse.search(english)
        if turned and not side.english.search(english) and side.reverse.count(english) >= side.least:
            findings.append(Finding(FindingCode.SENSE_REVERSED, f"“{side.said}” became “{turned[0]}”"))
    return findings


@dataclass(frozen=True, slots=True)
class _Side:
    """A side that a German text has: its word, the English of it and of its opposite, and how often that turns it."""

    said: str
    english: WordPattern
    reverse: WordPattern
    least: int


@kept
def _said_sides(german: str) -> tuple[_Side, ...]:
    found = []
    for pair in opposites():
        (own_de, own_en), (other_de, other_en) = pair.sides
        own, other = own_de.search(german), other_de.search(german)
        if own and not (other and pair.one_way):
            found.append(_Side(own[0], own_en, other_en, 2 if other else 1))
        if other and not pair.one_way:
            found.append(_Side(other[0], other_en, own_en, 2 if own else 1))
    return tuple(found)


def check_terms(english: str) -> list[Finding]:
    """Return a finding for each German abbreviation left in the English, such as “KI” for AI."""
    return [
        Finding(FindingCode.TERM_UNTRANSLATED, f"“{german}” is “{term}” in English")
        for german, term in find_terms(english)
    ]


def check_quotation_marks(source: str, english: str) -> list[Finding]:
    """Return a finding where the source quotes somebody's words and the English does not, or quotes less or more often.

    A word or two in quotation marks may lose them: that is no speech.
    """
    findings = [
        Finding(FindingCode.QUOTATION_INVENTED, f"“{english_words}” for „{german_words}“")
        for german_words, english_words in zip(_QUOTED.findall(source), _QUOTED.findall(english), strict=False)
        if len(english_words.split()) > _LONGEST_QUOTE * len(german_words.split()) + 1
    ]
    spoken = [stretch for stretch in _QUOTED.findall(source) if len(stretch.split()) >= _FEWEST_QUOTED_WORDS]
    after = len(_QUOTED.findall(english))
    if 2 * after > len(_ANY_MARK.findall(source)) + 1:
        findings.append(Finding(FindingCode.QUOTATION_INVENTED, f"{after} quoted in English, fewer in the source"))
    if len(spoken) <= after:
        return findings
    return [*findings, Finding(FindingCode.QUOTATION_MARKS_LOST, f"{len(spoken)} quoted, {after} in English")]


def find_copied_words(source: str, english: str) -> list[str]:
    """Return the German words that `english` took over: inflected ones ("mehreren") and nouns ("Bundesregierung")."""
    copied = set(words(source)) & set(words(english))
    inflected = (word for word in copied if word.islower() and _INFLECTED.search(word))
    nouns = (m[0] for m in _NOUN.finditer(english) if m[0] in copied and not _follows_name(english[: m.start()]))
    return sorted({*inflected, *nouns})


def _follows_name(before: str) -> bool:
    last = before.split()[-1:]
    return bool(last) and last[0][0].isupper() and last[0] not in _ARTICLES


def _check_doubled(english: str) -> list[Finding]:
    sentences = [part.strip().casefold() for part in _SENTENCE_END.split(english) if part.strip()]
    doubled = [text for text, count in Counter(sentences).items() if count > 1 and len(text.split()) > 2]
    if doubled:
        return [Finding(FindingCode.SENTENCE_DOUBLED, f"“{doubled[0]}” stands twice")]
    return []


def _local_spans(sentence: Sentence, figures: Sequence[Figure]) -> list[Span]:
    return [figure.span.shifted(-sentence.span.start) for figure in figures]
