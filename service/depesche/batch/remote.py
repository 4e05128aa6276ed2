"""Folders of an object store or another file system that fsspec reaches: s3://, gs://, az://, hdfs://, memory://.

    folder = RemoteFolder("s3://bucket/briefs")
    with folder.replacing("politik/a.txt.json") as stream:
        stream.write(data)

What is local is not touched here: paths, and `file://` addresses, which `local_path` makes paths of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any

from depesche.errors import LibraryMissing, OutputFull, UnreadableInput

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_FILE = "file://"
_BLOCK = 1 << 20
_AGAIN = "check the address and the access to it, and run the same command again: it goes on where it stopped"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder of a remote folder; `stat` changes when its content does."""

    name: str
    address: str
    is_folder: bool
    stat: str


@dataclass(frozen=True, slots=True)
class RemoteFolder:
    """A folder that fsspec reaches; it needs not exist yet. Cheap and picklable."""

    address: str

    def __str__(self) -> str:
        return self.address

    @contextmanager
    def replacing(self, relative: str) -> Iterator[IO[bytes]]:
        """Give a stream that becomes the file when the block ends well. Raises `OutputFull`.

        Object stores show an object whole or not at all; for other file systems fsspec's transaction moves it there.
        """
        address = self._at(relative)
        try:
            system, path = _system(address)
            system.makedirs(system._parent(path), exist_ok=True)
            with system.transaction, system.open(path, "wb") as stream:
                yield stream
        except LibraryMissing:
            raise
        except Exception as error:  # each driver has its own exceptions
            raise OutputFull(_said(error), place=address, remedy=_AGAIN) from error

    def read(self, relative: str) -> bytes:
        """Return the bytes of a file. Raises `OSError` where there is none."""
        system, path = _system(self._at(relative))
        data: bytes = system.cat_file(path)
        return data

    def remove(self, relative: str) -> None:
        """Remove a file, if it is there."""
        system, path = _system(self._at(relative))
        if system.exists(path):
            system.rm_file(path)

    def files(self) -> Iterator[str]:
        """Yield the path of every file below the folder, relative to it."""
        system, path = _system(self.address)
        system.invalidate_cache()
        begin = len(path.rstrip("/")) + 1
        for _, _, files in system.walk(path, detail=True):
            for found in files.values():
                yield str(found["name"])[begin:]

    def _at(self, relative: str) -> str:
        return f"{self.address.rstrip('/')}/{relative}"


def is_remote(address: str) -> bool:
    """Say whether an argument is an address that fsspec has to reach, and no path."""
    return _ADDRESS.match(address) is not None and not address.startswith(_FILE)


def local_path(address: str) -> str:
    """Return the path that a `file://` address names, and a path as it is."""
    return address.removeprefix(_FILE)


def entry_of(address: str) -> Entry | None:
    """Return what lies at an address; None where nothing does. Raises `UnreadableInput`."""
    try:
        system, path = _system(address)
        if not system.exists(path):
            return None
        return _entry(address, system.info(path))
    except LibraryMissing:
        raise
    except Exception as error:
        raise UnreadableInput(_said(error), place=address, remedy=_AGAIN) from error


def entries_of(address: str) -> list[Entry]:
    """Return what lies in a folder, in order of name. Raises `UnreadableInput`."""
    try:
        system, path = _system(address)
        found = [_entry(address, one) for one in system.ls(path, detail=True) if one["name"].rstrip("/") != path]
    except Exception as error:
        raise UnreadableInput(_said(error), place=address, remedy=_AGAIN) from error
    return sorted(found, key=lambda entry: entry.name)


def open_remote(address: str, *, place: str) -> IO[bytes]:
    """Open a file for reading at any offset; the last few stay open. Raises `UnreadableInput`."""
    try:
        return _stream(address)
    except Exception as error:
        raise UnreadableInput(_said(error), place=place, remedy=_AGAIN) from error


def read_start(address: str, count: int, *, place: str) -> bytes:
    """Return the first `count` bytes of a file, all of a shorter one. Raises `UnreadableInput`."""
    try:
        system, path = _system(address)
        data: bytes = system.cat_file(path, start=0, end=count)
    except Exception as error:
        raise UnreadableInput(_said(error), place=place, remedy=_AGAIN) from error
    return data


@lru_cache(maxsize=4)
def _stream(address: str) -> IO[bytes]:
    system, path = _system(address)
    stream: IO[bytes] = system.open(path, "rb", block_size=_BLOCK, cache_type="blockcache")
    return stream


def _system(address: str) -> tuple[AbstractFileSystem, str]:
    """Return the file system of an address and the path in it. fsspec keeps one of each kind."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise LibraryMissing(
            "fsspec is not installed", place=address, remedy="pip install 'depesche[ray]', or use a local folder"
        ) from error
    try:
        system, path = url_to_fs(address)
    except (ImportError, ValueError) as error:  # no driver, or no such protocol
        raise LibraryMissing(
            _said(error), place=address, remedy="install the fsspec driver of this kind of address, s3fs for s3://"
        ) from error
    return system, path


def _entry(address: str, info: dict[str, Any]) -> Entry:
    path = str(info["name"]).rstrip("/")
    scheme = address.partition("://")[0]
    size = info.get("size")
    marks = [info.get(key) for key in ("ETag", "etag", "md5Hash", "LastModified", "last_modified", "mtime", "created")]
    stat = ":".join(str(mark) for mark in (size, *marks) if mark is not None)
    whole = path if _ADDRESS.match(path) else f"{scheme}://{path}"
    return Entry(path.rpartition("/")[2], whole, info.get("type") == "directory", stat)


def _said(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:300]
