"""Regular files opened without a risk: never through a link that took their place, never a pipe that blocks."""

from __future__ import annotations

import os
import stat
from typing import BinaryIO, NamedTuple
from urllib.parse import quote_from_bytes, unquote_to_bytes

from depesche.batch.remote import is_remote
from depesche.errors import UnreadableInput

_BYTES = "file://"


class FileId(NamedTuple):
    """What changes when a file does."""

    device: int
    inode: int
    size: int
    modified: int


def open_regular(path: str, *, place: str) -> BinaryIO:
    """Open a regular file for reading, unbuffered. Raises `UnreadableInput` for anything else."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path_of(path), flags)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableInput(reason.lower(), place=place, remedy="check the path and its permissions") from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UnreadableInput("no regular file", place=place, remedy="give files, not devices or pipes")
    return os.fdopen(handle, "rb")


def id_of(stream: BinaryIO) -> FileId:
    """Return the identity of an open file."""
    found = os.fstat(stream.fileno())
    return FileId(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def storable(path: str) -> str:
    """Return `path` as text that UTF-8 can hold: as it is, or, where a name has other bytes, as a `file://` address."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return _BYTES + quote_from_bytes(os.fsencode(path))
    return path


def path_of(stored: str) -> str:
    """Return the path that `storable` was given."""
    return os.fsdecode(unquote_to_bytes(stored.removeprefix(_BYTES))) if stored.startswith(_BYTES) else stored


def is_gone(stored: str) -> bool:
    """Say whether no file lies any more where an item does; of an address it cannot be told."""
    return not is_remote(stored) and not os.path.lexists(path_of(stored))
