# ruff: noqa: PTH100, PTH112, PTH113, PTH118, PTH119, PTH206 - with a `Path` for each of a million files it crawls
"""The files that the arguments of a folder job name, one folder at a time, each with a name that is safe as a path.

A link is followed where it is an argument itself and nowhere else. What holds no articles is passed over and counted:
links, pipes, hidden files, output folders of jobs, endings that ingest does not know.
"""

from __future__ import annotations

import fnmatch
import glob
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

from depesche.batch.archives import archive_kind
from depesche.batch.names import safe_parts
from depesche.errors import BadArguments, UnknownFormat
from depesche.ingest.formats import format_of_name

Ignored = Counter[str]
"""What was passed over, and how often: "hidden", "links", "*.pdf" …"""
Wanted = Callable[[str], bool]

Kind = Literal["file", "jsonl", "archive"]


_JOB_FOLDER = ".depesche"


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


def find_roots(arguments: Sequence[str | Path], *, watching: bool = False) -> list[Root]:
    """Return what the arguments name. Raises `BadArguments` for one that is not there, and for two of one name.

    When `watching`, a glob need not match anything yet.
    """
    if not arguments:
        raise BadArguments("no articles named", remedy="name a folder, files, or a glob")
    places = [_located(str(argument), watching=watching) for argument in arguments]
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


def _located(argument: str, *, watching: bool) -> _Place:
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
    if not watching and next(find_files(root, Counter()), None) is None:
        raise BadArguments("nothing matches", place=argument, remedy="check the pattern, and quote it in the shell")
    return _Place(argument, folder, _base_name(above), is_folder=True, pattern=root.pattern)


def _is_folder(argument: str, path: str) -> bool:
    is_folder = os.path.isdir(path)
    if is_folder and os.path.isdir(os.path.join(path, _JOB_FOLDER)):
        raise BadArguments(
            "the output folder of a job",
            place=argument,
            remedy=f"name the articles, and keep --out apart from them; if it is none, remove {_JOB_FOLDER} in it",
        )
    if not is_folder and not os.path.isfile(path):
        raise BadArguments("neither a file nor a folder", place=argument, remedy="save the input to a file first")
    return is_folder


def _base_name(argument: str) -> str:
    return os.path.basename(os.path.abspath(argument)) or "root"


def kind_of(name: str) -> Kind:
    """Return how a file of this name holds its articles."""
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
