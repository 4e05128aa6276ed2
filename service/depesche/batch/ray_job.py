"""The folder job on many machines: the same stages as a Ray Data job, the same ledger, the same briefs.

    ledger ──claims──▶ map_batches: actors that hold the models read, draft, verify, write ──rows──▶ ledger
            (driver)                         (cluster)                                              (driver)

Only the driver touches the ledger. An article is written before its row comes back, so a driver that is killed loses
no more than the record of what was in flight, and the next run does these again, to the same bytes.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from depesche.batch.closing import REPORT, close_job, report_rows
from depesche.batch.entries import Outcome, Wanted
from depesche.batch.folder_ledger import FolderLedger, ledger_path
from depesche.batch.interrupt import two_interrupts
from depesche.batch.outputs import JOB_FOLDER, Folder, assemble_jsonl, clear_parts
from depesche.batch.owner import this_process
from depesche.batch.progress import JobProgress
from depesche.batch.ray_cluster import RaySettings, cluster, import_ray
from depesche.batch.ray_ledger import RemoteLedger
from depesche.batch.registering import check_arguments, open_folder, register_all
from depesche.batch.remote import RemoteFolder, is_remote, local_path
from depesche.batch.report import build_report, write_report
from depesche.batch.roster import DRIVER
from depesche.batch.settings import STORE, JobResult, JobSettings, written_formats
from depesche.batch.stages import Workshop
from depesche.batch.summary import Report, RunFacts
from depesche.batch.tally import Finished
from depesche.batch.wording import say_way_on
from depesche.config import Config
from depesche.errors import BadArguments, BatchError, DepescheError, OutputError, OutputFull, WorkerDied
from depesche.pipeline import Pipeline

_TICK = 0.25
_BEAT = 5.0
_CLAIMS_AT_ONCE = 5000
_STOPPED_AT_ONCE = 9


def run_ray_job(
    arguments: Sequence[str], out: str, config: Config, settings: JobSettings, ray: RaySettings, progress: JobProgress
) -> JobResult:
    """Brief every article that `arguments` name into `out`, as `run_job` does, on a Ray cluster.

    `out` and one argument alone may be addresses that fsspec reaches. Raises `BatchError` or `ModelError` where the
    job cannot begin.
    """
    with ExitStack() as stack:
        if settings.watch:
            raise BadArguments("--watch is for the local executor", remedy="run the ray job again when there is more")
        if is_remote(out) and "parquet" in settings.formats:
            raise BadArguments("Parquet is written to local disks only", place=out, remedy="--format jsonl, or a disk")
        arguments = [one if is_remote(one) else local_path(one) for one in arguments]
        ours = settings.written_folders(None if is_remote(out) else Path(local_path(out)))
        check_arguments(arguments, ours)
        actors = stack.enter_context(cluster(ray))
        folder, ledger = stack.enter_context(_open(out))
        with Pipeline(config) as pipeline:
            imprint = pipeline.imprint()
        quarantine = settings.quarantine.resolve() if settings.quarantine else None
        threads = config.engine.threads or ray.cpus_per_actor
        config = config.model_copy(update={"engine": config.engine.model_copy(update={"threads": threads})})
        shop = Workshop(config, imprint, folder, written_formats(settings.formats), quarantine)
        return _RayJob(arguments, ours, shop, settings, ray, actors, progress, ledger).run()


@contextmanager
def _open(out: str) -> Iterator[tuple[Folder, FolderLedger]]:
    if not is_remote(out):
        folder = Path(local_path(out)).resolve()
        open_folder(folder)
        with FolderLedger(ledger_path(folder)) as ledger:
            yield folder, ledger
        return
    remote = RemoteFolder(out.rstrip("/"))
    with tempfile.TemporaryDirectory(prefix="depesche-") as local:
        open_folder(Path(local))
        with RemoteLedger(ledger_path(Path(local)), remote) as ledger:
            yield remote, ledger


class _RayJob:
    def __init__(
        self,
        arguments: Sequence[str],
        ours: Sequence[Path],
        shop: Workshop,
        settings: JobSettings,
        ray: RaySettings,
        actors: int,
        progress: JobProgress,
        ledger: FolderLedger,
    ) -> None:
        self._arguments = arguments
        self._ours = ours
        self._shop = shop
        self._settings = settings
        self._ray = ray
        self._actors = actors
        self._progress = progress
        self._ledger = ledger
        self._owner = replace(this_process(), owner=DRIVER + this_process().owner)
        self._wanted = Wanted(shop.imprint.sha256, shop.formats, settings.retry_failed, settings.force)
        self._here: Counter[str] = Counter()
        self._answers: queue.SimpleQueue[list[Any] | BaseException | None] = queue.SimpleQueue()
        self._stopping = False
        self._error: DepescheError | None = None
        self._last_beat = time.monotonic()

    def run(self) -> JobResult:
        """Do it all; see `run_ray_job`."""
        with two_interrupts(self._stop_soon, self._stop_now):
            self._ledger.enlist(self._owner, self._wanted.config_sha256, alone=self._clear)
            number = self._ledger.begin_run(self._owner.owner, self._settings.command, self._wanted.config_sha256)
            begin, total = time.time(), 0
            try:
                total = self._register()
                self._work()
                self._save()
            except OutputFull as error:
                self._stop_for(error)
            finally:
                self._progress.end(stopped=self._stopping)
                with suppress(OutputFull):
                    self._ledger.leave(self._owner.owner)
                    self._ledger.end_run(number, self._here, stopped=self._stopping)
            report = self._close(begin)
            counts, statuses = self._ledger.counts(), self._ledger.statuses()
            return JobResult(total, dict(self._here), counts, statuses, self._stopping, report, self._error)

    def _clear(self) -> None:
        if isinstance(self._shop.out, Path):
            clear_parts(self._shop.out)

    def _register(self) -> int:
        found = to_do = 0
        self._ledger.forget_gone()
        ignored: Counter[str] = Counter()
        for so_far in register_all(self._arguments, self._ours, self._ledger, self._wanted, ignored):
            found, to_do = so_far
            self._beat()
            if self._stopping:
                break
        self._progress.begin(found, found - to_do)
        if ignored:
            self._progress.say("passed over: " + ", ".join(f"{n:,} {what}" for what, n in ignored.most_common(8)))
        return found

    def _work(self) -> None:
        claims = [] if self._stopping else self._claims()
        if not claims:
            return
        from depesche.batch.ray_actor import Witness

        witness = import_ray().remote(num_cpus=0, max_restarts=-1, max_task_retries=-1)(Witness).remote()
        threading.Thread(target=self._execute, args=(claims, witness), daemon=True).start()
        told = False
        while True:
            if self._stopping and not told:
                told = True
                witness.stop.remote()
                self._progress.say("stopping: what is in flight is finished first; Ctrl-C again stops at once")
            with suppress(queue.Empty):
                answer = self._answers.get(timeout=_TICK)
                if answer is None:
                    return
                if isinstance(answer, BaseException):
                    self._stop_for(_job_died(answer))
                    return
                self._take(answer)
            self._beat()

    def _claims(self) -> list[str]:
        """Make everything that is to do ours."""
        from depesche.batch.ray_actor import packed

        texts: list[str] = []
        for suspects in (False, True):
            while part := self._ledger.claim(self._owner.owner, _CLAIMS_AT_ONCE, suspects=suspects):
                texts += map(packed, part)
                self._beat()
        return texts

    def _execute(self, claims: list[str], witness: Any) -> None:
        """Run the Ray Data job and pass on what comes back; in a thread, because Ray blocks."""
        try:
            for batch in self._dataset(claims, witness).iter_batches(batch_size=None, batch_format="pyarrow"):
                self._answers.put([json.loads(text) for text in batch.column("row").to_pylist()])
            self._answers.put(None)
        except BaseException as error:  # noqa: BLE001 - it goes to the main thread
            self._answers.put(error)

    def _dataset(self, claims: list[str], witness: Any) -> Any:
        import pyarrow as pa
        import ray.data

        from depesche.batch.ray_actor import BriefMaker

        logging.getLogger("ray.data").setLevel(logging.ERROR)
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        size = max(1, min(self._settings.articles_a_batch or 16, -(-len(claims) // (2 * self._actors))))
        rest = iter(claims)
        # a block a batch: what an actor has finished comes back at once, and no reading stage needs a CPU
        blocks = [pa.table({"claim": part}) for part in iter(lambda: list(islice(rest, size)), [])]
        return ray.data.from_arrow(blocks).map_batches(
            BriefMaker,
            fn_constructor_kwargs={"workshop": self._shop, "witness": witness},
            batch_size=size,
            batch_format="pyarrow",
            compute=ray.data.ActorPoolStrategy(size=self._actors),
            num_cpus=self._ray.cpus_per_actor,
            num_gpus=self._ray.gpus_per_actor or None,
        )

    def _take(self, rows: list[Any]) -> None:
        outcomes = [Outcome(**what) for kind, what in rows if kind == "outcome"]
        unchanged = [what for kind, what in rows if kind == "unchanged"]
        back = [what for kind, what in rows if kind == "given back"]
        for kind, what in rows:
            if kind == "stop":
                back.append(what[0])
                self._stop_for(_Relayed(what[1]))
        self._ledger.record(outcomes, self._owner.owner)
        self._ledger.restore(unchanged, self._owner.owner)
        self._ledger.release(self._owner.owner, back)
        for name in unchanged:
            self._here["unchanged"] += 1
            self._progress.finished(Finished(name, "skipped"))
        for one in outcomes:
            self._here[one.state] += 1
            self._progress.finished(
                Finished(
                    one.name,
                    "done" if one.state == "done" else "failed",
                    one.status,
                    one.error_code,
                    one.error_text,
                    one.seconds,
                )
            )

    def _close(self, begin: float) -> Report | None:
        facts = RunFacts(
            begin=begin,
            end=time.time(),
            out=str(self._shop.out),
            arguments=self._settings.command,
            models=tuple(dict.fromkeys(model.name for model in self._shop.imprint.models)),
            config_sha256=self._wanted.config_sha256,
            workers=self._actors,
            stopped=self._stopping,
        )
        try:
            if isinstance(self._shop.out, Path):
                formats = self._settings.formats
                return close_job(self._ledger, self._shop.out, formats, facts, assemble=not self._stopping)
            return self._close_remote(self._shop.out, facts)
        except (OutputError, OutputFull) as error:
            self._stop_for(error)
            return None

    def _close_remote(self, out: RemoteFolder, facts: RunFacts) -> Report:
        if "jsonl" in self._settings.formats and not facts.stopped:
            rows = (row.outputs or {} for row in self._ledger.rows("done"))
            paths = (outputs.get("json") or outputs.get(STORE) for outputs in rows)
            assemble_jsonl(out, (path for path in paths if path))
        report = build_report(report_rows(self._ledger), facts)
        local = self._ledger.path.with_name(REPORT)
        write_report(report, local)
        self._ledger.gather()
        for relative, path in ((REPORT, local), (f"{JOB_FOLDER}/ledger.sqlite", self._ledger.path)):
            with out.replacing(relative) as stream:
                stream.write(path.read_bytes())
        return report

    def _save(self) -> None:
        if isinstance(self._ledger, RemoteLedger):
            self._ledger.save()

    def _beat(self) -> None:
        self._progress.tick()
        if time.monotonic() - self._last_beat > _BEAT:
            self._ledger.beat(self._owner.owner)
            self._save()
            self._last_beat = time.monotonic()

    def _stop_soon(self) -> None:
        self._stopping = True

    def _stop_for(self, error: DepescheError) -> None:
        self._error = self._error or error
        self._stopping = True

    def _stop_now(self) -> None:
        """End this process without another word to the ledger."""
        os.write(2, f"\nstopped at once; {say_way_on(force=self._settings.force)}\n".encode())
        os._exit(_STOPPED_AT_ONCE)


class _Relayed(BatchError):
    """An error that stopped the job, as an actor told it: whole, with code and remedy."""

    def __str__(self) -> str:
        return self.message


def _job_died(error: BaseException) -> WorkerDied:
    return WorkerDied(
        f"the Ray job ended: {type(error).__name__}: {error}"[:500],
        place="ray",
        remedy="see that depesche and its models are on every node; then run the same command again: it goes on",
    )
