"""The folder job on this machine: read and finish in worker processes, the models in this one, the ledger beside them.

    ledger ──claim──▶ read ──▶ model stages, a batch at a time ──▶ verify, write ──▶ ledger
             (main)   (workers)       (one thread here)              (workers)       (main)

A bounded number of articles is in flight, whatever the folder's size. The main thread does nothing but carry values
from one stage to the next, so that it hears Ctrl-C and beats its heart while a model works.
"""

from __future__ import annotations

import os
import queue
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from depesche.batch import stages
from depesche.batch.arrivals import ArrivalQueue
from depesche.batch.closing import close_job
from depesche.batch.entries import Claim, Outcome, Wanted
from depesche.batch.flight import Flight, Key, convicted, died, draft_each, key_of
from depesche.batch.folder_ledger import FolderLedger, ledger_path
from depesche.batch.inputs import Item
from depesche.batch.interrupt import two_interrupts
from depesche.batch.ledger import CONVICTED
from depesche.batch.likeness import NOTHING, Likenesses
from depesche.batch.outputs import JOB_FOLDER, clear_parts
from depesche.batch.owner import this_process
from depesche.batch.pool import Answer, Task, Workers
from depesche.batch.progress import JobProgress
from depesche.batch.registering import check_arguments, open_folder, register_all
from depesche.batch.settings import JobResult, JobSettings, written_formats
from depesche.batch.stages import Readings, Workshop
from depesche.batch.summary import Report, RunFacts
from depesche.batch.tables import require_pyarrow
from depesche.batch.tally import Finished
from depesche.batch.wording import say_way_on
from depesche.config import Config
from depesche.engines.base import available_threads
from depesche.engines.cache import CacheCounts, GenerationCache
from depesche.engines.pauses import pausing
from depesche.errors import DepescheError, OutputError, OutputFull
from depesche.pipeline import EXTRACTIVE, Drafted, Pipeline
from depesche.source import Source

_TICK = 0.25
_BEAT = 5.0
_MOST_UNRECORDED = 64
_STOPPED_AT_ONCE = 9


def run_job(
    arguments: Sequence[str | Path], out: Path, config: Config, settings: JobSettings, progress: JobProgress
) -> JobResult:
    """Brief every article that `arguments` name into the folder `out`; what is there already is not done again.

    SIGINT or SIGTERM finishes what is in flight; a second one ends the process at once, with exit code 9.
    Raises `BatchError` or `ModelError` where the job cannot begin.
    """
    if "parquet" in settings.formats:
        require_pyarrow()
    check_arguments(arguments, settings.written_folders(out), watching=settings.watch)
    open_folder(out)
    with (
        closing(GenerationCache(out / JOB_FOLDER / "answers.sqlite", max_bytes=settings.cache_bytes)) as cache,
        Pipeline(config, cache=cache if settings.cache_bytes else None) as pipeline,
        FolderLedger(ledger_path(out)) as ledger,
    ):
        return _Job(arguments, out, config, settings, progress, pipeline, ledger, cache.counts).run()


class _Job:
    def __init__(
        self,
        arguments: Sequence[str | Path],
        out: Path,
        config: Config,
        settings: JobSettings,
        progress: JobProgress,
        pipeline: Pipeline,
        ledger: FolderLedger,
        cached: CacheCounts,
    ) -> None:
        self._arguments = arguments
        self._out = out
        self._ours = settings.written_folders(out)
        self._settings = settings
        self._progress = progress
        self._pipeline = pipeline
        self._ledger = ledger
        self._cached = cached
        self._owner = this_process()
        imprint = pipeline.imprint()
        formats = written_formats(settings.formats)
        self._shop = Workshop(config, imprint, out, formats, settings.quarantine)
        dedupe = settings.likeness == "skip"
        self._wanted = Wanted(imprint.sha256, formats, settings.retry_failed, settings.force, dedupe)
        self._batch = settings.articles_a_batch or (16 if config.summarize.model == EXTRACTIVE else 4)
        self._count = settings.workers or max(1, available_threads() - 1)
        self._events: queue.SimpleQueue[Future[Any] | None] = queue.SimpleQueue()
        self._workers = Workers(
            self._count,
            self._events.put,
            stages.begin_worker,
            (self._shop,),
            mourn=lambda text: progress.say(text, "warning"),
        )
        self._model = ThreadPoolExecutor(1, thread_name_prefix="model")
        self._flight = Flight()
        self._outcomes: list[Outcome] = []
        self._unchanged: list[str] = []
        self._given_back: list[str] = []
        self._signed: dict[str, bytes] = {}
        self._here: Counter[str] = Counter()
        self._drained = self._stopping = self._waiting = False
        self._woken = True  # what was skipped for one that failed has had its turn
        self._error: DepescheError | None = None
        self._arrivals: ArrivalQueue | None = None
        self._total = 0
        self._last_flush = self._last_beat = time.monotonic()
        self._last_look = -_BEAT

    def run(self) -> JobResult:
        """Do it all; see `run_job`."""
        with two_interrupts(self._stop_soon, self._stop_now):
            self._ledger.enlist(self._owner, self._wanted.config_sha256, alone=lambda: clear_parts(self._out))
            number = self._ledger.begin_run(self._owner.owner, self._settings.command, self._wanted.config_sha256)
            begin = time.time()
            try:
                self._register()
                self._sign()
                self._work()
            except DepescheError as error:  # the ledger itself cannot be written, or what was watched went away
                self._stop_for(error)
            finally:
                if self._arrivals is not None:
                    self._arrivals.close()
                self._progress.end(stopped=self._stopping)
                self._workers.close()
                self._model.shutdown()
                with suppress(OutputFull):  # what is left running is taken back by the next run
                    self._ledger.leave(self._owner.owner)
            counts, statuses = self._ledger.counts(), self._ledger.statuses()
            if self._settings.watch and not self._error and not counts.get("pending") and not counts.get("running"):
                self._stopping = False  # a watch has no other end than an interrupt
            with suppress(OutputFull):
                self._ledger.end_run(number, self._here, stopped=self._stopping)
            report = self._close(begin)
            return JobResult(self._total, dict(self._here), counts, statuses, self._stopping, report, self._error)

    def _close(self, begin: float) -> Report | None:
        facts = RunFacts(
            begin=begin,
            end=time.time(),
            out=str(self._out),
            arguments=self._settings.command,
            models=tuple(dict.fromkeys(model.name for model in self._shop.imprint.models)),
            config_sha256=self._wanted.config_sha256,
            workers=self._count,
            cache_hits=self._cached.hits,
            cache_misses=self._cached.misses,
            stopped=self._stopping,
        )
        try:
            watched = self._settings.watch and self._error is None  # whatever waits: there is always more to come
            formats = self._settings.formats
            return close_job(self._ledger, self._out, formats, facts, assemble=watched or not self._stopping)
        except (OutputError, OutputFull) as error:
            self._stop_for(error)
            return None

    def _register(self) -> None:
        """Enter all articles in the ledger, beating now and then; when watching, begin to listen for them."""
        to_do = 0
        self._ledger.forget_gone()
        if self._settings.watch:
            settle = self._settings.settle
            self._arrivals = ArrivalQueue(self._arguments, self._ours, lambda: self._events.put(None), settle)
        else:
            ignored: Counter[str] = Counter()
            for so_far in register_all(self._arguments, self._ours, self._ledger, self._wanted, ignored):
                self._total, to_do = so_far
                self._beat()
                if self._stopping:
                    break
            if ignored:
                self._progress.say("passed over: " + ", ".join(f"{n:,} {what}" for what, n in ignored.most_common(8)))
        self._progress.begin(self._total, self._total - to_do)

    def _take_arrivals(self) -> None:
        """Enter in the ledger what has arrived, when watching."""
        if self._arrivals is None or self._stopping or not (arrived := self._arrivals.take()):
            return
        to_do = self._ledger.register(list({item.name: (item, stat) for item, stat in arrived}.values()), self._wanted)
        if to_do:
            self._total += to_do
            self._progress.found(self._total)
            self._sign()
            self._drained = False

    def _sign(self) -> None:
        """Find what says nearly the same as another article, before anything is briefed; see `likeness`."""
        if self._settings.likeness == "off":
            return
        likenesses = Likenesses(self._ledger)
        self._woken = True
        with self._signing():
            if self._settings.likeness == "skip":
                likenesses.wake()
            for claims in likenesses.unsigned():
                if self._stopping:
                    return
                likenesses.link(self._signatures(claims))
                self._beat()
            if self._settings.likeness == "skip" and (skipped := likenesses.skip(self._wanted.config_sha256)):
                self._here["skipped"] += skipped
                self._progress.say(f"skipped: {skipped:,} articles that say nearly the same as another")

    @contextmanager
    def _signing(self) -> Iterator[None]:
        """Hold the lock under which one process at a time signs, waiting for it with a beating heart."""
        lock = FileLock(self._out / JOB_FOLDER / "signing.lock")
        while True:
            try:
                lock.acquire(timeout=_BEAT)
                break
            except Timeout:
                self._beat()
        try:
            yield
        finally:
            lock.release()

    def _signatures(self, claims: Sequence[Claim]) -> list[tuple[str, bytes]]:
        """Sign articles in the workers; what takes its worker down gets no signature, and fails when its turn comes."""
        names = [claim.item.name for claim in claims]
        for claim in claims:
            self._workers.submit(Task(("sign", claim.item.name), stages.sign_article, (claim,)))
        while not self._signed.keys() >= set(names):
            self._listen()
            self._beat()
        return [(name, self._signed.pop(name)) for name in names]

    def _work(self) -> None:
        told = False
        while True:
            if self._stopping and not told:
                told = True
                self._progress.say("stopping: what is in flight is finished first; Ctrl-C again stops at once")
            self._take_arrivals()
            self._claim()
            self._feed_model()
            if not self._flight.names and not self._await_others():
                break
            self._listen()
            late = time.monotonic() - self._last_flush > _TICK
            if late or len(self._outcomes) + len(self._unchanged) >= _MOST_UNRECORDED:
                self._flush()
            self._beat()
        self._flush()

    def _listen(self) -> None:
        """Wait for the next thing to happen, a short while at most, and take all that has happened."""
        with suppress(queue.Empty):
            event = self._events.get(timeout=_TICK)
            while True:
                if event is not None:
                    self._settle(event)
                event = self._events.get_nowait()

    def _settle(self, future: Future[Any]) -> None:
        if future is self._flight.drafting:
            self._take_drafts(future)
        elif answer := self._workers.settle(future):
            self._take(answer)

    # Stage by stage

    def _claim(self) -> None:
        room = 2 * (self._batch + self._count) - len(self._flight.names)
        if self._stopping or self._drained or room < self._count:
            return
        claims = self._ledger.claim(self._owner.owner, room)
        self._drained = not claims
        self._begin(claims)

    def _begin(self, claims: Sequence[Claim]) -> None:
        for claim in claims:
            self._flight.names[claim.item.name] = claim
            if claim.deaths >= CONVICTED:
                self._fail(claim.item, convicted(claim))
            else:
                self._flight.reading += 1
                self._workers.submit(Task(("read", claim.item), stages.read, (claim,)))

    def _take(self, answer: Answer) -> None:
        """Take what a worker made of an article to the next stage."""
        stage, about = answer.label
        if stage == "sign":
            self._signed[about] = answer.value or NOTHING
            return
        if stage == "set aside":
            self._take_set_aside(about, answer)
            return
        item = about.item if isinstance(about, Readings) else about
        if stage == "read":
            self._flight.reading -= 1
        if answer.died:
            self._fail(item, died(item))
        elif answer.error is not None:
            self._fail(item, stages.unexpected(answer.error, item.name))
        elif stage == "read":
            self._take_reading(answer.value)
        elif answer.value is None:  # a copy that could not be made
            self._make_after_all(about)
        elif isinstance(answer.value, DepescheError):
            self._fail(item, answer.value, about)
        else:
            self._land(answer.value)

    def _take_reading(self, reading: Readings) -> None:
        name, key = reading.item.name, key_of(reading)
        outputs = self._flight.names[name].outputs
        if reading.unchanged and set(reading.formats) <= set(outputs):
            self._unchanged.append(name)
            self._flight.land(name)
            self._here["unchanged"] += 1
            self._progress.finished(Finished(name, "skipped"))
        elif reading.unchanged:  # a format is missing
            self._copy(reading, name, outputs)
        elif reading.error is not None:
            self._fail(reading.item, reading.error, reading)
        elif self._stopping:
            self._give_back(name)
        elif key in self._flight.twins:
            self._flight.twins[key].append(reading)
        elif twin := self._find_twin(key):
            self._copy(reading, *twin)
        else:
            self._make(reading)

    def _make_after_all(self, reading: Readings) -> None:
        """Make a brief that could not be copied; what was only found unchanged has to be read for that."""
        if reading.source is not None:
            self._make(reading)
        else:
            self._begin([replace(self._flight.names[reading.item.name], content_sha256=None)])

    def _make(self, reading: Readings) -> None:
        self._flight.keys[reading.item.name] = key_of(reading)
        self._flight.twins.setdefault(key_of(reading), [])
        self._flight.ready.append(reading)

    def _find_twin(self, key: Key) -> tuple[str, Mapping[str, str]] | None:
        """Return name and outputs of an article of the same content that has its brief already."""
        for outcome in self._outcomes:
            if (outcome.content_sha256, outcome.format) == key and outcome.state == "done":
                return outcome.name, outcome.outputs
        return self._ledger.find_twin(*key, self._wanted.config_sha256)

    def _copy(self, reading: Readings, twin: str, outputs: Mapping[str, str]) -> None:
        self._workers.submit(Task(("copy", reading), stages.copy, (reading, twin, outputs)))

    def _feed_model(self) -> None:
        flight, most = self._flight, self._batch
        while self._stopping and flight.ready:
            self._give_back(flight.ready.popleft().item.name)
        if flight.drafting is not None or not flight.ready:
            return
        if len(flight.ready) < most and flight.reading:
            return  # more is on its way
        flight.batch = [flight.ready.popleft() for _ in range(min(most, len(flight.ready)))]
        sources = [reading.source for reading in flight.batch if reading.source is not None]
        flight.drafting = self._model.submit(self._draft, sources)
        flight.drafting.add_done_callback(self._events.put)

    def _draft(self, sources: Sequence[Source]) -> list[Drafted | DepescheError]:
        try:
            with pausing(self._progress.asked):
                return draft_each(self._pipeline, sources)
        finally:
            self._progress.asked(0, 0)

    def _take_drafts(self, future: Future[list[Drafted | DepescheError]]) -> None:
        batch, self._flight.batch, self._flight.drafting = self._flight.batch, [], None
        if error := future.exception():  # a model that cannot be had: no article would fare better
            self._stop_for(error if isinstance(error, DepescheError) else stages.unexpected(error, "model"))
            for reading in batch:
                self._give_back(reading.item.name)
            return
        for reading, drafted in zip(batch, future.result(), strict=True):
            if isinstance(drafted, DepescheError):
                self._fail(reading.item, drafted, reading)
            else:
                bare = replace(reading, source=None)  # it travels in the draft
                self._workers.submit(Task(("write", bare), stages.write, (bare, drafted)))

    def _take_set_aside(self, outcome: Outcome, answer: Answer) -> None:
        if answer.error is not None and not answer.died:
            self._progress.say(f"{outcome.name}: not copied to the quarantine: {answer.error}", "warning")
        self._land(outcome)

    # Ends of an article

    def _fail(self, item: Item, error: DepescheError, reading: Readings | None = None) -> None:
        if isinstance(error, OutputFull):
            self._stop_for(error)
            self._give_back(item.name)
            return
        outcome = stages.failure(item, error, self._wanted.config_sha256, reading)
        if self._settings.quarantine:
            self._workers.submit(Task(("set aside", outcome), stages.set_aside, (item,)))
        else:
            self._land(outcome)

    def _land(self, outcome: Outcome) -> None:
        """Take an article that has its outcome out of flight, and its twins on."""
        for path in set(self._flight.names[outcome.name].outputs.values()) - set(outcome.outputs.values()):
            (self._out / path).unlink(missing_ok=True)  # of bytes or settings that are no longer these
        self._outcomes.append(outcome)
        self._here[outcome.state] += 1
        self._progress.finished(
            Finished(
                outcome.name,
                "done" if outcome.state == "done" else "failed",
                outcome.status,
                outcome.error_code,
                outcome.error_text,
                outcome.seconds,
            )
        )
        for twin in self._flight.land(outcome.name):
            if outcome.state == "done":
                self._copy(twin, outcome.name, outcome.outputs)
            else:
                self._take_reading(twin)

    def _give_back(self, name: str) -> None:
        """Leave an article that was begun to the next run."""
        self._given_back.append(name)
        for twin in self._flight.land(name):
            self._take_reading(twin)

    # Housekeeping

    def _flush(self) -> None:
        """Enter in the ledger what has come about since the last time."""
        owner = self._owner.owner
        outcomes, self._outcomes = self._outcomes, []
        self._ledger.record(outcomes, owner)
        self._woken = self._woken and all(outcome.state != "failed" for outcome in outcomes)
        unchanged, self._unchanged = self._unchanged, []
        self._ledger.restore(unchanged, owner)
        given_back, self._given_back = self._given_back, []
        self._ledger.release(owner, given_back)
        self._last_flush = time.monotonic()

    def _beat(self) -> None:
        self._progress.tick()
        if time.monotonic() - self._last_beat > _BEAT:
            self._ledger.beat(self._owner.owner)
            self._last_beat = time.monotonic()

    def _await_others(self) -> bool:
        """Say whether there may be more to do: what other processes are at comes back to us should they die."""
        if self._stopping:
            return False
        self._flush()
        if self._arrivals is not None and time.monotonic() - self._last_look < _BEAT:
            return True
        self._last_look = time.monotonic()
        if self._settings.likeness == "skip" and not self._woken:
            self._sign()
        self._ledger.reset_stale()
        if suspects := self._ledger.claim(self._owner.owner, 1, suspects=True):
            self._begin(suspects)
            return True
        counts = self._ledger.counts()
        self._drained = False
        if not counts.get("pending") and (running := counts.get("running")) and not self._waiting:
            self._waiting = True
            self._progress.say(f"waiting for the last {running} articles, which another process is at")
        return self._arrivals is not None or bool(counts.get("pending") or counts.get("running"))

    def _stop_soon(self) -> None:
        self._stopping = True
        self._events.put(None)

    def _stop_for(self, error: DepescheError) -> None:
        self._error = self._error or error
        self._stopping = True

    def _stop_now(self) -> None:
        """End this process without another word to the ledger: what it holds is taken back by the next run."""
        self._workers.kill()
        os.write(2, f"\nstopped at once; {say_way_on(force=self._settings.force)}\n".encode())
        os._exit(_STOPPED_AT_ONCE)
