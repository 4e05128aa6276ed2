"""Which addresses may be asked: public ones, told by IANA's registries of special-purpose addresses.

The rule is what is allowed, not what is forbidden: an IPv4 address outside all special ranges; an IPv6 address inside
global unicast (2000::/3) and outside the special ranges there. An IPv6 address that only carries an IPv4 address is
judged by that one (IPv4-mapped, and NAT64, which is how machines without IPv4 reach the web); those of 6to4 and Teredo
are refused, for whoever holds them decides where their packets go.

Sources: https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_SPECIAL_V4: dict[str, str] = {
    "0.0.0.0/8": "unspecified",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "shared by a carrier's customers",
    "127.0.0.0/8": "loopback",
    "168.63.129.16/32": "the metadata of a cloud",
    "169.254.0.0/16": "link-local, where clouds have their metadata",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "reserved for protocols",
    "192.0.2.0/24": "reserved for documentation",
    "192.31.196.0/24": "reserved for AS112",
    "192.52.193.0/24": "reserved for AMT",
    "192.88.99.0/24": "a relay of 6to4",
    "192.168.0.0/16": "private",
    "192.175.48.0/24": "reserved for AS112",
    "198.18.0.0/15": "reserved for benchmarks",
    "198.51.100.0/24": "reserved for documentation",
    "203.0.113.0/24": "reserved for documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
}
_SPECIAL_V6: dict[str, str] = {
    "2001::/23": "reserved for protocols, Teredo among them",
    "2001:db8::/32": "reserved for documentation",
    "2002::/16": "6to4",
    "2620:4f:8000::/48": "reserved for AS112",
    "3fff::/20": "reserved for documentation",
}
_SPECIAL: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(text), meaning) for text, meaning in (_SPECIAL_V4 | _SPECIAL_V6).items()
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


def refusal(address: Address, also: Sequence[Network] = ()) -> str | None:
    """Return why `address` may not be asked, or None if it may; `also` are further networks to refuse."""
    if isinstance(address, IPv6Address):
        if (carried := _carried(address)) is not None:
            return refusal(carried, also)
        if address not in _GLOBAL_UNICAST:
            return "loopback" if address.is_loopback else "not public"
    for network, meaning in _SPECIAL:
        if address in network:
            return meaning
    return "refused by the settings" if any(address in network for network in also) else None


def _carried(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that a mapped (RFC 4291) or NAT64 (RFC 6052) address stands for."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped
