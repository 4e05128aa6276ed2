"""Time the store with many briefs, on SQLite and on a PostgreSQL that is started for it.

    python -m benchmarks.store_speed [--briefs N] [--rounds N] [--url URL]

The briefs have the size of real ones (those of two samples, by the recorded translation of `stages_speed`), each with
an id, a headline, German words and figures of its own; their words follow those of the samples, and a tenth are
compounds of two. Wall time, as one client waits for it, to which other work on the machine adds, and the processor
time of this process, to which it does not: SQLite works in this process, PostgreSQL does not.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import text
from tests.postgres import private_cluster

from benchmarks.stages_speed import EXAMPLES, RECORDED, SAMPLES, RecordedTranslator, Stopwatch, brief_of
from depesche.brief import Brief
from depesche.figure import Kind
from depesche.store import BriefPage, BriefQuery, Store, open_store
from depesche.store.backup import size_in_bytes
from depesche.translation import Status

_STATUSES = (Status.VERIFIED, Status.REPAIRED, Status.FLAGGED)
_RARE = "Zwergdromedar"


def base_briefs() -> list[Brief]:
    """Return the briefs of the samples."""
    briefs = []
    for name in SAMPLES:
        recorded = json.loads((RECORDED / f"{Path(name).stem}.json").read_text("utf-8"))
        briefs.append(brief_of(EXAMPLES / name, RecordedTranslator(recorded), Stopwatch()))
    return briefs


def generated(count: int, seed: int = 5) -> Iterator[Brief]:
    """Yield distinct briefs; one in a thousand has a word that no other has."""
    chance = random.Random(seed)  # noqa: S311 - nothing is secret here
    bases = base_briefs()
    words = [word for base in bases for word in re.findall(r"\w+", base.article.text)]
    nouns = sorted({word for word in words if word[0].isupper() and len(word) > 3})
    for number in range(count):
        base = bases[number % len(bases)]
        text = [
            chance.choice(words) if chance.random() < 0.9 else chance.choice(nouns) + chance.choice(nouns).lower()
            for _ in range(len(base.article.text.split()))
        ]
        if number % 1000 == 500:
            text[10:10] = [_RARE]
        money = {"kind": Kind.MONEY, "unit": "EUR", "low": None, "high": None, "quality": None}
        figures = [
            figure.model_copy(update={**money, "value": str(round(Decimal(10 ** chance.uniform(3, 9.7)), 2))})
            if figure.kind is Kind.MONEY
            else figure
            for figure in base.figures
        ]
        headline = " ".join(chance.choices(nouns, k=6))
        yield base.model_copy(
            update={
                "id": hashlib.sha256(f"{seed}-{number}".encode()).hexdigest()[:32],
                "status": chance.choices(_STATUSES, weights=(6, 3, 1))[0],
                "headline": base.headline.model_copy(update={"text": headline}),
                "figures": tuple(figures),
                "article": base.article.model_copy(update={"text": " ".join(text), "name": f"{number}.txt"}),
            }
        )


@dataclass(frozen=True, slots=True)
class Timed:
    """Milliseconds that calls of one sort took, and what there is to know of them."""

    wall: list[float]
    processor: list[float]
    note: str

    def row(self, name: str) -> str:
        """Return the row of the table."""
        tail = statistics.quantiles(self.wall, n=20)[18]
        medians = statistics.median(self.wall), statistics.median(self.processor)
        return f"| {name} | {medians[0]:.2f} | {tail:.2f} | {medians[1]:.2f} | {self.note} |"


def timed(calls: Iterable[Callable[[], Any]], note: Callable[[Any], str] = str) -> Timed:
    """Make the calls one after the other; `note` makes the note of the last answer."""
    wall, processor, answer = [], [], None
    for call in calls:
        begin, begin_processor = time.perf_counter(), time.process_time()
        answer = call()
        processor.append((time.process_time() - begin_processor) * 1000)
        wall.append((time.perf_counter() - begin) * 1000)
    return Timed(wall, processor, note(answer))


def measure(store: Store, count: int, rounds: int) -> Iterator[tuple[str, Timed]]:
    """Fill a store and ask it; yield what each sort of call took."""
    yield "add a brief", timed((partial(store.briefs.add, brief) for brief in generated(count)), lambda _: "")
    if store.dialect == "postgresql":  # what its autovacuum does within a minute or two
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    page = store.briefs.search(BriefQuery(limit=200))
    for _ in range(min(20, count // 400)):
        page = store.briefs.search(BriefQuery(limit=200, cursor=page.next))
    billion = Decimal("1e9")
    questions = {
        "newest 50": BriefQuery(),
        "flagged first": BriefQuery(order="flagged_first"),
        "50 far behind": BriefQuery(cursor=page.next),
        "word in every brief": BriefQuery(text="die"),
        "rare word": BriefQuery(text=_RARE),
        "two words": BriefQuery(text="Umsatz Prozent"),
        "beginning of a word": BriefQuery(text="umsa*"),
        "phrase": BriefQuery(text='"in der"'),
        "word that no brief has": BriefQuery(text="Xylophonbauer"),
        "figure of 1e9 EUR or more": BriefQuery(unit="EUR", minimum=billion),
        "the same, word, flagged": BriefQuery(unit="EUR", minimum=billion, text="Umsatz", status=Status.FLAGGED),
    }
    for name, query in questions.items():
        yield name, timed([partial(store.briefs.search, query)] * rounds, _found)
    ids = [one.id for one in page.items]
    yield (
        "get a brief",
        timed((partial(store.briefs.get, ids[number % len(ids)]) for number in range(rounds)), lambda _: ""),
    )


def _found(page: BriefPage) -> str:
    return f"{len(page.items)}{' and more' if page.next else ''} found"


@contextmanager
def stores(url: str | None) -> Iterator[dict[str, Store]]:
    """Open the databases to be timed."""
    if url is not None:
        with open_store(url) as store:
            yield {store.dialect: store}
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        private_cluster() as cluster,
        cluster.database() as postgresql,
        open_store(f"sqlite:///{folder}/store.sqlite") as one,
        open_store(postgresql) as other,
    ):
        yield {one.dialect: one, other.dialect: other}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--briefs", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--url", help="an empty database of yours in place of the two that are made")
    options = parser.parse_args()
    with stores(options.url) as opened:
        for dialect, store in opened.items():
            print(f"\n{dialect}, {options.briefs:,} briefs\n")
            print("| | median ms | 95 % ms | processor ms | |\n|---|--:|--:|--:|---|")
            for name, times in measure(store, options.briefs, options.rounds):
                print(times.row(name), flush=True)
            print(f"\n{size_in_bytes(store.database) / options.briefs / 1000:.0f} kB a brief")


if __name__ == "__main__":
    main()
