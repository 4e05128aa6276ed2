"""Files, streams and lines to bytes, never more of them than the limit: the outermost edge of ingest."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from depesche.config import IngestConfig
from depesche.errors import IngestError, InputTooLarge, UndecodableText, UnreadableInput

_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # also those of UTF-32 LE
_CHUNK = 1 << 16


def check_size(size: int, config: IngestConfig, *, place: str) -> None:
    """Raise `InputTooLarge` for more bytes than the limit, which holds for every format alike."""
    if size > config.max_bytes:
        raise _too_large(config, place)


def open_file(path: Path, *, name: str) -> BinaryIO:
    """Open a file for reading. Raises `UnreadableInput` with what the system says."""
    try:
        if path.is_dir():
            raise UnreadableInput("a folder", place=name, remedy="name a file in it")
        return path.open("rb")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableInput(reason.lower(), place=name, remedy="check the path and its permissions") from error


def read_file(path: Path, config: IngestConfig, *, name: str) -> bytes:
    """Return the bytes of a file; a file over the limit is refused by its size, before it is read."""
    with open_file(path, name=name) as stream:
        if path.is_file():
            check_size(path.stat().st_size, config, place=name)
        return read_stream(stream, config, name=name)


def read_stream(stream: BinaryIO, config: IngestConfig, *, name: str, start: bytes = b"") -> bytes:
    """Return `start` and the rest of a stream, reading at most one byte over the limit."""
    try:
        data = start + stream.read(max(0, config.max_bytes + 1 - len(start)))
    except OSError as error:
        raise UnreadableInput(str(error), place=name) from error
    check_size(len(data), config, place=name)
    return data


def read_lines(
    stream: BinaryIO, config: IngestConfig, *, name: str, first: bytes = b""
) -> Iterator[tuple[str, bytes | IngestError]]:
    """Yield the place ("name:line") and the bytes of each line that is not blank; `first` was read before.

    The limit holds for a line, not for the file. A longer line is passed over, without being held in memory, and
    yields `InputTooLarge` in its place. UTF-16 with a byte-order mark is turned into UTF-8 lines.
    """
    number = 0
    try:
        for number, line in enumerate(_lines(stream, config.max_bytes + 2, first), start=1):
            place = f"{name}:{number}"
            if len(line.rstrip(b"\r\n")) > config.max_bytes:
                yield place, _too_large(config, place)
            elif line.strip():
                yield place, line
    except UnicodeDecodeError:
        place = f"{name}:{number + 1}"
        yield place, UndecodableText("bytes that are no UTF-16", place=place, remedy="save the file as UTF-8")
    except OSError as error:
        place = f"{name}:{number + 1}"
        yield place, UnreadableInput(str(error), place=place, remedy="check the file or what writes to the stream")


def _lines(stream: BinaryIO, longest: int, first: bytes) -> Iterator[bytes]:
    """Yield the lines of a stream, each cut off at about `longest` bytes."""
    line = first or stream.readline(longest)
    if line.startswith(_WIDE_MARKS):
        yield from _wide_lines(stream, longest, line)
        return
    while line:
        yield line
        while len(line) >= longest and not line.endswith(b"\n"):
            line = stream.readline(longest)
        line = stream.readline(longest)


def _wide_lines(stream: BinaryIO, longest: int, start: bytes) -> Iterator[bytes]:
    """Yield the lines of a UTF-16 stream as UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-16")()
    rest = ""
    for chunk in chain((start,), iter(lambda: stream.read(_CHUNK), b"")):
        *whole, rest = (rest + decoder.decode(chunk)).split("\n")
        yield from (line.encode("utf-8", "surrogatepass") for line in whole)
        rest = rest[:longest]
    yield (rest + decoder.decode(b"", final=True)).encode("utf-8", "surrogatepass")


def _too_large(config: IngestConfig, place: str) -> InputTooLarge:
    return InputTooLarge(
        f"more than {config.max_bytes} bytes",
        place=place,
        remedy="give the article alone, or raise ingest.max_bytes (it holds for HTML pages as well)",
    )
