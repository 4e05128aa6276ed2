"""A folder job over many small articles without a model: speed, memory over time, and what the ledger costs.

python -m benchmarks.batch_scale [--articles 10000] [--out runs/batch_scale]
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from benchmarks.batch_articles import write_articles
from benchmarks.batch_kills import command, recorded
from depesche.batch.entries import Outcome, Wanted
from depesche.batch.folder_ledger import FolderLedger, ledger_path
from depesche.batch.inputs import Item
from depesche.batch.owner import this_process

_INTERVAL = 1.0
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Sample:
    """Memory at one moment. `workers` is the sum of the worker processes' resident memory, in MB as `main` is."""

    seconds: float
    done: int
    main: float
    workers: float
    count: int


def watch(articles: Path, out: Path) -> tuple[list[Sample], float, float]:
    """Run a job; return its memory over time, its wall time and its processor time, all processes together."""
    begin = time.monotonic()
    process = subprocess.Popen(command(articles, out))
    watched = psutil.Process(process.pid)
    samples: list[Sample] = []
    spent: dict[int, float] = {}
    while True:
        try:
            process.wait(_INTERVAL)
            break
        except subprocess.TimeoutExpired:
            pass
        memory = []
        for one in (watched, *watched.children(recursive=True)):
            try:
                if memory and "spawn_main" not in " ".join(one.cmdline()):
                    continue  # multiprocessing's resource tracker is no worker
                memory.append(one.memory_info().rss / _MEGABYTE)
                spent[one.pid] = sum(one.cpu_times()[:2])
            except psutil.NoSuchProcess:
                continue
        done = recorded(out).get("done", 0)
        workers = memory[1:]
        samples.append(
            Sample(round(time.monotonic() - begin, 1), done, round(memory[0], 1), round(sum(workers), 1), len(workers))
        )
    if process.returncode:
        raise SystemExit(f"the job ended with {process.returncode}")
    return samples, time.monotonic() - begin, sum(spent.values())


def ledger_cost(articles: int) -> tuple[float, float]:
    """Return milliseconds of processor and wall time that the ledger takes for an article, all its calls together."""
    wanted = Wanted("config", ("json",))
    owner = this_process()
    with tempfile.TemporaryDirectory() as folder:
        path = ledger_path(Path(folder))
        path.parent.mkdir()
        cpu, wall = time.process_time(), time.perf_counter()
        with FolderLedger(path) as ledger:
            ledger.enlist(owner, "config", alone=lambda: None)
            items = [(Item(f"{n:06d}.txt", f"/articles/{n:06d}.txt"), "stat") for n in range(articles)]
            for begin in range(0, articles, 500):
                ledger.register(items[begin : begin + 500], wanted)
            while claims := ledger.claim(owner.owner, 4):
                for claim in claims:
                    ledger.find_twin(claim.item.name, "text", "config")
                ledger.record([_outcome(claim.item.name) for claim in claims], owner.owner)
            if ledger.counts() != {"done": articles}:
                raise AssertionError(ledger.counts())
        return 1000 * (time.process_time() - cpu) / articles, 1000 * (time.perf_counter() - wall) / articles


def _outcome(name: str) -> Outcome:
    seconds = dict.fromkeys(("read", "translate", "summarize", "verify", "write"), 0.0123)
    return Outcome(
        name,
        "done",
        content_sha256=name,
        config_sha256="config",
        format="text",
        language="en",
        status="verified",
        seconds=seconds,
        outputs={"json": f"{name}.json"},
        brief_id=name,
        headline="A headline of some length that says what the article is about",
        figures=7,
    )


def draw(samples: Sequence[Sample], path: Path) -> bool:
    """Draw memory over articles done; return whether there is a library for it."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return False
    figure = Figure(figsize=(7, 3.2), layout="constrained")
    axes = figure.subplots()
    done = [sample.done for sample in samples]
    axes.plot(done, [sample.main for sample in samples], label="main process")
    axes.plot(done, [sample.workers / max(1, sample.count) for sample in samples], label="a worker (mean)")
    axes.set(xlabel="articles done", ylabel="resident memory (MB)", ylim=(0, None))
    axes.legend(frameon=False)
    figure.savefig(path)
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--out", type=Path, default=Path("runs/batch_scale"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    results = []
    for count in sorted({100, options.articles}):
        with tempfile.TemporaryDirectory() as folder:
            write_articles(Path(folder) / "articles", count)
            samples, wall, cpu = watch(Path(folder) / "articles", Path(folder) / "briefs")
            begin = time.monotonic()
            subprocess.run(command(Path(folder) / "articles", Path(folder) / "briefs"), check=True)
            again = time.monotonic() - begin
            shutil.rmtree(Path(folder) / "briefs")
        with (options.out / f"memory-{count}.csv").open("w", newline="") as stream:
            writer = csv.DictWriter(stream, [*asdict(samples[0])])
            writer.writeheader()
            writer.writerows(map(asdict, samples))
        draw(samples, options.out / f"memory-{count}.png")
        results.append(
            {
                "articles": count,
                "wall_seconds": round(wall, 1),
                "cpu_seconds": round(cpu, 1),
                "articles_a_minute": round(60 * count / wall),
                "cpu_ms_an_article": round(1000 * cpu / count, 1),
                "peak_main_mb": max(sample.main for sample in samples),
                "peak_worker_mb": max(round(sample.workers / max(1, sample.count), 1) for sample in samples),
                "nothing_to_do_seconds": round(again, 1),
            }
        )
    cpu, wall = ledger_cost(options.articles)
    results.append({"ledger_cpu_ms_an_article": round(cpu, 3), "ledger_wall_ms_an_article": round(wall, 3)})
    (options.out / "results.json").write_text(json.dumps(results, indent=2) + "\n")
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
