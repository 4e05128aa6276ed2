"""The folder job on a real Ray of two workers on this machine. Skipped where Ray is not installed."""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from benchmarks.batch_articles import english_article

from depesche.batch.folder_ledger import FolderLedger, ledger_path
from depesche.batch.job import run_job
from depesche.batch.progress import SilentJobProgress
from depesche.batch.ray_cluster import RaySettings
from depesche.batch.ray_job import run_ray_job
from depesche.batch.settings import JobResult, JobSettings
from depesche.batch.tally import Finished
from depesche.config import Config, load_config
from depesche.errors import TooFewProcessors

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"  # loopback only
ray = pytest.importorskip("ray")
pytest.importorskip("ray.data")

pytestmark = pytest.mark.filterwarnings("default")  # Ray warns of itself
TWO = RaySettings(actors=2)
GERMAN = (
    "Stadtrat beschließt Haushalt\n\nDer Stadtrat von Lindenau hat am Mittwoch den Haushalt beschlossen. "
    "Die Stadt will im kommenden Jahr 3,5 Millionen Euro für neue Schulen ausgeben. Rund 1.200 Kinder besuchen dort "
    "den Unterricht. „Wir haben lange darauf gewartet“, sagte Bürgermeisterin Karin Lohse.\n"
)
RAINY = (
    "Bahnstrecke nach Unwetter gesperrt\n\nNach einem Unwetter ist die Bahnstrecke zwischen Seebach und Talheim am "
    "Freitag gesperrt worden. Etwa 40 Bäume fielen auf die Gleise. Die Arbeiten dauern nach Angaben der Bahn "
    "mindestens drei Tage. Verletzt wurde niemand.\n"
)


@pytest.fixture(scope="module", autouse=True)
def two_workers() -> Iterator[None]:
    ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


@pytest.fixture(scope="module")
def config() -> Config:
    return load_config(summarize={"model": "extractive"})


def write_articles(folder: Path, count: int) -> Path:
    for number in range(count):
        path = folder / f"{number % 3}" / f"bericht-{number:03d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(english_article(number), "utf-8")
    return folder


def snapshot(out: Path) -> dict[str, str]:
    files = (path for path in sorted(out.rglob("*")) if path.is_file())
    named = ((path.relative_to(out).as_posix(), path) for path in files)
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in named
        if not name.startswith(".depesche/") and name != "report.html"
    }


def locally(articles: Path, out: Path, config: Config, **settings: Any) -> dict[str, str]:
    run_job([articles], out, config, JobSettings(workers=1, **settings), SilentJobProgress())
    return snapshot(out)


def on_ray(articles: Path | str, out: Path | str, config: Config, progress: Any = None, **settings: Any) -> JobResult:
    return run_ray_job([str(articles)], str(out), config, JobSettings(**settings), TWO, progress or SilentJobProgress())


def test_briefs_are_those_of_the_local_executor_byte_for_byte(tmp_path: Path, config: Config) -> None:
    articles = write_articles(tmp_path / "articles", 8)
    (articles / "haushalt.txt").write_text(GERMAN, "utf-8")
    (articles / "bahn.txt").write_text(RAINY, "utf-8")
    (articles / "leer.txt").write_text(" \n", "utf-8")
    formats = ("json", "md", "jsonl")
    result = on_ray(articles, tmp_path / "ray", config, formats=formats)
    assert (result.exit_code, result.here) == (8, {"done": 10, "failed": 1})
    assert snapshot(tmp_path / "ray") == locally(articles, tmp_path / "local", config, formats=formats)
    with FolderLedger(ledger_path(tmp_path / "ray")) as ledger:
        assert [(group.code, group.name) for group in ledger.errors()] == [("D101", "leer.txt")]


def test_what_is_done_is_not_done_again_by_either_executor(tmp_path: Path, config: Config) -> None:
    articles = write_articles(tmp_path / "articles", 4)
    assert on_ray(articles, tmp_path / "out", config).here == {"done": 4}
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.txt.json")}
    (articles / "neu.txt").write_text(english_article(99), "utf-8")
    assert on_ray(articles, tmp_path / "out", config).here == {"done": 1}
    result = run_job([articles], tmp_path / "out", config, JobSettings(workers=1), SilentJobProgress())
    assert (result.here, result.counts) == ({}, {"done": 5})
    assert all(path.stat().st_mtime_ns == then for path, then in before.items())


def test_output_behind_fsspec_has_its_records_beside_it(tmp_path: Path, config: Config) -> None:
    articles = write_articles(tmp_path / "articles", 4)
    address = f"local://{tmp_path}/bucket/briefs"
    assert on_ray(f"local://{articles}", address, config, formats=("json", "jsonl")).here == {"done": 4}
    expected = locally(articles, tmp_path / "local", config, formats=("json", "jsonl"))
    assert snapshot(tmp_path / "bucket/briefs") == expected
    with FolderLedger(ledger_path(tmp_path / "bucket/briefs")) as ledger:
        assert ledger.counts() == {"done": 4}
    next((tmp_path / "bucket/briefs").rglob("*.txt.json")).unlink()
    assert on_ray(f"local://{articles}", address, config, formats=("json", "jsonl")).here == {"done": 1}
    assert snapshot(tmp_path / "bucket/briefs") == expected


class _KillsOneActor(SilentJobProgress):
    """Kills a process that holds the models as soon as the first article is back."""

    def __init__(self) -> None:
        self.killed: int | None = None

    def finished(self, article: Finished) -> None:
        if self.killed is None:  # Ray gives its processes the names of their actors
            ours = psutil.Process().children(recursive=True)
            self.killed = next(one.pid for one in ours if "MapWorker" in " ".join(one.cmdline()))
            os.kill(self.killed, signal.SIGKILL)


def test_a_killed_actor_costs_no_article(tmp_path: Path, config: Config) -> None:
    articles = write_articles(tmp_path / "articles", 60)
    progress = _KillsOneActor()
    result = on_ray(articles, tmp_path / "ray", config, progress, articles_a_batch=2)
    assert progress.killed is not None
    assert (result.exit_code, result.counts) == (0, {"done": 60})
    assert snapshot(tmp_path / "ray") == locally(articles, tmp_path / "local", config)


def test_a_job_whose_actors_do_not_fit_is_refused(tmp_path: Path, config: Config) -> None:
    articles = write_articles(tmp_path / "articles", 1)
    with pytest.raises(TooFewProcessors, match="room for 2"):
        run_ray_job(
            [str(articles)], str(tmp_path / "out"), config, JobSettings(), RaySettings(actors=3), SilentJobProgress()
        )
    assert not (tmp_path / "out").exists()
