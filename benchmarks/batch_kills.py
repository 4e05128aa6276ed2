"""Kill a folder job at random moments, let the next run go on, and compare with a run that nobody disturbed.

python -m benchmarks.batch_kills [--kills 50] [--articles 400] [--seed 1]
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.batch_articles import write_articles
from depesche.batch.folder_ledger import FolderLedger, ledger_path


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the kills came to."""

    kills: int
    while_working: int
    """Kills after the first and before the last article was recorded."""
    finished: int
    """Jobs that were run to their end after kills; each was compared with the undisturbed folder."""


def command(articles: Path, out: Path, *more: str) -> list[str]:
    """Return the command line of a model-free folder job."""
    run = [sys.executable, "-m", "depesche", "batch", str(articles), "--out", str(out)]
    return [*run, "--model-summarize", "extractive", "--workers", "2", "--quiet", *more]


def snapshot(out: Path) -> dict[str, str]:
    """Return the sha256 of every file of an output folder by path, hidden ones too, but for ledger and report."""
    files = (path for path in sorted(out.rglob("*")) if path.is_file())
    paths = ((path, path.relative_to(out)) for path in files)
    return {
        str(name): hashlib.sha256(path.read_bytes()).hexdigest()
        for path, name in paths
        if name.parts[0] != ".depesche" and str(name) != "report.html"
    }


def recorded(out: Path) -> dict[str, int]:
    """Return the counts of the ledger by state; empty where there is none yet."""
    if not ledger_path(out).is_file():
        return {}
    with FolderLedger(ledger_path(out)) as ledger:
        return dict(ledger.counts())


def kill_and_resume(articles: Path, folder: Path, *, kills: int, seed: int) -> Outcome:
    """Kill runs at any moment of the time that an undisturbed one takes; check each job that comes to its end.

    Raises `AssertionError` where a folder differs from the undisturbed one or an article is not recorded once.
    """
    rng = random.Random(seed)  # noqa: S311 - no secret
    undisturbed = folder / "undisturbed"
    begin = time.monotonic()
    subprocess.run(command(articles, undisturbed), check=True)
    longest = time.monotonic() - begin
    expected, total = snapshot(undisturbed), recorded(undisturbed)
    done = while_working = finished = 0
    out = folder / "killed-0"
    while done < kills:
        process = subprocess.Popen(command(articles, out), stderr=subprocess.DEVNULL)  # killed: it complains
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(rng.uniform(0, longest))
        if process.returncode is None:
            process.kill()
            process.wait()
            done += 1
            while_working += 0 < recorded(out).get("done", 0) < total["done"]
            continue
        _check(out, expected, total, process.returncode)
        finished += 1
        shutil.rmtree(out)
        out = folder / f"killed-{finished}"
    code = subprocess.run(command(articles, out), check=False).returncode
    _check(out, expected, total, code)
    return Outcome(done, while_working, finished + 1)


def _check(out: Path, expected: dict[str, str], total: dict[str, int], code: int) -> None:
    found = snapshot(out)
    if code != 0 or found != expected or recorded(out) != total:
        differing = {name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name)}
        raise AssertionError(
            f"exit code {code}, ledger {recorded(out)}, {len(differing)} differ: {sorted(differing)[:5]}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_articles(Path(folder) / "articles", options.articles)
        begin = time.monotonic()
        outcome = kill_and_resume(Path(folder) / "articles", Path(folder), kills=options.kills, seed=options.seed)
        print(f"{outcome.kills} kills, {outcome.while_working} of them while articles were being recorded;")
        print(f"{outcome.finished} jobs run to their end, every folder identical to the undisturbed one")
        print(f"{options.articles} articles, seed {options.seed}, {time.monotonic() - begin:.0f} s")


if __name__ == "__main__":
    main()
