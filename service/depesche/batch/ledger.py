"""The ledger of a folder job: what is known of every article, in a database beside the briefs.

An output is written first and recorded here afterwards, so a process that is killed at any moment loses nothing but
the work in flight. Processes share the work: an article is claimed in one statement, and what was claimed by a process
that is no longer alive is taken back. Everything that grows with the number of articles is read as a stream.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self, cast

from sqlalchemy import URL, Column, Connection, Row, bindparam, case, create_engine, event, func, insert, select, update
from sqlalchemy.exc import DatabaseError

from depesche.batch.entries import Claim, ErrorGroup, Outcome, State, Wanted
from depesche.batch.inputs import Item
from depesche.batch.outputs import JOB_FOLDER
from depesche.batch.owner import Owner, is_alive
from depesche.batch.schema import SCHEMA_VERSION, articles, metadata, owners, runs
from depesche.errors import OutputFull, OutputInUse

_ASK_AGAIN = "D109"
"""A file that could not be read is tried again by every run: nothing is known of its content that could be trusted."""
SUSPECT = 3
"""Deaths of a process with an article in flight from which on the article is worked on alone."""
CONVICTED = 6
"""Deaths from which on the article has failed: at least three of them it was alone."""
DRIVER = "driver-"
"""Begins the name of an owner that drives other processes: its death says nothing of the articles."""
_ROWS_AT_ONCE = 500


def ledger_path(out: Path) -> Path:
    """Return where the ledger of an output folder lies."""
    return out / JOB_FOLDER / "ledger.sqlite"


class Ledger:
    """One ledger file. To be used by one thread at a time; any number of processes may have it open."""

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self.path = path
        self._out = path.parent.parent
        if not create and not path.is_file():
            raise OutputInUse("no folder job has written here", place=str(self._out), remedy="name the --out of a job")
        self._engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": 60})
        event.listen(self._engine, "connect", _prepare_connection)
        event.listen(self._engine, "begin", _begin_at_once)
        if self._version() == 0:
            with self.transaction() as connection:
                metadata.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _version(self) -> int:
        with self.transaction(write=False) as connection:
            version: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if version not in {0, SCHEMA_VERSION}:
            raise OutputInUse(
                f"a ledger of version {version}, and this program writes version {SCHEMA_VERSION}",
                place=str(self.path),
                remedy="use another output folder, or the program that wrote this one",
            )
        return version

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    # What there is to do

    def register(self, items: Sequence[tuple[Item, str]], wanted: Wanted) -> int:
        """Enter articles, given with a word for their file's size and time; return how many are to be done.

        An article is to be done when it is new, when its file, the settings or the models changed, when a format of
        output is missing, or when `wanted` says so. What runs is left alone.
        """
        count = 0
        with self.transaction() as connection:
            for begin in range(0, len(items), _ROWS_AT_ONCE):
                part = items[begin : begin + _ROWS_AT_ONCE]
                count += self._register(connection, part, wanted)
        return count

    def _register(self, connection: Connection, items: Sequence[tuple[Item, str]], wanted: Wanted) -> int:
        known = {
            row.name: row
            for row in connection.execute(select(articles).where(articles.c.name.in_([item.name for item, _ in items])))
        }
        now = time.time()
        new: list[dict[str, Any]] = []
        again: list[dict[str, Any]] = []
        for item, stat in items:
            place = {"path": item.path, "member": item.member, "line": item.line, "offset": item.offset, "stat": stat}
            row = known.get(item.name)
            if row is None:
                new.append({"name": item.name, "state": "pending", "updated": now, **place})
                continue
            there = self._outputs(row)
            if row.state == "pending" or (row.state != "running" and _is_stale(row, stat, wanted, there)):
                content = row.content_sha256 if there and not wanted.force else None
                values = {**place, "content_sha256": content, "outputs": there, "updated": now, **_likeness(row, stat)}
                again.append(_bound(values) | {"key_name": item.name})
        if new:
            connection.execute(insert(articles), new)
        if again:
            connection.execute(
                update(articles)
                .where(articles.c.name == bindparam("key_name"), articles.c.state != "running")
                .values({**_parameters(again[0]), "state": "pending"}),
                again,
            )
        return len(new) + len(again)

    def _outputs(self, row: Row[Any]) -> dict[str, str]:
        """Return the outputs of an article that lie there, by format."""
        return {name: path for name, path in (row.outputs or {}).items() if (self._out / path).is_file()}

    def claim(self, owner: str, count: int, *, suspects: bool = False) -> list[Claim]:
        """Make up to `count` articles that are to be done the owner's, in order of name.

        With `suspects` only such as were in flight three times when a process died: they are to be worked on alone,
        so that the next death convicts the right one. Without, only the others.
        """
        kind = articles.c.deaths >= SUSPECT if suspects else articles.c.deaths < SUSPECT
        chosen = (
            select(articles.c.name)
            .where(articles.c.state == "pending", kind)
            .order_by(articles.c.deaths, articles.c.name)
            .limit(count)
        )
        with self.transaction() as connection:
            claimed = connection.execute(
                update(articles)
                .where(articles.c.name.in_(chosen))
                .values(state="running", owner=owner, attempts=articles.c.attempts + 1, updated=time.time())
                .returning(articles)
            ).all()
        return [as_claim(row) for row in sorted(claimed, key=lambda row: (row.deaths, row.name))]

    def find_twin(
        self,
        content_sha256: str,
        format: str,  # noqa: A002
        config_sha256: str,
    ) -> tuple[str, dict[str, str]] | None:
        """Return name and outputs of an article of the same bytes and format that has its brief; None without one."""
        with self.transaction(write=False) as connection:
            row = connection.execute(
                select(articles.c.name, articles.c.outputs)
                .where(
                    articles.c.content_sha256 == content_sha256,
                    articles.c.format == format,
                    articles.c.state == "done",
                    articles.c.config_sha256 == config_sha256,
                )
                .limit(1)
            ).first()
        return None if row is None else (row.name, row.outputs or {})

    # What became of it

    def record(self, outcomes: Sequence[Outcome], owner: str) -> None:
        """Enter what became of articles of this owner, in one transaction. Their outputs must lie on disk by now."""
        if not outcomes:
            return
        now = time.time()
        records = [
            _bound(_record(outcome, now)) | {"key_name": outcome.name, "key_owner": owner} for outcome in outcomes
        ]
        with self.transaction() as connection:
            connection.execute(
                update(articles)
                .where(articles.c.name == bindparam("key_name"), articles.c.owner == bindparam("key_owner"))
                .values({**_parameters(records[0]), "owner": None, "deaths": 0}),
                records,
            )

    def restore(self, names: Sequence[str], owner: str) -> None:
        """Enter that articles are as they were when their briefs were made."""
        if not names:
            return
        with self.transaction() as connection:
            connection.execute(
                update(articles)
                .where(articles.c.name.in_(names), articles.c.owner == owner)
                .values(state="done", owner=None, deaths=0, updated=time.time())
            )

    def release(self, owner: str, names: Sequence[str] | None = None) -> None:
        """Give back articles of this owner that it will not do; all of them without `names`."""
        if names is not None and not names:
            return
        mine = (articles.c.owner == owner) & (articles.c.state == "running")
        if names is not None:
            mine &= articles.c.name.in_(names)
        with self.transaction() as connection:
            connection.execute(
                update(articles)
                .where(mine)
                .values(state="pending", owner=None, attempts=articles.c.attempts - 1, updated=time.time())
            )

    def reset_stale(self) -> int:
        """Take back what owners hold that are no longer alive; return how many articles that were."""
        with self.transaction() as connection:
            dead = [
                row.owner
                for row in connection.execute(select(owners))
                if not is_alive(Owner(row.owner, row.host, row.boot, row.pid, row.started), row.heartbeat)
            ]
            known = select(owners.c.owner).where(owners.c.owner.not_in(dead))
            guilt = case((articles.c.owner.startswith(DRIVER), 0), else_=1)
            lost = connection.execute(
                update(articles)
                .where(articles.c.state == "running", articles.c.owner.not_in(known))
                .values(state="pending", owner=None, deaths=articles.c.deaths + guilt, updated=time.time())
            )
            connection.execute(owners.delete().where(owners.c.owner.in_(dead)))
            return lost.rowcount

    # Who is at work

    def enlist(self, owner: Owner, config_sha256: str, *, alone: Callable[[], None]) -> None:
        """Enter this process as an owner; where there is no other, call `alone` before any other can come.

        Raises `OutputInUse` while another works here under other settings.
        """
        self.reset_stale()
        with self.transaction() as connection:
            others = connection.execute(select(owners)).all()
            if other := next((one for one in others if one.config_sha256 != config_sha256), None):
                raise OutputInUse(
                    f"process {other.pid} on {other.host} is writing here under other settings or models",
                    place=str(self._out),
                    remedy="wait for it, use its settings, or use another output folder",
                )
            if not others:
                alone()
            connection.execute(
                insert(owners).values(**asdict(owner), config_sha256=config_sha256, heartbeat=time.time())
            )

    def beat(self, owner: str) -> None:
        """Say that the owner is alive."""
        with self.transaction() as connection:
            connection.execute(update(owners).where(owners.c.owner == owner).values(heartbeat=time.time()))

    def leave(self, owner: str) -> None:
        """Strike the owner off, and give back what it holds."""
        self.release(owner)
        with self.transaction() as connection:
            connection.execute(owners.delete().where(owners.c.owner == owner))

    def owners_at_work(self) -> list[tuple[str, int]]:
        """Return host and process of every owner that is alive."""
        with self.transaction(write=False) as connection:
            return [
                (row.host, row.pid)
                for row in connection.execute(select(owners))
                if is_alive(Owner(row.owner, row.host, row.boot, row.pid, row.started), row.heartbeat)
            ]

    # Runs

    def begin_run(self, owner: str, arguments: Sequence[str], config_sha256: str) -> int:
        """Enter that a run begins; return its number."""
        values = {"owner": owner, "begin": time.time(), "arguments": list(arguments), "config_sha256": config_sha256}
        with self.transaction() as connection:
            key = connection.execute(insert(runs).values(values)).inserted_primary_key
        return int(key[0]) if key else 0

    def end_run(self, run: int, counts: Mapping[str, int], *, stopped: bool) -> None:
        """Enter how a run ended."""
        values = {"end": time.time(), "stopped": int(stopped), "counts": dict(counts)}
        with self.transaction() as connection:
            connection.execute(update(runs).where(runs.c.id == run).values(values))

    def runs(self) -> list[dict[str, Any]]:
        """Return all runs, the first one first."""
        with self.transaction(write=False) as connection:
            return [dict(row._mapping) for row in connection.execute(select(runs).order_by(runs.c.id))]

    # What there is to know

    def counts(self) -> dict[State, int]:
        """Return how many articles are in each state."""
        return cast(dict[State, int], self._count(articles.c.state))

    def statuses(self) -> dict[str, int]:
        """Return how many briefs are verified, repaired and flagged."""
        return self._count(articles.c.status)

    def errors(self) -> list[ErrorGroup]:
        """Return the failures by code, the most frequent first, each with an example."""
        count = func.count().label("failures")
        with self.transaction(write=False) as connection:
            groups = connection.execute(
                select(articles.c.error_code, count, func.min(articles.c.name).label("example"))
                .where(articles.c.state == "failed")
                .group_by(articles.c.error_code)
                .order_by(count.desc(), articles.c.error_code)
            ).all()
            texts = {
                row.name: row.error_text
                for row in connection.execute(
                    select(articles.c.name, articles.c.error_text).where(
                        articles.c.name.in_([group.example for group in groups])
                    )
                )
            }
        return [ErrorGroup(g.error_code, g.failures, g.example, texts[g.example] or "") for g in groups]

    def rows(self, *states: State) -> Iterator[Row[Any]]:
        """Yield the articles in order of name, of these states or all, a page at a time: nothing stays locked."""
        last = ""
        while True:
            page = select(articles).where(articles.c.name > last).order_by(articles.c.name).limit(_ROWS_AT_ONCE)
            if states:
                page = page.where(articles.c.state.in_(states))
            with self.transaction(write=False) as connection:
                found = connection.execute(page).all()
            yield from found
            if len(found) < _ROWS_AT_ONCE:
                return
            last = found[-1].name

    def _count(self, column: Column[Any]) -> dict[str, int]:
        with self.transaction(write=False) as connection:
            groups = connection.execute(select(column, func.count()).where(column.is_not(None)).group_by(column))
            return {row[0]: row[1] for row in groups}

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[Connection]:
        """Open a transaction; a disk without room, or a file that is no ledger, becomes an error of ours."""
        try:
            with self._engine.connect() as connection:
                connection = connection.execution_options(reads=not write)
                with connection.begin():
                    yield connection
        except DatabaseError as error:
            raise _explained(error, self.path) from error


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


def as_claim(row: Row[Any]) -> Claim:
    """Return a row of the articles as what a process gets to do."""
    item = Item(name=row.name, path=row.path, member=row.member, line=row.line, offset=row.offset)
    return Claim(item, row.content_sha256, row.config_sha256, row.outputs or {}, row.deaths, row.near_of)


def _record(outcome: Outcome, now: float) -> dict[str, Any]:
    record = asdict(outcome) | {"updated": now, "output": next(iter(outcome.outputs.values()), None)}
    del record["name"]
    return record


def _bound(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return `values` under names that cannot be mistaken for columns, as SQLAlchemy wants them."""
    return {f"its_{name}": value for name, value in values.items()}


def _parameters(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key[4:]: bindparam(key) for key in record if key.startswith("its_")}


def _prepare_connection(connection: Any, _: object) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN itself; see its notes on SQLite transactions
    connection.execute("PRAGMA journal_mode = WAL")
    # In WAL mode NORMAL survives the death of a process whole, and that of the machine without the last commits.
    connection.execute("PRAGMA synchronous = NORMAL")


def _begin_at_once(connection: Connection) -> None:
    """Take the write lock when a transaction begins: one that reads first could not get it later."""
    reads = connection.get_execution_options().get("reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _explained(error: DatabaseError, path: Path) -> OutputFull | OutputInUse:
    said = str(error.orig)
    if "not a database" in said or "malformed" in said:
        return OutputInUse(said, place=str(path), remedy="move this file away, or use another output folder")
    return OutputFull(
        f"the ledger cannot be written: {said}",
        place=str(path),
        remedy="make room on the disk and run the same command again: it goes on where it stopped",
    )
