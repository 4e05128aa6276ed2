"""A web site on loopback with pages that a test writes, and a fetcher that is let there: real HTTP, real TLS."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network

from depesche.config import FetchConfig
from depesche.fetch import Fetcher
from depesche.fetch.addresses import Address

LOOPBACK = ip_network("127.0.0.0/8")


@dataclass
class Page:
    body: bytes = b""
    media_type: str | None = "text/html"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    stall: threading.Event | None = None
    """Waited for after the first half of the body."""


@dataclass
class Site:
    host: str
    port: int
    pages: dict[str, Page | Callable[[Mapping[str, str]], Page]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Path and headers of each request, names in lower case."""

    def url(self, path: str = "/", host: str = "zeitung.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


@contextmanager
def serving(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    site: Site

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            site.asked.append((self.path, headers))
            page = site.pages.get(self.path, Page(b"nothing here", status=404))
            page = page(headers) if callable(page) else page
            self.send_response(page.status)
            if page.media_type is not None:
                self.send_header("Content-Type", page.media_type)
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.end_headers()
            half = len(page.body) // 2
            try:
                self.wfile.write(page.body[:half])
                if page.stall:
                    page.stall.wait(30)
                self.wfile.write(page.body[half:])
            except OSError:
                pass  # the client went away, as it shall

        def log_message(self, *_: object) -> None: ...

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None: ...

    server = Quiet((host, 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site = Site(host, server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Names:
    """A resolver that knows what the test tells it, and remembers what it was asked."""

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        self.names = names
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> list[Address]:
        self.asked.append(host)
        if host not in self.names:
            raise OSError("unknown name")
        return [ip_address(text) for text in self.names[host]]


def fetcher_for(
    *sites: Site,
    names: Mapping[str, Sequence[str]] | Names | None = None,
    tls: ssl.SSLContext | None = None,
    **settings: object,
) -> Fetcher:
    """Return a fetcher for `sites`; `zeitung.example` is 127.0.0.1 unless `names` says otherwise."""
    resolver = names if isinstance(names, Names) else Names({"zeitung.example": ["127.0.0.1"], **(names or {})})
    config = FetchConfig.model_validate({"enabled": True, "seconds": 10, **settings})
    ports = frozenset(site.port for site in sites) | {80, 443}
    return Fetcher(config, resolver=resolver, exempt=[LOOPBACK], ports=ports, tls=tls)
