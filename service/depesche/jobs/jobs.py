"""Jobs of the service: many articles handed in at once, briefed by whatever processes share the database.

A job becomes visible when all of it has been taken in; what is left of an upload that broke off is removed. It is the
folder job's ledger that knows of each article, and the store that keeps the briefs.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, insert, select, update

from depesche.batch.entries import ErrorGroup
from depesche.batch.schema import articles
from depesche.errors import BodyTooLarge, EmptyInput, JobConflict, NotFound, StoreError
from depesche.jobs.ledger import OPEN, JobLedger, number_outcomes, skip_cancelled
from depesche.jobs.listing import decode_cursor, encode_cursor, outcomes_of, views_of
from depesche.jobs.schema import inputs, jobs
from depesche.jobs.views import ArticleOutcome, BadArticle, JobArticle, JobList, JobView, OutcomePage, Progress
from depesche.store import Store
from depesche.store.columns import storable

_ARTICLES_AT_ONCE = 200
_BYTES_AT_ONCE = 4 << 20
_OUTCOMES_AT_ONCE = 50
_ABANDONED = timedelta(minutes=15)
"""Without a new article for so long, a job that is being taken in has lost the process that did it."""
_RECEIVING = "receiving"


class Jobs:
    """The jobs in a store. Any number of threads and processes may use them."""

    def __init__(self, store: Store, *, max_articles: int = 5_000) -> None:
        self._store = store
        self._database = store.database
        self._max_articles = max_articles

    def create(self, taken: Iterable[JobArticle | BadArticle], *, client: str, label: str | None = None) -> JobView:
        """Take in the articles of a new job, some hundreds at a time, and return it.

        Raises `BodyTooLarge` for more articles than allowed, `EmptyInput` for none, and whatever `taken` raises; there
        is no job then.
        """
        job = secrets.token_hex(8)
        now = self._database.now()
        with self._database.transaction() as connection:
            connection.execute(
                insert(jobs).values(
                    id=job,
                    client=client,
                    label=label,
                    state=_RECEIVING,
                    articles=0,
                    refused=0,
                    events=0,
                    created=now,
                    touched=now,
                )
            )
        try:
            count = self._take_in_all(job, taken)
            self._open(job, count)
        except BaseException:
            with suppress(StoreError):  # where even that fails, `sweep` removes it later
                self._remove(job)
            raise
        return self.get(job)

    def _take_in_all(self, job: str, taken: Iterable[JobArticle | BadArticle]) -> int:
        count = 0
        for part in _parts(taken):
            count += len(part)
            if count > self._max_articles:
                raise BodyTooLarge(f"more than {self._max_articles} articles", remedy="make several jobs of it")
            self._take_in(job, part)
        if not count:
            raise EmptyInput("no article in it", remedy="see /openapi.json for what a job may be made of")
        return count

    def _take_in(self, job: str, part: Sequence[JobArticle | BadArticle]) -> None:
        now = self._database.now()
        blank = {"job": job, "path": "", "attempts": 0, "deaths": 0, "updated": now.timestamp()}
        good = [one for one in part if isinstance(one, JobArticle)]
        bad = [one for one in part if isinstance(one, BadArticle)]
        with self._database.transaction() as connection:
            row = connection.execute(select(jobs.c.events).where(jobs.c.id == job).with_for_update()).first()
            if row is None:
                raise JobConflict("the job was removed while it was taken in", remedy="hand it in again")
            if good:
                connection.execute(insert(articles), [blank | {"name": one.name, "state": "pending"} for one in good])
                rows = [{"job": job, "name": one.name, "format": one.format, "data": one.data} for one in good]
                connection.execute(insert(inputs), rows)
            if bad:
                connection.execute(
                    insert(articles),
                    [
                        blank
                        | {"name": one.name, "state": "failed", "error_code": one.error.code}
                        | {"error_text": storable(str(one.error))}
                        for one in bad
                    ],
                )
                number_outcomes(connection, job, [one.name for one in bad], after=row.events)
            connection.execute(update(jobs).where(jobs.c.id == job).values(touched=now))

    def _open(self, job: str, count: int) -> None:
        """Make a job visible that is complete. One without a single good article has ended already."""
        now = self._database.now()
        with self._database.transaction() as connection:
            all_bad = connection.scalar(select(jobs.c.events).where(jobs.c.id == job)) == count
            state = {"state": "done", "ended": now} if all_bad else {"state": "queued"}
            opened = connection.execute(
                update(jobs)
                .where(jobs.c.id == job, jobs.c.state == _RECEIVING)
                .values(articles=count, refused=jobs.c.events, created=now, **state)
            )
            if not opened.rowcount:
                raise JobConflict("the job was removed while it was taken in", remedy="hand it in again")

    # What there is to know

    def get(self, id: str, *, client: str | None = None) -> JobView:  # noqa: A002 - the field's name
        """Return a job. Raises `NotFound`, also where it is not this client's (None: anybody's)."""
        views = self._views(_visible(client).where(jobs.c.id == id))
        if not views:
            raise NotFound("no such job", place=id)
        return views[0]

    def list(self, *, client: str | None = None, limit: int = 50, cursor: str | None = None) -> JobList:
        """Return a page of jobs, the newest first. Raises `BadRequest` for a cursor that is none of ours."""
        chosen = _visible(client).order_by(jobs.c.created.desc(), jobs.c.id.desc()).limit(limit + 1)
        if cursor is not None:
            created, job = decode_cursor(cursor)
            chosen = chosen.where((jobs.c.created < created) | ((jobs.c.created == created) & (jobs.c.id < job)))
        views = self._views(chosen)
        more = len(views) > limit
        return JobList(tuple(views[:limit]), encode_cursor(views[limit - 1]) if more else None)

    def _views(self, chosen: Select[Any]) -> Sequence[JobView]:
        with self._database.transaction(write=False) as connection:
            return views_of(connection, chosen, self._database.now())

    def progress(self, ids: Sequence[str]) -> dict[str, Progress]:
        """Return of each of these jobs what changes when there is news of it; one that was deleted is not there."""
        columns = (jobs.c.id, jobs.c.state, jobs.c.events, jobs.c.started)
        with self._database.transaction(write=False) as connection:
            rows = connection.execute(select(*columns).where(jobs.c.id.in_(ids))).all()
        return {row.id: Progress(row.state, row.events, row.started is not None) for row in rows}

    def outcomes(self, id: str, *, after: int = 0, limit: int = _OUTCOMES_AT_ONCE) -> OutcomePage:  # noqa: A002
        """Return how articles ended, in the order in which they did; without their briefs."""
        with self._database.transaction(write=False) as connection:
            found = outcomes_of(connection, id, after, limit + 1)
        return OutcomePage(tuple(found[:limit]), found[limit - 1].number if len(found) > limit else None)

    def briefs(self, id: str, *, after: int = 0, limit: int = _OUTCOMES_AT_ONCE) -> OutcomePage:  # noqa: A002
        """Return how articles ended, as `outcomes` does, with their briefs."""
        page = self.outcomes(id, after=after, limit=limit)
        return OutcomePage(tuple(self._with_brief(one) for one in page.items), page.next)

    def stream(self, id: str) -> Iterator[ArticleOutcome]:  # noqa: A002
        """Yield every outcome that there is by now, with its brief; no more than a page of them is in memory."""
        after: int | None = 0
        while after is not None:
            page = self.briefs(id, after=after)
            yield from page.items
            after = page.next

    def _with_brief(self, outcome: ArticleOutcome) -> ArticleOutcome:
        """Add the brief, which the store has under the name of whatever article of the same bytes came last."""
        if outcome.brief_id is None:
            return outcome
        stored = self._store.briefs.get(outcome.brief_id)
        if stored is None:
            return replace(outcome, error=NotFound("the brief was deleted", place=outcome.name))
        own = {"article": stored.brief.article.model_copy(update={"name": outcome.name}), "timings": outcome.seconds}
        return replace(outcome, brief=stored.brief.model_copy(update=own))

    def errors(self, id: str) -> Sequence[ErrorGroup]:  # noqa: A002
        """Return the failures of a job by code, the most frequent first, each with an example."""
        return JobLedger(self._database, id).errors()

    # Ends of a job

    def cancel(self, id: str, *, client: str | None = None) -> JobView:  # noqa: A002
        """End a job early and return it: what is in flight is finished, the rest is not done.

        Raises `NotFound`, and `JobConflict` where it has ended already.
        """
        self.get(id, client=client)
        with self._database.transaction() as connection:
            cancelled = connection.execute(
                update(jobs)
                .where(jobs.c.id == id, jobs.c.state.in_(OPEN))
                .values(state="cancelled", ended=self._database.now())
            )
            if not cancelled.rowcount:
                raise JobConflict("the job has ended already", place=id, remedy="see its briefs, or delete it")
            skip_cancelled(connection)
            connection.execute(delete(inputs).where(inputs.c.job == id))
        return self.get(id, client=client)

    def delete(self, id: str, *, client: str | None = None) -> None:  # noqa: A002
        """Forget a job that has ended. Its briefs stay in the store.

        Raises `NotFound`, and `JobConflict` where it has not ended.
        """
        if self.get(id, client=client).state in OPEN:
            raise JobConflict("the job has not ended", place=id, remedy="cancel it first")
        self._remove(id)

    def purge(self, older_than: datetime) -> int:
        """Forget the jobs that ended before `older_than`; return how many that were."""
        return self._remove_all(select(jobs.c.id).where(jobs.c.ended < older_than))

    def sweep(self) -> int:
        """Remove what uploads left that were never completed; return how many."""
        abandoned = self._database.now() - _ABANDONED
        return self._remove_all(select(jobs.c.id).where(jobs.c.state == _RECEIVING, jobs.c.touched < abandoned))

    def _remove_all(self, chosen: Select[Any]) -> int:
        with self._database.transaction(write=False) as connection:
            ids = connection.scalars(chosen).all()
        for job in ids:
            self._remove(job)
        return len(ids)

    def _remove(self, job: str) -> None:
        with self._database.transaction() as connection:
            connection.execute(delete(jobs).where(jobs.c.id == job))
            connection.execute(delete(articles).where(articles.c.job == job))


def _visible(client: str | None) -> Select[Any]:
    chosen = select(jobs).where(jobs.c.state != _RECEIVING)
    return chosen if client is None else chosen.where(jobs.c.client == client)


def _parts(taken: Iterable[JobArticle | BadArticle]) -> Iterator[list[JobArticle | BadArticle]]:
    """Yield what is taken in, so much at a time as makes a good transaction."""
    part: list[JobArticle | BadArticle] = []
    size = 0
    for one in taken:
        part.append(one)
        size += len(one.data) if isinstance(one, JobArticle) else 0
        if len(part) >= _ARTICLES_AT_ONCE or size >= _BYTES_AT_ONCE:
            yield part
            part, size = [], 0
    if part:
        yield part
