"""Lines of a JSONL file with the byte where each begins, so that any one of them can be read without the others."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import NamedTuple

from depesche.batch.unpacking import ReadAt
from depesche.errors import InputTooLarge, UndecodableText, UnreadableInput

_CHUNK = 1 << 20
_FIRST_READ = 1 << 14
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class Line(NamedTuple):
    """Number of a line, counted from 1 with blank ones, and the byte where it begins."""

    number: int
    offset: int


def scan_lines(read_at: ReadAt) -> Iterator[Line]:
    """Yield the lines that are not blank; no more than a chunk is in memory, however long a line is."""
    encoding = _encoding(read_at)
    newline = "\n".encode(encoding)
    width = len(newline)
    start, position, number, blank = 0, 0, 1, True
    while chunk := read_at(position, _CHUNK):
        begin = 0
        while (end := _find(chunk, newline, begin)) >= 0:
            if not (blank and _is_blank(chunk[begin:end], encoding)):
                yield Line(number, start)
            begin = end + width
            start, number, blank = position + begin, number + 1, True
        blank = blank and _is_blank(chunk[begin:], encoding)
        position += len(chunk)
    if not blank:
        yield Line(number, start)


def read_line(read_at: ReadAt, line: Line, limit: int, *, place: str) -> bytes:
    """Return the bytes of a line as UTF-8, without its end.

    Raises `InputTooLarge` beyond `limit` bytes, `UndecodableText` for broken UTF-16, and `UnreadableInput` where no
    line begins there: the file changed.
    """
    encoding = _encoding(read_at)
    newline = "\n".encode(encoding)
    width = len(newline)
    if line.offset and read_at(line.offset - width, width) != newline:
        raise UnreadableInput("the file changed since it was listed", place=place, remedy="run the job again")
    data, size = b"", _FIRST_READ
    while (end := _find(data, newline, 0)) < 0 and len(data) <= limit + width:
        more = read_at(line.offset + len(data), size)
        if not more:
            break
        data, size = data + more, min(2 * size, _CHUNK)
    data = (data if end < 0 else data[:end]).removesuffix("\r".encode(encoding))
    if len(data) > limit:
        raise InputTooLarge(f"more than {limit} bytes", place=place, remedy="split it, or raise ingest.max_bytes")
    if _is_blank(data, encoding):
        raise UnreadableInput("the line is no longer there", place=place, remedy="run the job again")
    if width == 1:
        return data
    try:
        return data.decode(encoding).lstrip("\ufeff").encode()
    except UnicodeDecodeError as error:
        raise UndecodableText("bytes that are no UTF-16", place=place, remedy="save the file as UTF-8") from error


def _encoding(read_at: ReadAt) -> str:
    return _WIDE.get(read_at(0, 2), "utf-8")


def _find(data: bytes, newline: bytes, begin: int) -> int:
    """Return where the next line end is; in UTF-16 only at the beginning of a character."""
    at = data.find(newline, begin)
    while at >= 0 and at % len(newline):
        at = data.find(newline, at + 1)
    return at


def _is_blank(data: bytes, encoding: str) -> bool:
    if encoding == "utf-8":
        return not data.strip()
    return not data.decode(encoding, "replace").strip().strip("\ufeff")
