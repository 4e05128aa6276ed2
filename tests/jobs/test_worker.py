"""The worker: briefs as the pipeline makes them, bad articles beside good ones, and nothing lost to any failure."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

import pytest
from benchmarks.batch_articles import english_article
from sqlalchemy import Connection, update
from sqlalchemy.exc import OperationalError

from depesche.batch.ledger import CONVICTED, SUSPECT
from depesche.batch.schema import articles, owners
from depesche.brief import Brief
from depesche.config import Config
from depesche.errors import (
    DepescheError,
    EngineUnavailable,
    GenerationFailed,
    NotAnArticle,
    NotFound,
    NotReady,
    StoreUnavailable,
    UnexpectedFailure,
    WorkerDied,
)
from depesche.ingest import ingest_bytes
from depesche.jobs import JobArticle, Jobs, JobWorker
from depesche.pipeline import Drafted, Pipeline
from depesche.source import Source
from depesche.store import Store, open_store
from jobs.conftest import english, wait_until
from jobs.workplace import CONFIG, PipelineDrafter, working

Draft = Callable[[Sequence[Source], str], list[Drafted | DepescheError]]


def ended(jobs: Jobs, job: str) -> Callable[[], bool]:
    return lambda: jobs.get(job).state == "done"


class ScriptedDrafter(PipelineDrafter):
    """The pipeline, unless the test's own rule says otherwise of an article."""

    def __init__(self, pipeline: Pipeline, rule: Callable[[str], DepescheError | None]) -> None:
        super().__init__(pipeline)
        self.rule = rule
        self.asked: list[list[str]] = []

    def draft_blocking(self, sources: Sequence[Source], client: str) -> list[Drafted | DepescheError]:
        names = [source.article.origin.name for source in sources]
        self.asked.append(names)
        ruled = [self.rule(name) for name in names]
        drafts = super().draft_blocking(sources, client)
        return [error or drafted for error, drafted in zip(ruled, drafts, strict=True)]


@contextmanager
def working_by_rule(
    store: Store, rule: Callable[[str], DepescheError | None], config: Config = CONFIG
) -> Iterator[ScriptedDrafter]:
    with Pipeline(config) as pipeline:
        drafter = ScriptedDrafter(pipeline, rule)
        worker = JobWorker(store, config, drafter, pipeline.imprint)
        worker.start()
        try:
            yield drafter
        finally:
            assert worker.stop(60)


def test_a_job_s_brief_is_the_pipeline_s_but_for_its_timings(store: Store, jobs: Jobs) -> None:
    record = b'{"title": "Budget", "text": "' + english_article(4).replace("\n", " ").encode() + b'"}'
    given = [*english(1, 2), JobArticle("feed/four.json", record, "json"), JobArticle("short.txt", b"Too short.")]
    job = jobs.create([*given, replace(given[0], name="twin.txt")], client="key desk").id
    with working(store):
        wait_until(ended(jobs, job))
    made = {outcome.name: outcome for outcome in jobs.stream(job)}
    with Pipeline(CONFIG) as pipeline:
        for one in given[:3]:
            alone = pipeline.brief(ingest_bytes(one.data, name=one.name, format=one.format, config=CONFIG.ingest))
            brief = made[one.name].brief
            assert brief is not None
            assert without_timings(brief) == without_timings(alone)
            assert set(brief.timings) == set(alone.timings)
    twin, first = made["twin.txt"].brief, made["001.txt"].brief
    assert twin is not None
    assert first is not None
    assert (twin.article.name, twin.id) == ("twin.txt", first.id)
    assert isinstance(made["short.txt"].error, NotAnArticle)
    view = jobs.get(job)
    assert (dict(view.counts), sum(view.statuses.values())) == ({"done": 4, "failed": 1}, 4)
    kept = store.briefs.get(first.id)
    assert kept is not None
    assert kept.client == "key desk"
    store.briefs.delete(first.id)
    assert isinstance(next(one for one in jobs.stream(job) if one.name == "001.txt").error, NotFound)


def without_timings(brief: Brief) -> str:
    return brief.model_copy(update={"timings": {}}).to_json()


def test_an_article_fails_alone_whatever_the_models_do(store: Store, jobs: Jobs) -> None:
    def rule(name: str) -> DepescheError | None:
        if name == "001.txt":
            raise ZeroDivisionError("secret of the article")
        return GenerationFailed("no luck") if name == "002.txt" else None

    job = jobs.create(english(*range(5)), client="c").id
    with working_by_rule(store, rule):
        wait_until(ended(jobs, job))
    failed = {one.name: one.error for one in jobs.stream(job) if one.state == "failed"}
    assert failed.keys() == {"001.txt", "002.txt"}
    assert isinstance(failed["001.txt"], UnexpectedFailure)
    assert "secret" not in str(failed["001.txt"])
    assert isinstance(failed["002.txt"], GenerationFailed)


def test_a_model_that_cannot_be_had_is_waited_for(store: Store, jobs: Jobs, caplog: pytest.LogCaptureFixture) -> None:
    missing = threading.Event()
    asked = threading.Event()

    def rule(name: str) -> DepescheError | None:
        asked.set()
        return None if missing.is_set() else EngineUnavailable("no engine")

    job = jobs.create(english(1, 2), client="c").id
    with caplog.at_level(logging.INFO, "depesche.jobs"), working_by_rule(store, rule):
        assert asked.wait(60)
        wait_until(lambda: dict(jobs.get(job).counts) == {"pending": 2})
        wait_until(lambda: "no engine" in caplog.text)
        missing.set()
        wait_until(ended(jobs, job))
    assert dict(jobs.get(job).counts) == {"done": 2}
    assert "jobs go on" in caplog.text


def test_the_small_job_need_not_wait_for_the_large_one(store: Store, jobs: Jobs) -> None:
    large = jobs.create(english(*range(60)), client="c").id
    small = jobs.create(english(100, 101), client="d").id
    allowed = threading.Event()

    def rule(name: str) -> DepescheError | None:
        if name < "100":
            allowed.wait(60)
        return None

    with working_by_rule(store, rule):
        try:
            wait_until(ended(jobs, small))
            assert jobs.get(large).state == "running"
        finally:
            allowed.set()


def test_stopping_finishes_what_is_with_the_models_and_gives_back_the_rest(store: Store, jobs: Jobs) -> None:
    begun, go_on = threading.Event(), threading.Event()
    asked: list[str] = []

    def rule(name: str) -> DepescheError | None:
        asked.append(name)  # two hands work: the other one may or may not have got as far as the models
        begun.set()
        go_on.wait(60)
        return None if name in asked[:4] else NotReady("shutting down")

    job = jobs.create(english(*range(40)), client="c").id
    with Pipeline(CONFIG) as pipeline:
        worker = JobWorker(store, CONFIG, ScriptedDrafter(pipeline, rule), pipeline.imprint)
        worker.start()
        assert begun.wait(60)
        worker.stop_soon()
        go_on.set()
        assert worker.stop(60)
    assert dict(jobs.get(job).counts) == {"done": 4, "pending": 36}
    with store.transaction(write=False) as connection:
        rows = connection.execute(articles.select().where(articles.c.state == "pending")).all()
    assert {(row.deaths, row.attempts, row.owner) for row in rows} == {(0, 0, None)}


def test_a_job_that_is_cancelled_is_not_gone_on_with(store: Store, jobs: Jobs) -> None:
    begun, cancelled = threading.Event(), threading.Event()

    def rule(name: str) -> DepescheError | None:
        begun.set()
        cancelled.wait(60)
        return None

    job = jobs.create(english(*range(200)), client="c").id
    with working_by_rule(store, rule):
        try:
            assert begun.wait(60)
            jobs.cancel(job)
        finally:
            cancelled.set()
        wait_until(lambda: "running" not in jobs.get(job).counts)
    view = jobs.get(job)
    assert (view.state, set(view.counts)) == ("cancelled", {"done", "skipped"})
    assert view.counts["done"] == view.events


def set_deaths(store: Store, deaths: dict[str, int]) -> None:
    with store.transaction() as connection:
        for name, count in deaths.items():
            connection.execute(update(articles).where(articles.c.name == name).values(deaths=count))


def test_an_article_that_processes_die_with_is_done_alone_and_convicted_in_the_end(store: Store, jobs: Jobs) -> None:
    job = jobs.create(english(*range(12)), client="c").id
    set_deaths(store, {"003.txt": SUSPECT, "004.txt": CONVICTED})
    with working_by_rule(store, lambda _: None) as drafter:
        wait_until(ended(jobs, job))
    assert ["003.txt"] in drafter.asked
    assert drafter.asked[-1] == ["003.txt"]
    outcomes = {one.name: one for one in jobs.stream(job)}
    assert outcomes["003.txt"].state == "done"
    assert isinstance(outcomes["004.txt"].error, WorkerDied)


def test_an_outage_of_the_database_is_waited_out(
    store_url: str, store: Store, jobs: Jobs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    out, refused, begun = threading.Event(), threading.Event(), threading.Event()
    job = jobs.create(english(*range(20)), client="c").id

    def rule(name: str) -> DepescheError | None:
        if name == "000.txt" and not begun.is_set():  # one hand's alone, so that the outage comes but once
            out.set()
            begun.set()
        return None

    with open_store(store_url) as theirs:
        whole = theirs.database.transaction

        def transaction(**options: Any) -> AbstractContextManager[Connection]:
            if out.is_set():
                refused.set()
                raise OUTAGE
            return whole(**options)

        monkeypatch.setattr(theirs.database, "transaction", transaction)
        with caplog.at_level(logging.INFO, "depesche.jobs"), working_by_rule(theirs, rule):
            assert begun.wait(60)
            assert refused.wait(60)
            assert jobs.get(job).state in {"queued", "running"}
            out.clear()
            wait_until(ended(jobs, job))
    assert dict(jobs.get(job).counts) == {"done": 20}
    assert "jobs have to wait" in caplog.text
    assert [one.number for one in jobs.stream(job)] == list(range(1, 21))


def outage() -> DepescheError:
    error = StoreUnavailable("the database cannot be used: connection refused")
    error.__cause__ = OperationalError("", {}, Exception("connection refused"))
    return error


OUTAGE = outage()


def test_a_worker_whose_database_never_came_can_be_stopped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_: Any) -> AbstractContextManager[Connection]:
        raise OUTAGE

    monkeypatch.setattr(store.database, "transaction", away)
    with Pipeline(CONFIG) as pipeline:
        worker = JobWorker(store, CONFIG, PipelineDrafter(pipeline), pipeline.imprint)
        worker.start()
        assert worker.stop(60)
    assert not worker.busy


def test_a_heart_that_beats_late_does_not_enter_a_process_that_has_left(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    slow, go_on = threading.Event(), threading.Event()
    monkeypatch.setattr("depesche.jobs.worker._LOOK", 0.01)
    monkeypatch.setattr("depesche.jobs.worker._BEAT", 0.0)
    with Pipeline(CONFIG) as pipeline:
        worker = JobWorker(store, CONFIG, PipelineDrafter(pipeline), pipeline.imprint)
        beat = worker._roster.beat

        def beat_slowly(owner: str) -> bool:
            if worker._entered.is_set():
                slow.set()
                go_on.wait(60)
            return beat(owner)

        monkeypatch.setattr(worker._roster, "beat", beat_slowly)
        worker.start()
        assert slow.wait(60)
        stopping = threading.Thread(target=worker.stop, args=(60,))
        stopping.start()
        stopping.join(1)  # time for it to leave, if it does not wait for the heart
        go_on.set()
        for thread in (stopping, worker._heart):
            thread.join(60)
    assert worker._roster.owners_at_work() == []
    assert "took this process for dead" not in caplog.text


def test_a_process_that_others_took_for_dead_comes_back(store: Store, jobs: Jobs) -> None:
    with working(store) as worker:
        wait_until(lambda: worker._entered.is_set())
        with store.transaction() as connection:
            connection.execute(owners.delete())
        job = jobs.create(english(*range(8)), client="c").id
        wait_until(ended(jobs, job))
    assert dict(jobs.get(job).counts) == {"done": 8}
