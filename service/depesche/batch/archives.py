"""Zip and tar archives as folders of articles: looked through once, within limits, and read at any place afterwards.

Nothing is ever unpacked to a path that an archive names. A compressed tar, and a JSONL file in a zip, are unpacked to
an unnamed temporary file (`TMPDIR` says where), so that memory stays flat and a million lines can be read in any
order; the limits bound its size.
"""

from __future__ import annotations

import atexit
import lzma
import os
import struct
import sys
import tarfile
import threading
import zipfile
import zlib
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Literal, NoReturn, Self, TypeVar, cast

from depesche.batch.files import FileId, id_of, open_regular, path_of
from depesche.batch.names import encodable
from depesche.batch.unpacking import CHUNK, ReadAt, decompressed, reader_of, spooled
from depesche.errors import ArchiveRefused, UnreadableInput

_TAR_ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz", ".tar.zst", ".tzst")
_ZIP_ENDINGS = (".zip",)

T = TypeVar("T")

_TRUST = "unpack it yourself if you trust it, and name the folder"
_ENTRY_BYTES = 160
"""Of a member in a zip's directory, its name and fields with it: 46 at least, about 100 in practice."""
_MOST_GLOBAL_HEADERS = 1000
_LONGEST_HEADER = 1 << 16
"""Most bytes of one tar header; a longer one (of a name of gigabytes) would be read whole into memory."""
_DEEPEST = 64
_OPEN_ARCHIVES = 4
_OPEN_MEMBERS = 4


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """What an archive may come to; beyond that it is refused whole, because it is broken or meant to do harm."""

    members: int = 100_000
    total_bytes: int = 4 << 30
    """Unpacked, all members together, whether or not they are articles."""
    ratio: int = 250
    """Unpacked to packed bytes; news pages and JSON reach 5 to 30."""
    small: int = 64 << 20
    """Unpacked bytes up to which the ratio is of no concern."""


LIMITS = ArchiveLimits()


@dataclass(frozen=True, slots=True)
class Member:
    """One regular file in an archive. `key` is its name there, fit to be stored; `start` where a tar holds it."""

    key: str
    size: int
    start: int = 0
    problem: str | None = None
    info: zipfile.ZipInfo | None = None


def archive_kind(name: str) -> Literal["zip", "tar"] | None:
    """Return which kind of archive the ending of a file name says."""
    low = name.lower()
    return "zip" if low.endswith(_ZIP_ENDINGS) else "tar" if low.endswith(_TAR_ENDINGS) else None


def member_parts(key: str) -> tuple[str, ...]:
    """Return the parts of a member's name; the first is empty where it is absolute, and very deep ones are joined."""
    parts = tuple(key.split("/"))
    return parts if len(parts) <= _DEEPEST else (*parts[:8], "/".join(parts[8:-1]), parts[-1])


def _key(name: str) -> str:
    """Return a member's name without what means nothing: `./a//b` is `a/b`; a leading slash stays."""
    first, *others = encodable(name).split("/")
    kept = [part for part in others if part not in {"", "."}]
    return "/".join(kept if first == "." and kept else [first, *kept])


class Archive:
    """An open archive. `members` are its regular files in order of name; `problem` says why there are no more.

    Of two members of one name the last one counts, as it does for those who unpack it.
    """

    def __init__(self, stream: BinaryIO, name: str, limits: ArchiveLimits) -> None:
        self.problem: str | None = None
        self.ignored: Counter[str] = Counter()
        self._stream = stream
        self._name = name
        self._limits = limits
        self._members: dict[str, Member] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def members(self) -> list[Member]:
        """Return the regular files in order of name."""
        return [self._members[key] for key in sorted(self._members)]

    def member(self, key: str) -> Member:
        """Return one member. Raises `UnreadableInput` where there is none, or none that can be read."""
        member = self._members.get(key)
        if member is None:
            raise UnreadableInput("no longer in the archive", place=f"{self._name}/{key}")
        if member.problem:
            raise UnreadableInput(
                member.problem, place=f"{self._name}/{key}", remedy="unpack the archive and name the folder"
            )
        return member

    def read(self, key: str, limit: int) -> bytes:
        """Return the bytes of a member, at most `limit` + 1 of them."""
        raise NotImplementedError

    def reader(self, key: str) -> ReadAt:
        """Return what reads a member at any place."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def _add(self, member: Member) -> None:
        if member.key in self._members:
            self.ignored["replaced in the archive"] += 1
        self._members[member.key] = member

    def _refuse(self, message: str, remedy: str = _TRUST) -> NoReturn:
        raise ArchiveRefused(message, place=self._name, remedy=remedy)

    def _check(self, count: int, total: int, packed: int) -> None:
        if count > self._limits.members:
            self._refuse(f"more than {self._limits.members} members")
        if total > self._limits.total_bytes:
            self._refuse(f"unpacks to more than {self._limits.total_bytes} bytes")
        if total > self._limits.small and total > self._limits.ratio * max(packed, 1):
            self._refuse(f"unpacks to more than {self._limits.ratio} times its size")


class ZipArchive(Archive):
    """A zip archive."""

    def __init__(self, stream: BinaryIO, name: str, limits: ArchiveLimits) -> None:
        super().__init__(stream, name, limits)
        longest = max(_LONGEST_HEADER, limits.members * _ENTRY_BYTES)  # `zipfile` reads the directory whole
        short = _ShortReads(stream, longest, lambda: self._check(limits.members + 1, 0, 0))
        try:
            self._zip = zipfile.ZipFile(cast(IO[bytes], short))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error) as error:
            self._refuse(f"no zip archive that can be read: {error}", "copy it again: it may have been cut off")
        short.longest = sys.maxsize
        infos = self._zip.infolist()
        self._check(len(infos), sum(info.file_size for info in infos), id_of(stream).size)
        for info in infos:
            if not info.filename.endswith("/") and self._is_file(info):
                problem = "encrypted" if info.flag_bits & 1 else None
                self._add(Member(_key(info.filename), info.file_size, problem=problem, info=info))
        self._unpacked: OrderedDict[str, IO[bytes]] = OrderedDict()

    def read(self, key: str, limit: int) -> bytes:
        """Return the bytes of a member, at most `limit` + 1 of them."""
        with self._open(key) as stream:
            return self._guarded(key, lambda: stream.read(limit + 1))

    def reader(self, key: str) -> ReadAt:
        """Return what reads a member at any place; the member is unpacked to a temporary file for that."""
        if key not in self._unpacked:
            with self._open(key) as stream:
                chunks = iter(lambda: self._guarded(key, lambda: stream.read(CHUNK)), b"")
                self._unpacked[key] = spooled(chunks, self._name)
            while len(self._unpacked) > _OPEN_MEMBERS:
                self._unpacked.popitem(last=False)[1].close()
        self._unpacked.move_to_end(key)
        return reader_of(self._unpacked[key])

    def close(self) -> None:
        """Close the file and give back the room that unpacked members take."""
        for stream in self._unpacked.values():
            stream.close()
        self._zip.close()
        super().close()

    def _is_file(self, info: zipfile.ZipInfo) -> bool:
        kind = info.external_attr >> 28
        if kind not in {0, 8}:  # the upper bits of a Unix mode: neither unknown nor a regular file
            self.ignored["links and devices in an archive"] += 1
        return kind in {0, 8}

    def _open(self, key: str) -> IO[bytes]:
        info = cast(zipfile.ZipInfo, self.member(key).info)
        return self._guarded(key, lambda: self._zip.open(info))

    def _guarded(self, key: str, call: Callable[[], T]) -> T:
        try:
            return call()
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError) as error:
            raise UnreadableInput(
                f"cannot be unpacked: {error}",
                place=f"{self._name}/{key}",
                remedy="copy the archive again, or unpack it and name the folder",
            ) from error


class TarArchive(Archive):
    """A tar archive, compressed or not."""

    def __init__(self, stream: BinaryIO, name: str, limits: ArchiveLimits) -> None:
        super().__init__(stream, name, limits)
        self._packed = id_of(stream).size
        chunks = decompressed(stream, name)
        self._plain: IO[bytes] = stream if chunks is None else spooled(self._whole(chunks), name)
        if chunks is not None:
            stream.close()
        try:
            self._look_through()
        except BaseException:
            self._plain.close()
            raise

    def read(self, key: str, limit: int) -> bytes:
        """Return the bytes of a member, at most `limit` + 1 of them."""
        return self.reader(key)(0, limit + 1)

    def reader(self, key: str) -> ReadAt:
        """Return what reads a member at any place."""
        member = self.member(key)
        read_at = reader_of(self._plain)
        return lambda offset, count: read_at(member.start + offset, max(0, min(count, member.size - offset)))

    def close(self) -> None:
        """Close the file, or give back the room that the unpacked archive takes."""
        self._plain.close()

    def _whole(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield what unpacks; note, and end, where the archive is broken."""
        total = 0
        try:
            for chunk in chunks:
                total += len(chunk)
                self._check(0, total, self._packed)
                yield chunk
        except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
            self.problem = f"the archive is broken after {total} unpacked bytes: {error}"

    def _look_through(self) -> None:
        count = total = 0
        end = self._plain.seek(0, 2)
        self._plain.seek(0)
        try:
            short = cast(IO[bytes], _ShortReads(self._plain, _LONGEST_HEADER, self._too_long))
            with tarfile.open(fileobj=short, mode="r:", errorlevel=0) as tar:
                while (info := tar.next()) is not None:
                    tar.members.clear()  # type: ignore[attr-defined] # else it keeps every header there ever was
                    count, total = count + 1, total + info.size
                    if info.size < 0 or len(tar.pax_headers) > _MOST_GLOBAL_HEADERS:
                        raise tarfile.ReadError("a header that makes no sense")
                    self._check(count, total, max(self._packed, end))
                    self._take(info, end)
                self._check_end(tar.offset)
        except (tarfile.TarError, ValueError, OverflowError, EOFError, OSError, RecursionError) as error:
            self.problem = self.problem or f"no tar archive beyond its first {count} members: {error}"
        if count == 0 and self.problem:
            self._refuse(self.problem, "copy it again: it may have been cut off")

    def _too_long(self) -> None:
        raise tarfile.ReadError(f"a header of more than {_LONGEST_HEADER} bytes")

    def _check_end(self, offset: int) -> None:
        """Note a missing end mark: `tarfile` takes any broken header for the end, and members would be lost unseen."""
        self._plain.seek(offset)
        if self._plain.read(512) != bytes(512):
            self.problem = self.problem or f"broken or cut off after {len(self._members)} files"

    def _take(self, info: tarfile.TarInfo, end: int) -> None:
        if info.isdir():
            return
        if not info.isreg():
            self.ignored["links and devices in an archive"] += 1
            return
        problem = None
        if info.issparse():
            problem = "a sparse file, stored with holes"
        elif info.offset_data + info.size > end:
            problem = "cut off: the archive ends in the middle of it"
            self.problem = self.problem or "the archive ends in the middle of a member"
        self._add(Member(_key(info.name), info.size, info.offset_data, problem))


class _ShortReads:
    """A stream that reads no header of gigabytes at once into memory, and calls `refuse` for one."""

    def __init__(self, stream: IO[bytes], longest: int, refuse: Callable[[], object]) -> None:
        self._stream = stream
        self.longest = longest
        self._refuse = refuse
        self.tell = stream.tell
        self.seek = stream.seek
        self.seekable = stream.seekable
        self.close = stream.close

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            size = os.fstat(self._stream.fileno()).st_size - self._stream.tell()
        if size > self.longest:
            self._refuse()
        return self._stream.read(size)


def open_archive(path: str, limits: ArchiveLimits = LIMITS) -> Archive:
    """Return an archive, looked through; to be closed. Raises `ArchiveRefused` or `UnreadableInput`."""
    stream = open_regular(path, place=path)
    try:
        kind = ZipArchive if archive_kind(path) == "zip" else TarArchive
        return kind(stream, Path(path_of(path)).name, limits)
    except BaseException:
        stream.close()
        raise


_shelf: OrderedDict[tuple[str, FileId], Archive] = OrderedDict()
_shelf_lock = threading.RLock()


@contextmanager
def archive_at_hand(path: str) -> Iterator[Archive]:
    """Give an archive to read from; the last few of a process stay open. Raises as `open_archive` does."""
    with _shelf_lock:
        with open_regular(path, place=path) as stream:
            identity = (path, id_of(stream))
        if identity not in _shelf:
            _shelf[identity] = open_archive(path)
            while len(_shelf) > _OPEN_ARCHIVES:
                _shelf.popitem(last=False)[1].close()
        _shelf.move_to_end(identity)
        yield _shelf[identity]


@atexit.register
def close_archives() -> None:
    """Close what this process keeps open."""
    with _shelf_lock:
        while _shelf:
            _shelf.popitem()[1].close()
