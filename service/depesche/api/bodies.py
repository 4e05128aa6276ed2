"""Request bodies: never more bytes, and never slower, than allowed; checked while they stream in, for every route."""

from __future__ import annotations

import asyncio
import time

from starlette.datastructures import Headers
from starlette.types import Message, Receive

from depesche.config import ServeConfig
from depesche.errors import BadRequest, BodyTooLarge, RequestTimeout

_SLOWEST = 32_768
"""Bytes a second that a large body has to come in with; a body of few bytes has `body_seconds` in any case."""
_JOBS = "/v1/jobs"


def limit_of(path: str, config: ServeConfig) -> int:
    """Return how many bytes a request to `path` may have."""
    return config.max_job_bytes if path == _JOBS else config.max_body_bytes


def check_length(headers: Headers, limit: int) -> None:
    """Raise `BodyTooLarge` for a request that announces more than `limit` bytes, `BadRequest` for a bad number.

    A request with a length and chunks besides is refused: proxies differ in which of the two they believe.
    """
    declared = headers.get("content-length")
    if declared is None:
        return
    if "transfer-encoding" in headers:
        raise BadRequest("both a length and chunks", place="Content-Length", remedy="send one of the two")
    if not (declared.isascii() and declared.isdigit() and len(declared) < 20):
        raise BadRequest("not a number of bytes", place="Content-Length")
    if int(declared) > limit:
        raise too_large(limit)


def limited(receive: Receive, limit: int, seconds: float) -> Receive:
    """Return `receive` that raises `BodyTooLarge` and `RequestTimeout`; once the body is there it never does."""
    begin, received, complete = time.monotonic(), 0, False

    async def receive_limited() -> Message:
        nonlocal received, complete
        if complete:
            return await receive()
        try:
            async with asyncio.timeout(begin + seconds + received / _SLOWEST - time.monotonic()):
                message = await receive()
        except TimeoutError as error:
            raise RequestTimeout(
                f"the body did not come within {seconds:g} seconds", remedy="send it faster, or in smaller pieces"
            ) from error
        received += len(message.get("body", b""))
        complete = not message.get("more_body", False)
        if received > limit:
            raise too_large(limit)
        return message

    return receive_limited


def too_large(limit: int) -> BodyTooLarge:
    """Return the error of a body over `limit` bytes."""
    return BodyTooLarge(
        f"more than {limit} bytes", remedy="send less, or raise serve.max_body_bytes (of a job: serve.max_job_bytes)"
    )
