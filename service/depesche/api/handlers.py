"""Every error of a route as a problem document, whoever raised it: we, FastAPI's checks, or a bug."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match

from depesche.api.problems import problem_response
from depesche.api.services import get_services
from depesche.api.traces import trace
from depesche.errors import BadRequest, DepescheError, MethodNotAllowed, NotFound, UnexpectedFailure

_log = logging.getLogger(__name__)
CLIENT_GONE = 499
"""What the log and the metrics call a request whose client went away; nobody receives it."""
_MOST_FAULTS = 10
_METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")


def add_handlers(app: FastAPI) -> None:
    """Register the handlers with `app`."""
    app.add_exception_handler(DepescheError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _of_framework)
    app.add_exception_handler(ClientDisconnect, _gone)


def unexpected(error: BaseException, request_id: str | None) -> Response:
    """Log where `error` came from, and return the answer that tells nothing of it."""
    _log.error("unexpected failure: %s", trace(error))
    return problem_response(
        UnexpectedFailure("the service failed on this request", remedy="report it with the request id: this is a bug"),
        request_id,
    )


def request_id(request: Request) -> str | None:
    """Return the id of a request."""
    return getattr(request.state, "request_id", None)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, DepescheError)  # noqa: S101 - registered for these only
    return _answer(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    """Say which parameters are wrong and why; what they were is not repeated."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    faults = [
        {"place": ".".join(str(part) for part in fault["loc"]), "detail": fault["msg"]}
        for fault in error.errors()[:_MOST_FAULTS]
    ]
    first = faults[0]
    ours = BadRequest(first["detail"], place=first["place"], remedy="see /openapi.json")
    return _answer(request, ours, errors=faults)


async def _of_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    if isinstance(error.__cause__, DepescheError | ClientDisconnect):  # raised while FastAPI read the body
        return await (_ours if isinstance(error.__cause__, DepescheError) else _gone)(request, error.__cause__)
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return _answer(request, NotFound("nothing here", remedy="see /openapi.json"))
        case HTTPStatus.METHOD_NOT_ALLOWED:
            allow = ", ".join(_methods(request))
            ours = MethodNotAllowed(f"no {request.method} here", remedy=f"use {allow}")
            return _answer(request, ours, headers={"Allow": allow})
    return _answer(request, BadRequest(str(error.detail)), status=error.status_code, headers=error.headers)


async def _gone(_request: Request, _error: Exception) -> Response:
    return Response(status_code=CLIENT_GONE)


def _answer(
    request: Request,
    error: DepescheError,
    *,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> Response:
    get_services(request).metrics.rejected(error.code)
    return problem_response(error, request_id(request), status=status, headers=headers, **members)


def _methods(request: Request) -> list[str]:
    """Return the methods that any route has at the path of `request`."""
    scope = dict(request.scope)
    methods = {
        method
        for method in _METHODS
        if any(route.matches({**scope, "method": method})[0] is Match.FULL for route in request.app.routes)
    }
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))
