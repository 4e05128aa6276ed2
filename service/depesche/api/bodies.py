"""Request bodies: never more bytes, and never slower, than allowed; checked while they stream in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator

from starlette.requests import ClientDisconnect, Request

from depesche.errors import BadRequest, BodyTooLarge, RequestTimeout

_SLOWEST = 32_768
"""Bytes a second that a large body has to come in with; a body of few bytes has `body_seconds` in any case."""


async def stream_body(request: Request, *, limit: int, seconds: float) -> AsyncGenerator[bytes, None]:
    """Yield the pieces of a body. Raises `BodyTooLarge`, `RequestTimeout`, and `ClientDisconnect`."""
    declared = request.headers.get("content-length")
    if declared is not None and not (declared.isascii() and declared.isdigit()):
        raise BadRequest("not a number", place="Content-Length")
    if declared is not None and int(declared) > limit:
        raise _too_large(limit)
    begin, received = time.monotonic(), 0
    while True:
        left = begin + seconds + received / _SLOWEST - time.monotonic()
        try:
            async with asyncio.timeout(left):
                message = await request.receive()
        except TimeoutError as error:
            raise RequestTimeout(
                f"the body did not come within {seconds:g} seconds", remedy="send it faster, or in smaller pieces"
            ) from error
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        received += len(piece := message.get("body", b""))
        if received > limit:
            raise _too_large(limit)
        if piece:
            yield piece
        if not message.get("more_body", False):
            return


async def read_body(request: Request, *, limit: int, seconds: float) -> bytes:
    """Return the whole body; raises as `stream_body` does."""
    return b"".join([piece async for piece in stream_body(request, limit=limit, seconds=seconds)])


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(f"more than {limit} bytes", remedy="send less, or raise serve.max_body_bytes")
