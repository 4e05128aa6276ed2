"""Comparison of figures: what became of each on the way from one text to another.

Serves twice in the way of an article: a source sentence against its translation, and an article against its brief.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from depesche.figure import Figure, Kind
from depesche.figures.convert import amount_of, numbers_of
from depesche.figures.language import load_language
from depesche.figures.per import is_denominator
from depesche.figures.relate import Nearness, Outcome, Relation
from depesche.figures.side import Side
from depesche.figures.told import relate_told
from depesche.figures.unread import Stated, use_stated
from depesche.figures.wording import is_article, is_part_of, is_speed, is_time_of, is_whole_first

__all__ = ["Comparison", "Match", "Outcome", "compare_figures", "find_counterpart"]

_FAITHFUL = frozenset({Outcome.KEPT, Outcome.REWORDED})
_MOST_JOINING_WORDS = 2
_MOST_PAIRS = 10_000
"""Pairs of figures that are compared one by one; a hundred figures in either text are no news."""
_MOST_ALIKE = 8
_WEIGHTY = frozenset({Kind.MONEY, Kind.PERCENT, Kind.PERCENTAGE_POINTS, Kind.RATE, Kind.TEMPERATURE})
WORDS_BELOW = 13
"""Smaller numbers are written in words and stand for a pronoun."""


@dataclass(frozen=True, slots=True)
class Match:
    """One figure of the source, one of the target, or both, and what became of it.

    A range that is told as two figures gives two matches with the same source; two figures that are told as a
    range give two with the same target. A match without a target that is faithful is one whose words are no figure
    ("both" for "zwei"); `detail` says so.
    """

    source: Figure | None
    target: Figure | None
    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every figure of both texts, in the order of the source, then what only the target has."""

    matches: tuple[Match, ...]
    rounding: bool = False

    @property
    def problems(self) -> tuple[Match, ...]:
        """Return the matches that are not faithful. Rounding is one unless the comparison allows it."""
        fine = _FAITHFUL | ({Outcome.ROUNDED} if self.rounding else set())
        return tuple(match for match in self.matches if match.outcome not in fine)

    @property
    def invented(self) -> tuple[Match, ...]:
        """Return the matches of target figures that have no source."""
        return tuple(match for match in self.matches if match.outcome is Outcome.INVENTED)

    @property
    def faithful(self) -> bool:
        """Say whether the target says what the source says, as far as figures go."""
        return not self.problems


def compare_figures(
    source: Sequence[Figure],
    target: Sequence[Figure],
    *,
    complete: bool = True,
    rounding: bool = False,
    source_text: str = "",
    target_text: str = "",
    source_language: str = "de",
    target_language: str = "en",
) -> Comparison:
    """Compare the figures of two texts that should say the same.

    `complete`: every source figure must be in the target (sentence against translated sentence); otherwise only
    every target figure must have a source (article against brief), and one source may serve many targets.
    `rounding`: a rounded value is allowed where its modifier says so ("about 20" for "19,7"), as in a summary.
    `source_text` and `target_text` are what the spans refer to; with them words like "beide" and "both" are
    known to be no invention and no loss. Sums are never accepted as given.
    """
    source_side = Side(source, source_text, source_language)
    alignment = _Alignment(source_side, Side(target, target_text, target_language), rounding=rounding)
    if complete:
        alignment.pair_all()
    else:
        alignment.trace()
        alignment.excuse(missing=False)
        alignment.close_targets()
    return Comparison(alignment.in_order(), rounding)


def find_counterpart(
    figure: Figure,
    target: Sequence[Figure],
    *,
    source_text: str = "",
    target_text: str = "",
    source_language: str = "de",
    target_language: str = "en",
) -> Match:
    """Return what became of one `figure` among those of a `target` that should say it: its first match.

    As `compare_figures` has it for that figure alone, without asking what the other figures of the target are.
    """
    source_side = Side([figure], source_text, source_language)
    alignment = _Alignment(source_side, Side(target, target_text, target_language), rounding=False)
    alignment.pair_all(invented=False)
    return alignment.in_order()[0]


class _Alignment:
    """The pairing of two lists of figures while it is being made. Greedy by nearness, then by order.

    Equality of amounts is transitive, so taking the nearest pairs first loses nothing against an optimal
    assignment, and the result never depends on chance.
    """

    def __init__(self, source: Side, target: Side, *, rounding: bool) -> None:
        self.source, self.target = source.figures, target.figures
        self.source_side, self.target_side = source, target
        self.open_source = dict.fromkeys(range(len(self.source)))
        self.open_target = dict.fromkeys(range(len(self.target)))
        self.matches: list[tuple[int | None, int | None, Outcome, str]] = []
        self.relations: dict[tuple[int, int], Relation] = {}
        for i, j in _comparable(self.source, self.target):
            if relation := relate_told(self.source[i], self.target[j], source, target, rounding=rounding):
                self.relations[i, j] = relation
        self.by_distance = sorted(self.relations, key=self._distance)

    def pair_all(self, *, invented: bool = True) -> None:
        """Match what belongs together and name the rest; what only the target has, if `invented` is asked for."""
        self.pair(Nearness.OTHER_MODIFIER)
        self.join_ranges()
        self.pair(Nearness.ROUNDED)
        self.excuse(missing=True, invented=invented)
        self.pair(Nearness.OTHER_QUALITY)
        self.close()

    def pair(self, farthest: Nearness) -> None:
        """Pair the open figures that are no farther apart than `farthest`."""
        for i, j in self.by_distance:
            relation = self.relations[i, j]
            if relation.nearness <= farthest and i in self.open_source and j in self.open_target:
                self._settle(i, j, relation.outcome, relation.detail)

    def _distance(self, pair: tuple[int, int]) -> tuple[int, bool, bool, int, int, int]:
        i, j = pair
        one, other = self.source[i], self.target[j]
        other_role = one.role != other.role
        other_noun = (one.unit or "").casefold() != (other.unit or "").casefold()
        return self.relations[pair].nearness, other_role, other_noun, abs(i - j), i, j

    def join_ranges(self) -> None:
        """Match a range, score, share or time with the two figures that state its ends, either way round."""
        for i in list(self.open_source):
            for j in self._share(i):
                self._settle(i, j, Outcome.REWORDED, "one of two parts")
            for j in self._ends(self.source[i], self.target, self.open_target):
                self._settle(i, j, *self._part(i, j))
        for j in list(self.open_target):
            ends = self._ends(self.target[j], self.source, self.open_source)
            ends = ends or self._whole_and_part(j)
            apart = bool(ends) and self._are_alternatives(*sorted(ends))
            for i in ends:
                told = (Outcome.VALUE_CHANGED, "a range in place of one or the other") if apart else self._part(i, j)
                self._settle(i, j, *told)

    def _share(self, i: int) -> list[int]:
        """Return the two target figures that state a source's share or time: "three | of the | five groups"."""
        for j, k in itertools.pairwise(self.open_target):
            parts = self.source[i], self.target[j], self.target[k], self.target_side
            if is_part_of(*parts) or is_time_of(*parts):
                return [j, k]
        return []

    def _whole_and_part(self, j: int) -> list[int]:
        """Return the two source figures of which a target's share is made: "von 15 Lotsen | sechs"."""
        for i, k in itertools.pairwise(self.open_source):
            for whole, part in ((i, k), (k, i)):
                if is_whole_first(self.target[j], self.source[whole], self.source[part], self.source_side):
                    return [i, k]
        return []

    def _part(self, i: int, j: int) -> tuple[Outcome, str]:
        """Return what became of one of two parts: its modifier, if it has one, must not be lost."""
        modifier, other = self.source[i].modifier, self.target[j].modifier
        whole_is_target = self.target[j].is_range
        if whole_is_target and modifier is not None and other is None:
            return Outcome.MODIFIER_LOST, f"“{modifier}” is lost"
        return Outcome.REWORDED, "one of two parts"

    def _are_alternatives(self, first: int, second: int) -> bool:
        """Say whether the source means one of two figures and nothing between: "10 oder 12 Prozent".

        Counts and times are said loosely: "10 oder 15 Minuten" may be 12.
        """
        one, other = self.source[first], self.source[second]
        between = self.source_side.text[one.span.end : other.span.start].split()
        words = load_language(self.source_side.language).sets["ranges.alternatives"]
        return other.kind in _WEIGHTY and len(between) == 1 and between[0].casefold() in words

    def _ends(self, whole: Figure, figures: Sequence[Figure], among: Iterable[int]) -> list[int]:
        """Return the two of `figures` that state the ends of the range or score `whole`, or an empty list."""
        if not whole.is_range and whole.kind is not Kind.SCORE:
            return []
        found = []
        for end, number in zip(amount_of(whole).ends, numbers_of(whole), strict=True):
            for k in among:
                single = figures[k]
                alike = amount_of(single).dimension == amount_of(whole).dimension
                bare = single.kind is Kind.COUNT and numbers_of(single) == (number,)
                if k not in found and (bare or (alike and amount_of(single).ends == (end,))):
                    found.append(k)
                    break
        return found if len(found) == 2 else []

    def excuse(self, *, missing: bool, invented: bool = True) -> None:
        """Settle open figures that the other text states in words which are no figure, and the bare "ein".

        A word that has its like in the other text ("beide" and "both") speaks for itself and excuses nothing.
        """
        if self.open_source and missing:
            only_target = (self.target_side.words or Counter()) - (self.source_side.words or Counter())
            for i in list(self.open_source):
                if (once := self._told_once(i)) is not None:
                    self._settle(i, once, Outcome.KEPT, "said once for both")
                elif is_denominator(self.source[i], self.target, self.target_side.language):
                    self._settle(i, None, Outcome.REWORDED, "what a rate is counted by")
                elif reason := _excuse(self.source[i], only_target):
                    self._settle(i, None, Outcome.REWORDED, reason)
        for j in list(self.open_target):
            if (again := self._restated(j)) is not None and not (missing and self._is_added(again, j)):
                self._settle(again, j, Outcome.KEPT, "stated again")
        if self.open_target and invented:
            only_source = (self.source_side.words or Counter()) - (self.target_side.words or Counter())
            for j in list(self.open_target):
                told_by = is_denominator(self.target[j], self.source, self.source_side.language)
                if told_by or is_article(self.target[j], self.target_side, self.source_side):
                    self._settle(None, j, Outcome.REWORDED, "the article before a unit")
                elif is_speed(self.target[j], self.source_side):
                    self._settle(None, j, Outcome.REWORDED, "a speed that is a label")
                elif reason := _excuse(self.target[j], only_source):
                    self._settle(None, j, Outcome.REWORDED, reason)

    def _told_once(self, i: int) -> int | None:
        """Return the target that states a source figure together with its like: "zwei Tage früher oder zwei später"."""
        for near in (i - 1, i + 1):
            if not 0 <= near < len(self.source):
                continue
            first, second = self.source[min(i, near)], self.source[max(i, near)]
            if amount_of(first) == amount_of(second) and first.unit == second.unit and self._is_joined(first, second):
                return next((j for one, j, outcome, _ in self.matches if one == near and outcome in _FAITHFUL), None)
        return None

    def _is_joined(self, one: Figure, other: Figure) -> bool:
        """Say whether the words between two source figures join them."""
        between = self.source_side.text[one.span.end : other.span.start]
        return _is_joined(between, self.source_side.language)

    def _restated(self, j: int) -> int | None:
        """Return the source figure that an open target states a second time."""
        for i in range(len(self.source)):
            relation = self.relations.get((i, j))
            if relation and relation.faithful and self.source[i].kind is self.target[j].kind:
                return i
        return None

    def _is_added(self, i: int, j: int) -> bool:
        """Say whether a sentence has no reason to state a figure of its source once more.

        It has one where the source says it of several things ("je 5 Euro"), where it converts or explains the figure in
        brackets, and with small numbers, which stand for a pronoun ("the two").
        """
        one, other = self.source[i], self.target[j]
        if not self.source_side.text or not _is_weighty(other):
            return False
        words = set(re.findall(r"\w+", self.source_side.text.casefold()))
        if words & load_language(self.source_side.language).sets["repeats.words"]:
            return False
        in_other_words = (other.unit, other.modifier) != (one.unit, one.modifier)
        return not (in_other_words and _by_brackets(self.target_side.text, other))

    def trace(self) -> None:
        """Give every target its nearest source; a source may serve many targets."""
        for i, j in self.by_distance:
            relation = self.relations[i, j]
            if j in self.open_target and relation.nearness <= Nearness.ROUNDED:
                self._settle(i, j, relation.outcome, relation.detail)
        for i in range(len(self.source)):
            for j in self._ends(self.source[i], self.target, self.open_target):
                self._settle(i, j, Outcome.REWORDED, "one of two parts")
        for j in list(self.open_target):
            for i in self._ends(self.target[j], self.source, range(len(self.source))):
                self._settle(i, j, Outcome.REWORDED, "one of two parts")

    def close_targets(self) -> None:
        """Name what is wrong with the targets that no source bears out."""
        for i, j in self.by_distance:
            relation = self.relations[i, j]
            if j in self.open_target and relation.nearness <= Nearness.OTHER_UNIT:
                self._settle(i, j, relation.outcome, relation.detail)
        self._settle_targets()

    def close(self) -> None:
        """Call what is still open missing or invented."""
        for i in list(self.open_source):
            self._settle(i, None, Outcome.MISSING, f"„{self.source[i].text}“ is not in the target")
        self._settle_targets()

    def _settle_targets(self) -> None:
        for j in list(self.open_target):
            self._settle(None, j, Outcome.INVENTED, f"“{self.target[j].text}” is not in the source")

    def _settle(self, i: int | None, j: int | None, outcome: Outcome, detail: str) -> None:
        self.matches.append((i, j, outcome, detail))
        if i is not None:
            self.open_source.pop(i, None)
        if j is not None:
            self.open_target.pop(j, None)

    def in_order(self) -> tuple[Match, ...]:
        """Return the matches in the order of the source; those without one come last."""
        last = len(self.source)
        ordered = sorted(
            self.matches,
            key=lambda match: (last if match[0] is None else match[0], -1 if match[1] is None else match[1]),
        )
        return tuple(
            Match(None if i is None else self.source[i], None if j is None else self.target[j], outcome, detail)
            for i, j, outcome, detail in ordered
        )


def _comparable(source: Sequence[Figure], target: Sequence[Figure]) -> Iterable[tuple[int, int]]:
    """Return the pairs of figures that are looked at: all of them, or, in a text of very many, those that matter.

    These are figures with the same numbers (a few for each, the nearest in order first) and those that stand near one
    another in order. What is then found to be missing and invented was changed; either way it is no faithful text.
    """
    if len(source) * len(target) <= _MOST_PAIRS:
        return itertools.product(range(len(source)), range(len(target)))
    alike: dict[tuple[Fraction, ...], list[int]] = {}
    for i, figure in enumerate(source):
        alike.setdefault(numbers_of(figure), []).append(i)
    reach = _MOST_PAIRS // (2 * max(len(source), len(target)))
    pairs: set[tuple[int, int]] = set()
    for j, figure in enumerate(target):
        pairs.update((i, j) for i in range(max(0, j - reach), min(len(source), j + reach + 1)))
        same = alike.get(numbers_of(figure), [])
        nearest = bisect_left(same, j)
        pairs.update((i, j) for i in same[max(0, nearest - _MOST_ALIKE) : nearest + _MOST_ALIKE])
    return sorted(pairs)


def _excuse(figure: Figure, words: Counter[Stated]) -> str:
    """Return why a figure without a counterpart is no error, or nothing."""
    spelled = not any(character.isdigit() for character in figure.text)
    if figure.kind is Kind.COUNT and figure.value == 1 and figure.modifier is None and spelled:
        return "a bare “one” may be an article"
    if use_stated(figure, amount_of(figure), words):
        return f"„{figure.text}“ is there in words that state no figure"
    return ""


def _is_weighty(figure: Figure) -> bool:
    """Say whether a figure is an amount that nobody states twice in passing, unlike "two" and "a day"."""
    small = figure.value is not None and abs(figure.value) < WORDS_BELOW
    return figure.kind in _WEIGHTY or (figure.kind in (Kind.COUNT, Kind.QUANTITY) and not small)


def _by_brackets(text: str, figure: Figure) -> bool:
    """Say whether a figure stands in brackets or right before them: "161 feet (49 metres)"."""
    before, after = text[: figure.span.start], text[figure.span.end :]
    return before.rfind("(") > before.rfind(")") or after.startswith(" (")


def _is_joined(between: str, language: str) -> bool:
    """Say whether the words between two figures join them: "zwei Sekunden | früher oder | zwei Sekunden später"."""
    words = between.split()
    return 1 <= len(words) <= _MOST_JOINING_WORDS and words[-1] in load_language(language).sets["ranges.lists"]
