"""How well ingest finds the article in real news pages: paragraphs, noise, title, date and time for each page.

    python -m benchmarks.ingest_html --data DIR        (or the folder in DEPESCHE_DATA)

`DIR/html/<set>/` holds `PUBLISHER.json`, the hand-checked extraction of each page (title, publishing_date, and
body with summary and sections of paragraphs), beside `PUBLISHER_DATE.html.gz`. A set's name ends in its country.
A gold paragraph is found when nine in ten of its word trigrams stand in the article; words of a paragraph of the
article are noise when fewer than half of its trigrams stand in the gold text, title and summary included. `intro`
counts pages whose gold summary stands in the article, `teaser` those where it is the article's teaser.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from depesche.article import Article
from depesche.config import IngestConfig
from depesche.errors import IngestError
from depesche.ingest import ingest_bytes
from depesche.ingest.canonical import fingerprint

PAGE_LIMIT = 10_000_000
FOUND = 0.9
NOISE = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What ingest made of one page."""

    page: str
    country: str
    size: int
    seconds: float
    error: str | None = None
    paragraphs: int = 0
    missed: tuple[str, ...] = ()
    words: int = 0
    noise: tuple[str, ...] = ()
    title: tuple[str, str] | None = None
    teaser: tuple[str, str] | None = None
    intro_found: bool = False
    date_right: bool = False

    @property
    def title_right(self) -> bool:
        return self.title is not None and fingerprint(self.title[0]) == fingerprint(self.title[1])

    @property
    def teaser_right(self) -> bool:
        return self.teaser is not None and fingerprint(self.teaser[0]) == fingerprint(self.teaser[1])

    @property
    def noise_words(self) -> int:
        return sum(len(line.split()) for line in self.noise)


def pages(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield each page of a set with its gold extraction; both are numbered in the order of their dates."""
    for gold_file in sorted(folder.glob("*.json")):
        gold = json.loads(gold_file.read_text("utf-8"))
        files = sorted(folder.glob(f"{gold_file.stem}_*.html.gz"))
        yield from zip(files, gold.values(), strict=True)


def measured(page: Path, gold: dict[str, Any], config: IngestConfig) -> Outcome:
    """Ingest one page and compare it with its gold extraction."""
    data = gzip.decompress(page.read_bytes())
    name = page.name.removesuffix(".gz")
    country = page.parent.name.rsplit("_", 1)[-1]
    start = time.perf_counter()
    try:
        article = ingest_bytes(data, name=name, config=config)
    except IngestError as error:
        return Outcome(name, country, len(data), time.perf_counter() - start, error=str(error))
    return compared(article, gold, Outcome(name, country, len(data), time.perf_counter() - start))


def compared(article: Article, gold: dict[str, Any], outcome: Outcome) -> Outcome:
    sections = gold["body"]["sections"]
    wanted = [line for section in sections for line in section["paragraphs"]]
    known = [*wanted, *gold["body"]["summary"], gold["title"] or ""]
    known += [line for section in sections for line in section["headline"]]
    have, gold_trigrams = trigrams(article.text), trigrams("\n".join(known))
    lines = article.text.split("\n\n")
    body = [line for line in lines if line not in (article.title, article.teaser)]
    return Outcome(
        outcome.page,
        outcome.country,
        outcome.size,
        outcome.seconds,
        paragraphs=len(wanted),
        missed=tuple(line for line in wanted if overlap(line, have) < FOUND),
        words=sum(len(line.split()) for line in body),
        noise=tuple(line for line in body if overlap(line, gold_trigrams) < NOISE),
        title=(article.title or "", gold["title"] or ""),
        teaser=(article.teaser or "", " ".join(gold["body"]["summary"])),
        intro_found=overlap(" ".join(gold["body"]["summary"]), have) >= FOUND,
        date_right=same_date(article.published, gold["publishing_date"]),
    )


def trigrams(text: str) -> set[tuple[str, ...]]:
    words = [word for word in (fingerprint(word) for word in text.split()) if word]
    return {tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))}


def overlap(line: str, known: set[tuple[str, ...]]) -> float:
    own = trigrams(line)
    if any(len(gram) < 3 for gram in own):  # one or two words
        flat = {pair for gram in known for pair in (gram[:1], gram[:2], gram[1:], gram[2:])}
        return float(own <= flat)
    return len(own & known) / len(own)


def same_date(found: str | None, gold: str | None) -> bool:
    """Say whether both are the same moment, or the same day where one has no time."""
    if not found or not gold:
        return not found and not gold
    mine, theirs = datetime.fromisoformat(found), datetime.fromisoformat(gold)
    if len(found) <= 10 or mine.tzinfo is None or theirs.tzinfo is None:
        return abs(mine.replace(tzinfo=UTC) - theirs.replace(tzinfo=theirs.tzinfo or UTC)) < timedelta(days=1, hours=3)
    return abs(mine - theirs) < timedelta(minutes=5)


def report(outcomes: list[Outcome]) -> None:
    heads = ("pages", "read", "found %", "noise %", "title", "intro", "teaser", "date", "ms", "max ms")
    print(f"{'':8}" + "".join(f"{head:>8}" for head in heads))
    for country in [*sorted({outcome.country for outcome in outcomes}), "all"]:
        chosen = [outcome for outcome in outcomes if country in (outcome.country, "all")]
        read = [outcome for outcome in chosen if not outcome.error]
        wanted, missed = sum(o.paragraphs for o in read), sum(len(o.missed) for o in read)
        words, noise = sum(o.words for o in read), sum(o.noise_words for o in read)
        times = [1000 * outcome.seconds for outcome in chosen]
        counts = [
            sum(getattr(outcome, name) for outcome in read)
            for name in ("title_right", "intro_found", "teaser_right", "date_right")
        ]
        print(
            f"{country:8}{len(chosen):8}{len(read):8}{100 - 100 * missed / max(1, wanted):8.1f}"
            f"{100 * noise / max(1, words):8.1f}"
            + "".join(f"{count:8}" for count in counts)
            + f"{statistics.median(times):8.0f}{max(times):8.0f}"
        )


def list_failures(outcomes: list[Outcome]) -> None:
    for o in outcomes:
        if o.error:
            print(f"\n{o.page}: {o.error}")
            continue
        print(
            f"\n{o.page}: {len(o.missed)} of {o.paragraphs} paragraphs missed, {o.noise_words} of {o.words} words noise"
        )
        if not o.title_right:
            print(f"  title   {o.title}")
        if not o.teaser_right:
            print(f"  teaser  {o.teaser}")
        if not o.date_right:
            print("  date differs")
        for mark, lines in (("missed", o.missed), ("noise", o.noise)):
            for line in lines:
                print(f"  {mark:7} {line[:150]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("DEPESCHE_DATA"), help="folder that holds html/")
    parser.add_argument("--max-bytes", type=int, default=PAGE_LIMIT, help="limit for a page, for the measurement")
    parser.add_argument("--failures", action="store_true", help="list what was missed, what is noise, what is wrong")
    options = parser.parse_args()
    if options.data is None:
        parser.error("name the folder of the pages: --data or DEPESCHE_DATA")
    config = IngestConfig(max_bytes=options.max_bytes)
    folders = sorted(path for path in (Path(options.data) / "html").iterdir() if path.is_dir())
    outcomes = [measured(page, gold, config) for folder in folders for page, gold in pages(folder)]
    if options.failures:
        list_failures(outcomes)
    report(outcomes)


if __name__ == "__main__":
    main()
