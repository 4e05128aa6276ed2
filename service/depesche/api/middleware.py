"""The frame around every request: its id, guards before it, headers of safety after it, and no exception past it."""

from __future__ import annotations

import re
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from depesche.api.handlers import unexpected
from depesche.api.problems import problem_response
from depesche.api.security import check_host, check_origin
from depesche.config import ServeConfig
from depesche.errors import DepescheError

_PROBES = {"/livez", "/readyz"}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class Frame:
    """The outermost ASGI layer."""

    def __init__(self, app: ASGIApp, config: ServeConfig) -> None:
        self._app = app
        self._config = config

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        begun = False

        async def framed(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                answer = MutableHeaders(raw=message.setdefault("headers", []))
                answer["X-Request-Id"] = request_id
                for name, value in SECURITY_HEADERS.items():
                    answer.setdefault(name, value)
            await send(message)

        try:
            if scope["path"] not in _PROBES:
                check_host(headers.get("host"), self._config)
            check_origin(scope["method"], headers.get("origin"), headers.get("host"), self._config)
            await self._app(scope, receive, framed)
        except DepescheError as error:
            await problem_response(error, request_id)(scope, receive, framed)
        except Exception as error:
            if begun:
                raise
            await unexpected(error, request_id)(scope, receive, framed)
