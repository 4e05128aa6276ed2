"""Score the figure grammar on the hand-written gold set: exact span, kind, value, unit and modifier all right.

python -m benchmarks.figures_gold [--language de] [-v]
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from depesche.figure import Figure, Kind
from depesche.figures import find_figures

GOLD = Path(__file__).parents[1] / "tests" / "gold"
LANGUAGES = ("de", "en")
_PRECISION = Decimal("1e-12")


@dataclass(slots=True)
class Score:
    """How many figures were expected, found and right."""

    expected: int = 0
    found: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.expected if self.expected else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(slots=True)
class Report:
    """Scores for all figures and by kind, once with exact spans and once with overlapping ones."""

    exact: Score = field(default_factory=Score)
    overlapping: Score = field(default_factory=Score)
    by_kind: dict[Kind, Score] = field(default_factory=dict)
    failures: list[tuple[str, list[str], list[str]]] = field(default_factory=list)
    sentences: int = 0


def gold_lines(language: str) -> Iterator[dict[str, Any]]:
    """Yield the gold sentences of a language, none where there is no such set."""
    path = GOLD / f"figures.{language}.jsonl"
    if path.is_file():
        with path.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines)


def agrees(gold: dict[str, Any], figure: Figure) -> bool:
    """Say whether kind, numbers, unit, modifier and quality are the gold's (a count without unit accepts any)."""
    if gold["kind"] != figure.kind or gold.get("modifier") != figure.modifier:
        return False
    if gold.get("quality") != figure.quality:
        return False
    if not (gold.get("unit") is None and figure.kind is Kind.COUNT) and gold.get("unit") != figure.unit:
        return False
    return all(same(gold.get(name), getattr(figure, name)) for name in ("value", "low", "high"))


def same(written: str | None, value: Decimal | None) -> bool:
    """Compare as decimals, to twelve places because a third cannot be written out."""
    if written is None or value is None:
        return written is None and value is None
    return abs(Decimal(written) - value) <= abs(value) * _PRECISION


def is_optional(gold: dict[str, Any]) -> bool:
    """Say whether the conventions leave it open if this is a figure."""
    return bool(gold.get("optional"))


def score(language: str) -> Report:
    """Run the grammar over the gold set of a language."""
    report = Report()
    for line in gold_lines(language):
        score_line(report, line, find_figures(line["text"], language))
    return report


def score_line(report: Report, line: dict[str, Any], figures: Sequence[Figure]) -> None:
    """Add one sentence to a report."""
    report.sentences += 1
    expected = list(line["figures"])
    exact = _matches(expected, figures, overlap=False)
    loose = _matches(expected, figures, overlap=True)
    for total, matched in ((report.exact, exact), (report.overlapping, loose)):
        total.expected += len(expected)
        total.found += len(figures)
        total.right += len(matched)
    kinds_right = Counter(Kind(expected[index]["kind"]) for index, _ in exact)
    for gold in expected:
        report.by_kind.setdefault(Kind(gold["kind"]), Score()).expected += 1
    for figure in figures:
        report.by_kind.setdefault(figure.kind, Score()).found += 1
    for kind, count in kinds_right.items():
        report.by_kind[kind].right += count
    missed = [_show_gold(gold) for index, gold in enumerate(expected) if index not in dict(exact)]
    matched_figures = {index for _, index in exact}
    wrong = [_show(figure) for index, figure in enumerate(figures) if index not in matched_figures]
    if missed or wrong:
        report.failures.append((f"{line['id']} {line['text']}", missed, wrong))


def _matches(expected: Sequence[dict[str, Any]], figures: Sequence[Figure], *, overlap: bool) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    taken: set[int] = set()
    for gold_index, gold in enumerate(expected):
        start, end = gold["start"], gold["start"] + len(gold["quote"])
        for index, figure in enumerate(figures):
            exact = (figure.span.start, figure.span.end) == (start, end)
            touches = figure.span.start < end and start < figure.span.end
            if index not in taken and (exact or (overlap and touches)) and agrees(gold, figure):
                pairs.append((gold_index, index))
                taken.add(index)
                break
    return pairs


def _show_gold(gold: dict[str, Any]) -> str:
    numbers = gold.get("value") or gold.get("quality") or f"{gold.get('low')}..{gold.get('high')}"
    return f"{gold['quote']!r} {gold['kind']} {numbers} {gold.get('unit') or ''} {gold.get('modifier') or ''}".strip()


def _show(figure: Figure) -> str:
    numbers = figure.quality if figure.quality else figure.value
    numbers = f"{figure.low}..{figure.high}" if numbers is None else numbers
    return f"{figure.text!r} {figure.kind} {numbers} {figure.unit or ''} {figure.modifier or ''}".strip()


def table(language: str, report: Report) -> str:
    """Return the report as a Markdown table by kind."""
    rows = [
        f"### {language}: {report.sentences} sentences, {report.exact.expected} figures",
        "",
        "| kind | gold | found | right | P | R | F1 |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    entries = [*sorted(report.by_kind.items()), ("**all, exact span**", report.exact)]
    entries.append(("**all, overlapping span**", report.overlapping))
    for name, part in entries:
        rows.append(
            f"| {name} | {part.expected} | {part.found} | {part.right} "
            f"| {part.precision:.3f} | {part.recall:.3f} | {part.f1:.3f} |"
        )
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", choices=LANGUAGES, action="append")
    parser.add_argument("-v", "--verbose", action="store_true", help="list the sentences that are not all right")
    arguments = parser.parse_args()
    for language in arguments.language or LANGUAGES:
        report = score(language)
        print(table(language, report), end="\n\n")
        if arguments.verbose:
            for text, missed, wrong in report.failures:
                print(text)
                print(*(f"    gold  {line}" for line in missed), sep="\n")
                print(*(f"    found {line}" for line in wrong), sep="\n")


if __name__ == "__main__":
    main()
