"""Writing a result so that nobody ever sees half of it: to a file at one stroke, or to standard output."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from depesche.errors import OutputError


def write_output(text: str, path: Path | None) -> None:
    """Write `text` to `path`, replacing what is there at one stroke, or to standard output. Raises `OutputError`."""
    if path is None or str(path) == "-":
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    try:
        _write_atomically(text, path)
    except OSError as error:
        raise OutputError(
            error.strerror or str(error), place=str(path), remedy="check that the folder exists and has space"
        ) from error


def _write_atomically(text: str, path: Path) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(0o666 & ~_umask())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
