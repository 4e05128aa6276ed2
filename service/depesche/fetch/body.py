"""The body of an answer, decompressed here so that no more than the limit is ever held.

httpx decompresses a chunk whole, and a chunk of 64 KB can be 64 MB of zeros.
"""

from __future__ import annotations

import zlib

import httpx

from depesche.errors import FetchFailed, FetchTooLarge

_GZIP = 16 + zlib.MAX_WBITS


async def read_body(response: httpx.Response, max_bytes: int, *, place: str) -> bytes:
    """Return the whole body. Raises `FetchTooLarge` for more than `max_bytes`, on the wire or after decompression.

    Only gzip was asked for, so any other encoding is an error of the server's: `FetchFailed`.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip", "x-gzip", ""}:
        raise FetchFailed("the answer is compressed in a way that was not asked for", place=place)
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > max_bytes:
        raise _too_large(max_bytes, place)
    unzip = None if encoding in {"identity", ""} else _Gzip(place)
    data = bytearray()
    received = 0
    async for chunk in response.aiter_raw():
        received += len(chunk)
        room = max_bytes + 1 - len(data)
        data += unzip(chunk, room) if unzip else chunk[:room]
        if len(data) > max_bytes or received > max_bytes:
            raise _too_large(max_bytes, place)
    if unzip:
        unzip.finish()
    return bytes(data)


class _Gzip:
    """Decompresses a gzip stream, never more of a chunk than there is room for."""

    def __init__(self, place: str) -> None:
        self._stream = zlib.decompressobj(_GZIP)
        self._place = place
        self._begun = False

    def __call__(self, chunk: bytes, room: int) -> bytes:
        self._begun = True
        try:
            return self._stream.decompress(chunk, room)
        except zlib.error as error:
            raise self._broken() from error

    def finish(self) -> None:
        """Raise `FetchFailed` if the stream broke off, or if something follows it that would be lost."""
        if self._begun and (not self._stream.eof or self._stream.unused_data):
            raise self._broken()

    def _broken(self) -> FetchFailed:
        return FetchFailed("the answer says it is gzip and cannot be decompressed", place=self._place)


def _too_large(max_bytes: int, place: str) -> FetchTooLarge:
    return FetchTooLarge(f"more than {max_bytes:,} bytes", place=place, remedy="raise fetch.max_bytes")
