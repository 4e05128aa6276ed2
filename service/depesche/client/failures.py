"""Answers that say what went wrong, as the errors that the service itself raised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import httpx

from depesche.errors import DepescheError, IdempotencyConflict, RateLimited, Unreachable

_PROBLEM = "application/problem+json"


def failure_of(response: httpx.Response) -> DepescheError:
    """Return the error of an answer that is none of success; its body has been read.

    An answer without a problem document comes from something between us and the service: `Unreachable`.
    """
    place = f"{response.request.method} {response.request.url.copy_with(query=None)}"
    problem = _problem(response)
    if problem is None:
        error: DepescheError = Unreachable(
            f"the answer is {response.status_code} {response.reason_phrase} and no problem document",
            place=place,
            remedy="check the address, and what stands between here and the service",
        )
    else:
        error = error_of(problem)
    error.status = response.status_code
    seconds = retry_after(response)
    if isinstance(error, RateLimited | IdempotencyConflict) and seconds is not None:
        error.retry_after = seconds
    return error


def error_of(problem: Mapping[str, Any]) -> DepescheError:
    """Return a problem document as the error that it was made of."""
    kind = _kinds().get(str(problem.get("code")), DepescheError)
    error = kind(str(problem.get("detail", "")), place=problem.get("place"), remedy=problem.get("remedy"))
    error.status, error.request_id = problem.get("status"), problem.get("request_id")
    return error


def retry_after(response: httpx.Response) -> float | None:
    """Return after how many seconds the service wants to be asked again (RFC 9110 section 10.2.3), if it says so."""
    said = response.headers.get("retry-after", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _problem(response: httpx.Response) -> dict[str, Any] | None:
    if response.headers.get("content-type", "").partition(";")[0].strip() != _PROBLEM:
        return None
    try:
        problem = response.json()
    except ValueError:
        return None
    return problem if isinstance(problem, dict) else None


@cache
def _kinds() -> dict[str, type[DepescheError]]:
    """Return the error classes by their code."""
    return {kind.code: kind for kind in _below(DepescheError)}


def _below(kind: type[DepescheError]) -> Iterator[type[DepescheError]]:
    yield kind
    for other in kind.__subclasses__():
        if other.__module__ == DepescheError.__module__:
            yield from _below(other)
