"""How well it is told whom and what a figure is about: precision and coverage on the gold sentences.

    python -m benchmarks.subjects [-v]

Precision asks of all subjects (measures, periods) that were named how many are right; coverage, of all that the gold
names, how many were named and right. A phrase is right where it is the gold's, or one of the two holds the other in
whole words ("Gewinn" in "operative Gewinn"); `exact` counts the first alone. Rows with a star are the sentences marked
`unseen` in the gold: they were written and first measured after the rules (precision of subjects 0.96, of measures
1.00, coverage 0.86 and 0.95), and only then was what they showed put right.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from depesche.article import Article, Origin
from depesche.figures import find_figures
from depesche.source import Detection, Paragraph, Sentence, Source
from depesche.span import Span
from depesche.subjects import Subject, find_subjects

GOLD = Path(__file__).parents[1] / "tests" / "gold" / "subjects.de.jsonl"
PARTS = ("subject", "measure", "period")


@dataclass(slots=True)
class Score:
    """Counts for one part of what a figure is about."""

    named: int = 0
    right: int = 0
    exact: int = 0
    wanted: int = 0
    reached: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.named if self.named else 1.0

    @property
    def coverage(self) -> float:
        return self.reached / self.wanted if self.wanted else 1.0


def gold_lines() -> Iterator[dict[str, Any]]:
    """Yield the gold sentences."""
    for line in GOLD.read_text("utf-8").splitlines():
        yield json.loads(line)


def source_of(text: str, *, title: bool = False) -> Source:
    """Return `text` as a source, its sentences cut at full stops; no model and no detection is needed."""
    paragraphs: list[Paragraph] = []
    sentences: list[Sentence] = []
    at = 0
    language = Detection("de", 1.0)
    for n, part in enumerate(text.split("\n\n")):
        span = Span(at, at + len(part))
        paragraphs.append(Paragraph(n, span, "title" if title and not n else "body", language))
        for match in re.finditer(r"\S.*?[.!?]“?(?= [A-ZÄÖÜ]|$)|\S.*$", part):
            cut = Span(at + match.start(), at + match.end())
            sentences.append(Sentence(len(sentences), cut, cut.of(text), n, "de"))
        at += len(part) + 2
    article = Article(text, Origin("-", "text", "utf-8", "0" * 64))
    return Source(article, language, tuple(paragraphs), tuple(sentences), tuple(find_figures(text, "de")), ())


def score(*, unseen: bool) -> dict[str, Score]:
    """Return the score of each part over the gold that was seen while the rules were written, or over the rest."""
    scores = {part: Score() for part in PARTS}
    for line in gold_lines():
        if line.get("unseen", False) is not unseen:
            continue
        found = find_subjects(source_of(line["text"], title=line.get("title", False)))
        for gold in line["figures"]:
            at = Span(gold["start"], gold["start"] + len(gold["quote"]))
            about = next((subject for span, subject in found.items() if span.overlaps(at)), None)
            for part in PARTS:
                _count(scores[part], gold[part], about, part, f"{line['id']} {gold['quote']!r} in {line['text']!r}")
    return scores


def _count(score: Score, gold: str | list[str | None] | None, about: Subject | None, part: str, where: str) -> None:
    accepted = gold if isinstance(gold, list) else [gold]
    said: str | None = getattr(about, part) if about else None
    right = said is not None and any(g is not None and _agree(said, g) for g in accepted)
    score.named += said is not None
    score.right += right
    score.exact += right and said in accepted
    score.wanted += None not in accepted
    score.reached += right and None not in accepted
    if (said is not None and not right) or (said is None and None not in accepted):
        score.failures.append(f"{'WRONG' if said else 'silent'} {part}: {said!r} for {gold!r}, {where}")


def _agree(one: str, other: str) -> bool:
    return f" {one} " in f" {other} " or f" {other} " in f" {one} "


def main() -> None:
    """Print the table and, asked for, every failure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("-v", "--verbose", action="store_true")
    verbose = parser.parse_args().verbose
    print(f"{'':8} {'named':>6} {'right':>6} {'exact':>6} {'precision':>9} {'coverage':>9}")
    for unseen in (False, True):
        for part, one in score(unseen=unseen).items():
            mark = "*" if unseen else " "
            print(f"{part:8}{mark}{one.named:6} {one.right:6} {one.exact:6} {one.precision:9.3f} {one.coverage:9.3f}")
            if verbose:
                print("\n".join(f"    {failure}" for failure in one.failures))


if __name__ == "__main__":
    main()
