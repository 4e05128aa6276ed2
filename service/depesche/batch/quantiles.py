"""Medians and percentiles of any number of durations in constant memory."""

from __future__ import annotations

import math
from collections import Counter

_ACCURACY = 0.01
_GAMMA = (1 + _ACCURACY) / (1 - _ACCURACY)
_LOG_GAMMA = math.log(_GAMMA)
_LEAST, _MOST = 1e-6, 1e8


class Quantiles:
    """A sketch whose quantiles are within 1 % of the true ones.

    Values fall into buckets that grow by a constant factor: DDSketch, Masson, Rim and Lee, VLDB 2019. From a
    microsecond to three years there are 1,610 buckets at most. What is shorter counts as zero.
    """

    __slots__ = ("_buckets", "count", "maximum", "minimum", "total")

    def __init__(self) -> None:
        self._buckets: Counter[int | None] = Counter()
        self.count = 0
        self.total = 0.0
        self.minimum = math.inf
        self.maximum = 0.0

    def add(self, value: float) -> None:
        """Count a value; what is negative or no number is left out."""
        if not 0 <= value < math.inf:
            return
        self._buckets[_bucket(value)] += 1
        self.count += 1
        self.total += value
        self.minimum = min(self.minimum, value)
        self.maximum = max(self.maximum, value)

    def quantile(self, q: float) -> float:
        """Return the least value that at least the share `q` of all values does not exceed; 0 without values."""
        rank = math.ceil(q * self.count)
        seen = 0
        for bucket in sorted(self._buckets, key=lambda b: -math.inf if b is None else b):
            seen += self._buckets[bucket]
            if seen >= rank:
                middle = 0.0 if bucket is None else 2 * _GAMMA**bucket / (_GAMMA + 1)
                return min(max(middle, self.minimum), self.maximum)
        return self.maximum


def _bucket(value: float) -> int | None:
    return None if value < _LEAST else math.ceil(math.log(min(value, _MOST)) / _LOG_GAMMA)
