"""Mutation test of the comparison: wrong figures are found, right ones raise no alarm.

    python -m benchmarks.mutations --data FOLDER [--list KIND] [--years 2019 2020]

Takes the de-en sentences of newstest with figures, changes one figure of the English reference at a time, and
compares it with the German source; what is found is mended in place where that is safe. A mutation counts only on
references that compare as faithful before it, and only of a figure that the source has as a figure too ("the two" for
"die beiden" has none). The bare "one" is never mutated: it may be an article. The rules were tuned on newstest2019;
newstest2020 was held out until it had been measured twice, and its false alarms were then read as well.
The folder (also `DEPESCHE_DATA`) holds `mt/dev/newstest2019.de-en.tsv.gz` and `mt/dev/public_systems/*.gz`.
"""

from __future__ import annotations

import argparse
import gzip
import html
import itertools
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from depesche.figure import Figure, Kind
from depesche.figures import find_figures
from depesche.figures.compare import Comparison, compare_figures
from depesche.figures.mend import mend_figures
from depesche.figures.relate import relate

YEARS = (2019, 2020)
SYSTEMS = ("google", "microsoft", "bergamot-base", "bergamot-base-memory", "bergamot-tiny")


@dataclass(frozen=True, slots=True)
class Pair:
    """A German sentence and an English one, with their figures."""

    german: str
    english: str
    source: tuple[Figure, ...]
    target: tuple[Figure, ...]

    @classmethod
    def read(cls, german: str, english: str) -> Pair:
        return cls(german, english, tuple(find_figures(german, "de")), tuple(find_figures(english, "en")))

    def compared(self) -> Comparison:
        return compare_figures(self.source, self.target, source_text=self.german, target_text=self.english)

    def with_english(self, english: str) -> Pair:
        return Pair(self.german, english, self.source, tuple(find_figures(english, "en")))


Mutation = Callable[[str, Figure], str | None]
"""Takes a figure's text and the figure and gives the wrong text, or None where it doesn't apply."""

UP = {"thousand": "million", "million": "billion", "billion": "trillion", "hundred": "thousand"}
DOWN = {new: old for old, new in UP.items()}
UNITS = {
    "€": "$", "$": "€", "£": "€", "euros": "dollars", "euro": "dollar", "dollars": "euros", "dollar": "euro",
    "pounds": "euros", "km": "miles", "kilometers": "miles", "kilometres": "miles", "kilometer": "mile",
    "miles": "kilometres", "metres": "feet", "meters": "feet", "meter": "foot", "metre": "foot", "kg": "pounds",
    "tonnes": "kilograms", "tons": "kilograms", "years": "months", "year": "month", "months": "weeks",
    "month": "week", "weeks": "days", "days": "weeks", "day": "week", "hours": "minutes", "hour": "minute",
    "minutes": "hours", "seconds": "minutes", "hectares": "acres", "°C": "°F", "Celsius": "Fahrenheit",
}  # fmt: skip
NUMBER_WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def _word_swap(text: str, words: dict[str, str]) -> str | None:
    for old, new in words.items():
        edge = r"\b" if old.isalpha() else ""
        if (mutated := re.sub(f"{edge}{re.escape(old)}{edge}", new, text, count=1)) != text:
            return mutated
    return None


def _replaced(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def magnitude_up(text: str, _figure: Figure) -> str | None:
    if (swapped := _word_swap(text, UP)) is not None:
        return swapped
    plain = re.search(r"(?<![.,:\d])[1-9]\d*(?![.,:\d])", text)
    return _replaced(text, plain, plain.group() + "0") if plain and "," not in text else None


def magnitude_down(text: str, _figure: Figure) -> str | None:
    if (swapped := _word_swap(text, DOWN)) is not None:
        return swapped
    plain = re.search(r"(?<![.,:\d])[1-9]\d*0(?![.,:\d])", text)
    return _replaced(text, plain, plain.group()[:-1]) if plain else None


def digits_swapped(text: str, figure: Figure) -> str | None:
    pair = re.search(r"(?<!\d)([1-9])([1-9])|([1-9])(\d)(?!\d)", text)
    if pair is None or figure.kind is Kind.SCORE:
        return None
    first, second = pair.group()[0], pair.group()[1]
    return None if first == second or second == "0" else _replaced(text, pair, second + first)


def decimal_shifted(text: str, figure: Figure) -> str | None:
    number = re.search(r"(\d)\.(\d)(\d*)", text)
    if number is None or figure.kind is Kind.SCORE:
        return None
    shifted = f"{number[1]}{number[2]}.{number[3]}" if number[3] else f"{number[1]}{number[2]}"
    return _replaced(text, number, shifted)


def unit_changed(text: str, figure: Figure) -> str | None:
    if figure.kind not in (Kind.MONEY, Kind.QUANTITY, Kind.RATE, Kind.TEMPERATURE):
        return None
    return _word_swap(text, UNITS)


def percent_for_points(text: str, figure: Figure) -> str | None:
    if figure.kind is Kind.PERCENT:
        return re.sub(r"\s*%|(?:\s|-)per\s?cent\b", " percentage points", text, count=1)
    if figure.kind is Kind.PERCENTAGE_POINTS:
        return re.sub(r"\s(?:percentage|percent)?\s?points?\b", " percent", text, count=1)
    return None


def number_changed(text: str, _figure: Figure) -> str | None:
    for word, after in itertools.pairwise(NUMBER_WORDS):
        if re.search(rf"\b{word}\b", text, re.IGNORECASE):
            return re.sub(rf"\b{word}\b", after, text, count=1, flags=re.IGNORECASE)
    if (last := re.search(r"[0-8](?!.*\d)", text)) is not None:
        return _replaced(text, last, str(int(last.group()) + 1))
    return None


def modifier_dropped(text: str, figure: Figure) -> str | None:
    if figure.modifier is None:
        return None
    words = text.split(" ")
    for k in range(1, len(words)):
        bare = " ".join(words[k:])
        found = find_figures(bare, "en")
        if found and found[0].modifier is None and found[0].span.start == 0:
            return bare
    return None


def range_end_lost(text: str, figure: Figure) -> str | None:
    if not figure.is_range:
        return None
    ends = re.search(
        r"(?:between\s+|from\s+)?[€$£]?\d[\d.,]*\s*(?:%|percent)?\s*(?:-|–|to|and|or)\s*(?=[€$£]?\d)", text
    )
    return _replaced(text, ends, "") if ends else None


MUTATIONS: dict[str, Mutation] = {
    "magnitude up": magnitude_up,
    "magnitude down": magnitude_down,
    "digits swapped": digits_swapped,
    "decimal shifted": decimal_shifted,
    "number changed by one": number_changed,
    "unit changed": unit_changed,
    "percent for points": percent_for_points,
    "modifier dropped": modifier_dropped,
    "range end lost": range_end_lost,
}
OTHER_ROLE = "by and to exchanged"
MOVED_AWAY, MOVED_HERE = "moved to the neighbour: lost", "moved to the neighbour: gained"


def mutants(pair: Pair, comparison: Comparison, neighbour: Pair) -> Iterator[tuple[str, Pair]]:
    """Yield every mutation of one sentence, one figure at a time, and the figures of `neighbour` moved into it."""
    for figure in (match.target for match in comparison.matches if match.source and match.target):
        if figure is None or _bare_one(figure):
            continue
        for name, mutate in MUTATIONS.items():
            wrong = mutate(figure.text, figure)
            if wrong is not None and wrong != figure.text:
                yield name, pair.with_english(_put(pair.english, figure, wrong))
        yield MOVED_AWAY, pair.with_english(_put(pair.english, figure, "some"))
        if (wrong := _other_role(pair.english, figure)) is not None:
            yield OTHER_ROLE, pair.with_english(wrong)
    for figure in neighbour.target:
        if not _bare_one(figure) and not any(relate(own, figure) for own in pair.source):
            yield (
                MOVED_HERE,
                pair.with_english(f"{pair.english.rstrip(' .')}. {figure.text[:1].upper()}{figure.text[1:]}."),
            )


def _other_role(text: str, figure: Figure) -> str | None:
    """Make "rose by 3 percent" of "rose to 3 percent" and the other way round."""
    before = text[: figure.span.start]
    if figure.direction is None or (word := re.search(r"\b(by|to) $", before)) is None:
        return None
    return f"{before[: word.start()]}{'to' if word[1] == 'by' else 'by'} {text[figure.span.start :]}"


def _bare_one(figure: Figure) -> bool:
    return figure.kind is Kind.COUNT and figure.value == Decimal(1)


def _put(text: str, figure: Figure, words: str) -> str:
    return text[: figure.span.start] + words + text[figure.span.end :]


def read_pairs(folder: Path, year: int) -> list[Pair]:
    """Return the sentence pairs of one newstest, in their order."""
    with gzip.open(folder / "mt" / "dev" / f"newstest{year}.de-en.tsv.gz", "rt", encoding="utf-8") as lines:
        return [Pair.read(*line.rstrip("\n").split("\t")[:2]) for line in lines]


def read_system(folder: Path, year: int, system: str, sources: list[Pair]) -> list[Pair]:
    """Return the system's translations of the same German sentences."""
    path = folder / "mt" / "dev" / "public_systems" / f"wmt{year % 100}.{system}.en.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [pair.with_english(html.unescape(line.rstrip("\n"))) for pair, line in zip(sources, lines, strict=True)]


def show(kind: str, pair: Pair, comparison: Comparison | None = None) -> None:
    problems = [
        {"outcome": match.outcome, "detail": match.detail} for match in (comparison.problems if comparison else ())
    ]
    print(json.dumps({"kind": kind, "de": pair.german, "en": pair.english, "problems": problems}, ensure_ascii=False))


def measure(pairs: list[Pair], listed: str | None) -> dict[str, object]:
    """Return alarms on the references and the share of mutations found, by kind."""
    with_figures = faithful = mended = restored = 0
    made: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for pair, neighbour in zip(pairs, pairs[1:] + pairs[:1], strict=True):
        if not pair.source and not pair.target:
            continue
        with_figures += 1
        comparison = pair.compared()
        if not comparison.faithful:
            if listed == "alarms":
                show("alarm", pair, comparison)
            continue
        faithful += 1
        for name, mutant in mutants(pair, comparison, neighbour):
            made[name] += 1
            if not mutant.compared().faithful:
                found[name] += 1
                text = mend_figures(mutant.german, mutant.source, mutant.english, mutant.target).text
                mended += text is not None
                restored += text == pair.english
                if listed == "mended" and text not in (None, pair.english):
                    show(name, pair.with_english(f"{mutant.english} => {text}"))
            elif listed == "missed":
                show(name, mutant)
    return {
        "sentences with figures": with_figures,
        "alarms on references": with_figures - faithful,
        "alarm rate": round((with_figures - faithful) / max(with_figures, 1), 4),
        "mutations": sum(made.values()),
        "found": sum(found.values()),
        "found rate": round(sum(found.values()) / max(sum(made.values()), 1), 4),
        "mended in place": mended,
        "of these back to the reference's own words": restored,
        "by kind": {name: f"{found[name]}/{made[name]}" for name in made},
    }


def system_errors(folder: Path, year: int, pairs: list[Pair], listed: str | None) -> dict[str, object]:
    """Return for each public system the sentences with problems where the reference has none."""
    counts: dict[str, object] = {}
    for system in SYSTEMS:
        outcomes: Counter[str] = Counter()
        sentences = 0
        for reference, pair in zip(pairs, read_system(folder, year, system, pairs), strict=True):
            comparison = pair.compared()
            if comparison.faithful or not reference.compared().faithful:
                continue
            sentences += 1
            outcomes.update(str(match.outcome) for match in comparison.problems)
            if listed == "errors":
                show(f"{system} {year}", pair, comparison)
        counts[system] = {"sentences": sentences} | dict(outcomes)
    return counts


def main() -> int:
    """Run the test and print one JSON document, or the listed sentences as JSON lines before it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("DEPESCHE_DATA"), help="folder with mt/dev")
    parser.add_argument("--years", type=int, nargs="+", default=list(YEARS), choices=YEARS)
    parser.add_argument("--list", choices=("alarms", "missed", "errors", "mended"), help="print these sentences")
    options = parser.parse_args()
    if options.data is None or not (Path(options.data) / "mt" / "dev").is_dir():
        print("no data: name the folder that holds mt/dev with --data or DEPESCHE_DATA", file=sys.stderr)
        return 2
    results = {}
    for year in options.years:
        pairs = read_pairs(Path(options.data), year)
        results[f"newstest{year}"] = measure(pairs, options.list) | {
            "public systems": system_errors(Path(options.data), year, pairs, options.list)
        }
    print(json.dumps(results, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
