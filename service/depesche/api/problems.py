"""Errors as HTTP answers: problem documents (RFC 9457) that carry our codes, and the one table of their statuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from math import ceil
from typing import Any

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from depesche.errors import DepescheError

_RETRY_WHEN_UNAVAILABLE = "5"
_CLOSING = {"D806", "D817"}
"""After these the rest of the request is not waited for."""
MEDIA_TYPE = "application/problem+json"

_STATUS = {
    "D103": 415,
    "D104": 413,
    "D107": 400,
    "D108": 415,
    "D1": 422,
    "D2": 422,
    "D309": 413,
    "D3": 503,
    "D307": 500,
    "D501": 422,
    "D701": 422,
    "D702": 422,
    "D708": 500,
    "D801": 401,
    "D802": 403,
    "D803": 429,
    "D804": 429,
    "D805": 504,
    "D806": 413,
    "D807": 415,
    "D808": 404,
    "D809": 422,
    "D810": 503,
    "D811": 409,
    "D812": 406,
    "D813": 409,
    "D814": 405,
    "D815": 421,
    "D816": 403,
    "D817": 408,
    "D818": 409,
    "D819": 503,
    "D820": 502,
    "D9": 503,
    "DA01": 403,
    "DA02": 422,
    "DA03": 413,
    "DA04": 502,
    "DA05": 422,
}
"""By code, else by class of codes; what is not here is our fault: 500."""


class Problem(BaseModel):
    """What went wrong (RFC 9457): `code` never changes its meaning, `detail` is for people."""

    type: str = Field(description="urn:depesche:error: and the code.", examples=["urn:depesche:error:D105"])
    title: str = Field(description="The kind of error in words.", examples=["Not an article"])
    status: int = Field(description="The HTTP status.", examples=[422])
    detail: str = Field(description="What is wrong with this request.")
    code: str = Field(description="The error's code, the same as on the command line.", examples=["D105"])
    place: str | None = Field(None, description="The file, field, setting or line that it is about.")
    remedy: str | None = Field(None, description="What to do about it.")
    request_id: str | None = Field(None, description="The request's id, as in X-Request-Id and the service's log.")


def status_of(code: str) -> int:
    """Return the HTTP status of an error code."""
    return _STATUS.get(code) or _STATUS.get(code[:2]) or HTTPStatus.INTERNAL_SERVER_ERROR


def problem_of(error: DepescheError, request_id: str | None, *, status: int | None = None) -> Problem:
    """Return the problem document of `error`."""
    return Problem(
        type=f"urn:depesche:error:{error.code}",
        title=_title(type(error)),
        status=status or status_of(error.code),
        detail=error.message,
        code=error.code,
        place=error.place,
        remedy=error.remedy,
        request_id=request_id,
    )


def problem_response(
    error: DepescheError,
    request_id: str | None,
    *,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> JSONResponse:
    """Return the answer that says `error`; `members` are further members of the document."""
    problem = problem_of(error, request_id, status=status)
    own = dict(headers or {})
    if (retry_after := getattr(error, "retry_after", None)) is not None:
        own.setdefault("Retry-After", str(max(1, ceil(retry_after))))
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        own.setdefault("Retry-After", _RETRY_WHEN_UNAVAILABLE)
    if error.code in _CLOSING:
        own["Connection"] = "close"
    if problem.status == HTTPStatus.UNAUTHORIZED:
        own.setdefault("WWW-Authenticate", 'Bearer realm="depesche"')
    content = problem.model_dump(mode="json", exclude_none=True) | members
    return JSONResponse(content, problem.status, own, MEDIA_TYPE)


def _title(kind: type[DepescheError]) -> str:
    """Return the name of an error class in words: `Queue full`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).capitalize()
