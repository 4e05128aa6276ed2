"""Answers of a model kept on disk, so that a sentence that many articles share (agency copy) is translated once.

An answer depends on the weights, the engine and the request, whose prompt holds the sentence and the instruction; the
key is a hash of all of these. That is only sound for models whose answers don't depend on what else is in a batch:
`CachedEngine` refuses others. The file may be deleted at any time, and a cache that can't be written costs time, not
briefs: it is counted, and the model is asked.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from depesche.engines.base import Engine, Generation, Request
from depesche.wal import LOCK_SECONDS, use_wal

if TYPE_CHECKING:
    from depesche.catalogue import InstalledModel

_LAYOUT = 1
_TABLE = (
    "CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, answer TEXT NOT NULL, used REAL NOT NULL) WITHOUT ROWID"
)
_INDEX = "CREATE INDEX IF NOT EXISTS answers_used ON answers (used)"
_KEYS_A_QUERY = 500
_ROW_OVERHEAD = 130
"""Bytes of a row besides its answer: key, time and index, measured on 100,000 rows of 100 characters: 130."""
_ROOM = 0.9
"""How full a cache is after the least recently used answers were thrown out."""


@dataclass(slots=True)
class CacheCounts:
    """What a cache was asked since it was opened; `failures` are reads or writes that the disk refused."""

    hits: int = 0
    misses: int = 0
    failures: int = 0

    @property
    def hit_rate(self) -> float:
        """Return the share of requests that were answered from the cache, 0 to 1."""
        asked = self.hits + self.misses
        return self.hits / asked if asked else 0.0


class GenerationCache:
    """The file, for any number of models, threads and processes; at most about `max_bytes` large."""

    def __init__(self, path: Path, *, max_bytes: int) -> None:
        self.counts = CacheCounts()
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        try:
            self._database = _open(path)
        except (sqlite3.Error, OSError):  # no room, or no leave to write: a cache that forgets at once
            self._database = _connect(None)
            self._max_bytes = 0
            self.counts.failures += 1
        self._bytes = self._size()

    def get(self, keys: Sequence[bytes]) -> dict[bytes, list[Generation]]:
        """Return the answers that are there, by key, and note that they were used."""
        found: dict[bytes, list[Generation]] = {}
        with self._lock:
            try:
                for start in range(0, len(keys), _KEYS_A_QUERY):
                    some = keys[start : start + _KEYS_A_QUERY]
                    marks = ",".join("?" * len(some))
                    rows = self._database.execute(f"SELECT key, answer FROM answers WHERE key IN ({marks})", some)  # noqa: S608 - question marks only
                    found |= {bytes(key): _read(answer) for key, answer in rows}
                    if found:
                        with self._database:
                            used = [(time.time(), key) for key in some if key in found]
                            self._database.executemany("UPDATE answers SET used = ? WHERE key = ?", used)
            except (sqlite3.Error, ValueError):
                self.counts.failures += 1
        self.counts.hits += sum(key in found for key in keys)
        self.counts.misses += sum(key not in found for key in keys)
        return found

    def put(self, answers: Mapping[bytes, Sequence[Generation]]) -> None:
        """Keep answers, and throw out the least recently used ones when the file has grown too large."""
        rows = [(key, _write(answer), time.time()) for key, answer in answers.items()]
        with self._lock:
            try:
                with self._database:
                    self._database.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", rows)
                self._bytes += sum(len(answer.encode()) + _ROW_OVERHEAD for _, answer, _ in rows)
                if self._bytes > self._max_bytes:
                    self._make_room()
            except sqlite3.Error:
                self.counts.failures += 1

    def close(self) -> None:
        """Close the file. Calling it twice is fine."""
        with self._lock:
            self._database.close()

    def _size(self) -> int:
        try:
            row = self._database.execute("SELECT count(*), total(length(CAST(answer AS BLOB))) FROM answers").fetchone()
        except sqlite3.Error:
            return 0
        return int(row[0]) * _ROW_OVERHEAD + int(row[1])

    def _make_room(self) -> None:
        """Throw out the least recently used answers; another process may have done so meanwhile."""
        size = self._size()
        rows = self._database.execute("SELECT key, length(CAST(answer AS BLOB)) FROM answers ORDER BY used")
        out: list[tuple[bytes]] = []
        for key, length in rows:
            if size <= self._max_bytes * _ROOM:
                break
            out.append((key,))
            size -= length + _ROW_OVERHEAD
        with self._database:
            self._database.executemany("DELETE FROM answers WHERE key = ?", out)
        self._bytes = size


class CachedEngine:
    """An engine that asks the cache first; requests that are alike in one call go to the model once."""

    def __init__(self, engine: Engine, model: InstalledModel, cache: GenerationCache) -> None:
        promises = model.card.promises
        if not (promises.deterministic and promises.batch_parity):
            raise ValueError(f"{model.card.name} does not promise that an answer depends on its request alone")
        self._engine = engine
        self._cache = cache
        weights = f"{_LAYOUT}/{model.card.engine}/{model.card.name}/{model.sha256}"
        self._model = hashlib.sha256(weights.encode()).digest()

    @property
    def window(self) -> int:
        """Return how many tokens prompt and output may have together."""
        return self._engine.window

    @property
    def constrains_json(self) -> bool:
        """Say whether `Request.json_schema` is enforced while decoding."""
        return self._engine.constrains_json

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens that `text` has for this model."""
        return self._engine.count_tokens(text)

    def generate(self, requests: Sequence[Request]) -> list[list[Generation]]:
        """Answer from the cache, else by the model; see `Engine.generate`."""
        keys = [self._key(request) for request in requests]
        answers = self._cache.get(list(dict.fromkeys(keys)))
        new = {key: request for key, request in zip(keys, requests, strict=True) if key not in answers}
        if new:
            fresh = dict(zip(new, self._engine.generate(list(new.values())), strict=True))
            self._cache.put(fresh)
            answers |= fresh
        return [answers[key] for key in keys]

    def close(self) -> None:
        """Free the model; the cache stays open."""
        self._engine.close()

    def _key(self, request: Request) -> bytes:
        said = json.dumps(asdict(request), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(self._model + said.encode("utf-8", "surrogatepass")).digest()


def _open(path: Path) -> sqlite3.Connection:
    """Open the file; one that is no cache any more (torn by a crash of the machine) is begun anew."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _connect(path)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            raise  # locked, say: it is the cache of another process
        for name in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
            name.unlink(missing_ok=True)
        return _connect(path)


def _connect(path: Path | None) -> sqlite3.Connection:
    database = sqlite3.connect(path or ":memory:", timeout=LOCK_SECONDS, check_same_thread=False)
    try:
        use_wal(database, LOCK_SECONDS)
        database.execute("PRAGMA synchronous=NORMAL")
        with database:
            database.execute(_TABLE)
            database.execute(_INDEX)
    except sqlite3.Error:
        database.close()
        raise
    return database


def _write(answer: Sequence[Generation]) -> str:
    return json.dumps([[one.text, one.tokens, one.finished] for one in answer], ensure_ascii=False)


def _read(answer: str) -> list[Generation]:
    return [
        Generation(str(text), int(tokens), finished=bool(finished)) for text, tokens, finished in json.loads(answer)
    ]
