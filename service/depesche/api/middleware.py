"""The frame around every request: its id, guards before it, headers of safety after it, and no exception past it.

Every request is logged, counted and traced here, by the template of its route. A HEAD is a GET whose body stays here.
"""

from __future__ import annotations

import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from depesche.api.bodies import check_length, limit_of, limited
from depesche.api.handlers import CLIENT_GONE, unexpected
from depesche.api.logs import fields, request_id_now
from depesche.api.problems import problem_response
from depesche.api.security import check_host, check_origin
from depesche.api.services import Services
from depesche.errors import DepescheError

_log = logging.getLogger(__name__)
_PROBES = {"/livez", "/readyz"}
"""Asked by an orchestrator under any name, and of no use to anybody else."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
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

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        inner = dict(scope, state={**scope.get("state", {}), "request_id": request_id, "answer_headers": {}})
        reset = request_id_now.set(request_id)
        try:
            with self._services.tracing.request(scope["method"], headers, request_id) as span:
                begin = time.perf_counter()
                self._services.metrics.begun()
                exchange = _Exchange(inner, receive, send)
                await self._answer(exchange, headers)
                route, status = template_of(exchange.scope), exchange.status
                seconds = time.perf_counter() - begin
                self._services.metrics.answered(scope["method"], route, status, seconds)
                if span is not None:
                    span.answered(route, status)
                _log.info(
                    "request",
                    extra=fields(method=scope["method"], route=route, status=status, seconds=round(seconds, 4)),
                )
        finally:
            request_id_now.reset(reset)

    async def _answer(self, exchange: _Exchange, headers: Headers) -> None:
        scope, config, request_id = exchange.scope, self._services.config.serve, exchange.scope["state"]["request_id"]
        try:
            if scope["path"] not in _PROBES:
                check_host(headers.get("host"), config)
            check_origin(scope["method"], headers.get("origin"), headers.get("host"), config)
            limit = limit_of(scope["path"], config)
            check_length(headers, limit)
            receive = limited(exchange.receive, limit, config.body_seconds)
            await self._app(scope, receive, exchange.send)
        except DepescheError as error:
            self._services.metrics.rejected(error.code)
            await problem_response(error, request_id)(scope, exchange.receive, exchange.send)
        except Exception as error:  # noqa: BLE001 - the outermost layer: nothing of a bug may get out
            answer = unexpected(error, request_id)
            if not exchange.begun:  # else the server sees that the answer is not whole, and closes the connection
                await answer(scope, exchange.receive, exchange.send)


class _Exchange:
    """One request and its answer: what comes in, what goes out, and what is noted of it."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.is_head = scope["method"] == "HEAD"
        self.scope: Scope = dict(scope, method="GET") if self.is_head else scope
        self.status = CLIENT_GONE
        self.begun = False
        self._receive = receive
        self._send = send

    async def receive(self) -> Message:
        """Return what the client sends; to a HEAD that was answered nobody listens any more."""
        if self.is_head and self.begun:
            return {"type": "http.disconnect"}
        return await self._receive()

    async def send(self, message: Message) -> None:
        """Send part of the answer, with the headers that every answer has."""
        if message["type"] == "http.response.start":
            self.begun, self.status = True, message["status"]
            answer = MutableHeaders(raw=message.setdefault("headers", []))
            state = self.scope["state"]
            for name, value in {**SECURITY_HEADERS, **state["answer_headers"]}.items():
                answer.setdefault(name, value)
            answer["X-Request-Id"] = state["request_id"]
            await self._send(message)
            if self.is_head:
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        elif not self.is_head:
            await self._send(message)


def template_of(scope: Scope) -> str:
    """Return the template of the route that answered; what no route answered has one name together."""
    route = scope.get("route")
    return getattr(route, "path_format", None) or getattr(route, "path", None) or "unmatched"
