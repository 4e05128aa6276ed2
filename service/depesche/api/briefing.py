"""From the bytes of a request to a brief: ingest and read in a worker thread, the models' turn, verify in a thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from depesche.api.places import Place
from depesche.api.services import Services
from depesche.article import Article, ArticleFormat
from depesche.brief import Brief
from depesche.config import Config
from depesche.ingest import ingest_bytes
from depesche.pipeline import Drafted, Pipeline, Stage, finish, read_checked
from depesche.source import Source
from depesche.translation import Translation

Tell = Callable[[Stage], None]


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a client hands in: the bytes of one article, a name for it, and its format where that is known."""

    data: bytes
    name: str = "-"
    format: ArticleFormat | None = None


@dataclass(slots=True)
class Course:
    """How a request goes: its place, the seconds it waited for the models, and what each stage took."""

    queued: float = 0.0
    place: Place | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    def server_timing(self) -> str:
        """Return the times in milliseconds as a Server-Timing header has them (W3C Server Timing)."""
        times = {"queue": self.queued, **self.seconds}
        return ", ".join(f"{name};dur={seconds * 1000:.1f}" for name, seconds in times.items())


async def make_brief(
    services: Services, submitted: Submitted, client: str, *, course: Course | None = None, tell: Tell | None = None
) -> Brief:
    """Return the brief of one article. `tell` hears which stage begins; `course` is filled in.

    Raises the `DepescheError` that stands in the brief's place, `QueueFull` and `NotReady`.
    """
    services.check_ready()
    course, tell = course or Course(), tell or (lambda _: None)
    async with services.batcher.place(client) as place:
        course.place = place
        tell("read")
        source, seconds = await services.compute(_read, submitted, services.config)
        tell("translate")
        drafted = await services.batcher.draft(source, place)
        course.queued = place.queued
        tell("verify")
        brief = await services.compute(_finish, drafted, services.pipeline, seconds)
    course.seconds |= brief.timings
    services.metrics.briefed(brief.status, brief.timings)
    services.tracing.stages({**brief.timings, "queue": course.queued})
    return brief


async def make_translation(
    services: Services, submitted: Submitted, client: str, *, course: Course | None = None
) -> Translation:
    """Return the checked translation of one article; raises as `make_brief` does."""
    services.check_ready()
    async with services.batcher.place(client) as place:
        source, read_seconds = await services.compute(_read, submitted, services.config)
        begin = time.perf_counter()
        translation = await services.batcher.translate(source, place)
        seconds = {"read": read_seconds, "translate": time.perf_counter() - begin - place.queued}
        services.metrics.staged(seconds)
        if course is not None:
            course.queued = place.queued
            course.seconds |= seconds
        return translation


def _read(submitted: Submitted, config: Config) -> tuple[Source, float]:
    article, begin = ingested(submitted, config), time.perf_counter()
    return read_checked(article, config), time.perf_counter() - begin


def ingested(submitted: Submitted, config: Config) -> Article:
    """Return the article in what was submitted. Raises `IngestError`."""
    return ingest_bytes(submitted.data, name=submitted.name, format=submitted.format, config=config.ingest)


def _finish(drafted: Drafted, pipeline: Pipeline, read_seconds: float) -> Brief:
    begin = time.perf_counter()
    brief = finish(drafted.translation, drafted.draft, pipeline.imprint(), {})
    verify_seconds = time.perf_counter() - begin
    timings = {"read": round(read_seconds, 4), **drafted.seconds, "verify": round(verify_seconds, 4)}
    return brief.model_copy(update={"timings": timings})
