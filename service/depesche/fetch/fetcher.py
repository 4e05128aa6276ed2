"""One URL to its bytes, through the guards; the only place that opens a connection to a host that a user names."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from ipaddress import ip_address

import anyio
import anyio.to_thread
import httpx
import truststore

from depesche.config import FetchConfig
from depesche.errors import AddressRefused, FetchDisabled, FetchFailed
from depesche.fetch.addresses import Address, Network, refusal
from depesche.fetch.body import read_body
from depesche.fetch.location import WEB_PORTS, Location, located, shown

Resolver = Callable[[str, int], Awaitable[Sequence[Address]]]
"""Host and port to the addresses of the host. Raises `OSError`."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429})
_CONDITIONS = frozenset({"If-None-Match", "If-Modified-Since"})
_LOOKUPS_AT_ONCE = 8
_ADDRESSES_TRIED = 3
_USER_AGENT = f"depesche/{version('depesche')}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a URL answered: `url` is where redirects ended, `media_type` in lower case, without its parameters.

    `data` is decompressed. `status` is 200, or 304 where the request had a condition; then there is no data.
    """

    url: str
    status: int
    media_type: str | None
    data: bytes
    headers: Mapping[str, str]


class Fetcher:
    """Fetches URLs under the guards of this package.

    `resolver`, `exempt`, `ports` and `tls` are there for tests, which have their servers on loopback and their own
    certificate authority: no setting, flag or request leads to them.
    """

    def __init__(
        self,
        config: FetchConfig,
        *,
        resolver: Resolver | None = None,
        exempt: Collection[Network] = (),
        ports: frozenset[int] = WEB_PORTS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._config = config
        self._resolve = resolver or resolve
        self._exempt = exempt
        self._ports = ports
        self._tls = tls or truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    def fetch(self, url: str, accepted: Collection[str], headers: Mapping[str, str] | None = None) -> Answer:
        """Return what `url` answers; for callers without an event loop. See `afetch`."""
        return anyio.run(partial(self.afetch, url, accepted, headers))

    async def afetch(self, url: str, accepted: Collection[str], headers: Mapping[str, str] | None = None) -> Answer:
        """Return what `url` answers, redirects followed.

        `accepted` are the media types that are taken; an answer that names none is taken too, its content decides
        later. `headers` are sent along (conditions of a conditional GET). Raises `FetchDisabled`, `AddressRefused`,
        `FetchTooLarge`, `FetchFailed`.
        """
        if not self._config.enabled:
            raise FetchDisabled(
                "fetching is off", place=shown(url), remedy="set fetch.enabled = true, or give the article itself"
            )
        sent = {"User-Agent": _USER_AGENT, "Accept": _accept(accepted), "Accept-Encoding": "gzip", **(headers or {})}
        try:
            with anyio.fail_after(self._config.seconds):
                return await self._follow(located(url, self._ports), sent, accepted)
        except TimeoutError as error:
            raise FetchFailed(
                f"not done after {self._config.seconds:g} s",
                place=shown(url),
                remedy="try later, or raise fetch.seconds",
            ) from error

    async def _follow(self, location: Location, headers: Mapping[str, str], accepted: Collection[str]) -> Answer:
        place = shown(str(location.url))
        for _ in range(self._config.redirects + 1):
            outcome = await self._ask(location, headers, accepted)
            if isinstance(outcome, Answer):
                return outcome
            location = outcome
        raise FetchFailed(f"more than {self._config.redirects} redirects", place=place)

    async def _ask(
        self, location: Location, headers: Mapping[str, str], accepted: Collection[str]
    ) -> Answer | Location:
        """Return the answer of one URL, or where it redirects to. The connection is used for this request only."""
        addresses = await self._checked_addresses(location)
        async with httpx.AsyncHTTPTransport(verify=self._tls, trust_env=False) as transport:
            response = await self._connect(transport, location, addresses, headers)
            try:
                conditional = not _CONDITIONS.isdisjoint(headers)
                return await self._taken(response, location, accepted, conditional=conditional)
            except (httpx.TransportError, httpx.StreamError) as error:
                raise _failed(location, error) from error
            finally:
                await response.aclose()

    async def _checked_addresses(self, location: Location) -> Sequence[Address]:
        """Return the addresses of the host, if each of them may be asked.

        One that may not is reason enough: a host that is public and private at once is not the public's.
        """
        place = shown(str(location.url))
        try:
            named = location.address
            addresses = [named] if named else await self._resolve(location.host, location.port)
        except OSError as error:
            raise FetchFailed(
                f"no such host: {location.host}", place=place, remedy="check the address", passing=True
            ) from error
        for address in addresses:
            if any(address in network for network in self._exempt):
                continue
            if reason := refusal(address, self._config.refused):
                # The address itself stays untold: it would map the inside of a network to whoever may ask.
                raise AddressRefused(
                    f"{location.host} has an address that may not be asked ({reason})",
                    place=place,
                    remedy="only hosts of the public internet can be fetched; send the article itself",
                )
        return addresses[:_ADDRESSES_TRIED]

    async def _connect(
        self,
        transport: httpx.AsyncHTTPTransport,
        location: Location,
        addresses: Sequence[Address],
        headers: Mapping[str, str],
    ) -> httpx.Response:
        """Return the response of the first address that can be connected to.

        The URL that the transport gets names an address, so nothing is resolved on the way; the host's name goes into
        the Host header and into TLS, which verifies the certificate against it.
        """
        seconds = self._config.seconds
        extensions = {
            "sni_hostname": location.host,
            "timeout": {
                "connect": seconds / max(1, len(addresses)),
                "read": seconds,
                "write": seconds,
                "pool": seconds,
            },
        }
        failure: Exception = OSError("no address")
        for address in addresses:
            request = httpx.Request(
                "GET", location.at(address), headers={"Host": location.authority, **headers}, extensions=extensions
            )
            try:
                return await transport.handle_async_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
            except httpx.TransportError as error:
                raise _failed(location, error) from error
        raise _failed(location, failure) from failure

    async def _taken(
        self, response: httpx.Response, location: Location, accepted: Collection[str], *, conditional: bool
    ) -> Answer | Location:
        status = response.status_code
        place = shown(str(location.url))
        if status in _REDIRECTS and (target := response.headers.get("location")):
            return location.joined(target, self._ports)
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower() or None
        answer = partial(Answer, str(location.url), status, media_type, headers=dict(response.headers))
        if status == httpx.codes.NOT_MODIFIED and conditional:
            return answer(data=b"")
        if status != httpx.codes.OK:
            passing = status in _PASSING or status >= httpx.codes.INTERNAL_SERVER_ERROR
            raise FetchFailed(f"the answer is {status} {response.reason_phrase}".rstrip(), place=place, passing=passing)
        if media_type is not None and media_type not in accepted:
            raise FetchFailed(
                f"the answer is of type {_token(media_type)}", place=place, remedy=f"taken are {', '.join(accepted)}"
            )
        return answer(data=await read_body(response, self._config.max_bytes, place=place))


_lookups = anyio.CapacityLimiter(_LOOKUPS_AT_ONCE)


async def resolve(host: str, port: int) -> list[Address]:
    """Return the addresses of `host` by the system's resolver, in its order. Raises `OSError`.

    In a thread that is given up when time is over; a limit of its own keeps slow names from using up all threads.
    """
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    entries = await anyio.to_thread.run_sync(look_up, abandon_on_cancel=True, limiter=_lookups)
    # A zone ("%eth0") belongs to link-local addresses, which are refused without it all the same.
    return list(dict.fromkeys(ip_address(str(entry[4][0]).partition("%")[0]) for entry in entries))


def _accept(accepted: Collection[str]) -> str:
    return ", ".join([*accepted, "*/*;q=0.1"])


def _failed(location: Location, error: Exception) -> FetchFailed:
    """Return the error for a connection that failed, told by kind: a library's text may name addresses."""
    kinds = {
        httpx.ConnectError: "cannot be connected to, or its certificate is not valid",
        httpx.ConnectTimeout: "cannot be connected to in time",
        httpx.TimeoutException: "does not answer in time",
        httpx.ProtocolError: "does not speak HTTP as it should",
    }
    message = next((text for kind, text in kinds.items() if isinstance(error, kind)), "breaks off its answer")
    return FetchFailed(f"{location.host} {message}", place=shown(str(location.url)), remedy="try later", passing=True)


def _token(text: str) -> str:
    return re.sub(r"[^\w!#$&^.+/-]", "?", text)[:80]
