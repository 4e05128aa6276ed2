# ruff: noqa: A002 - `format` is what the flag is called
"""Briefs of a folder job on disk: one file a brief, whole or not at all, and one file of all of them at the end.

A brief's file is written under `OUT/.depesche/parts`, flushed to the disk and only then moved to its place, so a
process that is killed leaves no half brief and no stray file among the briefs. What a job writes depends on article,
settings and models alone: `timings` are empty, they stand in the ledger.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import IO, Literal, Protocol

from depesche.batch.remote import RemoteFolder
from depesche.brief import Brief
from depesche.errors import OutputFull
from depesche.render import render

TreeFormat = Literal["json", "md", "html"]
Folder = Path | RemoteFolder
"""Where briefs go."""

JOB_FOLDER = ".depesche"
HIDDEN_TREE = f"{JOB_FOLDER}/briefs"
"""Where the JSON of each brief lies when no tree of JSON was asked for: what the assembled files are made from."""
JSONL_NAME = "briefs.jsonl"
_PARTS = f"{JOB_FOLDER}/parts"


class Writer(Protocol):
    """What keeps a brief."""

    def write(self, item_name: str, brief: Brief) -> str:
        """Write a brief whole; return its path relative to the output folder. Raises `OutputFull`."""
        ...


class TreeWriter:
    """Writes each brief to `OUT/[below/]<name of the item>.<format>`.

    The name keeps its own ending, so that briefs of `a.txt` and `a.md` are two. `below` may be `HIDDEN_TREE`.
    """

    def __init__(self, out: Folder, format: TreeFormat, *, below: str = "") -> None:
        self._out = out
        self._format = format
        self._below = below

    def path_of(self, item_name: str) -> str:
        """Return where the brief of an item goes, relative to the output folder."""
        return "/".join(part for part in (self._below, f"{item_name}.{self._format}") if part)

    def write(self, item_name: str, brief: Brief) -> str:
        """Write a brief whole; return its path relative to the output folder. Raises `OutputFull`."""
        relative = self.path_of(item_name)
        text = render(brief.model_copy(update={"timings": {}}), self._format)
        with replacing(self._out, relative) as stream:
            stream.write(text.encode())
        return relative


@contextmanager
def replacing(out: Folder, relative: str) -> Iterator[IO[bytes]]:
    """Give a stream that becomes `out/relative` when the block ends well, and leaves no trace where it does not.

    Raises `OutputFull`, also where a link in the output folder leads out of it.
    """
    if isinstance(out, RemoteFolder):
        with out.replacing(relative) as stream:
            yield stream
        return
    target = out / relative
    part = out / _PARTS / uuid.uuid4().hex
    try:
        _make_folder(part.parent, out)
        _make_folder(target.parent, out)
        try:
            with part.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _flush_folder(target.parent)
    except OSError as error:
        raise OutputFull(
            error.strerror or str(error),
            place=str(target),
            remedy="make room or check the permissions, and run the same command again: it goes on where it stopped",
        ) from error


def clear_parts(out: Path) -> None:
    """Remove what killed processes left unfinished. Only for the one process that works on the folder."""
    parts = out / _PARTS
    if parts.is_dir():
        for part in parts.iterdir():
            part.unlink(missing_ok=True)


def read_output(out: Folder, relative: str) -> bytes:
    """Return what was written. Raises `OSError` where nothing was."""
    return out.read(relative) if isinstance(out, RemoteFolder) else (out / relative).read_bytes()


def remove_output(out: Folder, relative: str) -> None:
    """Remove what was written, if it is there."""
    if isinstance(out, RemoteFolder):
        out.remove(relative)
    else:
        (out / relative).unlink(missing_ok=True)


def assemble_jsonl(out: Folder, outputs: Iterable[str]) -> int:
    """Write `OUT/briefs.jsonl` from the JSON files at `outputs`, paths relative to `out`; return how many there are.

    One brief a line, in the order given. Raises `OutputFull`.
    """
    count = 0
    with replacing(out, JSONL_NAME) as stream:
        for document in read_documents(out, outputs):
            stream.write(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            count += 1
    return count


def read_documents(out: Folder, outputs: Iterable[str]) -> Iterator[dict[str, object]]:
    """Yield the JSON documents at paths relative to `out`, one in memory at a time. Raises `OutputFull`."""
    for relative in outputs:
        try:
            document: dict[str, object] = json.loads(read_output(out, relative))
        except (OSError, ValueError) as error:
            raise OutputFull(
                f"a brief that the ledger has as done cannot be read: {error}",
                place=f"{out}/{relative}",
                remedy="delete the file and run the same command again: it makes the brief anew",
            ) from error
        yield document


def _make_folder(folder: Path, out: Path) -> None:
    """Make `folder`, durably, once it is clear that it is in `out` and not somewhere that a link leads to."""
    real, home = os.path.realpath(folder), _real(str(out))
    if real != home and not real.startswith(home.rstrip(os.sep) + os.sep):
        raise OutputFull(
            "a link leads out of the output folder", place=str(folder), remedy="remove the link, or use another --out"
        )
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        _flush_folder(one.parent)


@lru_cache(maxsize=8)
def _real(path: str) -> str:
    return os.path.realpath(path)


def _flush_folder(folder: Path) -> None:
    """See that what was made or moved in a folder is on the disk; systems that cannot do that keep it themselves."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
