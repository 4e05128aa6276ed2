"""Who may do what: API keys and their scopes, and which hosts and origins the service answers.

Without keys (on loopback) every local program may do everything, so a web page must not be able to pose as one: only
loopback names are answered then (DNS rebinding), and no request that changes something is taken from another origin.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request

from depesche.api.limits import network_of
from depesche.api.services import Services, get_services
from depesche.config import ServeConfig
from depesche.errors import Forbidden, HostRefused, NoKeys, OriginRefused, Unauthorized
from depesche.store import SCOPES, ApiKey, Scope

if TYPE_CHECKING:
    from depesche.store import Store

SESSION_COOKIE = "depesche_session"
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
_LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}
_KEY_REMEDY = "send `Authorization: Bearer KEY`; depesche keys add makes a key"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a request. `name` is what queues, limits and jobs know the caller by; it holds no secret.

    `key_name` is what people call the caller's key; None where none is asked for.
    """

    name: str
    scopes: frozenset[str]
    key_name: str | None = None


def is_loopback(host: str) -> bool:
    """Say whether an address or name to listen on is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def keys_required(config: ServeConfig) -> bool:
    """Say whether requests need an API key: always, but on loopback where the setting is `auto`."""
    return config.keys == "required" or not is_loopback(config.host)


def require(scope: Scope | None) -> Callable[[Request], Awaitable[Caller]]:
    """Return the dependency of routes that need `scope` (None: any caller). It gives the `Caller`.

    Raises `Unauthorized`, `Forbidden` and `RateLimited`.
    """

    async def caller(request: Request) -> Caller:
        services = get_services(request)
        request.state.caller = found = await identify(request, services)
        request.state.answer_headers.update(services.limiter.take(found.name))
        if scope is not None and scope not in found.scopes:
            raise Forbidden(
                f"the key lacks the scope {scope!r}", remedy=f"depesche keys add NAME --scope {scope} makes one with it"
            )
        return found

    return caller


async def identify(request: HTTPConnection, services: Services) -> Caller:
    """Return who makes a request. Raises `Unauthorized`, and `RateLimited` for an address of many wrong keys."""
    address = network_of(request.client.host) if request.client else "local"
    if not keys_required(services.config.serve):
        return Caller(f"address {address}", frozenset(SCOPES))
    if services.failures.exhausted(address):
        services.failures.take(address)
    key = await _key_of(request, services)
    if key is None:
        if presented_key(request) is not None:
            services.failures.take(address)
        raise Unauthorized("no API key, or one that is not valid (any more)", remedy=_KEY_REMEDY)
    return Caller(f"key {key.prefix}", frozenset(key.scopes), key.name)


async def _key_of(request: HTTPConnection, services: Services) -> ApiKey | None:
    if (secret := presented_key(request)) is not None:
        return await services.query(services.store.keys.verify, secret)
    if (token := request.cookies.get(SESSION_COOKIE)) is not None:
        return await services.query(services.store.sessions.get, token)
    return None


def check_keys(config: ServeConfig, store: Store) -> None:
    """Raise `NoKeys` where requests need a key and there is none that opens anything."""
    if keys_required(config) and not any(key.is_valid(datetime.now(UTC)) for key in store.keys.list()):
        raise NoKeys(
            f"the service would listen on {config.host}, where every request needs an API key, and there is none",
            place="setting serve.host",
            remedy="depesche keys add NAME --scope brief --scope read makes one; or listen on 127.0.0.1",
        )


def presented_key(request: HTTPConnection) -> str | None:
    """Return the key that a request carries in Authorization or X-API-Key."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and secret.strip():
        return secret.strip()
    return request.headers.get("x-api-key")


def check_host(host: str | None, config: ServeConfig) -> None:
    """Raise `HostRefused` for a Host header that names neither this service nor, without keys, loopback."""
    name = _host_name(host or "")
    allowed = _LOOPBACK_NAMES | {config.host.strip("[]"), *(one.lower() for one in config.hosts)}
    anyone = keys_required(config) and not config.hosts and not is_loopback(config.host)
    if not anyone and name not in allowed:
        raise HostRefused(
            "not a host that this service answers for", place="Host", remedy="name it in the setting serve.hosts"
        )


def check_origin(method: str, origin: str | None, host: str | None, config: ServeConfig) -> None:
    """Raise `OriginRefused` for a request that changes something and comes from a page of another origin."""
    if method in _SAFE_METHODS or origin is None or origin in config.cors_origins:
        return
    try:
        same = urlsplit(origin).netloc.lower() == (host or "").lower() != ""
    except ValueError:
        same = False
    if not same:
        raise OriginRefused(
            "a page of another origin must not change anything here",
            place="Origin",
            remedy="name the origin in the setting serve.cors_origins",
        )


def _host_name(host: str) -> str:
    """Return the name in a Host header, without port and brackets, in lower case."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""
