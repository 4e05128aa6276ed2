"""The HTTP service under load: a real server process, many clients, and the naive service beside it.

    python -m benchmarks.service_load --out load                       all phases, about 15 minutes; resumable
    python -m benchmarks.service_load --out load --seconds 20          shorter
    python -m benchmarks.service_load --out soak --soak 20             memory over twenty minutes: soak.csv, soak.svg

Closed loop: so many clients, each sends the next article when it has its answer. Open loop: articles come at a given
rate whatever the service does (Poisson), at 50, 90 and 150 % of the throughput of the closed loop. "Naive" is the
same program with `batch_articles = 1`: one request, one call of the models; the two take turns, so that both see the
same machine. What is done is kept in `results.jsonl` and not done again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import mean, quantiles
from typing import Any

import httpx

from benchmarks.load_articles import articles
from benchmarks.load_server import LoadedServer, start_server
from benchmarks.load_soak import soak

RATES = (0.5, 0.9, 1.5)
TIMEOUT = httpx.Timeout(180, connect=30)


@dataclass
class Tally:
    """What came of the requests of a phase; times in seconds."""

    latencies: list[float] = field(default_factory=list)
    queued: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    def count(self, answer: httpx.Response | None, seconds: float) -> None:
        """Count an answer, or a connection that failed."""
        self.statuses[str(answer.status_code) if answer else "no answer"] += 1
        if answer is not None and answer.status_code == httpx.codes.OK:
            self.latencies.append(seconds)
            self.queued.append(_queue_seconds(answer))


@dataclass(frozen=True)
class Result:
    """A phase in numbers."""

    phase: str
    mode: str
    round: int
    seconds: float
    briefs: int
    briefs_a_second: float
    p50: float
    p95: float
    p99: float
    queue_p50: float
    queue_p95: float
    queue_mean: float
    statuses: dict[str, int]
    rate: float | None = None


def _queue_seconds(answer: httpx.Response) -> float:
    for part in answer.headers.get("server-timing", "").split(", "):
        if part.startswith("queue;dur="):
            return float(part.removeprefix("queue;dur=")) / 1000
    return 0.0


def _percentile(values: list[float], percent: int) -> float:
    if len(values) < 2:
        return values[0] if values else 0.0
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def summed(phase: str, mode: str, number: int, tally: Tally, seconds: float, rate: float | None = None) -> Result:
    """Return the numbers of a phase."""
    briefs = len(tally.latencies)
    return Result(
        phase,
        mode,
        number,
        round(seconds, 1),
        briefs,
        round(briefs / seconds, 2),
        *(round(_percentile(tally.latencies, percent), 3) for percent in (50, 95, 99)),
        *(round(_percentile(tally.queued, percent), 3) for percent in (50, 95)),
        round(mean(tally.queued), 3) if tally.queued else 0.0,
        dict(sorted(tally.statuses.items())),
        rate,
    )


async def _post(client: httpx.AsyncClient, text: str, tally: Tally) -> httpx.Response | None:
    begin = time.perf_counter()
    try:
        answer = await client.post("/v1/briefs", content=text.encode(), headers={"content-type": "text/plain"})
    except httpx.HTTPError:
        answer = None
    tally.count(answer, time.perf_counter() - begin)
    return answer


async def closed_loop(url: str, texts: Iterator[str], clients: int, seconds: float) -> Tally:
    """Have `clients` send one article after the other; who is turned away comes again when told to."""
    tally, until = Tally(), time.monotonic() + seconds

    async def one_client(client: httpx.AsyncClient) -> None:
        while time.monotonic() < until:
            answer = await _post(client, next(texts), tally)
            if answer is None or answer.status_code != httpx.codes.OK:
                wait = float(answer.headers.get("retry-after", 1)) if answer is not None else 1.0
                await asyncio.sleep(min(wait, max(0.0, until - time.monotonic())))

    async with _client(url, clients) as client:
        await asyncio.gather(*(one_client(client) for _ in range(clients)))
    return tally


async def open_loop(url: str, texts: Iterator[str], rate: float, seconds: float) -> Tally:
    """Send `rate` articles a second, at random moments, and wait for all answers; nobody comes again."""
    tally, chance, sent = Tally(), random.Random(1870), []  # noqa: S311 - no secret
    async with _client(url, 1_000) as client:
        at = until = time.monotonic()
        until += seconds
        while (at := at + chance.expovariate(rate)) < until:
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            sent.append(asyncio.create_task(_post(client, next(texts), tally)))
        await asyncio.gather(*sent)
    return tally


def _client(url: str, connections: int) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    return httpx.AsyncClient(base_url=url, timeout=TIMEOUT, limits=limits)


class Records:
    """The results so far, kept so that an interrupted run goes on where it was."""

    def __init__(self, path: Path) -> None:
        self._path = path
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        self.results = [Result(**json.loads(line)) for line in lines]

    def get(self, phase: str, mode: str, number: int) -> Result | None:
        """Return the result of a phase that was done."""
        return next((r for r in self.results if (r.phase, r.mode, r.round) == (phase, mode, number)), None)

    async def once(self, phase: str, mode: str, number: int, run: Callable[[], Awaitable[Result]]) -> Result:
        """Return the result of a phase, done now if it was not."""
        if (known := self.get(phase, mode, number)) is not None:
            return known
        result = await run()
        self.results.append(result)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(result)) + "\n")
        print(row(result), flush=True)
        return result


HEADER = """| phase | service | briefs/s | p50 s | p95 s | p99 s | queue p50 s | queue p95 s | answers |
|---|---|---|---|---|---|---|---|---|"""


def row(result: Result) -> str:
    """Return a result as a row of the table."""
    answers = ", ".join(f"{count} × {status}" for status, count in result.statuses.items())
    phase = result.phase if result.rate is None else f"{result.phase} ({result.rate:.1f}/s)"
    return (
        f"| {phase} | {result.mode} | {result.briefs_a_second:.1f} | {result.p50:.2f} | {result.p95:.2f} "
        f"| {result.p99:.2f} | {result.queue_p50:.2f} | {result.queue_p95:.2f} | {answers} |"
    )


async def measure(out: Path, options: argparse.Namespace) -> None:
    """Run all phases that were not run yet, and write the table."""
    records, texts = Records(out / "results.jsonl"), articles()
    print(HEADER)
    for result in records.results:
        print(row(result))
    modes = {"naive": {"batch_articles": 1, "batch_wait_ms": 0}} if options.naive else {}
    modes |= {"batched": {"batch_articles": options.batch, "batch_wait_ms": 20}}
    with ExitStack() as stack:
        servers = {name: stack.enter_context(_server(out, name, options, settings)) for name, settings in modes.items()}
        for number in range(options.rounds):
            for mode, server in servers.items():
                await records.once(
                    "closed", mode, number, lambda s=server, m=mode, n=number: _closed(s, m, n, texts, options)
                )
        capacity = mean(r.briefs_a_second for r in records.results if (r.phase, r.mode) == ("closed", "batched"))
        for share in RATES:
            rate = capacity * share
            await records.once(
                f"open {share:.0%}",
                "batched",
                0,
                lambda f=share, r=rate: _open(servers["batched"], f, r, texts, options),
            )
    table = "\n".join([HEADER, *map(row, records.results)])
    (out / "table.md").write_text(table + "\n", "utf-8")
    for mode in servers:
        speed = [r.briefs_a_second for r in records.results if (r.phase, r.mode) == ("closed", mode)]
        print(f"{mode}: {mean(speed):.2f} briefs a second in the closed loop, rounds {speed}")


async def _closed(
    server: LoadedServer, mode: str, number: int, texts: Iterator[str], options: argparse.Namespace
) -> Result:
    begin = time.monotonic()
    tally = await closed_loop(server.url, texts, options.clients, options.seconds)
    return summed("closed", mode, number, tally, time.monotonic() - begin)


async def _open(
    server: LoadedServer, share: float, rate: float, texts: Iterator[str], options: argparse.Namespace
) -> Result:
    begin = time.monotonic()
    tally = await open_loop(server.url, texts, rate, options.seconds)
    return summed(f"open {share:.0%}", "batched", 0, tally, time.monotonic() - begin, rate)


@contextmanager
def _server(out: Path, name: str, options: argparse.Namespace, settings: dict[str, Any]) -> Iterator[LoadedServer]:
    with start_server(out, name, {"queue_size": options.queue, **settings}) as server:
        yield server


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder of the results; goes on where it was")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60, help="length of each phase")
    parser.add_argument("--rounds", type=int, default=3, help="how often the two services take turns")
    parser.add_argument("--batch", type=int, default=8, help="most articles in a call of the batched service")
    parser.add_argument("--queue", type=int, default=256, help="places; below the number of clients there are 429s")
    parser.add_argument(
        "--naive", action=argparse.BooleanOptionalAction, default=True, help="measure the naive one too"
    )
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="only watch the memory, for so long")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.soak is None:
        asyncio.run(measure(options.out, options))
        return
    with _server(options.out, "soak", options, {"batch_articles": options.batch}) as server:
        loop = closed_loop(server.url, articles(), options.clients, options.soak * 60)
        asyncio.run(soak(server, loop, options.out, options.soak * 60))


if __name__ == "__main__":
    main()
