"""Run other tools on the German gold figures beside ours, and on five ordinary phrases.

    pip install quantulum3 text2num price-parser recognizers-text-number-with-unit "emoji<2"
    python -m benchmarks.figures_others

Best in an environment of its own. Every tool is measured as kindly as it can be: no spans, no kinds and no modifiers,
only whether the numbers of a sentence come out with their magnitude, and whether a unit that the gold names comes with
them. Figures without a number (scores, "dreistellig") are left out.
"""

from __future__ import annotations

import importlib
import re
import warnings
from collections import Counter
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from benchmarks.figures_gold import Score, gold_lines
from depesche.figures import find_figures

Found = list[tuple[Decimal, str | None]]
Tool = Callable[[str], Found]

PHRASES = (
    "mehr als 1,5 Mrd. Euro",
    "1.000 Anwendungen",
    "zwischen 30 und 40 Prozentpunkte",
    "dreieinhalb Millionen Euro",
    "dreistellige Wachstumsraten",
)
NAMES = {
    "euro": "EUR",
    "dollar": "USD",
    "united states dollar": "USD",
    "percentage": "%",
    "percent": "%",
    "€": "EUR",
    "$": "USD",
}
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")


def ours(text: str) -> Found:
    """Read with Depesche."""
    found: Found = []
    for figure in find_figures(text, "de"):
        found += [(n, figure.unit) for n in (figure.value, figure.low, figure.high) if n is not None]
    return found


def quantulum(text: str) -> Found:
    """Read with quantulum3, which knows English only; its unit names are mapped to ours."""
    parser = importlib.import_module("quantulum3.parser")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [(Decimal(str(q.value)), NAMES.get(q.unit.name, q.unit.name)) for q in parser.parse(text)]


def text2num(text: str) -> Found:
    """Read with text2num: number words become digits; then every number in digits counts, without units."""
    digits = importlib.import_module("text_to_num").alpha2digit(text, "de")
    return [(value, None) for match in _NUMBER.findall(digits) if (value := _german(match)) is not None]


def price_parser(text: str) -> Found:
    """Read with price-parser, which finds one price in a text."""
    price = importlib.import_module("price_parser").Price.fromstring(text)
    return [] if price.amount is None else [(price.amount, NAMES.get(price.currency or "", price.currency))]


def recognizers(text: str) -> Found:
    """Read with the Python package of Recognizers-Text, which has no German and reads it as English."""
    numbers = importlib.import_module("recognizers_number")
    units = importlib.import_module("recognizers_number_with_unit")
    found: Found = []
    covered: list[tuple[int, int]] = []
    for recognize in (
        units.recognize_currency, units.recognize_dimension, units.recognize_age, units.recognize_temperature,
        numbers.recognize_percentage, numbers.recognize_number,
    ):  # fmt: skip
        for entity in recognize(text, "de-de"):
            value = (entity.resolution or {}).get("value")
            inside = any(start <= entity.start and entity.end <= end for start, end in covered)
            if value is None or inside:
                continue
            unit = "%" if value.endswith("%") else entity.resolution.get("isoCurrency") or entity.resolution.get("unit")
            found.append((Decimal(value.rstrip("%")), unit))
            covered.append((entity.start, entity.end))
    return found


def _german(digits: str) -> Decimal | None:
    try:
        return Decimal(digits.replace(".", "").replace(",", "."))
    except InvalidOperation:
        return None


TOOLS: dict[str, Tool] = {
    "Depesche": ours,
    "quantulum3": quantulum,
    "Recognizers-Text": recognizers,
    "text2num": text2num,
    "price-parser": price_parser,
}


def expected(line: dict[str, Any]) -> Found:
    """Return the numbers of a gold sentence with their units."""
    found: Found = []
    for figure in line["figures"]:
        found += [(Decimal(figure[name]), figure.get("unit")) for name in ("value", "low", "high") if name in figure]
    return found


def score(tool: Tool) -> tuple[Score, Score, int]:
    """Return how many numbers were right, how many with their unit, and how many sentences made the tool fail."""
    values, units, failed = Score(), Score(), 0
    for line in gold_lines("de"):
        gold = expected(line)
        try:
            found = tool(line["text"])
        except Exception:  # noqa: BLE001 - whatever another tool raises is its result here
            found, failed = [], failed + 1
        _add(values, [(rounded(v), None) for v, _ in gold], [(rounded(v), None) for v, _ in found])
        named = {rounded(v) for v, unit in gold if unit is not None}
        _add(
            units,
            [(rounded(v), unit) for v, unit in gold if unit is not None],
            [(rounded(v), unit) for v, unit in found if unit is not None or rounded(v) in named],
        )
    return values, units, failed


def rounded(value: Decimal) -> str:
    """Return a number to ten significant digits, so that a third is a third in every tool."""
    return f"{float(value):.10g}"


def _add(total: Score, gold: list[tuple[str, str | None]], found: list[tuple[str, str | None]]) -> None:
    total.expected += len(gold)
    total.found += len(found)
    total.right += (Counter(gold) & Counter(found)).total()


def main() -> None:
    print("| tool | numbers: P | R | F1 | numbers with unit: P | R | F1 | sentences it raised on |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for name, tool in TOOLS.items():
        values, units, failed = score(tool)
        cells = " | ".join(f"{part:.3f}" for s in (values, units) for part in (s.precision, s.recall, s.f1))
        print(f"| {name} | {cells} | {failed} |")
    print("\n| phrase | " + " | ".join(TOOLS) + " |\n|---|" + "---|" * len(TOOLS))
    for phrase in PHRASES:
        print(f"| {phrase} | " + " | ".join(shown(tool, phrase) for tool in TOOLS.values()) + " |")


def shown(tool: Tool, phrase: str) -> str:
    """Return what a tool makes of a phrase, in one cell."""
    if tool is ours:
        (figure,) = find_figures(phrase, "de")
        numbers = figure.quality or (
            f"{figure.low} to {figure.high}" if figure.is_range else f"{figure.value.normalize():,f}"
        )
        parts = (figure.kind.value.replace("_", " "), (figure.modifier or "").replace("_", " "), numbers, figure.unit)
        return ", ".join(str(part) for part in parts if part)
    try:
        found = tool(phrase)
    except Exception as error:  # noqa: BLE001 - see above
        return type(error).__name__
    return "; ".join(f"{value.normalize():,f} {unit or ''}".strip() for value, unit in found) or "nothing"


if __name__ == "__main__":
    main()
