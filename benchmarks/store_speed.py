"""Time the store with many briefs, on SQLite and on a PostgreSQL that is started for it.

    python -m benchmarks.store_speed [--briefs N] [--rounds N] [--url URL]

The briefs have the size of real ones (those of two samples, by the recorded translation of `stages_speed`), each with
an id, a headline, German words and figures of its own; their words follow those of the samples, and a third are
compounds of two. Wall time, as a client waits for it, of one client; other work on the machine adds to it.
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.postgres import private_cluster

from benchmarks.stages_speed import EXAMPLES, RECORDED, SAMPLES, RecordedTranslator, Stopwatch, brief_of
from depesche.brief import Brief
from depesche.figure import Kind
from depesche.store import BriefQuery, Store, open_store
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
            chance.choice(words) if chance.random() < 2 / 3 else chance.choice(nouns) + chance.choice(nouns).lower()
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


def milliseconds(run: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long a call takes, and what it returns."""
    begin = time.perf_counter()
    value = run()
    return (time.perf_counter() - begin) * 1000, value


def measure(store: Store, count: int, rounds: int) -> dict[str, tuple[float, float, str]]:
    """Fill a store and ask it; return median, 95th percentile and a note for each."""
    times: dict[str, tuple[float, float, str]] = {}
    ids: list[str] = []
    added = []
    for brief in generated(count):
        added.append(milliseconds(lambda brief=brief: store.briefs.add(brief))[0])  # type: ignore[misc]
        ids.append(brief.id)
    last = added[-1000:]
    times["add a brief"] = _summed(added, f"the last {len(last):,}: median {statistics.median(last):.2f}")
    middle = store.briefs.search(BriefQuery(limit=200))
    for _ in range(min(20, count // 400)):
        middle = store.briefs.search(BriefQuery(limit=200, cursor=middle.next))
    billion = Decimal("1e9")
    questions: dict[str, BriefQuery] = {
        "newest 50": BriefQuery(),
        "flagged first": BriefQuery(order="flagged_first"),
        "50 behind the 4,000th": BriefQuery(cursor=middle.next),
        "word in every brief": BriefQuery(text="die"),
        "rare word": BriefQuery(text=_RARE),
        "two words": BriefQuery(text="Umsatz Prozent"),
        "beginning of a word": BriefQuery(text="umsa*"),
        "phrase": BriefQuery(text='"in der"'),
        "figure of 1e9 EUR or more": BriefQuery(unit="EUR", minimum=billion),
        "figure and word, flagged": BriefQuery(unit="EUR", minimum=billion, text="Umsatz", status=Status.FLAGGED),
        "word that no brief has": BriefQuery(text="Xylophonbauer"),
    }
    for name, query in questions.items():
        asked = [milliseconds(lambda query=query: store.briefs.search(query)) for _ in range(rounds)]  # type: ignore[misc]
        page = asked[0][1]
        times[name] = _summed([one[0] for one in asked], f"{len(page.items)}{'+' if page.next else ''} found")
    chosen = random.Random(1).choices(ids, k=rounds)  # noqa: S311
    got = [milliseconds(lambda one=one: store.briefs.get(one))[0] for one in chosen]  # type: ignore[misc]
    times["get a brief"] = _summed(got, "")
    times["MB a thousand briefs"] = (size_in_bytes(store.database) / count / 1000, 0, "size, no time")
    return times


def _summed(values: list[float], note: str) -> tuple[float, float, str]:
    return statistics.median(values), statistics.quantiles(values, n=20)[18], note


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
            print(f"\n{dialect}, {options.briefs:,} briefs\n\n| | median ms | 95 % ms | |\n|---|--:|--:|---|")
            for name, (median, tail, note) in measure(store, options.briefs, options.rounds).items():
                print(f"| {name} | {median:.2f} | {tail:.2f} | {note} |", flush=True)


if __name__ == "__main__":
    main()
