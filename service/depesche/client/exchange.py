"""One call of the service, from request to value or error, with its repetitions: what both clients do.

`exchange` is a generator that does nothing itself. It yields what is to be done, a request or a pause, and is sent the
outcome; the plain client does it with `httpx.Client` and `time.sleep`, the other with their asynchronous kin.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import httpx

from depesche.client.failures import failure_of, retry_after
from depesche.errors import DepescheError, IdempotencyConflict, Unreachable

T = TypeVar("T")

_REFUSED_FOR_NOW = frozenset({"D803", "D804", "D810"})
"""Too many requests, or not ready: nothing was done yet."""
_BROKEN_OFF = frozenset({"D811", "D901"})
"""The first try is still being answered, or the database went away: something may have been done."""
_OF_A_PROXY = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long a call is tried: at most `attempts` times, with at most `longest` seconds in between.

    The service's own Retry-After counts; where it asks for more than `longest`, its error is raised at once.
    """

    attempts: int = 5
    first: float = 0.5
    longest: float = 60.0

    def pause(self, attempt: int) -> float:
        """Return the seconds to wait after the `attempt`-th try where nobody says: doubled each time, and jittered."""
        return min(self.longest, self.first * 2.0 ** (attempt - 1)) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A request, and how its answer becomes a value.

    `repeatable` says that it may be sent again even where nobody knows whether the first one arrived: it changes
    nothing, or it has an Idempotency-Key.
    """

    method: str
    path: str
    parse: Callable[[httpx.Response], T]
    params: Mapping[str, Any] = field(default_factory=dict)
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = True


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait so many seconds."""

    seconds: float


Outcome = httpx.Response | httpx.TransportError | None
"""What came of a step: an answer that has been read, a failed connection, or a pause that is over."""


def exchange(call: Call[T], patience: Patience) -> Generator[Call[T] | Pause, Outcome, T]:
    """Yield what is to be done for `call`; return its value. Raises the `DepescheError` that the service answers."""
    attempt = 0
    while True:
        attempt += 1
        outcome = yield call
        if isinstance(outcome, httpx.Response) and outcome.is_success:
            return call.parse(outcome)
        if isinstance(outcome, httpx.Response):
            error: DepescheError = failure_of(outcome)
            again, asked = is_passing(error, repeatable=call.repeatable), retry_after(outcome)
        else:
            error = unreachable(outcome, call.method, call.path)
            again, asked = isinstance(outcome, httpx.ConnectError | httpx.ConnectTimeout) or call.repeatable, None
        seconds = patience.pause(attempt) if asked is None else asked
        if not again or attempt >= patience.attempts or seconds > patience.longest:
            raise error
        yield Pause(seconds)


def is_passing(error: DepescheError, *, repeatable: bool) -> bool:
    """Say whether the same request may succeed later, and may be sent again."""
    if isinstance(error, Unreachable):
        return repeatable and error.status in _OF_A_PROXY
    if isinstance(error, IdempotencyConflict) and error.retry_after is None:
        return False
    return error.code in _REFUSED_FOR_NOW or (repeatable and error.code in _BROKEN_OFF)


def unreachable(outcome: httpx.TransportError | None, method: str, path: str) -> Unreachable:
    """Return the error for a connection that failed."""
    reason = f"{type(outcome).__name__}: {outcome}".rstrip(": ")
    return Unreachable(
        f"the service cannot be reached ({reason})", place=f"{method} {path}", remedy="check the address; is it up?"
    )
