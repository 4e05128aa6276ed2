"""How a request that takes long is answered: within its deadline, only while its client is there, and once a key."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio
from starlette.requests import Request
from starlette.responses import Response

from depesche.api.presence import while_connected
from depesche.api.security import Caller
from depesche.api.services import Services
from depesche.errors import BadRequest, DeadlineExceeded
from depesche.store import Answer, Begun, Kept

_LONGEST_KEY = 200
_NOT_KEPT = {"server-timing", "content-length"}
REPLAYED = "Idempotency-Replayed"
Make = Callable[[], Awaitable[Response]]
T = TypeVar("T")


async def within_deadline(request: Request, services: Services, make: Callable[[], Awaitable[T]]) -> T:
    """Return what `make` answers; its work ends when the deadline passes or the client goes away.

    The body has to be read by now. Raises `DeadlineExceeded` and `ClientDisconnect`.
    """
    seconds = services.config.serve.deadline_seconds
    try:
        async with asyncio.timeout(seconds):
            return await while_connected(request, make())
    except TimeoutError as error:
        raise DeadlineExceeded(
            f"not answered within {seconds:g} seconds", remedy="come again when there is less to do, or make it a job"
        ) from error


def fingerprint(request: Request, *parts: bytes | str) -> str:
    """Return a hash of all that makes the answer to a request: method, path, query, Accept, and `parts` of its body."""
    said = [request.method, request.url.path, request.url.query, request.headers.get("accept", ""), *parts]
    digest = hashlib.sha256()
    for part in said:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


async def once(request: Request, services: Services, caller: Caller, sha256: str, make: Make) -> Response:
    """Return what `make` answers, or with an `Idempotency-Key` that was sent before what it answered then.

    `sha256` is the request's `fingerprint`. An answer is kept, an error is not: what failed may be tried again.
    Raises `IdempotencyConflict`.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return await make()
    if not (0 < len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable()):
        raise BadRequest(f"not 1 to {_LONGEST_KEY} printable ASCII characters", place="Idempotency-Key")
    begun = await services.query(services.store.idempotency.begin, caller.name, key, sha256)
    if isinstance(begun, Kept):
        answer = begun.answer
        return Response(answer.body, answer.status, {**answer.headers, REPLAYED: "true"})
    return await _carry_out(services, begun, make)


async def _carry_out(services: Services, begun: Begun, make: Make) -> Response:
    kept = False
    try:
        response = await make()
        headers = {name: value for name, value in response.headers.items() if name not in _NOT_KEPT}
        with anyio.CancelScope(shield=True):
            answer = Answer(response.status_code, headers, bytes(response.body))
            await services.query(services.store.idempotency.finish, begun, answer)
        kept = True
        return response
    finally:
        if not kept:
            with anyio.CancelScope(shield=True):
                await services.query(services.store.idempotency.abandon, begun)
