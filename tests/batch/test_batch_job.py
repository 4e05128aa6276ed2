"""The folder job with the real pipeline: every article has its brief or a reason, a second run nothing to do."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet
import pytest
from benchmarks.batch_articles import english_article, write_articles
from benchmarks.batch_kills import snapshot

import depesche.pipeline as pipeline_module
from depesche.batch.entries import Wanted
from depesche.batch.flight import draft_each
from depesche.batch.folder_ledger import FolderLedger, ledger_path
from depesche.batch.inputs import Item
from depesche.batch.job import run_job
from depesche.batch.ledger import CHANGED, CONVICTED
from depesche.batch.progress import SilentJobProgress
from depesche.batch.settings import JobResult, JobSettings
from depesche.batch.tally import Finished
from depesche.brief import Brief
from depesche.config import Config, load_config
from depesche.engines import Generation, Request
from depesche.errors import DepescheError, EngineUnavailable, GenerationFailed, ModelError, OutputInUse
from depesche.ingest import ingest_file
from depesche.pipeline import Drafted, Pipeline
from depesche.source import Source
from jobs.conftest import wait_until

GERMAN = (
    "Altenfurt baut neue Schule\n\n"
    "Die Stadt Altenfurt baut im kommenden Jahr eine neue Schule für rund 1.200 Kinder und gibt dafür "
    "mehr als 45 Millionen Euro aus. Im Rat stimmten 31 Mitglieder dafür, sagte die Bürgermeisterin am Mittwoch.\n"
)


def model_free() -> Config:
    return load_config(summarize={"model": "extractive"})


def job(articles: Path, out: Path, config: Config | None = None, **settings: object) -> JobResult:
    chosen = replace(JobSettings(workers=1), **settings)  # type: ignore[arg-type]
    return run_job([articles], out, config or model_free(), chosen, SilentJobProgress())


def states(out: Path) -> dict[str, tuple[str, str | None]]:
    with FolderLedger(ledger_path(out)) as ledger:
        return {row.name: (row.state, row.error_code) for row in ledger.rows()}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `articles` of every kind and the `briefs` that a job made of them; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("job")
    articles = folder / "articles"
    write_articles(articles, 4, in_each=2)
    (articles / "deutsch.txt").write_text(GERMAN, "utf-8")
    (articles / "short.txt").write_text("Too short.", "utf-8")
    (articles / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    (articles / "feed.jsonl").write_text(
        json.dumps({"title": "Roads", "text": english_article(50)}) + "\n{broken\n", "utf-8"
    )
    result = job(articles, folder / "briefs", quarantine=folder / "quarantine")
    assert result.exit_code == 8
    return folder


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Path:
    shutil.copytree(finished, tmp_path / "job", copy_function=shutil.copy2)
    run = job(tmp_path / "job" / "articles", tmp_path / "job" / "briefs")
    assert run.here.get("done", 0) == 0, "copying changed nothing that a run must do again"
    return tmp_path / "job"


def test_every_article_has_a_brief_or_a_coded_reason(finished: Path) -> None:
    assert states(finished / "briefs") == {
        "000/article-000000.txt": ("done", None),
        "000/article-000001.txt": ("done", None),
        "001/article-000002.txt": ("done", None),
        "001/article-000003.txt": ("done", None),
        "deutsch.txt": ("done", None),
        "feed.jsonl/000001": ("done", None),
        "feed.jsonl/000002": ("failed", "D107"),
        "image.txt": ("failed", "D103"),
        "short.txt": ("failed", "D105"),
    }
    written = set(snapshot(finished / "briefs"))
    assert "deutsch.txt.json" in written
    assert len(written) == 6
    assert "short.txt" in (finished / "briefs" / "report.html").read_text("utf-8")


def test_a_brief_of_the_job_is_that_of_the_article_alone(finished: Path) -> None:
    for name in ("deutsch.txt", "000/article-000000.txt"):
        brief = Brief.model_validate_json((finished / "briefs" / f"{name}.json").read_bytes())
        with Pipeline(model_free()) as pipeline:
            alone = pipeline.brief(ingest_file(finished / "articles" / name))
        assert brief.id == alone.id
        assert brief.timings == {}
        assert brief.article.name == name


def test_what_failed_is_copied_to_the_quarantine(finished: Path) -> None:
    copied = {path.relative_to(finished / "quarantine").as_posix() for path in (finished / "quarantine").rglob("*.*")}
    assert copied >= {"short.txt", "image.txt"}
    assert (finished / "quarantine" / "short.txt").read_text("utf-8") == "Too short."
    assert (finished / "quarantine" / "feed.jsonl" / "000002").read_bytes().strip() == b"{broken"


def test_a_second_run_does_what_is_new_or_changed_and_nothing_else(folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (folder / "briefs").rglob("*.json")}
    (folder / "articles" / "001" / "article-000002.txt").write_text(english_article(60), "utf-8")
    (folder / "articles" / "new.md").write_text(english_article(61), "utf-8")
    (folder / "briefs" / "000" / "article-000001.txt.json").unlink()
    (folder / "articles" / "000" / "article-000000.txt").touch()
    result = job(folder / "articles", folder / "briefs")
    assert result.here == {"done": 3, "unchanged": 1}
    after = {path: path.stat().st_mtime_ns for path in (folder / "briefs").rglob("*.json")}
    changed = {path.name for path in after if after[path] != before.get(path)}
    assert changed == {"article-000002.txt.json", "new.md.json", "article-000001.txt.json"}


def test_failures_are_tried_again_on_request_and_everything_by_force(folder: Path) -> None:
    assert job(folder / "articles", folder / "briefs", retry_failed=True).here == {"failed": 3}
    before = snapshot(folder / "briefs")
    assert job(folder / "articles", folder / "briefs", force=True).here == {"done": 6, "failed": 3}
    assert snapshot(folder / "briefs") == before


def test_another_configuration_does_everything_again(folder: Path) -> None:
    before = snapshot(folder / "briefs")
    other = load_config(summarize={"model": "extractive", "key_points": 3})
    assert job(folder / "articles", folder / "briefs", other).here == {"done": 6, "failed": 3}
    after = snapshot(folder / "briefs")
    assert after.keys() == before.keys()
    assert all(after[name] != before[name] for name in after)


def test_another_format_is_made_from_the_briefs_that_are_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the models were asked")

    monkeypatch.setattr(Pipeline, "draft", refuse)
    result = job(folder / "articles", folder / "briefs", formats=("md", "jsonl", "parquet"))
    assert result.here == {"done": 6}
    lines = (folder / "briefs" / "briefs.jsonl").read_text("utf-8").splitlines()
    names = [json.loads(line)["article"]["name"] for line in lines]
    assert names == sorted(name for name, (state, _) in states(folder / "briefs").items() if state == "done")
    assert pyarrow.parquet.read_table(folder / "briefs" / "briefs.parquet")["name"].to_pylist() == names
    assert (folder / "briefs" / "deutsch.txt.md").is_file()
    assert (folder / "briefs" / "deutsch.txt.json").is_file()


def test_a_brief_that_was_edited_is_not_copied(folder: Path) -> None:
    path = folder / "briefs" / "deutsch.txt.json"
    before = path.read_bytes()
    path.write_bytes(before.replace(b"45 ", b"46 "))
    job(folder / "articles", folder / "briefs", formats=("md",))
    assert path.read_bytes() == before
    assert "46 " not in (folder / "briefs" / "deutsch.txt.md").read_text("utf-8")


def test_the_brief_of_what_is_no_article_any_more_does_not_stay(folder: Path) -> None:
    (folder / "articles" / "deutsch.txt").write_text("Weg.", "utf-8")
    job(folder / "articles", folder / "briefs")
    assert states(folder / "briefs")["deutsch.txt"] == ("failed", "D105")
    assert not (folder / "briefs" / "deutsch.txt.json").exists()


def test_an_article_that_is_gone_stops_nothing(folder: Path) -> None:
    articles, out = folder / "articles", folder / "briefs"
    for name in ("deutsch.txt", "short.txt", "image.txt"):
        (articles / name).unlink()
    (articles / "001" / "article-000002.txt").unlink()
    job(articles, out, formats=("json", "jsonl", "parquet"))
    (out / "deutsch.txt.json").unlink()
    result = job(articles, out, formats=("json", "jsonl", "parquet"))
    assert result.error is None
    lines = (out / "briefs.jsonl").read_text("utf-8").splitlines()
    names = [json.loads(line)["article"]["name"] for line in lines]
    assert "deutsch.txt" not in names
    assert "001/article-000002.txt" in names, "a brief stays when its article goes"
    assert pyarrow.parquet.read_table(out / "briefs.parquet")["name"].to_pylist() == names
    assert {"short.txt", "image.txt"}.isdisjoint(states(out))


def test_failures_that_are_gone_no_longer_count(folder: Path) -> None:
    for name in ("short.txt", "image.txt", "feed.jsonl"):
        (folder / "articles" / name).unlink()
    assert job(folder / "articles", folder / "briefs").exit_code == 0


def test_identical_articles_are_briefed_once_and_come_out_as_if_each_were_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "articles").mkdir()
    for name in ("a.txt", "b.txt", "c.txt", "c.md"):
        (tmp_path / "articles" / name).write_text(english_article(7), "utf-8")
    asked: list[int] = []
    draft = Pipeline.draft

    def count(self: Pipeline, sources: Sequence[object]) -> list[object]:
        asked.append(len(sources))
        return draft(self, sources)  # type: ignore[arg-type,return-value]

    monkeypatch.setattr(Pipeline, "draft", count)
    job(tmp_path / "articles", tmp_path / "briefs", likeness="off")
    assert sum(asked) == 2  # Markdown may be another article of the same bytes
    for name in ("a.txt", "c.txt"):
        (tmp_path / "single" / name).mkdir(parents=True)
        shutil.copy(tmp_path / "articles" / name, tmp_path / "single" / name / name)
        job(tmp_path / "single" / name, tmp_path / "alone" / name)
        brief = (tmp_path / "briefs" / f"{name}.json").read_bytes()
        assert brief == (tmp_path / "alone" / name / f"{name}.json").read_bytes()
    with FolderLedger(ledger_path(tmp_path / "briefs")) as ledger:
        assert len({row.duplicate_of for row in ledger.rows()} - {None}) == 1
    asked.clear()
    shutil.copy(tmp_path / "articles" / "a.txt", tmp_path / "articles" / "later.txt")
    assert job(tmp_path / "articles", tmp_path / "briefs", likeness="off").here == {"done": 1}
    assert not asked


class FailingEngine:
    """A stand-in engine that fails on sentences about some things, in one way or another."""

    window = 4096
    constrains_json = False

    def count_tokens(self, text: str) -> int:
        return len(text) // 3

    def generate(self, requests: Sequence[Request]) -> list[list[Generation]]:
        for request in requests:
            if "Wölfe" in request.prompt:
                raise GenerationFailed("asked to fail")
            if "Bären" in request.prompt:
                raise RuntimeError("nobody thought of this")
        return [[Generation("The council of Altenfurt met.", 6, finished=True)] for _ in requests]

    def close(self) -> None:
        pass


def test_an_article_that_makes_the_model_fail_fails_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "articles").mkdir()
    for animal in ("Wölfe", "Bären", "Hunde", "Katzen"):
        text = GERMAN.replace("Kinder", animal)
        (tmp_path / "articles" / f"{animal}.txt").write_text(text, "utf-8")
    monkeypatch.setattr(pipeline_module, "load_engine", lambda *_, **__: FailingEngine())
    result = job(tmp_path / "articles", tmp_path / "briefs")
    assert result.exit_code == 8
    assert states(tmp_path / "briefs") == {
        "Bären.txt": ("failed", "D708"),
        "Hunde.txt": ("done", None),
        "Katzen.txt": ("done", None),
        "Wölfe.txt": ("failed", "D307"),
    }


@pytest.mark.parametrize("cached", [0, 1_000_000])
@pytest.mark.parametrize("reason", [EngineUnavailable("no such library"), GenerationFailed("weights cut short")])
def test_a_model_that_cannot_be_had_stops_the_job_and_fails_no_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: ModelError, cached: int
) -> None:
    (tmp_path / "articles").mkdir()
    for name, children in (("a.txt", "Kinder"), ("b.txt", "Schüler")):
        (tmp_path / "articles" / name).write_text(GERMAN.replace("Kinder", children), "utf-8")
    asked: list[object] = []

    def missing(*model: object, **_: object) -> None:
        asked.append(model)
        raise reason

    monkeypatch.setattr(pipeline_module, "load_engine", missing)
    result = job(tmp_path / "articles", tmp_path / "briefs", cache_bytes=cached)
    assert result.exit_code == 9
    assert isinstance(result.error, EngineUnavailable)
    assert result.error.message == reason.message
    assert states(tmp_path / "briefs") == {"a.txt": ("pending", None), "b.txt": ("pending", None)}
    assert len(asked) == 1


class _Interrupts(SilentJobProgress):
    """Interrupts the job, as Ctrl-C does, when so many articles are finished."""

    def __init__(self, after: int) -> None:
        self._left = after

    def finished(self, article: Finished) -> None:
        self._left -= 1
        if self._left == 0:
            signal.raise_signal(signal.SIGINT)


def test_a_watch_that_ends_while_articles_wait_writes_the_files_of_all_briefs(tmp_path: Path) -> None:
    write_articles(tmp_path / "articles", 12)
    settings = JobSettings(workers=1, articles_a_batch=1, watch=True, settle=0.05, formats=("jsonl", "parquet"))
    result = run_job([tmp_path / "articles"], tmp_path / "briefs", model_free(), settings, _Interrupts(1))
    assert result.exit_code == 9
    lines = (tmp_path / "briefs" / "briefs.jsonl").read_text("utf-8").splitlines()
    assert 0 < len(lines) == result.counts["done"] < 12
    assert pyarrow.parquet.read_table(tmp_path / "briefs" / "briefs.parquet").num_rows == len(lines)


def test_an_article_that_is_corrected_while_it_is_in_flight_is_briefed_as_it_is_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "articles").mkdir()
    article, out = tmp_path / "articles" / "a.txt", tmp_path / "briefs"
    article.write_text(english_article(1), "utf-8")

    def correct(pipeline: Pipeline, sources: Sequence[Source]) -> list[Drafted | DepescheError]:
        drafts = draft_each(pipeline, sources)
        if article.read_text("utf-8") != english_article(2):
            # At one stroke: one that is empty for a moment would be read so.
            (tmp_path / "corrected").write_text(english_article(2), "utf-8")
            (tmp_path / "corrected").replace(article)
            with FolderLedger(ledger_path(out)) as ledger:  # until the job has heard of it
                wait_until(lambda: any((row.stat or "").startswith(CHANGED) for row in ledger.rows("running")))
        return drafts

    monkeypatch.setattr("depesche.batch.job.draft_each", correct)
    settings = JobSettings(workers=1, watch=True, settle=0.05)
    result = run_job([tmp_path / "articles"], out, model_free(), settings, _Interrupts(2))
    assert (result.exit_code, result.counts) == (0, {"done": 1})
    brief = Brief.model_validate_json((out / "a.txt.json").read_bytes())
    assert brief.article.sha256 == hashlib.sha256(article.read_bytes()).hexdigest()


def test_an_article_that_whole_processes_died_with_fails_and_gets_another_chance_on_request(folder: Path) -> None:
    (folder / "articles" / "new.txt").write_text(english_article(70), "utf-8")
    with FolderLedger(ledger_path(folder / "briefs")) as ledger:
        ledger.register([(Item("new.txt", str(folder / "articles" / "new.txt")), "")], Wanted("", ("json",)))
        for _ in range(CONVICTED):
            assert ledger.claim("killed", 1) or ledger.claim("killed", 1, suspects=True)
            ledger.reset_stale()
    assert job(folder / "articles", folder / "briefs").here == {"failed": 1}
    assert states(folder / "briefs")["new.txt"] == ("failed", "D705")
    job(folder / "articles", folder / "briefs", retry_failed=True)
    assert states(folder / "briefs")["new.txt"] == ("done", None)


def test_an_output_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "briefs").write_text("mine")
    with pytest.raises(OutputInUse):
        job(tmp_path / "articles", tmp_path / "briefs")
