"""Jobs in the store: taken in whole or not at all, listed, cancelled, deleted; nobody sees another's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, inspect, select, update

from depesche.batch.entries import Outcome
from depesche.batch.owner import this_process
from depesche.batch.roster import Roster
from depesche.batch.schema import articles, owners
from depesche.errors import (
    BadRequest,
    BodyTooLarge,
    EmptyInput,
    InputTooLarge,
    JobConflict,
    NotAnArticle,
    NotFound,
)
from depesche.jobs import BadArticle, JobArticle, Jobs
from depesche.jobs.ledger import JobLedger, JobRoster, skip_cancelled
from depesche.jobs.schema import inputs
from depesche.jobs.schema import jobs as jobs_table
from depesche.jobs.schema import metadata as jobs_metadata
from depesche.store import Store
from jobs.conftest import english

BAD = BadArticle("bad.txt", InputTooLarge("more than 7 bytes", place="bad.txt", remedy="send less"))


def enlisted(store: Store) -> str:
    owner = this_process()
    Roster(store.database).join(owner, "settings")
    return owner.owner


def finish(store: Store, job: str, owner: str, count: int) -> list[str]:
    ledger = JobLedger(store.database, job)
    names = [claim.item.name for claim in ledger.claim(owner, count)]
    ledger.begin()
    ledger.record(
        [Outcome(name, "failed", error_code="D105", error_text="[D105] x: too short") for name in names], owner
    )
    return names


def left_over(store: Store) -> list[int]:
    with store.transaction(write=False) as connection:
        tables = (jobs_table, inputs, articles)
        return [connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_the_migration_makes_the_tables_that_the_program_writes(store: Store) -> None:
    found = inspect(store.engine)
    for table in (*jobs_metadata.tables.values(), articles, owners):
        made = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
        assert made == {column.name: bool(column.nullable) for column in table.columns}
        indices = {(index["name"], tuple(index["column_names"])) for index in found.get_indexes(table.name)}
        assert indices == {(index.name, tuple(c.name for c in index.columns)) for index in table.indexes}
        assert found.get_pk_constraint(table.name)["constrained_columns"] == [c.name for c in table.primary_key]


def test_a_job_goes_its_way(store: Store, jobs: Jobs) -> None:
    job = jobs.create([*english(1, 2), BAD], client="key desk", label="Morning")
    assert (job.state, job.client, job.label, job.articles, job.events) == ("queued", "key desk", "Morning", 3, 1)
    assert dict(job.counts) == {"pending": 2, "failed": 1}
    owner = enlisted(store)
    finish(store, job.id, owner, 1)
    running = jobs.get(job.id)
    assert (running.state, running.events, running.ended) == ("running", 2, None)
    assert running.started is not None
    assert running.seconds_left is not None
    assert left_over(store)[1] == 2
    finish(store, job.id, owner, 5)
    done = jobs.get(job.id)
    assert (done.state, done.events, done.seconds_left, dict(done.counts)) == ("done", 3, None, {"failed": 3})
    assert done.ended is not None
    assert left_over(store) == [1, 0, 3], "the articles' bytes are of no use any more"
    page = jobs.outcomes(job.id, limit=2)
    assert [(one.number, one.name) for one in page.items] == [(1, "bad.txt"), (2, "001.txt")]
    assert page.next == 2
    rest = jobs.outcomes(job.id, after=2)
    assert ([one.name for one in rest.items], rest.next) == (["002.txt"], None)
    error = page.items[0].error
    assert isinstance(error, InputTooLarge)
    assert (error.message, error.remedy) == ("bad.txt: more than 7 bytes", "send less")
    assert isinstance(page.items[1].error, NotAnArticle)
    assert [(group.code, group.count, group.name) for group in jobs.errors(job.id)] == [
        ("D105", 2, "001.txt"),
        ("D104", 1, "bad.txt"),
    ]


def test_a_job_of_bad_articles_has_ended_when_it_is_taken_in(jobs: Jobs) -> None:
    job = jobs.create([BAD], client="c")
    assert (job.state, dict(job.counts), job.ended is not None) == ("done", {"failed": 1}, True)


def test_what_breaks_off_leaves_nothing(store: Store, jobs: Jobs) -> None:
    def broken() -> Iterator[JobArticle]:
        yield from english(*range(250))
        assert jobs.list().items == (), "a job that is not complete is not to be seen"
        assert left_over(store)[2] == 200, "some hundreds at a time"
        raise BadRequest("the client is gone")

    with pytest.raises(BadRequest):
        jobs.create(broken(), client="c")
    with pytest.raises(EmptyInput):
        jobs.create([], client="c")
    with pytest.raises(BodyTooLarge):
        Jobs(store, max_articles=2).create(english(1, 2, 3), client="c")
    assert left_over(store) == [0, 0, 0]


def test_what_a_killed_process_was_taking_in_is_swept_away_in_time(
    store: Store, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed() -> Iterator[JobArticle]:
        yield from english(1)
        monkeypatch.setattr(jobs, "_remove", lambda _: None)  # a process that was killed does no more
        raise BadRequest("killed")

    with pytest.raises(BadRequest):
        jobs.create(killed(), client="c")
    monkeypatch.undo()
    assert jobs.list().items == ()
    assert (jobs.sweep(), left_over(store)[0]) == (0, 1), "it may still be at work"
    with store.transaction() as connection:
        connection.execute(update(jobs_table).values(touched=store.database.now() - timedelta(hours=1)))
    assert (jobs.sweep(), left_over(store)) == (1, [0, 0, 0])


def test_a_job_that_is_swept_away_while_it_is_taken_in_does_not_appear(store: Store, jobs: Jobs) -> None:
    def slow() -> Iterator[JobArticle]:
        yield from english(*range(200))
        with store.transaction() as connection:
            connection.execute(update(jobs_table).values(touched=store.database.now() - timedelta(hours=1)))
        assert jobs.sweep() == 1
        yield from english(200)

    with pytest.raises(JobConflict, match="removed"):
        jobs.create(slow(), client="c")
    assert left_over(store) == [0, 0, 0]


def test_clients_see_their_own_jobs_a_page_at_a_time(jobs: Jobs) -> None:
    mine = [jobs.create(english(n), client="me").id for n in range(5)]
    theirs = jobs.create(english(9), client="them").id
    seen, cursor = [], None
    while True:
        page = jobs.list(client="me", limit=2, cursor=cursor)
        seen += [job.id for job in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == mine[::-1]
    assert len(jobs.list().items) == 6
    for action in (jobs.get, jobs.cancel, jobs.delete):
        with pytest.raises(NotFound):
            action(theirs, client="me")
    assert jobs.get(theirs, client="them").state == "queued"


@pytest.mark.parametrize("cursor", ["", "x", "é", "bnVsbA", "WyJ4IiwieCJd", "WzEsMl0", "W" * 5000])
def test_a_cursor_of_nobody_is_a_bad_request(jobs: Jobs, cursor: str) -> None:
    with pytest.raises(BadRequest):
        jobs.list(cursor=cursor)


def test_a_cancelled_job_keeps_what_was_in_flight_and_drops_the_rest(store: Store, jobs: Jobs) -> None:
    job = jobs.create(english(1, 2, 3), client="c").id
    owner = enlisted(store)
    ledger = JobLedger(store.database, job)
    finish(store, job, owner, 1)
    (held,) = ledger.claim(owner, 1)
    cancelled = jobs.cancel(job)
    assert (cancelled.state, dict(cancelled.counts)) == ("cancelled", {"failed": 1, "running": 1, "skipped": 1})
    assert cancelled.ended is not None
    assert (ledger.claim(owner, 5), ledger.is_open()) == ([], False)
    ledger.record([Outcome(held.item.name, "done")], owner)
    after = jobs.get(job)
    assert (after.state, dict(after.counts), after.events) == ("cancelled", {"done": 1, "failed": 1, "skipped": 1}, 2)
    with pytest.raises(JobConflict):
        jobs.cancel(job)


def test_what_comes_back_from_a_worker_after_a_cancellation_is_not_done(store: Store, jobs: Jobs) -> None:
    job = jobs.create(english(1, 2), client="c").id
    owner = enlisted(store)
    ledger = JobLedger(store.database, job)
    claims = ledger.claim(owner, 5)
    jobs.cancel(job)
    ledger.release(owner, [claim.item.name for claim in claims])
    assert dict(jobs.get(job).counts) == {"skipped": 2}


@pytest.mark.parametrize("ends", ["told to", "killed"])
def test_what_a_process_held_of_a_cancelled_job_when_it_ended_is_not_done(store: Store, jobs: Jobs, ends: str) -> None:
    job, other = (jobs.create(english(1, 2), client="c").id for _ in range(2))
    owner = enlisted(store)
    for one in (job, other):
        JobLedger(store.database, one).claim(owner, 5)
    jobs.cancel(job)
    roster = JobRoster(store.database)
    if ends == "told to":
        roster.leave(owner)
    else:
        with store.transaction() as connection:
            connection.execute(owners.delete())
        assert roster.reset_stale() == 4
    assert dict(jobs.get(job).counts) == {"skipped": 2}
    assert dict(jobs.get(other).counts) == {"pending": 2}


def test_what_is_given_back_while_a_cancellation_is_entered_is_not_done(
    store: Store, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = jobs.create(english(1, 2), client="c").id
    owner = enlisted(store)
    ledger = JobLedger(store.database, job)
    names = [claim.item.name for claim in ledger.claim(owner, 5)]
    release = threading.Thread(target=ledger.release, args=(owner, names))

    def skip_and_linger(connection: Connection) -> None:
        skip_cancelled(connection)
        release.start()
        release.join(0.5)  # it has to wait, which nothing but time can show

    monkeypatch.setattr("depesche.jobs.jobs.skip_cancelled", skip_and_linger)
    jobs.cancel(job)
    release.join(60)
    assert dict(jobs.get(job).counts) == {"skipped": 2}


def test_only_a_job_that_has_ended_is_deleted(store: Store, jobs: Jobs) -> None:
    job = jobs.create(english(1, 2), client="c").id
    with pytest.raises(JobConflict):
        jobs.delete(job)
    jobs.cancel(job)
    jobs.delete(job)
    assert left_over(store) == [0, 0, 0]
    with pytest.raises(NotFound):
        jobs.get(job)


def test_an_outcome_for_a_job_that_was_deleted_is_dropped(store: Store, jobs: Jobs) -> None:
    job = jobs.create(english(1), client="c").id
    owner = enlisted(store)
    ledger = JobLedger(store.database, job)
    ledger.claim(owner, 1)
    jobs.cancel(job)
    jobs.delete(job)
    ledger.record([Outcome("001.txt", "done")], owner)
    assert left_over(store) == [0, 0, 0]


def test_ended_jobs_are_forgotten_when_they_are_old(store: Store, jobs: Jobs) -> None:
    ended, going_on = jobs.create([BAD], client="c").id, jobs.create(english(1), client="c").id
    now = store.database.now()
    assert jobs.purge(now - timedelta(days=1)) == 0
    assert jobs.purge(now + timedelta(days=1)) == 1
    assert [job.id for job in jobs.list().items] == [going_on]
    assert ended != going_on
