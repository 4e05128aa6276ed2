"""Who is next: waiting work of many clients, who take turns, so that one client's flood delays nobody but itself."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """A queue for each client; `take` goes round the clients. Not safe for threads by itself."""

    def __init__(self) -> None:
        self._queues: OrderedDict[str, deque[T]] = OrderedDict()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, client: str, item: T) -> None:
        """Put `item` at the end of its client's queue; a client without one goes to the end of the round."""
        self._queues.setdefault(client, deque()).append(item)
        self._length += 1

    def first(self) -> T:
        """Return the item that `take` would take, and leave it there."""
        return next(iter(self._queues.values()))[0]

    def take(self) -> T:
        """Return the first item of the client whose turn it is, who then goes to the end of the round."""
        client, queue = next(iter(self._queues.items()))
        item = queue.popleft()
        self._queues.move_to_end(client)
        if not queue:
            del self._queues[client]
        self._length -= 1
        return item

    def ahead(self, client: str, is_wanted: Callable[[T], bool]) -> int | None:
        """Return how many items `take` gives before the first of `client` that is wanted; None if there is none."""
        own = next((n for n, item in enumerate(self._queues.get(client, ())) if is_wanted(item)), None)
        if own is None:
            return None
        count = own
        # Whoever comes before the client in the round has one turn more until then than whoever comes after.
        turns = own + 1
        for other, queue in self._queues.items():
            if other == client:
                turns = own
            else:
                count += min(len(queue), turns)
        return count

    def remove(self, client: str, item: T) -> bool:
        """Take `item` out, wherever it stands; False if it is not there (any more)."""
        queue = self._queues.get(client)
        if queue is None or item not in queue:
            return False
        queue.remove(item)
        if not queue:
            del self._queues[client]
        self._length -= 1
        return True

    def drain(self) -> list[T]:
        """Take everything out."""
        items = [item for queue in self._queues.values() for item in queue]
        self._queues.clear()
        self._length = 0
        return items
