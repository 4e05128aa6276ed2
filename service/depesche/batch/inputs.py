# ruff: noqa: PTH100, PTH112, PTH113, PTH118, PTH119, PTH206 - with a `Path` for each of a million files it crawls
"""What a folder job has to do: files, folders, globs, JSONL files and archives to a stream of `Item`s, and their bytes.

    for item in find_items(["artikel/", "woche.jsonl", "wire.zip"]):
        data, format = read_item(item, config)

Finding opens no article, sorts one folder at a time and holds no more than that. Whatever a folder holds beside
articles (links, pipes, hidden files, output folders of jobs, endings that ingest does not know) is passed over and
counted. An archive that is refused, or a file that cannot be read, is an item whose reading raises the reason.
"""

from __future__ import annotations

import fnmatch
import glob
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

from depesche.article import ArticleFormat
from depesche.batch.archives import (
    Archive,
    Member,
    ReadAt,
    archive_at_hand,
    archive_kind,
    member_parts,
    open_archive,
    reader_of,
)
from depesche.batch.files import id_of, open_regular, path_of, storable
from depesche.batch.lines import Line, read_line, scan_lines
from depesche.batch.names import bounded, safe_parts
from depesche.batch.remote import is_remote, open_remote, read_start
from depesche.config import IngestConfig
from depesche.errors import ArchiveRefused, BadArguments, IngestError, InputTooLarge, UnknownFormat, UnreadableInput
from depesche.ingest.formats import format_of_name

Ignored = Counter[str]
"""What was passed over, and how often: "hidden", "links", "*.pdf" …"""
Wanted = Callable[[str], bool]

_JOB_FOLDER = ".depesche"
_LINE_DIGITS = 6
Kind = Literal["file", "jsonl", "archive"]


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


@dataclass(frozen=True, slots=True)
class Found:
    """A file that holds one article or many, with the safe parts of its name."""

    parts: tuple[str, ...]
    path: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Root:
    """An argument: a folder to walk, or one file, with the part that its names begin with.

    `path` is absolute and no link; `pattern` holds the parts of a glob below it.
    """

    path: str
    prefix: tuple[str, ...]
    is_folder: bool
    pattern: tuple[str, ...] = ()


def find_items(arguments: Sequence[str | Path], *, ignored: Ignored | None = None) -> Iterator[Item]:
    """Yield every article of the arguments, in order of name within each.

    A single folder's names are relative to it; those of several arguments begin with the base name of their
    argument. A glob stands for the folder before its first wildcard. Raises `BadArguments` before the first item.
    """
    ignored = Counter() if ignored is None else ignored
    for root in find_roots(arguments):
        for found in find_files(root, ignored):
            yield from items_of(found, ignored)


def find_roots(arguments: Sequence[str | Path]) -> list[Root]:
    """Return what the arguments name. Raises `BadArguments` for one that is not there, and for two of one name."""
    if not arguments:
        raise BadArguments("no articles named", remedy="name a folder, files, or a glob")
    places = [_located(str(argument)) for argument in arguments]
    if len(places) == 1 and places[0].is_folder:
        return [Root(places[0].path, (), is_folder=True, pattern=places[0].pattern)]
    seen: dict[tuple[str, bool], str] = {}
    for place in places:
        twin = seen.setdefault((place.base, place.holds_many), place.argument)
        if twin is not place.argument:
            raise BadArguments(
                f"{twin} and {place.argument} are both called {place.base}",
                remedy="name the folder above them, or run one job for each, with its own --out",
            )
    parts = {many: safe_parts((base for base, m in seen if m is many), folder=many) for many in (True, False)}
    roots = (Root(p.path, (parts[p.holds_many][p.base],), p.is_folder, p.pattern) for p in places)
    return sorted(roots, key=lambda root: root.prefix)


def find_files(root: Root, ignored: Ignored, wanted: Wanted | None = None) -> Iterator[Found]:
    """Yield the files of an argument in order of name; only those for which `wanted` holds, where it is given.

    `wanted` is also asked for each folder, and a folder for which it does not hold is not entered.
    """
    if not root.is_folder:
        yield Found(root.prefix, root.path, kind_of(root.path))
        return
    yield from _walk(root, wanted, ignored)


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
    except OSError as error:
        raise UnreadableInput(str(error), place=item.name, remedy="check the disk, or copy the file again") from error


def _read(item: Item, config: IngestConfig) -> tuple[bytes, ArticleFormat | None]:
    if item.member is not None:
        with archive_at_hand(item.path) as archive:
            if item.line is not None:
                return _read_line(archive.reader(item.member), item, config), "jsonl"
            _refuse_whole_jsonl(item.member, item)
            chosen = format_of_name(item.member)
            return _within(archive.read(item.member, config.max_bytes), item, config), chosen
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


# Arguments


@dataclass(frozen=True, slots=True)
class _Place:
    argument: str
    path: str
    base: str
    is_folder: bool
    pattern: tuple[str, ...] = ()

    @property
    def holds_many(self) -> bool:
        return self.is_folder or kind_of(self.path) != "file"


def _located(argument: str) -> _Place:
    """Return where an argument lies; a link is followed here and nowhere else."""
    path = os.path.realpath(argument)
    if os.path.lexists(path):
        return _Place(argument, path, _base_name(argument), _is_folder(argument, path))
    parts = PurePath(argument).parts
    fixed = next((n for n, part in enumerate(parts) if glob.has_magic(part)), None)
    if fixed is None:
        raise BadArguments("no such file or folder", place=argument, remedy="check the path")
    above = str(PurePath(*parts[:fixed]))
    folder = os.path.realpath(above)
    if not os.path.isdir(folder) or not _is_folder(argument, folder):
        raise BadArguments("no such folder", place=above, remedy="check the path")
    root = Root(folder, (), is_folder=True, pattern=parts[fixed:])
    if next(find_files(root, Counter()), None) is None:
        raise BadArguments("nothing matches", place=argument, remedy="check the pattern, and quote it in the shell")
    return _Place(argument, folder, _base_name(above), is_folder=True, pattern=root.pattern)


def _is_folder(argument: str, path: str) -> bool:
    is_folder = os.path.isdir(path)
    if is_folder and os.path.isdir(os.path.join(path, _JOB_FOLDER)):
        raise BadArguments(
            "the output folder of a job", place=argument, remedy="name the articles, and keep --out apart from them"
        )
    if not is_folder and not os.path.isfile(path):
        raise BadArguments("neither a file nor a folder", place=argument, remedy="save the input to a file first")
    return is_folder


def _base_name(argument: str) -> str:
    return os.path.basename(os.path.abspath(argument)) or "root"


def kind_of(name: str) -> Kind:
    """Return what a file of this name holds: one article, or many."""
    if archive_kind(name):
        return "archive"
    return "jsonl" if name.lower().endswith((".jsonl", ".ndjson")) else "file"


# Folders


def _walk(root: Root, wanted: Wanted | None, ignored: Ignored) -> Iterator[Found]:
    """Yield the files below a folder, depth first; a folder that cannot be listed is an item that says so."""
    pending = [_listed(root.path, root.prefix, wanted, ignored)]
    while pending:
        found = next(pending[-1], None)
        if found is None:
            pending.pop()
        elif isinstance(found, Found):
            if not root.pattern or _matches(found.path[len(root.path) :].strip(os.sep).split(os.sep), root.pattern):
                yield found
        else:
            pending.append(_listed(found.path, found.parts, wanted, ignored))


@dataclass(frozen=True, slots=True)
class _Folder:
    parts: tuple[str, ...]
    path: str


def _listed(folder: str, parts: tuple[str, ...], wanted: Wanted | None, ignored: Ignored) -> Iterator[Found | _Folder]:
    """Yield the files and folders in one folder in order of name."""
    try:
        entries = _entries(folder, ignored)
    except OSError:
        yield Found(parts or (_base_name(folder),), folder, "file")
        return
    folder_parts = safe_parts((name for name, kind in entries.items() if kind != "file"), folder=True)
    file_parts = safe_parts(name for name, kind in entries.items() if kind == "file")
    for name in sorted(entries):
        path, kind = os.path.join(folder, name), entries[name]
        if wanted is not None and not wanted(path):
            continue
        if kind == "folder":
            yield _Folder((*parts, folder_parts[name]), path)
        else:
            yield Found((*parts, file_parts[name] if kind == "file" else folder_parts[name]), path, kind)


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Say whether a glob matches a path or a folder above it; `**` stands for any number of folders."""
    if not pattern:
        return True
    if pattern[0] == "**":
        return any(_matches(parts[n:], pattern[1:]) for n in range(len(parts) + 1))
    return bool(parts) and fnmatch.fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])


def _entries(folder: str, ignored: Ignored) -> dict[str, Kind | Literal["folder"]]:
    """Return the names in a folder that may hold articles, and count the others."""
    entries: dict[str, Kind | Literal["folder"]] = {}
    with os.scandir(folder) as found:
        for entry in found:
            if entry.name.startswith("."):
                ignored["hidden"] += 1
            elif entry.is_symlink():
                ignored["links"] += 1
            elif entry.is_dir(follow_symlinks=False):
                if os.path.isdir(os.path.join(entry.path, _JOB_FOLDER)):
                    ignored["output folders"] += 1
                else:
                    entries[entry.name] = "folder"
            elif not entry.is_file(follow_symlinks=False):
                ignored["pipes and devices"] += 1
            elif is_known(entry.name, ignored):
                entries[entry.name] = kind_of(entry.name)
    return entries


def is_known(name: str, ignored: Ignored) -> bool:
    """Say whether ingest knows the ending of a file's name, and count it where it does not."""
    if kind_of(name) != "file":
        return True
    try:
        known = format_of_name(name) is not None
    except UnknownFormat:
        known = False
    if not known:
        ignored[f"*{PurePath(name).suffix.lower()}" if PurePath(name).suffix else "no ending"] += 1
    return known


# JSONL files and archives


def line_items(parts: tuple[str, ...], path: str, member: str | None, read_at: ReadAt) -> Iterator[Item]:
    """Yield the articles of a JSONL file."""
    for line in scan_lines(read_at):
        yield Item(bounded((*parts, f"{line.number:0{_LINE_DIGITS}}")), path, member, line.number, line.offset)


def _archive_items(parts: tuple[str, ...], whole: Item, ignored: Ignored) -> Iterator[Item]:
    try:
        with open_archive(whole.path) as archive:
            members = [member for member in archive.members if _is_taken(member, ignored)]
            named = _member_parts(members)
            for member in members:
                yield from _member_items((*parts, *named[member.key]), whole.path, archive, member)
            ignored.update(archive.ignored)
            if archive.problem:
                yield whole
    except (ArchiveRefused, UnreadableInput):
        yield whole


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
