"""Compressed bytes to plain ones, within limits of memory, and plain ones to a file that is read at any place."""

from __future__ import annotations

import bz2
import errno
import gzip
import lzma
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO, BinaryIO

from depesche.errors import ArchiveRefused, OutputFull

CHUNK = 1 << 18
_XZ_MEMORY = 1 << 27
"""Most memory for unpacking xz: `xz -9` needs 65 MiB."""

ReadAt = Callable[[int, int], bytes]
"""Offset and number of bytes to bytes; fewer of them at the end."""


def reader_of(stream: IO[bytes]) -> ReadAt:
    """Return what reads an open file at any place."""

    def read_at(offset: int, count: int) -> bytes:
        stream.seek(offset)
        return stream.read(count)

    return read_at


def decompressed(stream: BinaryIO, name: str) -> Iterator[bytes] | None:
    """Return what unpacks a stream, by its first bytes; None where it is not compressed."""
    start = stream.read(6)
    stream.seek(0)
    if start.startswith(b"\x1f\x8b"):
        unzipped = gzip.GzipFile(fileobj=stream)
        return iter(lambda: unzipped.read(CHUNK), b"")
    if start.startswith(b"BZh"):
        plain = bz2.BZ2File(stream)
        return iter(lambda: plain.read(CHUNK), b"")
    if start.startswith(b"\xfd7zXZ\x00"):
        return _unpacked_xz(stream)
    if start.startswith(b"\x28\xb5\x2f\xfd"):
        raise ArchiveRefused("compressed with zstd", place=name, remedy="unpack it with: zstd -d")
    return None


def _unpacked_xz(stream: BinaryIO) -> Iterator[bytes]:
    """Yield what an xz stream unpacks to, with a bound on memory, which `lzma.LZMAFile` has none of."""
    decompressor = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
    packed = stream.read(CHUNK)
    while packed or not decompressor.needs_input:
        if decompressor.eof:
            decompressor = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
        yield decompressor.decompress(packed, CHUNK)
        packed = decompressor.unused_data.lstrip(b"\0") if decompressor.eof else b""
        if not packed and (decompressor.eof or decompressor.needs_input):
            packed = stream.read(CHUNK)
            if not packed:
                break
    if not decompressor.eof:
        raise EOFError("it ends early")


def spooled(chunks: Iterator[bytes], name: str) -> IO[bytes]:
    """Return an unnamed temporary file of what `chunks` yield; it is gone when the process is."""
    try:
        spool = tempfile.TemporaryFile(prefix="depesche-")  # noqa: SIM115 - handed out open
        try:
            for chunk in chunks:
                spool.write(chunk)
            spool.flush()
        except BaseException:
            with suppress(OSError):
                spool.close()
            raise
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}:
            raise
        raise OutputFull(
            f"no room to unpack {name}: {error.strerror}",
            place=tempfile.gettempdir(),
            remedy="make room there, or let the environment variable TMPDIR name a folder with room",
        ) from error
    return spool
