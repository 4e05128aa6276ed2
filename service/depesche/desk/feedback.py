"""What editors said of the parts of a brief: the word that stands, and the words before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from depesche.store import StoredFeedback


@dataclass(frozen=True, slots=True)
class Review:
    """All feedback on one part, the oldest first."""

    target: str
    index: int
    history: Sequence[StoredFeedback]

    @property
    def latest(self) -> int:
        """Return the id of the newest entry, 0 without one: what a form says it has seen."""
        return self.history[-1].id if self.history else 0

    @property
    def standing(self) -> StoredFeedback | None:
        """Return the entry that stands: the newest, unless it takes back what was said before."""
        if not self.history or self.history[-1].feedback.verdict == "withdraw":
            return None
        return self.history[-1]


def reviews_of(given: Iterable[StoredFeedback]) -> dict[tuple[str, int], Review]:
    """Return the feedback on one brief by target and index."""
    entries: dict[tuple[str, int], list[StoredFeedback]] = {}
    for one in given:
        entries.setdefault((one.feedback.target, one.feedback.index), []).append(one)
    return {(target, index): Review(target, index, tuple(history)) for (target, index), history in entries.items()}
