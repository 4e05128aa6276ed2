"""A URL as far as it can be checked before its host is resolved."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

import httpx

from depesche.errors import AddressRefused
from depesche.fetch.addresses import Address

WEB_PORTS = frozenset({80, 443, 8080, 8443})
"""Ports that web servers use. Others belong to mail, databases and the like, which no URL shall make us speak to."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST = 2_000
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}")
_ENDS_IN_A_NUMBER = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)$")
_REMEDY = "give the public http or https address of the article or feed"


@dataclass(frozen=True, slots=True)
class Location:
    """A URL that may be resolved: `host` is a name in ASCII (IDNA), without a final dot, or an address."""

    url: httpx.URL
    host: str
    port: int

    @property
    def address(self) -> Address | None:
        """Return the address that the URL itself names, or None if it names a host."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None

    @property
    def authority(self) -> str:
        """Return host and port as the Host header has them."""
        host = f"[{self.host}]" if isinstance(self.address, IPv6Address) else self.host
        return host if self.port == _DEFAULT_PORTS[self.url.scheme] else f"{host}:{self.port}"

    def at(self, address: Address) -> httpx.URL:
        """Return the URL with `address` in place of the host: what is connected to."""
        return self.url.copy_with(host=str(address), port=self.port, fragment=None)

    def joined(self, target: str, ports: frozenset[int]) -> Location:
        """Return the location that a redirect to `target` leads to. Raises `AddressRefused`."""
        try:
            return located(str(self.url.join(target)), ports)
        except httpx.InvalidURL as error:
            raise _refused(f"no URL: {error}", target) from error


def located(url: str, ports: frozenset[int] = WEB_PORTS) -> Location:
    """Return `url` checked but for its addresses. Raises `AddressRefused`.

    Refused is what is not written the plain way, since programs differ in how they read it: credentials, hosts in
    percent-encoding, addresses as one number or in octal or hex (WHATWG's "ends in a number"), IPv6 zones.
    """
    if len(url) > _LONGEST:
        raise _refused(f"a URL of more than {_LONGEST} characters", url)
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise _refused(f"no URL: {error}", url) from error
    if parsed.scheme not in _DEFAULT_PORTS:
        raise _refused(f"a URL of the scheme {parsed.scheme!r}, not http or https", url)
    if parsed.userinfo:
        raise _refused("a URL with credentials in it", _bare(parsed))
    host = parsed.raw_host.decode("ascii").removesuffix(".")
    port = parsed.port or _DEFAULT_PORTS[parsed.scheme]
    if not _is_plain(host):
        raise _refused("a host that is no name and no address written the plain way", url)
    if port not in ports:
        raise _refused(f"port {port}, which is none of the web's ({', '.join(map(str, sorted(ports)))})", url)
    return Location(parsed, host, port)


def _is_plain(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return len(host) <= 253 and _NAME.fullmatch(host) is not None and not _ENDS_IN_A_NUMBER.search(host)
    return "%" not in host


def _bare(url: httpx.URL) -> str:
    """Return the URL without its credentials, which no message shall repeat."""
    return str(url.copy_with(username=None, password=None))


def _refused(message: str, url: str) -> AddressRefused:
    return AddressRefused(message, place=shown(url), remedy=_REMEDY)


def shown(url: str) -> str:
    """Return a URL as an error names it: one line, not endless."""
    printable = "".join(character if character.isprintable() else "�" for character in url)
    return printable if len(printable) <= 200 else f"{printable[:199]}…"
