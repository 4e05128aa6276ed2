"""An article on its way through the stages, told step by step to whoever waits for its brief."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal

from depesche.api.briefing import Course, Submitted, make_brief
from depesche.api.services import Services
from depesche.brief import Brief
from depesche.errors import DeadlineExceeded
from depesche.pipeline import Stage

Step = Literal["read", "wait", "translate", "summarize", "verify"]
_LOOK_EVERY = 0.2


@dataclass(frozen=True, slots=True)
class Reached:
    """A step that an article has come to; `ahead` articles come before it while it waits for the models."""

    step: Step
    ahead: int | None = None


async def follow_brief(services: Services, submitted: Submitted, client: str) -> AsyncIterator[Reached | Brief]:
    """Yield each step as it is reached, and in the end the brief, which is stored by then.

    Raises what `make_brief` raises, and `DeadlineExceeded`. Whoever stops listening stops the work.
    """
    course, told = Course(), _Told()
    seconds = services.config.serve.deadline_seconds
    work = asyncio.ensure_future(make_brief(services, submitted, client, course=course, tell=told))
    try:
        reached, end = None, time.monotonic() + seconds
        while not work.done():
            if time.monotonic() > end:
                raise DeadlineExceeded(
                    f"not done within {seconds:g} seconds",
                    remedy="come again when there is less to do, or hand it in as a job",
                )
            now = _step(services, told.stage, course)
            if now is not None and now != reached:
                yield (reached := now)
            await asyncio.wait({work}, timeout=_LOOK_EVERY)
        brief = work.result()
    finally:
        work.cancel()
    await services.query(services.store.briefs.add, brief, client=client)
    yield brief


class _Told:
    """Hears which stage begins."""

    def __init__(self) -> None:
        self.stage: Stage | None = None

    def __call__(self, stage: Stage) -> None:
        self.stage = stage


def _step(services: Services, stage: Stage | None, course: Course) -> Reached | None:
    """Return where the article is now. What the models are at is known from the call that they make."""
    if stage in {"read", "verify"}:
        return Reached("read" if stage == "read" else "verify")
    if stage is None or course.place is None:
        return None
    ahead = services.batcher.ahead(course.place)
    if ahead is not None:
        return Reached("wait", ahead)
    return Reached("summarize" if services.batcher.stage == "summarize" else "translate")
