"""Rate limits: a token bucket for each key, or each address where there are no keys; bounded in memory."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil

from depesche.errors import RateLimited

_MOST_BUCKETS = 10_000
"""Beyond these the bucket that was asked longest ago is forgotten; it is nearly always full again by then."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled: float


class RateLimiter:
    """`per_minute` requests a minute for each name, of which `burst` may come at once; 0 is no limit."""

    def __init__(self, per_minute: int, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_minute / 60
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, name: str) -> Mapping[str, str]:
        """Count one request; return the headers that tell what is left. Raises `RateLimited` when nothing is.

        The headers are those of draft-ietf-httpapi-ratelimit-headers-10.
        """
        if not self._rate:
            return {}
        bucket = self._filled(name)
        if bucket.tokens < 1:
            raise RateLimited(
                f"more than {self._rate * 60:g} requests a minute",
                remedy="come again after the seconds in Retry-After",
                retry_after=ceil((1 - bucket.tokens) / self._rate),
            )
        bucket.tokens -= 1
        full_in = ceil((self._burst - bucket.tokens) / self._rate)
        return {
            "RateLimit-Policy": f'"default";q={self._burst};w={ceil(self._burst / self._rate)}',
            "RateLimit": f'"default";r={int(bucket.tokens)};t={full_in}',
        }

    def exhausted(self, name: str) -> bool:
        """Say whether `take` would raise, without counting a request."""
        return bool(self._rate) and name in self._buckets and self._filled(name).tokens < 1

    def _filled(self, name: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.setdefault(name, _Bucket(self._burst, now))
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.filled) * self._rate)
        bucket.filled = now
        self._buckets.move_to_end(name)
        if len(self._buckets) > _MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return bucket


def network_of(address: str) -> str:
    """Return what one client's addresses have in common: an IPv4 address whole, the first 64 bits of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
