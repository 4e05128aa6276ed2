"""The ledger of a job whose output is not on a disk: a local one, and its rows in files beside the briefs.

SQLite cannot live in an object store. Each time some hundred articles have their outcome, their rows are written to
a file of their own under `OUT/.depesche/records`; the next run builds its ledger from these files.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Row, insert, select

from depesche.batch.entries import Outcome
from depesche.batch.folder_ledger import FolderLedger
from depesche.batch.outputs import JOB_FOLDER
from depesche.batch.remote import RemoteFolder
from depesche.batch.schema import SCHEMA_VERSION, articles

_RECORDS = f"{JOB_FOLDER}/records/"
_ROWS_A_FILE = 500


class RemoteLedger(FolderLedger):
    """A ledger for an output folder that fsspec reaches; `path` is where the local part of it lies."""

    def __init__(self, path: Path, out: RemoteFolder) -> None:
        super().__init__(path)
        self._folder = out
        self._there = set(out.files())
        self._unsaved: list[str] = []
        for name in sorted(one for one in self._there if one.startswith(_RECORDS)):
            self._load(name)

    def record(self, outcomes: Sequence[Outcome], owner: str) -> None:
        """Enter what became of articles of this owner; see `FolderLedger.record`."""
        super().record(outcomes, owner)
        self._unsaved += [outcome.name for outcome in outcomes]
        if len(self._unsaved) >= _ROWS_A_FILE:
            self.save()

    def save(self) -> None:
        """Write the rows that are not beside the briefs yet. Raises `OutputFull`."""
        if not self._unsaved:
            return
        with self.database.transaction(write=False) as connection:
            rows = connection.execute(select(articles).where(self._mine, articles.c.name.in_(self._unsaved))).all()
        number = sum(1 for name in self._there if name.startswith(_RECORDS))
        name = f"{_RECORDS}{number:08d}-{uuid.uuid4().hex[:8]}.jsonl"
        with self._folder.replacing(name) as stream:
            for row in rows:
                stream.write(json.dumps([SCHEMA_VERSION, dict(row._mapping)], ensure_ascii=False).encode() + b"\n")
        self._there.add(name)
        self._unsaved = []

    def _load(self, name: str) -> None:
        lines = [json.loads(line) for line in self._folder.read(name).splitlines()]
        # Rows of version 1 lack the job, which is always this one.
        rows = [{**row, "job": self.job} for version, row in lines if version <= SCHEMA_VERSION]
        if rows:
            with self.database.transaction() as connection:
                connection.execute(insert(articles).prefix_with("OR REPLACE"), rows)

    def _outputs(self, row: Row[Any] | Mapping[str, Any]) -> dict[str, str]:
        return {name: path for name, path in (getattr(row, "outputs", None) or {}).items() if path in self._there}
