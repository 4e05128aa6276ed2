"""The ledger of a folder job: a SQLite file beside the briefs, with what is known of the files themselves.

Files change between runs, and outputs may be gone: what is registered here is compared with what was there, so that
only what is new or changed is done again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Row, and_, bindparam, delete, insert, or_, select, update

from depesche.batch.entries import Outcome, Wanted
from depesche.batch.files import is_gone
from depesche.batch.inputs import Item
from depesche.batch.ledger import CHANGED, ROWS_AT_ONCE, Ledger, bound, parameters
from depesche.batch.ledger_file import open_file
from depesche.batch.outputs import JOB_FOLDER
from depesche.batch.owner import Owner
from depesche.batch.roster import enter
from depesche.batch.schema import articles, bands, owners, runs
from depesche.errors import OutputInUse

_ASK_AGAIN = "D109"
"""A file that could not be read is tried again by every run: nothing is known of its content that could be trusted."""


def ledger_path(out: Path) -> Path:
    """Return where the ledger of an output folder lies."""
    return out / JOB_FOLDER / "ledger.sqlite"


class FolderLedger(Ledger):
    """One ledger file; `path` is where it lies, and it is made where there is none.

    Raises `OutputInUse` for a file that is no ledger of ours, or, without `create`, where there is none.
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self.path = path
        self._out = path.parent.parent
        if not create and not path.is_file():
            raise OutputInUse("no folder job has written here", place=str(self._out), remedy="name the --out of a job")
        self._file = open_file(path)
        super().__init__(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def gather(self) -> None:
        """See that all that was recorded lies in the file itself; SQLite keeps it in another one (-wal) for a while."""
        self._file.checkpoint()

    # What there is to do

    def register(self, items: Sequence[tuple[Item, str]], wanted: Wanted) -> int:
        """Enter articles, given with a word for their file's size and time; return how many are to be done.

        An article is to be done when it is new, when its file, the settings or the models changed, when a format of
        output is missing, or when `wanted` says so. What runs is left alone, and done again if its file changed.
        """
        count = 0
        with self.database.transaction() as connection:
            for begin in range(0, len(items), ROWS_AT_ONCE):
                part = items[begin : begin + ROWS_AT_ONCE]
                count += self._register(connection, part, wanted)
        return count

    def _register(self, connection: Connection, items: Sequence[tuple[Item, str]], wanted: Wanted) -> int:
        known = {
            row.name: row
            for row in connection.execute(
                select(articles).where(self._mine, articles.c.name.in_([item.name for item, _ in items]))
            )
        }
        now = time.time()
        new: list[dict[str, Any]] = []
        again: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for item, stat in items:
            place = {"path": item.path, "member": item.member, "line": item.line, "offset": item.offset, "stat": stat}
            row = known.get(item.name)
            if row is None:
                new.append({"job": self.job, "name": item.name, "state": "pending", "updated": now, **place})
                continue
            if row.state == "running":
                if (row.stat or "").removeprefix(CHANGED) != stat:
                    moved = {**place, "stat": CHANGED + stat, "signature": None, "near_of": None}
                    changed.append(bound(moved) | {"key_name": item.name})
                continue
            there = self._outputs(row)
            if row.state == "pending" or _is_stale(row, stat, wanted, there):
                content = row.content_sha256 if there and not wanted.force else None
                values = {**place, "content_sha256": content, "outputs": there, "updated": now, **_likeness(row, stat)}
                again.append(bound(values) | {"key_name": item.name})
        if new:
            connection.execute(insert(articles), new)
        named = update(articles).where(self._mine, articles.c.name == bindparam("key_name"))
        if again:
            connection.execute(named.values({**parameters(again[0]), "state": "pending"}), again)
        if changed:
            connection.execute(named.values(parameters(changed[0])), changed)
        return len(new) + len(again) + len(changed)

    def forget_gone(self) -> None:
        """Forget articles without a brief whose file is gone: failures, and what others were skipped for.

        A brief stays, whatever becomes of its article, and so does the row of what an address names.
        """
        skipped_for = select(articles.c.near_of).where(self._mine, articles.c.state == "skipped")
        forgotten = or_(
            articles.c.state == "failed", and_(articles.c.state == "done", articles.c.name.in_(skipped_for))
        )
        with self.database.transaction(write=False) as connection:
            rows = connection.execute(select(articles).where(self._mine, forgotten))
            gone = [row.name for row in rows if is_gone(row.path) and not self._outputs(row)]
        for begin in range(0, len(gone), ROWS_AT_ONCE):
            names = gone[begin : begin + ROWS_AT_ONCE]
            with self.database.transaction() as connection:
                connection.execute(delete(bands).where(bands.c.job == self.job, bands.c.name.in_(names)))
                connection.execute(delete(articles).where(self._mine, articles.c.name.in_(names), forgotten))

    def _record(self, connection: Connection, outcomes: Sequence[Outcome], owner: str) -> None:
        super()._record(connection, outcomes, owner)
        failed = [outcome.name for outcome in outcomes if outcome.state == "failed"]
        if failed:  # without a signature nothing is found to be like them
            connection.execute(update(articles).where(self._mine, articles.c.name.in_(failed)).values(signature=None))

    def _outputs(self, row: Row[Any]) -> dict[str, str]:
        """Return the outputs of an article that lie there, by format."""
        return {name: path for name, path in (row.outputs or {}).items() if (self._out / path).is_file()}

    # Who is at work

    def enlist(self, owner: Owner, config_sha256: str, *, alone: Callable[[], None]) -> None:
        """Enter this process as an owner; where there is no other, call `alone` before any other can come.

        Raises `OutputInUse` while another works here under other settings.
        """
        self.reset_stale()
        with self.database.transaction() as connection:
            others = connection.execute(select(owners)).all()
            if other := next((one for one in others if one.config_sha256 != config_sha256), None):
                raise OutputInUse(
                    f"process {other.pid} on {other.host} is writing here under other settings or models",
                    place=str(self._out),
                    remedy="wait for it, use its settings, or use another output folder",
                )
            if not others:
                alone()
            enter(connection, owner, config_sha256)

    # Runs

    def begin_run(self, owner: str, arguments: Sequence[str], config_sha256: str) -> int:
        """Enter that a run begins; return its number."""
        values = {"owner": owner, "begin": time.time(), "arguments": list(arguments), "config_sha256": config_sha256}
        with self.database.transaction() as connection:
            key = connection.execute(insert(runs).values(values)).inserted_primary_key
        return int(key[0]) if key else 0

    def end_run(self, run: int, counts: Mapping[str, int], *, stopped: bool) -> None:
        """Enter how a run ended."""
        values = {"end": time.time(), "stopped": int(stopped), "counts": dict(counts)}
        with self.database.transaction() as connection:
            connection.execute(update(runs).where(runs.c.id == run).values(values))

    def runs(self) -> list[dict[str, Any]]:
        """Return all runs, the first one first."""
        with self.database.transaction(write=False) as connection:
            return [dict(row._mapping) for row in connection.execute(select(runs).order_by(runs.c.id))]


def _is_stale(row: Row[Any], stat: str, wanted: Wanted, there: Mapping[str, str]) -> bool:
    """Say whether an article that has its outcome must be done again."""
    if wanted.force or row.stat != stat or row.config_sha256 != wanted.config_sha256:
        return True
    if row.state == "skipped":
        return not wanted.dedupe
    if row.state == "failed":
        return wanted.retry_failed or row.error_code == _ASK_AGAIN
    return row.state == "done" and not (set(wanted.formats) | set(row.outputs or {})) <= set(there)


def _likeness(row: Row[Any], stat: str) -> dict[str, Any]:
    """Return what is known of whom an article is like, as long as its file is the one of which it is known."""
    same = row.stat == stat
    return {"signature": row.signature if same else None, "near_of": row.near_of if same else None}
