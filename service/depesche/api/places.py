"""Places: how many requests may be on their way at once, and whose request is turned away when all are taken.

A request holds a place from before it is read until its answer is made, so that nothing behind the door can pile up.
When no place is free, the client that holds the most gives up its newest one that the models have not begun, if the
newcomer's client holds fewer ("longest queue drop": P. McKenney, Stochastic Fairness Queueing, 1990); else the
newcomer is turned away. There are never more places than can be served within the time that a request may take, at
the rate that was measured: a request that would only wait for its 504 is told to come again instead.
"""

from __future__ import annotations

import math
import threading
from collections import defaultdict
from collections.abc import Callable

from depesche.errors import QueueFull

_LONGEST_WAIT = 60.0
_LARGEST_STEP = 4


class Place:
    """One request on its way. `queued` is how long it waited for the models, in seconds, once they began it."""

    __slots__ = ("client", "on_eviction", "queued", "settled")

    def __init__(self, client: str) -> None:
        self.client = client
        self.queued = 0.0
        self.settled = False
        """Whether the models have begun it, or it was turned away: it can lose its place no more."""
        self.on_eviction: Callable[[], None] | None = None


class Places:
    """The places of a process. Safe for threads."""

    def __init__(self, count: int, patience: float = math.inf) -> None:
        self._count = count
        self._patience = patience
        self._held: dict[str, list[Place]] = defaultdict(list)
        self._taken = 0
        self._lock = threading.Lock()
        self._seconds_an_article = 0.0

    @property
    def taken(self) -> int:
        """Return how many places are taken."""
        return self._taken

    @property
    def count(self) -> int:
        """Return how many places there are: as many as asked for, or as can be served within `patience` seconds."""
        return min(self._count, self.served_within(self._patience))

    def served_within(self, seconds: float) -> int:
        """Return how many articles the models do in so many seconds, at the measured rate; one at the least."""
        if self._seconds_an_article == 0 or math.isinf(seconds):
            return self._count
        return max(1, int(seconds / self._seconds_an_article))

    def measured(self, seconds: float, articles: int, *, ended: bool = True) -> None:
        """Learn from one call of the models how long an article takes; old calls count less and less.

        One call alone is not believed that articles take many times as long as before: it may have had a huge one.
        One that was not `ended` tells no more than that they take longer.
        """
        share = seconds / articles
        before = self._seconds_an_article
        if not ended and share <= before:
            return
        believed = min(share, _LARGEST_STEP * before)
        self._seconds_an_article = share if before == 0 else 0.8 * before + 0.2 * believed

    def retry_after(self) -> float:
        """Return the seconds in which, at the measured rate, those who have a place now will be done."""
        return float(min(_LONGEST_WAIT, max(1.0, math.ceil(self._taken * self._seconds_an_article))))

    def enter(self, client: str) -> Place:
        """Return a place for a request of `client`. Raises `QueueFull`."""
        place, loser = Place(client), None
        with self._lock:
            if self._taken >= self.count:
                loser = self._loser_to(client)
                if loser is None:
                    raise self.full()
                loser.settled = True
                self._drop(loser)
            self._held[client].append(place)
            self._taken += 1
        if loser is not None and loser.on_eviction is not None:
            loser.on_eviction()
        return place

    def begin(self, place: Place) -> bool:
        """Say that the models take the request of `place` now; False if it has lost its place."""
        with self._lock:
            if place.settled:
                return False
            place.settled = True
            return True

    def leave(self, place: Place) -> None:
        """Free a place; one that was lost is free already."""
        with self._lock:
            place.settled = True
            self._drop(place)

    def full(self) -> QueueFull:
        """Return the error of a request that finds no place."""
        return QueueFull(
            f"{self.count} requests are on their way, and no more may be",
            remedy="come again after the seconds in Retry-After",
            retry_after=self.retry_after(),
        )

    def _loser_to(self, client: str) -> Place | None:
        own = len(self._held.get(client, ()))
        for other in sorted(self._held, key=lambda one: -len(self._held[one])):
            if len(self._held[other]) <= own + 1:
                return None
            for place in reversed(self._held[other]):
                if not place.settled:
                    return place
        return None

    def _drop(self, place: Place) -> None:
        held = self._held.get(place.client, [])
        if place in held:
            held.remove(place)
            self._taken -= 1
        if not held:
            self._held.pop(place.client, None)
