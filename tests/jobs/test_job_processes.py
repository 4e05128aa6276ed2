"""Several processes on one database: every article exactly once, and nothing lost when one of them is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select

from depesche.batch.owner import LONGEST_SILENCE
from depesche.batch.roster import Roster
from depesche.batch.schema import articles, owners
from depesche.jobs import Jobs
from depesche.store import BriefQuery, Store
from jobs.conftest import english, wait_until
from jobs.workplace import working

ARTICLES = 120
IN_FLIGHT = 16
"""Of a process that halts: two hands, each with as many articles as go into one call."""
ROOT = Path(__file__).parents[2]


@contextmanager
def process(url: str, *articles: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process that works on jobs; it is stopped at the end, and must end well unless it was killed.

    With a number of `articles` it halts after them until it is stopped.
    """
    path = os.pathsep.join(str(ROOT / folder) for folder in ("service", "tests", "."))
    command = [sys.executable, str(Path(__file__).with_name("workplace.py")), url, *articles]
    with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": path}) as running:
        try:
            yield running
        finally:
            running.terminate()
            assert running.wait(120) in {0, -signal.SIGKILL}


def at_work(store: Store) -> int:
    with store.transaction(write=False) as connection:
        return connection.scalar(select(func.count()).select_from(owners)) or 0


def held(store: Store) -> int:
    """Return how many articles a process has in flight."""
    with store.transaction(write=False) as connection:
        return connection.scalar(select(func.count()).where(articles.c.state == "running")) or 0


def exactly_once(store: Store, jobs: Jobs, job: str) -> None:
    outcomes = list(jobs.stream(job))
    assert Counter(one.name for one in outcomes) == Counter(f"{n:03d}.txt" for n in range(ARTICLES))
    assert [one.number for one in outcomes] == list(range(1, ARTICLES + 1))
    assert {one.state for one in outcomes} == {"done"}
    ids = {one.brief_id for one in outcomes}
    kept, cursor = [], None
    while True:
        page = store.briefs.search(BriefQuery(limit=100, cursor=cursor))
        kept += [one.id for one in page.items]
        if (cursor := page.next) is None:
            break
    assert Counter(kept) == Counter(ids), "one brief for each article"


def test_two_processes_do_every_article_exactly_once(store_url: str, store: Store, jobs: Jobs) -> None:
    with process(store_url), process(store_url):
        wait_until(lambda: at_work(store) == 2)
        job = jobs.create(english(*range(ARTICLES)), client="c").id
        wait_until(lambda: jobs.get(job).state == "done")
    exactly_once(store, jobs, job)
    with store.transaction(write=False) as connection:
        assert set(connection.scalars(select(articles.c.attempts))) == {1}
    assert at_work(store) == 0


def test_what_a_killed_process_had_in_flight_is_done_by_the_other(store_url: str, store: Store, jobs: Jobs) -> None:
    with process(store_url, "10") as first:
        wait_until(lambda: at_work(store) == 1)
        job = jobs.create(english(*range(ARTICLES)), client="c").id
        wait_until(lambda: jobs.get(job).events >= 10 and held(store) == IN_FLIGHT)
        first.kill()
        first.wait()
    begin = time.monotonic()
    with working(store):
        wait_until(lambda: jobs.get(job).state == "done")
    assert time.monotonic() - begin < LONGEST_SILENCE, "on the same machine nobody waits for a heartbeat"
    exactly_once(store, jobs, job)
    with store.transaction(write=False) as connection:
        attempts = Counter(connection.scalars(select(articles.c.attempts)))
    assert attempts == Counter({1: ARTICLES - IN_FLIGHT, 2: IN_FLIGHT})


def test_a_process_that_is_told_to_end_leaves_nothing_in_flight_and_the_next_one_goes_on(
    store_url: str, store: Store, jobs: Jobs
) -> None:
    job = jobs.create(english(*range(ARTICLES)), client="c").id
    with process(store_url, "10"):
        wait_until(lambda: jobs.get(job).events >= 10)
    assert (held(store), at_work(store)) == (0, 0)
    assert jobs.get(job).state == "running"
    with process(store_url):
        wait_until(lambda: jobs.get(job).state == "done")
    exactly_once(store, jobs, job)


def test_processes_that_are_killed_again_and_again_lose_nothing(store_url: str, store: Store, jobs: Jobs) -> None:
    job = jobs.create(english(*range(ARTICLES)), client="c").id
    kills = 0
    while jobs.get(job).state != "done" and kills < 3:
        with process(store_url) as victim:
            before = jobs.get(job).events
            wait_until(lambda before=before: jobs.get(job).events > before + 4 or jobs.get(job).state == "done")
            victim.kill()
            victim.wait()
        kills += 1
    with process(store_url), process(store_url):
        wait_until(lambda: len(Roster(store.database).owners_at_work()) == 2)  # else one may be told to end too early
        wait_until(lambda: jobs.get(job).state == "done")
    exactly_once(store, jobs, job)
