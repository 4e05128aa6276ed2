"""What is done with the articles that a hand has claimed: read, have drafted, verify, keep the briefs."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Row, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from depesche.batch.entries import Claim, Outcome
from depesche.batch.inputs import content_sha256
from depesche.batch.ledger import CONVICTED
from depesche.batch.settings import STORE
from depesche.brief import Brief
from depesche.config import Config
from depesche.errors import (
    DepescheError,
    GenerationFailed,
    ModelError,
    SentenceTooLong,
    ServiceError,
    StoreError,
    UnexpectedFailure,
    WorkerDied,
)
from depesche.ingest import ingest_bytes
from depesche.jobs.ledger import JobLedger
from depesche.jobs.schema import inputs
from depesche.jobs.turns import Turn
from depesche.pipeline import Drafted, Imprint, finish, read_checked
from depesche.source import Source
from depesche.store import Store
from depesche.store.columns import storable

_log = logging.getLogger(__name__)


class Drafter(Protocol):
    """The model stages, for threads that wait for them."""

    def draft_blocking(self, sources: Sequence[Source], client: str) -> list[Drafted | DepescheError]:
        """Return what the models make of each source, or the error in its place.

        `client` is whose work it is. `NotReady`, returned or raised, says that the service shuts down.
        """
        ...


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the articles of a turn; `trouble` is why some are given back, unless it is time to stop."""

    outcomes: Sequence[Outcome]
    given_back: Sequence[str]
    trouble: Exception | None


@dataclass(frozen=True, slots=True)
class _Reading:
    name: str
    content_sha256: str
    source: Source
    seconds: float

    @property
    def key(self) -> tuple[str, str]:
        """Return what two articles must share to get the same brief."""
        return self.content_sha256, self.source.article.origin.format


class Bench:
    """Does the work of a turn. Threads may share it."""

    def __init__(self, store: Store, config: Config, drafter: Drafter, imprint: Callable[[], Imprint]) -> None:
        self._store = store
        self._config = config
        self._drafter = drafter
        self._imprint = imprint

    def work_on(self, ledger: JobLedger, turn: Turn, claims: Sequence[Claim], stopping: threading.Event) -> Result:
        """Return what became of the claimed articles. Their briefs are stored. Raises nothing."""
        outcomes: list[Outcome] = []
        trouble: Exception | None = None
        try:
            for outcome in self._outcomes(ledger, turn, claims, stopping):
                outcomes.append(outcome)  # noqa: PERF402 - those before an error count
        except Exception as error:  # noqa: BLE001 - what is in flight has to be given back, whatever it is
            trouble = error
        ended = {outcome.name for outcome in outcomes}
        return Result(outcomes, [claim.item.name for claim in claims if claim.item.name not in ended], trouble)

    def _outcomes(
        self, ledger: JobLedger, turn: Turn, claims: Sequence[Claim], stopping: threading.Event
    ) -> Iterator[Outcome]:
        """Yield the outcome of each article. Of a job that was cancelled, and when it is time to stop, of none."""
        rows = self._inputs(turn.job, [claim.item.name for claim in claims])
        imprint = self._imprint()
        readings: list[_Reading] = []
        for claim in claims:
            if claim.deaths >= CONVICTED:
                yield _failed(claim.item.name, _convicted(claim), imprint)
            elif (row := rows.get(claim.item.name)) is not None and not stopping.is_set():
                read = self._read(row, imprint)
                if isinstance(read, _Reading):
                    readings.append(read)
                else:
                    yield read
        if stopping.is_set() or not ledger.is_open():
            return
        alike: dict[tuple[str, str], list[_Reading]] = {}
        for reading in readings:
            alike.setdefault(reading.key, []).append(reading)
        for group in list(alike.values()):
            if brief := self._made_before(ledger, group[0], imprint):
                del alike[group[0].key]
                for reading in group:
                    yield self._kept(reading, brief, {}, imprint, duplicate_of=brief.article.name)
        yield from self._drafted(list(alike.values()), turn.client, imprint)

    def _drafted(self, groups: Sequence[Sequence[_Reading]], client: str, imprint: Imprint) -> Iterator[Outcome]:
        """Yield the outcomes of articles whose models' turn it is, each group with the same bytes."""
        if not groups:
            return
        trouble: DepescheError | None = None
        drafts = self._draft([group[0].source for group in groups], client)
        for group, drafted in zip(groups, drafts, strict=True):
            if isinstance(drafted, DepescheError) and _is_trouble(drafted):
                trouble = drafted
            else:
                yield from self._finished(group, drafted, client, imprint)
        if trouble is not None:
            raise trouble

    def _draft(self, sources: Sequence[Source], client: str) -> list[Drafted | DepescheError]:
        try:
            return self._drafter.draft_blocking(sources, client)
        except (ModelError, ServiceError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one article is its own affair
            if len(sources) == 1:
                return [_unexpected(error, sources[0].article.origin.name)]
            return [outcome for source in sources for outcome in self._draft([source], client)]

    def _finished(
        self, group: Sequence[_Reading], drafted: Drafted | DepescheError, client: str, imprint: Imprint
    ) -> Iterator[Outcome]:
        first, *others = group
        if isinstance(drafted, DepescheError):
            for reading in group:
                yield _failed(reading.name, drafted, imprint, reading.content_sha256)
            return
        begin = time.perf_counter()
        try:
            brief = finish(drafted.translation, drafted.draft, imprint, {})
            verified = {**drafted.seconds, "verify": round(time.perf_counter() - begin, 4)}
            brief = brief.model_copy(update={"timings": {"read": first.seconds, **verified}})
            self._store.briefs.add(brief, client=client)
        except Exception as error:
            if isinstance(error, StoreError) and is_outage(error):
                raise
            failure = error if isinstance(error, DepescheError) else _unexpected(error, first.name)
            for reading in group:
                yield _failed(reading.name, failure, imprint, reading.content_sha256)
            return
        yield self._kept(first, brief, verified, imprint)
        for reading in others:
            yield self._kept(reading, brief, {}, imprint, duplicate_of=first.name)

    def _kept(
        self,
        reading: _Reading,
        brief: Brief,
        seconds: Mapping[str, float],
        imprint: Imprint,
        duplicate_of: str | None = None,
    ) -> Outcome:
        return Outcome(
            name=reading.name,
            state="done",
            content_sha256=reading.content_sha256,
            config_sha256=imprint.sha256,
            format=brief.article.format,
            language=storable(brief.article.language),
            status=brief.status.value,
            seconds={"read": reading.seconds, **seconds},
            outputs={STORE: brief.id},
            brief_id=brief.id,
            headline=storable(brief.headline.text),
            figures=len(brief.figures),
            duplicate_of=duplicate_of,
        )

    def _inputs(self, job: str, names: Sequence[str]) -> dict[str, Row[Any]]:
        with self._store.transaction(write=False) as connection:
            chosen = select(inputs).where(inputs.c.job == job, inputs.c.name.in_(names))
            return {row.name: row for row in connection.execute(chosen)}

    def _read(self, row: Row[Any], imprint: Imprint) -> _Reading | Outcome:
        begin = time.perf_counter()
        content = content_sha256(row.data)
        try:
            article = ingest_bytes(row.data, name=row.name, format=row.format, config=self._config.ingest)
            source = read_checked(article, self._config)
        except ModelError:
            raise  # the card of the translator, not this article
        except DepescheError as error:
            return _failed(row.name, error, imprint, content)
        except Exception as error:  # noqa: BLE001 - as above
            return _failed(row.name, _unexpected(error, row.name), imprint, content)
        return _Reading(row.name, content, source, round(time.perf_counter() - begin, 4))

    def _made_before(self, ledger: JobLedger, reading: _Reading, imprint: Imprint) -> Brief | None:
        """Return the brief of another article of this job with the same bytes, under that article's name."""
        twin = ledger.find_twin(*reading.key, imprint.sha256)
        if twin is None:
            return None
        name, outputs = twin
        stored = self._store.briefs.get(outputs.get(STORE, ""))
        if stored is None:  # deleted since
            return None
        return stored.brief.model_copy(update={"article": stored.brief.article.model_copy(update={"name": name})})


def is_outage(error: StoreError) -> bool:
    """Say whether it is the database that cannot be reached or written, and not what was to be written."""
    return isinstance(error.__cause__, OperationalError | InterfaceError | PoolTimeout)


def _is_trouble(error: DepescheError) -> bool:
    """Say whether an error is about the models or the service, and not about the article."""
    if isinstance(error, GenerationFailed | SentenceTooLong):
        return False
    return isinstance(error, ModelError | ServiceError)


def _failed(name: str, error: DepescheError, imprint: Imprint, content: str | None = None) -> Outcome:
    return Outcome(
        name,
        "failed",
        content_sha256=content,
        config_sha256=imprint.sha256,
        error_code=error.code,
        error_text=storable(str(error)),
    )


def without_detail(outcome: Outcome) -> Outcome:
    """Return the failure of an article whose outcome the database does not take."""
    error = UnexpectedFailure("its outcome could not be stored", place=outcome.name, remedy="report this")
    return Outcome(outcome.name, "failed", error_code=error.code, error_text=str(error))


def _convicted(claim: Claim) -> WorkerDied:
    return WorkerDied(
        f"the process that worked on it died {claim.deaths} times, the last times with nothing else in flight",
        place=claim.item.name,
        remedy="see in the service's log what ends it (memory, a model's library); then hand the article in again",
    )


def _unexpected(error: Exception, name: str) -> UnexpectedFailure:
    """Log where an error arose that nobody foresaw, but not what it says: it may quote the article."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "nowhere"
    _log.error("the program failed on an article of a job: %s at %s", type(error).__name__, where)
    return UnexpectedFailure(
        "the program failed on this article", place=name, remedy="report it, with the article if you may: it is a bug"
    )
