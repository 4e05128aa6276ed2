"""Check the figure grammar against the German cases of Microsoft's Recognizers-Text (MIT).

    python -m benchmarks.recognizers --data FOLDER      # or DEPESCHE_DATA

The cases lie in `FOLDER/figures/recognizers_text/*.json` and are no part of this repository. A case counts when a
figure that overlaps its text has the same value and unit. Cases that do not fit our kinds are listed with the reason.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from depesche.figure import Figure, Kind
from depesche.figures import find_figures

UNITS = {
    "Dollar": "USD", "United States dollar": "USD", "Euro": "EUR", "British pound": "GBP", "Rupee": "INR",
    "Australian dollar": "AUD", "New Zealand dollar": "NZD", "Year": "a", "Month": "mo", "Week": "wk",
    "Milliliter": "ml", "Square meter": "m2", "Cubic meter": "m3", "Gigabyte": "GB", "Meter per second": "m/s",
    "Kilometer per hour": "km/h", "Teaspoon": "tsp", "Degree": "deg", "C": "Cel", "F": "[degF]", "K": "K",
}  # fmt: skip
"""Their unit names and ours."""

OTHER_READING = {
    "15 dollar und 15": "a number without a unit after an amount is not read as cents",
    "12 pfund": "Pfund is GBP by our conventions, whatever it is that weighs",
    "12 - pfund": "Pfund is GBP by our conventions, whatever it is that weighs",
    "15 prozentpunkte": "they call percentage points percent; that is the mistake that we exist to avoid",
    "45 grad": "Grad is a temperature by our conventions unless an angle word follows",
    "eine halbe turn": "no German word",
    "aud$ 15": "currency codes are read in capitals only",
    "nzd$15": "currency codes are read in capitals only",
    "0000": "a run of digits that begins with a zero is a label",
    "423": "followed by a run of digits that begins with a zero: a label",
    "50 jahre alt": "they report the second end of a range only",
}
"""Cases that our conventions read in another way, by the text of the case."""


@dataclass(frozen=True, slots=True)
class Case:
    """One expected result: where it stands in a sentence, and its value and unit."""

    model: str
    sentence: str
    text: str
    start: int
    value: str
    unit: str | None


def cases(folder: Path) -> Iterator[Case]:
    """Yield the expected results of every sentence."""
    for path in sorted(folder.glob("*.json")):
        for entry in json.loads(path.read_text(encoding="utf-8-sig")):
            for result in entry.get("Results", ()):
                resolution = result.get("Resolution") or {}
                yield Case(
                    model=path.stem.removesuffix("Model"),
                    sentence=entry["Input"],
                    text=result["Text"].casefold(),
                    start=_start(entry["Input"], result),
                    value=str(resolution.get("value")),
                    unit=resolution.get("unit"),
                )


def _start(sentence: str, result: dict[str, Any]) -> int:
    return int(result["Start"]) if "Start" in result else max(sentence.casefold().find(result["Text"].casefold()), 0)


def exclusion(case: Case) -> str | None:
    """Return why a case says nothing about our grammar, or None where it counts."""
    if reason := OTHER_READING.get(case.text):
        return reason
    if case.text in {"ein", "einer", "eine"}:
        return "the article, or a part of another word, is no figure"
    if case.model == "Number" and "bis" in case.sentence:
        return "they report the two ends of a range as two numbers"
    if case.model == "Dimension" and "zwischen" in case.sentence:
        return "they report the two ends of a range as two amounts"
    if "Nummer" in case.sentence[max(0, case.start - 7) : case.start] or case.text == "vierhundertachtundachtzig":
        return "a number that names a thing is no figure"
    return None


def agrees(case: Case, figures: tuple[Figure, ...]) -> bool:
    """Say whether a figure that overlaps the case has its value and unit."""
    end = case.start + len(case.text)
    found = [figure for figure in figures if figure.span.start < end and case.start < figure.span.end]
    return any(_same_value(case, figure) and _same_unit(case, figure) for figure in found)


def _same_value(case: Case, figure: Figure) -> bool:
    if case.value.startswith("("):  # "(,100)": open to the left, what we call less than 100
        return figure.modifier == "less_than" and figure.value == Decimal(case.value.strip("(),"))
    try:
        expected = Decimal(case.value.rstrip("%").replace(",", "."))
    except InvalidOperation:
        return False
    return figure.value is not None and abs(figure.value - expected) <= abs(expected) * Decimal("1e-9")


def _same_unit(case: Case, figure: Figure) -> bool:
    if case.value.endswith("%"):
        return figure.kind is Kind.PERCENT
    unit = UNITS.get(case.unit or "", case.unit)
    # "99$ pro Kopf" is a rate to us and an amount to them.
    return unit is None or figure.unit == unit or (figure.unit or "").startswith(f"{unit}/")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("DEPESCHE_DATA"))
    arguments = parser.parse_args()
    folder = Path(arguments.data or ".") / "figures" / "recognizers_text"
    if arguments.data is None or not folder.is_dir():
        sys.exit("no Recognizers-Text cases: name the data folder by --data or DEPESCHE_DATA")
    counted, right = Counter[str](), Counter[str]()
    excluded: list[tuple[Case, str]] = []
    wrong: list[tuple[Case, tuple[Figure, ...]]] = []
    for case in cases(folder):
        if reason := exclusion(case):
            excluded.append((case, reason))
            continue
        figures = find_figures(case.sentence, "de")
        counted[case.model] += 1
        if agrees(case, figures):
            right[case.model] += 1
        else:
            wrong.append((case, figures))
    print("| model | cases | same value and unit | share |\n|---|--:|--:|--:|")
    for model, count in [*sorted(counted.items()), ("all", counted.total())]:
        hits = right.total() if model == "all" else right[model]
        print(f"| {model} | {count} | {hits} | {hits / count:.1%} |")
    print(f"\nexcluded ({len(excluded)}):")
    for case, reason in excluded:
        print(f"- {case.model}: {case.text!r} in {case.sentence[:60]!r}: {reason}")
    print(f"\nnot right ({len(wrong)}):")
    for case, figures in wrong:
        found = ", ".join(f"{figure.text!r} {figure.value or figure.low} {figure.unit or ''}" for figure in figures)
        expected = f"{case.text!r} = {case.value} {case.unit or ''}"
        print(f"- {case.model}: {expected} in {case.sentence[:60]!r}: {found or 'nothing'}")


if __name__ == "__main__":
    main()
