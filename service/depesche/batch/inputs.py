"""Stand-in until the real one is merged."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from depesche.article import ArticleFormat
from depesche.config import IngestConfig
from depesche.ingest.reading import read_file


@dataclass(frozen=True, slots=True)
class Item:
    name: str
    path: str
    member: str | None = None
    line: int | None = None
    offset: int | None = None


def find_items(arguments: Sequence[str | Path]) -> Iterator[Item]:
    for argument in arguments:
        for folder, folders, files in os.walk(argument):
            folders.sort()
            for name in sorted(files):
                path = Path(folder) / name
                yield Item(path.relative_to(argument).as_posix(), str(path))


def read_item(item: Item, config: IngestConfig) -> tuple[bytes, ArticleFormat | None]:
    return read_file(Path(item.path), config, name=item.name), None


def content_sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
