"""Files of models on disk: hashed, joined and written so that a killed process leaves nothing half-done."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from depesche.catalogue.progress import Progress

_CHUNK = 1 << 20


def file_sha256(path: Path, progress: Progress | None = None) -> str:
    """Return the sha256 of a file as hex digits, telling `progress` of the bytes read."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            if progress is not None:
                progress.advance(len(chunk))
    return digest.hexdigest()


def join_files(parts: Iterable[Path], target: Path) -> None:
    """Write `parts` one after the other to `target`, which appears only when it is complete."""
    partial = target.with_name(target.name + ".copy")
    with partial.open("wb") as out:
        for part in parts:
            with part.open("rb") as stream:
                shutil.copyfileobj(stream, out, _CHUNK)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(target)


def write_durably(path: Path, text: str) -> None:
    """Replace the content of `path` so that a reader finds the old or the new, never a piece."""
    temporary = path.with_name(path.name + ".new")
    with temporary.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(path)


def sync(path: Path) -> None:
    """Wait until the bytes of `path` are on the disk."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
