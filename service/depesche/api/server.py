"""uvicorn with what it lacks: slow heads are cut off, and what is no HTTP is answered with a problem document too."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from depesche.api.middleware import SECURITY_HEADERS
from depesche.api.problems import MEDIA_TYPE, problem_of
from depesche.config import ServeConfig
from depesche.errors import BadRequest, DepescheError, RequestTimeout

_MOST_CONNECTIONS = 2_000
_LINGER = 2.0
"""Seconds that a client has to hear the answer to a request that it has not sent whole; then it is cut off."""


def protocol_for(config: ServeConfig) -> type[H11Protocol]:
    """Return the protocol of the connections of a service with these settings."""
    head_seconds = config.body_seconds

    class Protocol(H11Protocol):
        """HTTP/1.1 over one connection."""

        _timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            """Begin to wait for the head of the first request."""
            super().connection_made(transport)
            if len(self.connections) > _MOST_CONNECTIONS:
                transport.abort()
                return
            self._set_timer(head_seconds, self._head_is_late)

        def data_received(self, data: bytes) -> None:
            """Take data; from the first byte of a head on, the rest has to come in time."""
            super().data_received(data)
            if self.conn.their_state is not h11.IDLE:
                if self.cycle is not None and not self.cycle.response_complete:
                    self._clear_timer()
            elif self._timer is None:
                self._set_timer(head_seconds, self._head_is_late)

        def connection_lost(self, exc: Exception | None) -> None:
            """Forget the connection."""
            self._clear_timer()
            super().connection_lost(exc)

        def on_response_complete(self) -> None:
            """Cut off a client that goes on sending a request that was answered already."""
            unfinished = self.conn.their_state is h11.SEND_BODY
            super().on_response_complete()
            if unfinished and not self.transport.is_closing():
                self._set_timer(_LINGER, self.transport.close)

        def send_400_response(self, msg: str) -> None:
            """Answer what is no HTTP, and close the connection."""
            self._refuse(BadRequest(msg, remedy="send HTTP/1.1"), 400)

        def _head_is_late(self) -> None:
            if not self.transport.is_closing():
                self._refuse(RequestTimeout(f"no head of a request within {head_seconds:g} seconds"), 408)

        def _refuse(self, error: DepescheError, status: int) -> None:
            if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
                body = json.dumps(problem_of(error, None, status=status).model_dump(exclude_none=True)).encode()
                headers = {**SECURITY_HEADERS, "Content-Type": MEDIA_TYPE, "Connection": "close"}
                for event in (
                    h11.Response(status_code=status, headers=[*headers.items(), ("Content-Length", str(len(body)))]),
                    h11.Data(data=body),
                    h11.EndOfMessage(),
                ):
                    if (output := self.conn.send(event)) is not None:
                        self.transport.write(output)
            self.transport.close()

        def _set_timer(self, seconds: float, then: Callable[[], Any]) -> None:
            self._clear_timer()
            self._timer = self.loop.call_later(seconds, then)

        def _clear_timer(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    return Protocol


class Server(uvicorn.Server):
    """A server that tells the app at once when it is asked to end, so that event streams end too."""

    def __init__(self, app: FastAPI, config: ServeConfig) -> None:
        super().__init__(_settings(app, config))
        self._services = app.state.services
        self._services.on_failure = self._stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the signature is uvicorn's
        """Hear a signal: take no more requests, and finish those that are there; a second interrupt ends at once.

        uvicorn's own would send the signal again once all is done, and so end the process as if it had been killed.
        """
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True
        asyncio.get_running_loop().call_soon_threadsafe(self._services.close)

    def _stop(self) -> None:
        self.should_exit = True


def _settings(app: FastAPI, config: ServeConfig) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=config.host,
        port=config.port,
        http=protocol_for(config),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(config.proxies),
        forwarded_allow_ips=list(config.proxies),
        timeout_graceful_shutdown=max(1, round(config.grace_seconds)),
    )
