"""Find which way a sentence says that a figure moves: the nearest word of rising or falling, first in its clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from depesche.figure import Direction
from depesche.figures.amount import Amount, Scan
from depesche.figures.tokens import Shape

WINDOW = 12
"""Words on either side in which a figure's clause is looked at."""
CLAUSE_ENDS = frozenset(",;:()–")
_SENTENCE_ENDS = frozenset(".!?")
_PARTICLE_REACH = 40
"""Words between a verb and the particle that stands apart from it: "nahm … zu"."""


def direction_of(scan: Scan, amount: Amount) -> Direction | None:
    """Find the nearest word of rising or falling in the same sentence, first in the same clause."""
    best: tuple[int, Direction] | None = None
    for step, reach in ((-1, amount.first - 1), (1, amount.last)):
        farther = 0
        for distance in range(WINDOW):
            token = scan.at(reach + step * distance)
            if token.shape is Shape.BREAK or token.text in {".", "!", "?", ";"}:
                break
            if token.text in CLAUSE_ENDS or token.key in scan.language.sets["changes.breaks"]:
                if step > 0 and not scan.language.nouns_are_capitalised:
                    break  # only a German verb may stand behind the next clause
                farther = WINDOW
            if token.shape is Shape.WORD and (way := _way(scan, reach + step * distance)) is not None:
                if best is None or distance + farther < best[0]:
                    best = distance + farther, way
                break
    return best[1] if best else None


def _way(scan: Scan, at: int) -> Direction | None:
    """Return which way the word at a token says that something moves, also by a particle that stands apart from it.

    "Nahm um 3 Prozent ab" is down and "nahm um 3 Prozent zu" up; "growth" says nothing before "forecast".
    """
    key, sets = scan.at(at).key, scan.language.sets
    if key in sets["changes.neither"] or (scan.in_set(at + 1, "changes.forecasts") and key in sets["changes.nouns"]):
        return None
    apart = scan.language.table["changes"].get("apart", {})
    if key in apart:
        ways, others = apart[key], range(at + 1, at + _PARTICLE_REACH)
        found = next((ways[scan.at(k).key] for k in same_sentence(scan, others) if _is_particle(scan, k, ways)), None)
        return None if found is None else Direction(found)
    if key in sets["changes.particles"] and not scan.is_word(at + 1):
        verbs = same_sentence(scan, range(at - 1, max(-1, at - _PARTICLE_REACH), -1))
        found = next((apart[scan.at(k).key].get(key) for k in verbs if scan.at(k).key in apart), None)
        return None if found is None else Direction(found)
    return scan.language.direction(key)


def same_sentence(scan: Scan, places: Iterable[int]) -> Iterator[int]:
    """Yield the places of tokens up to the end of the sentence."""
    for place in places:
        if scan.at(place).shape is Shape.BREAK or scan.at(place).text in _SENTENCE_ENDS:
            return
        yield place


def _is_particle(scan: Scan, at: int, ways: Mapping[str, str]) -> bool:
    """Say whether a verb's particle stands at a token, which is the end of a clause."""
    ends = not scan.is_word(at + 1) or scan.in_set(at + 1, "negations.breaks")
    return scan.at(at).key in ways and ends
