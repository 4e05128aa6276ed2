"""The micro-batcher: requests of many clients packed into calls of the models, which one thread makes.

A call takes up to `batch_articles` articles and waits at most `wait` seconds after the first for more to come. What
an article becomes does not depend on its company: that is the pipeline's promise, tested here again. Requests that
somebody waits for come before articles of jobs; now and then a call is a job's all the same.

A call pauses after each batch of the models, which is a few seconds' work. There it ends if nobody waits for any of its
articles any more; and one that is a job's, or takes much longer than a call should, lets those go first for whom
somebody waits, the latter for no more than half of its own time. So one huge article does not keep all others waiting.
"""

from __future__ import annotations

import asyncio
import logging
import math
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Protocol

from depesche.api.places import Place, Places
from depesche.api.traces import trace
from depesche.api.turns import Turns
from depesche.engines.pauses import pausing, working_seconds
from depesche.errors import DepescheError, GenerationFailed, NotReady, UnexpectedFailure
from depesche.pipeline import Drafted, Pipeline, Stage
from depesche.source import Source
from depesche.translate import translate
from depesche.translation import Translation

_log = logging.getLogger(__name__)
_CALLS_BEFORE_JOB = 8
"""Calls for single requests that may go before a job's waiting article."""
_CHARACTERS_A_CALL = 60_000
"""A call takes no second article beyond so much text, so that short articles do not wait for long ones."""
_SHARE_FOR_QUEUE = 0.75
"""Part of a request's time that the queue may take: the rest is for reading, verifying, and a rate that changes."""
_TO_NEXT_PAUSE = 5.0
"""Seconds that the call which is being made has to end in, once the program must."""
_LONG = 1.5
"""A call that takes so many times as long as a call may is let wait for others."""
_SHARE_FOR_CALL = 0.25
"""Part of a request's time that one call may take, so that a slow machine makes small calls and answers in time."""


class _GivenUp(BaseException):
    """Ends a call for which nobody waits any more. Like a `CancelledError` it is no failure that a stage may handle."""


class Priority(IntEnum):
    """Whose work goes first."""

    INTERACTIVE = 0
    JOB = 1


class CallListener(Protocol):
    """Told about each call of the models."""

    def called(self, articles: int, seconds: float, waits: Sequence[float]) -> None:
        """Hear that a call with so many articles took so long, and how long each of them had waited for it."""
        ...


_Stage = Callable[[Sequence[Source]], Sequence[Any]]


@dataclass(slots=True, eq=False)
class _Work:
    stage: _Stage
    source: Source
    client: str
    priority: Priority
    place: Place | None
    arrived: float = field(default_factory=time.monotonic)
    future: Future[Any] = field(default_factory=Future)
    given_up: bool = False
    """Whether its client went away, or got its 504."""


@dataclass(slots=True, eq=False)
class _Call:
    """What the models are doing, and the call in one of whose pauses they do it."""

    works: Sequence[_Work]
    outer: _Call | None
    begin: float = field(default_factory=time.monotonic)
    _begin: float = field(default_factory=working_seconds)

    @property
    def is_job(self) -> bool:
        return self.works[0].priority is Priority.JOB

    @property
    def seconds(self) -> float:
        """How long it has worked itself."""
        return working_seconds() - self._begin

    @property
    def away(self) -> float:
        """How long it has waited, in all, for others that it let go first."""
        return time.monotonic() - self.begin - self.seconds


class Batcher:
    """Owns the thread in which the models run. `start` it, `close` it."""

    def __init__(
        self,
        pipeline: Pipeline,
        *,
        queue_size: int,
        batch_articles: int,
        wait: float,
        deadline: float = math.inf,
        listener: CallListener | None = None,
    ) -> None:
        self.places = Places(queue_size + batch_articles, _SHARE_FOR_QUEUE * deadline)
        self._longest_call = _SHARE_FOR_CALL * deadline
        self.stage: Stage | None = None
        """The stage that the current call is at, as far as the pipeline tells."""
        self._pipeline = pipeline
        self._batch_articles = batch_articles
        self._wait = wait
        self._listener = listener
        self._waiting: dict[Priority, Turns[_Work]] = {priority: Turns() for priority in Priority}
        self._changed = threading.Condition()
        self._closing = False
        self._calls_before_job = _CALLS_BEFORE_JOB
        self._running: _Call | None = None
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="depesche-models", daemon=True)

    def start(self) -> None:
        """Start the model thread."""
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Say whether the model thread runs."""
        return self._thread.is_alive()

    def depth(self, priority: Priority) -> int:
        """Return how many articles wait for the models."""
        return len(self._waiting[priority])

    @asynccontextmanager
    async def place(self, client: str) -> AsyncIterator[Place]:
        """Hold one of the limited places for a request of `client`. Raises `QueueFull`."""
        place = self.places.enter(client)
        try:
            yield place
        finally:
            self.places.leave(place)

    def ahead(self, place: Place) -> int | None:
        """Return how many articles come before the one at `place`; None where it does not wait for the models."""
        with self._changed:
            return self._waiting[Priority.INTERACTIVE].ahead(place.client, lambda work: work.place is place)

    def hear(self, stage: Stage) -> None:
        """Hear from the pipeline which stage the current call is at."""
        self.stage = stage

    async def draft(self, source: Source, place: Place) -> Drafted:
        """Return what the models make of `source`.

        Raises the `DepescheError` that stands in its place, `QueueFull` if a client with fewer requests needed the
        place, and `NotReady` on shutdown. Cancelling takes the article out of the queue.
        """
        outcome: Drafted = await self._ask(self._pipeline.draft, source, place)
        return outcome

    async def translate(self, source: Source, place: Place) -> Translation:
        """Return the checked translation of `source`; raises as `draft` does."""
        outcome: Translation = await self._ask(self._translate, source, place)
        return outcome

    def draft_blocking(self, sources: Sequence[Source], client: str) -> list[Drafted | DepescheError]:
        """Return what the models make of a job's sources, after those that somebody waits for; for other threads.

        On shutdown `NotReady` stands in the place of those that did not get their turn; it is raised where none did.
        """
        works = [_Work(self._pipeline.draft, source, client, Priority.JOB, None) for source in sources]
        for work in works:
            self._add(work)
        return [_outcome(work.future) for work in works]

    def close(self, grace: float) -> None:
        """Refuse what still waits, and give the call that is being made up to `grace` seconds until it has to end."""
        with self._changed:
            self._closing = True
            left = [work for turns in self._waiting.values() for work in turns.drain()]
            self._changed.notify_all()
        for work in left:
            if work.future.set_running_or_notify_cancel():
                work.future.set_exception(_shutting_down())
        if self._thread.ident is not None:
            self._thread.join(grace)
            self._ending = True
            self._thread.join(_TO_NEXT_PAUSE)

    async def _ask(self, stage: _Stage, source: Source, place: Place) -> Any:
        work = _Work(stage, source, place.client, Priority.INTERACTIVE, place)
        if place.settled:
            raise self.places.full()
        place.on_eviction = lambda: self._evict(work)
        try:
            self._add(work)
            return await asyncio.wrap_future(work.future)
        except asyncio.CancelledError:
            work.given_up = True
            self._remove(work)
            raise
        finally:
            place.on_eviction = None  # else place and work hold each other, and the article, in memory

    def _add(self, work: _Work) -> None:
        with self._changed:
            if self._closing:
                raise _shutting_down()
            self._waiting[work.priority].add(work.client, work)
            self._changed.notify_all()

    def _remove(self, work: _Work) -> bool:
        with self._changed:
            return self._waiting[work.priority].remove(work.client, work)

    def _evict(self, work: _Work) -> None:
        self._remove(work)
        if work.future.set_running_or_notify_cancel():
            work.future.set_exception(self.places.full())

    def _translate(self, sources: Sequence[Source]) -> list[Translation]:
        return translate(sources, self._pipeline.translator())

    def _run(self) -> None:
        while works := self._take():
            self._do(works)

    def _do(self, works: Sequence[_Work]) -> None:
        begun = [work for work in works if self._begin(work)]
        for stage in {work.stage for work in begun}:
            self._call(stage, [work for work in begun if work.stage == stage])

    def _begin(self, work: _Work) -> bool:
        """Say that `work` is begun; False if it was cancelled or lost its place meanwhile."""
        if work.place is not None:
            if not self.places.begin(work.place):
                return False
            work.place.queued = time.monotonic() - work.arrived
        return work.future.set_running_or_notify_cancel()

    def _take(self) -> list[_Work]:
        """Return the articles of the next call, waiting for them; none when it is time to end."""
        with self._changed:
            while not self._closing:
                turns = self._next()
                patience = turns.first().arrived + self._wait - time.monotonic() if turns else None
                if turns and (len(turns) >= self._most() or (patience or 0) <= 0):
                    return self._pick(turns)
                self._changed.wait(patience)
            return []

    def _next(self) -> Turns[_Work]:
        """Return the queue that the next call is for."""
        interactive, jobs = self._waiting[Priority.INTERACTIVE], self._waiting[Priority.JOB]
        return jobs if jobs and (not interactive or self._calls_before_job <= 0) else interactive

    def _most(self) -> int:
        """Return how many articles a call may have: fewer on a machine on which so many would take too long."""
        return min(self._batch_articles, self.places.served_within(self._longest_call))

    def _pick(self, turns: Turns[_Work]) -> list[_Work]:
        is_job = turns is self._waiting[Priority.JOB]
        self._calls_before_job = _CALLS_BEFORE_JOB if is_job else self._calls_before_job - 1
        works = [turns.take()]
        characters = len(works[0].source.article.text)
        most = self._most()
        while turns and len(works) < most:
            characters += len(turns.first().source.article.text)
            if characters > _CHARACTERS_A_CALL:
                break
            works.append(turns.take())
        return works

    def _call(self, stage: _Stage, works: Sequence[_Work]) -> None:
        """Run one stage for all `works`; whatever fails is an outcome, and the thread goes on."""
        self._running = call = _Call(works, self._running)
        self.stage = None
        ended = True
        try:
            with pausing(lambda done, total: self._pause(call, done, total)):
                outcomes: Sequence[Any] = stage([work.source for work in works])
        except _GivenUp:
            ended = False
            outcomes = [_given_up()] * len(works)
        except DepescheError as error:
            outcomes = [error] * len(works)
        except Exception as error:  # noqa: BLE001 - a bug in a stage must not end the thread that all requests need
            outcomes = [_unexpected(error)] * len(works)
        finally:
            self._running = call.outer
        seconds = call.seconds
        if len(works) > 1 and all(isinstance(outcome, UnexpectedFailure | GenerationFailed) for outcome in outcomes):
            for work in works:  # one of them is the culprit, and the others need not suffer for it
                self._call(stage, [work])
            return
        if call.outer is None:  # one in a pause has to share the processor with what the other call had begun
            self.places.measured(seconds, len(works), ended=ended)
        if self._listener and ended:
            self._listener.called(len(works), seconds, [call.begin - work.arrived for work in works])
        for work, outcome in zip(works, outcomes, strict=True):
            if isinstance(outcome, DepescheError):
                work.future.set_exception(outcome)
            else:
                work.future.set_result(outcome)

    def _pause(self, call: _Call, done: int, total: int) -> None:
        """Between two batches of `call`: end it if nobody waits for it, or let others go first; see the module."""
        if self._ending or all(work.given_up for work in call.works):
            raise _GivenUp
        if not self._lets_others(call) or done == total:
            return
        with self._changed:
            interactive = self._waiting[Priority.INTERACTIVE]
            works = self._pick(interactive) if interactive and not self._closing else []
        if works:
            stage = self.stage
            self._do(works)
            self.stage = stage

    def _lets_others(self, call: _Call) -> bool:
        if call.is_job:
            return True
        # In the pause of a job's call even a long one has to let others go first; in that of a long one it has not.
        innermost = call.outer is not None and not call.outer.is_job
        return not innermost and call.seconds > _LONG * self._longest_call and call.away <= call.seconds / 2


def _outcome(future: Future[Any]) -> Drafted | DepescheError:
    try:
        drafted: Drafted = future.result()
    except DepescheError as error:
        return error
    return drafted


def _unexpected(error: Exception) -> UnexpectedFailure:
    _log.error("the models failed: %s", trace(error))
    return UnexpectedFailure("the program failed on this article", remedy="report it: this is a bug")


def _given_up() -> NotReady:
    return NotReady("the article was given up", remedy="come again, or ask another process")


def _shutting_down() -> NotReady:
    return NotReady("the service is shutting down", remedy="come again in a moment, or ask another process")
