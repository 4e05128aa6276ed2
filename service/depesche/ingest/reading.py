"""Files, streams and lines to bytes, never more of them than the limit: the outermost edge of ingest."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from itertools import count
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


def read_lines(stream: BinaryIO, config: IngestConfig, *, name: str) -> Iterator[tuple[str, bytes | IngestError]]:
    """Yield the place ("name:line") and the bytes of each line that is not blank.

    The limit holds for a line, not for the file. A longer line is passed over, without being held in memory, and
    yields `InputTooLarge` in its place. UTF-16 with a byte-order mark is turned into UTF-8 lines.
    """
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[type-var]
    lines = _Recoded(buffered) if buffered.peek(2)[:2] in _WIDE_MARKS else buffered
    for number in count(1):
        place = f"{name}:{number}"
        try:
            line = lines.readline(config.max_bytes + 2)
            too_long = len(line.rstrip(b"\r\n")) > config.max_bytes
            if too_long and not line.endswith(b"\n"):
                _skip_line(lines)
        except UnicodeDecodeError:
            yield place, UndecodableText("bytes that are no UTF-16", place=place, remedy="save the file as UTF-8")
            return
        except OSError as error:
            yield place, UnreadableInput(str(error), place=place)
            return
        if not line:
            return
        if too_long:
            yield place, _too_large(config, place)
        elif line.strip():
            yield place, line


class _Recoded:
    """A UTF-16 stream as UTF-8 lines."""

    def __init__(self, stream: BinaryIO) -> None:
        self._text = io.TextIOWrapper(stream, encoding="utf-16", newline="\n")

    def readline(self, limit: int) -> bytes:
        return self._text.readline(limit).encode("utf-8", "surrogatepass")


def _skip_line(stream: BinaryIO | _Recoded) -> None:
    while (chunk := stream.readline(_CHUNK)) and not chunk.endswith(b"\n"):
        pass


def _too_large(config: IngestConfig, place: str) -> InputTooLarge:
    return InputTooLarge(
        f"more than {config.max_bytes} bytes",
        place=place,
        remedy="give the article alone, or raise ingest.max_bytes (it holds for HTML pages as well)",
    )
