"""The worker: threads of the service that take articles of jobs through the stages, and keep what becomes of them.

    job_inputs ──claim──▶ read ──▶ drafter (the models' queue) ──▶ verify ──▶ store ──▶ ledger

Some hands work, each on a few articles of one job at a time, so that one reads and verifies while the models work for
another; one thread beats the heart. Whatever fails, the threads go on: an article fails alone, and an outage of the
database or of a model is waited out.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from depesche.batch.entries import Outcome
from depesche.batch.owner import this_process
from depesche.config import Config
from depesche.errors import DepescheError, StoreError
from depesche.jobs.housekeeping import keep_house
from depesche.jobs.ledger import JobLedger, JobRoster
from depesche.jobs.solitude import Solitude
from depesche.jobs.turns import Turns
from depesche.jobs.work import Bench, Drafter, Result, is_outage, without_detail
from depesche.pipeline import EXTRACTIVE, Imprint
from depesche.store import Store

_log = logging.getLogger(__name__)
_HANDS = 2
_IDLE = 0.5
_LOOK = 2.0
"""Seconds between looks for work that others, no longer alive, have left."""
_BEAT = 5.0
_TIDY = 600.0
_SHORTEST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0


class EndListener(Protocol):
    """Told about each article that has ended here."""

    def ended(self, outcomes: Sequence[Outcome]) -> None:
        """Hear what became of some articles, once that is recorded."""
        ...


class JobWorker:
    """Works on the jobs of a store until it is stopped. One for each process."""

    def __init__(
        self,
        store: Store,
        config: Config,
        drafter: Drafter,
        imprint: Callable[[], Imprint],
        *,
        listener: EndListener | None = None,
        hands: int = _HANDS,
    ) -> None:
        self._listener = listener
        self._store = store
        self._config = config
        self._bench = Bench(store, config, drafter, imprint)
        self._roster = JobRoster(store.database)
        self._turns = Turns(store.database)
        self._solitude = Solitude()
        self._owner = this_process()
        # As in the folder job: where a model writes the briefs, little is to be in flight when the process ends.
        self._articles = min(config.serve.batch_articles, 16 if config.summarize.model == EXTRACTIVE else 4)
        self._stopping = threading.Event()
        self._patience = _Patience(self._stopping)
        self._entered = threading.Event()
        self._gone = threading.Event()
        self._entry = threading.Lock()
        self._beaten = self._tidied = -max(_BEAT, _TIDY)
        self._hands = [
            threading.Thread(target=self._work, name=f"depesche-jobs-{n}", daemon=True) for n in range(hands)
        ]
        self._heart = threading.Thread(target=self._live, name="depesche-jobs-heart", daemon=True)

    def start(self) -> None:
        """Begin to work; a database that cannot be reached yet is waited for."""
        for thread in (self._heart, *self._hands):
            thread.start()

    @property
    def busy(self) -> bool:
        """Say whether articles are in flight."""
        return self._solitude.occupied

    def stop_soon(self) -> None:
        """Begin nothing more: what is with the models is finished, and what was claimed besides is given back."""
        self._stopping.set()
        self._entered.set()  # hands that still wait for the database are to wait no more

    def stop(self, grace: float) -> bool:
        """Stop, and wait for what is in flight, up to `grace` seconds; return whether it ended by then.

        What is still in flight then is given back all the same, and what comes of it here is not counted.
        """
        self.stop_soon()
        if self._heart.ident is None:
            return True
        end = time.monotonic() + grace
        for hand in self._hands:
            hand.join(max(0.0, end - time.monotonic()))
        self._gone.set()
        self._heart.join(_LOOK)
        try:
            with self._entry:
                self._roster.leave(self._owner.owner)
        except StoreError as error:  # others find out by themselves that this process has ended
            _log.warning("the database could not be told that this process ends: %s", error)
        return not any(hand.is_alive() for hand in self._hands)

    # The hands

    def _work(self) -> None:
        self._entered.wait()
        while not self._stopping.is_set():
            try:
                busy = self._take_turn()
            except Exception as error:  # noqa: BLE001 - the thread is to outlive whatever happens
                self._patience.pause(error)
                continue
            if not busy:
                self._stopping.wait(_IDLE)

    def _take_turn(self) -> bool:
        """Do a few articles of the job whose turn it is; return whether there was one."""
        turn = self._turns.next()
        if turn is None:
            return False
        ledger = JobLedger(self._store.database, turn.job)
        with self._solitude.alone() if turn.suspect else self._solitude.together():
            claims = ledger.claim(self._owner.owner, 1 if turn.suspect else self._articles, suspects=turn.suspect)
            if claims:
                ledger.begin()
                result = self._bench.work_on(ledger, turn, claims, self._stopping)
                self._keep(ledger, result)
        return bool(claims)

    def _keep(self, ledger: JobLedger, result: Result) -> None:
        """Enter what became of articles, however long the database cannot be reached, as long as we may go on."""
        outcomes, owner = result.outcomes, self._owner.owner
        while True:
            try:
                ledger.record(outcomes, owner)
                ledger.release(owner, result.given_back)
                if self._listener is not None:
                    self._listener.ended(outcomes)
                break
            except StoreError as error:
                if not is_outage(error):
                    outcomes = [without_detail(outcome) for outcome in outcomes]
                self._patience.pause(error)
                if self._stopping.is_set():
                    return  # whoever comes next finds the articles with an owner that is no longer alive
        if result.trouble is not None:
            self._patience.pause(result.trouble)
        else:
            self._patience.restore()

    # The heart

    def _live(self) -> None:
        patience = _Patience(self._gone)
        while not self._gone.is_set():
            try:
                self._beat()
                patience.restore()
            except Exception as error:  # noqa: BLE001 - as above
                patience.pause(error)
            self._gone.wait(_LOOK)

    def _beat(self) -> None:
        """Say that this process is alive, take back what others left that are not, and keep house now and then."""
        now = time.monotonic()
        if now - self._beaten >= _BEAT:
            with self._entry:
                if self._gone.is_set():  # it has left, or is about to: a slow heart is not to enter it anew
                    return
                if not self._roster.beat(self._owner.owner):
                    if self._entered.is_set():
                        _log.warning("others took this process for dead; what it had in flight is done anew")
                    self._roster.join(self._owner, self._config.output_hash)
            self._beaten = now
            self._entered.set()
        if lost := self._roster.reset_stale():
            _log.warning("taken back from processes that ended: %d articles", lost)
        if now - self._tidied >= _TIDY:
            keep_house(self._store, self._config.store)
            self._tidied = now


@dataclass(slots=True)
class _Patience:
    """Pauses that get longer as long as something fails; says in the log when it begins to, and when it works again.

    Threads that share it pause a little more or less than alone, and that is all.
    """

    stopping: threading.Event
    seconds: float = 0.0

    def pause(self, error: Exception) -> None:
        if not self.seconds and not self.stopping.is_set():
            _log.warning("jobs have to wait: %s", _said(error))
        self.seconds = min(_LONGEST_PAUSE, 2 * self.seconds or _SHORTEST_PAUSE)
        self.stopping.wait(self.seconds)

    def restore(self) -> None:
        if self.seconds:
            _log.info("jobs go on")
        self.seconds = 0.0


def _said(error: Exception) -> str:
    """Return what may go into a log: messages of errors that are not ours may quote an article."""
    return str(error) if isinstance(error, DepescheError) else type(error).__name__
