"""What a folder job has to do: files, folders, globs, JSONL files and archives to a stream of `Item`s, and their bytes.

    for item in find_items(["artikel/", "woche.jsonl", "wire.zip"]):
        data, format = read_item(item, config)

Finding opens no article, sorts one folder at a time and holds no more than that. Whatever a folder holds beside
articles (links, pipes, hidden files, output folders of jobs, endings that ingest does not know) is passed over and
counted. An archive that is refused, or a file that cannot be read, is an item whose reading raises the reason.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from depesche.article import ArticleFormat
from depesche.batch.archives import (
    Archive,
    Member,
    archive_at_hand,
    archive_kind,
    member_parts,
    open_archive,
)
from depesche.batch.files import id_of, open_regular, path_of, storable
from depesche.batch.folders import Found, Ignored, find_files, find_roots, is_known, kind_of
from depesche.batch.lines import Line, read_line, scan_lines
from depesche.batch.names import bounded, safe_parts
from depesche.batch.remote import is_remote, open_remote, read_start
from depesche.batch.unpacking import ReadAt, reader_of
from depesche.config import IngestConfig
from depesche.errors import ArchiveRefused, IngestError, InputTooLarge, UnreadableInput
from depesche.ingest.formats import format_of_name

_LINE_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Item:
    """One article to come: its name inside the job and where its bytes lie.

    `name` is unique in the job, safe as a path below the output folder (see `batch.names`) and a function of the
    arguments alone. `path` is the file on disk, `member` the key of an archive's member, `line` the number of a line
    of a JSONL file and `offset` the byte where it begins. All of them can be stored as UTF-8.
    An archive or JSONL file that itself is the item could not be looked through: reading it raises why.
    """

    name: str
    path: str
    member: str | None = None
    line: int | None = None
    offset: int | None = None


def find_items(arguments: Sequence[str | Path], *, ignored: Ignored | None = None) -> Iterator[Item]:
    """Yield every article of the arguments, in order of name within each.

    A single folder's names are relative to it; those of several arguments begin with the base name of their
    argument. A glob stands for the folder before its first wildcard. Raises `BadArguments` before the first item.
    """
    ignored = Counter() if ignored is None else ignored
    for root in find_roots(arguments):
        for found in find_files(root, ignored):
            yield from items_of(found, ignored)


def items_of(found: Found, ignored: Ignored) -> Iterator[Item]:
    """Yield the articles in a file."""
    path = storable(found.path)
    whole = Item(bounded(found.parts), path)
    if found.kind == "file":
        yield whole
    elif found.kind == "jsonl":
        try:
            with open_regular(path, place=path) as stream:
                yield from line_items(found.parts, path, None, reader_of(stream))
        except (UnreadableInput, OSError):
            yield whole
    else:
        yield from _archive_items(found.parts, whole, ignored)


def read_item(item: Item, config: IngestConfig) -> tuple[bytes, ArticleFormat | None]:
    """Return the bytes of an article, never more than the limit, and its format where its name says one.

    Raises `IngestError`, or `ArchiveRefused` for an archive that is not read.
    """
    try:
        return _read(item, config)
    except (IngestError, ArchiveRefused) as error:
        error.place = item.name  # names inside an archive are no text for a terminal
        raise
    except OSError as error:
        raise UnreadableInput(str(error), place=item.name, remedy="check the disk, or copy the file again") from error


def _read(item: Item, config: IngestConfig) -> tuple[bytes, ArticleFormat | None]:
    if item.member is not None:
        with archive_at_hand(item.path) as archive:
            return read_member(archive, item.member, item, config)
    if is_remote(item.path):
        return _read_remote(item, config)
    if archive_kind(item.path):
        _explain_archive(item)
    with open_regular(item.path, place=item.name) as stream:
        if item.line is not None:
            return _read_line(reader_of(stream), item, config), "jsonl"
        _refuse_whole_jsonl(item.path, item)
        chosen = format_of_name(path_of(item.path))
        before = id_of(stream)
        if before.size > config.max_bytes:
            raise _too_large(item, config)
        data = _within(stream.read(config.max_bytes + 1), item, config)
        if id_of(stream) != before:
            raise UnreadableInput("the file changed while it was read", place=item.name, remedy="run the job again")
        return data, chosen


def read_member(archive: Archive, key: str, item: Item, config: IngestConfig) -> tuple[bytes, ArticleFormat | None]:
    """Return the bytes of an article in an open archive, and its format where its name says one; see `read_item`."""
    if item.line is not None:
        return _read_line(archive.reader(key), item, config), "jsonl"
    _refuse_whole_jsonl(key, item)
    chosen = format_of_name(key)
    return _within(archive.read(key, config.max_bytes), item, config), chosen


def _read_remote(item: Item, config: IngestConfig) -> tuple[bytes, ArticleFormat | None]:
    if archive_kind(item.path):
        raise ArchiveRefused(
            "archives are read from local disks only", place=item.name, remedy="unpack it, or copy it to a disk"
        )
    if item.line is not None:
        return _read_line(reader_of(open_remote(item.path, place=item.name)), item, config), "jsonl"
    _refuse_whole_jsonl(item.path, item)
    data = read_start(item.path, config.max_bytes + 1, place=item.name)
    return _within(data, item, config), format_of_name(item.path)


def content_sha256(data: bytes) -> str:
    """Return what tells one article's bytes from another's."""
    return hashlib.sha256(data).hexdigest()


# JSONL files and archives


def line_items(parts: tuple[str, ...], path: str, member: str | None, read_at: ReadAt) -> Iterator[Item]:
    """Yield the articles of a JSONL file."""
    for line in scan_lines(read_at):
        yield Item(bounded((*parts, f"{line.number:0{_LINE_DIGITS}}")), path, member, line.number, line.offset)


def _archive_items(parts: tuple[str, ...], whole: Item, ignored: Ignored) -> Iterator[Item]:
    try:
        with open_archive(whole.path) as archive:
            yield from archive_items(parts, whole.path, archive, ignored)
            if archive.problem:
                yield whole
    except (ArchiveRefused, UnreadableInput):
        yield whole


def archive_items(parts: tuple[str, ...], path: str, archive: Archive, ignored: Ignored) -> Iterator[Item]:
    """Yield the articles in an open archive."""
    members = [member for member in archive.members if _is_taken(member, ignored)]
    named = _member_parts(members)
    for member in members:
        yield from _member_items((*parts, *named[member.key]), path, archive, member)
    ignored.update(archive.ignored)


def _member_items(parts: tuple[str, ...], path: str, archive: Archive, member: Member) -> Iterator[Item]:
    whole = Item(bounded(parts), path, member.key)
    if kind_of(member.key) == "file":
        yield whole
        return
    try:
        yield from line_items(parts, path, member.key, archive.reader(member.key))
    except UnreadableInput:
        yield whole


def _is_taken(member: Member, ignored: Ignored) -> bool:
    parts = member_parts(member.key)
    if any(part.startswith(".") and part != ".." for part in parts):
        ignored["hidden"] += 1
        return False
    if archive_kind(parts[-1]):
        ignored["archives in archives"] += 1
        return False
    return is_known(parts[-1], ignored)


def _member_parts(members: Iterable[Member]) -> dict[str, tuple[str, ...]]:
    """Return the safe parts of each member's name: unique in each folder of the archive."""
    split = {member.key: member_parts(member.key) for member in members}
    folders: dict[tuple[str, ...], set[str]] = {}
    files: dict[tuple[str, ...], set[str]] = {}
    for parts in split.values():
        for depth in range(len(parts) - 1):
            folders.setdefault(parts[:depth], set()).add(parts[depth])
        siblings = files if kind_of(parts[-1]) == "file" else folders
        siblings.setdefault(parts[:-1], set()).add(parts[-1])
    safe_folders = {above: safe_parts(names, folder=True) for above, names in folders.items()}
    safe_files = {above: safe_parts(names) for above, names in files.items()}
    named = {}
    for key, parts in split.items():
        above = tuple(safe_folders[parts[:depth]][parts[depth]] for depth in range(len(parts) - 1))
        safe = safe_files if kind_of(parts[-1]) == "file" else safe_folders
        named[key] = (*above, safe[parts[:-1]][parts[-1]])
    return named


def _explain_archive(item: Item) -> None:
    """Raise why an archive is an item of its own."""
    with archive_at_hand(item.path) as archive:
        problem = archive.problem
    if problem:
        raise ArchiveRefused(
            problem, place=item.name, remedy="copy the archive again; the articles before that place were done"
        )
    raise UnreadableInput("the archive changed since it was listed", place=item.name, remedy="run the job again")


def _refuse_whole_jsonl(name: str, item: Item) -> None:
    """Raise where a JSONL file is an item as a whole: it could not be looked through, and now it can."""
    if kind_of(name) == "jsonl":
        raise UnreadableInput("could not be read to its end", place=item.name, remedy="run the job again")


def _read_line(read_at: ReadAt, item: Item, config: IngestConfig) -> bytes:
    number, offset = item.line or 0, item.offset
    if offset is None:
        line = next((line for line in scan_lines(read_at) if line.number == number), None)
        if line is None:
            raise UnreadableInput("the line is no longer there", place=item.name, remedy="run the job again")
        return read_line(read_at, line, config.max_bytes, place=item.name)
    return read_line(read_at, Line(number, offset), config.max_bytes, place=item.name)


def _within(data: bytes, item: Item, config: IngestConfig) -> bytes:
    if len(data) > config.max_bytes:
        raise _too_large(item, config)
    return data


def _too_large(item: Item, config: IngestConfig) -> IngestError:
    return InputTooLarge(
        f"more than {config.max_bytes} bytes",
        place=item.name,
        remedy="give the article alone, or raise ingest.max_bytes",
    )
