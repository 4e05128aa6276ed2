from __future__ import annotations

import math
import random
import statistics

import pytest

from depesche.batch.quantiles import Quantiles


@pytest.mark.parametrize("spread", [0.1, 1.0, 3.0])
def test_quantiles_of_many_values_are_within_one_per_cent(spread: float) -> None:
    chance = random.Random(7)  # noqa: S311
    values = [chance.lognormvariate(0.0, spread) for _ in range(20_001)]
    sketch = Quantiles()
    for value in values:
        sketch.add(value)
    ordered = sorted(values)
    for q in (0.0, 0.25, 0.5, 0.95, 0.999, 1.0):
        assert sketch.quantile(q) == pytest.approx(ordered[max(math.ceil(q * 20_001) - 1, 0)], rel=0.0101)
    assert sketch.maximum == max(values)
    assert sketch.total == pytest.approx(math.fsum(values))
    assert sketch.quantile(0.5) == pytest.approx(statistics.median(values), rel=0.0101)


def test_equal_values_are_exact_and_no_values_are_zero() -> None:
    sketch = Quantiles()
    assert (sketch.quantile(0.5), sketch.count) == (0.0, 0)
    for _ in range(3):
        sketch.add(0.01)
    assert (sketch.quantile(0.5), sketch.quantile(0.95), sketch.count) == (0.01, 0.01, 3)


def test_what_is_no_duration_is_left_out_and_nothing_is_a_duration() -> None:
    sketch = Quantiles()
    for value in (-1.0, math.nan, math.inf, 0.0, 1e-12):
        sketch.add(value)
    assert (sketch.count, sketch.quantile(0.95)) == (2, pytest.approx(0.0, abs=1e-9))


def test_of_a_few_values_the_95th_percentile_is_the_greatest() -> None:
    sketch = Quantiles()
    for value in (1.0, 2.0, 3.0, 9.0):
        sketch.add(value)
    assert sketch.quantile(0.95) == pytest.approx(9.0, rel=0.0101)
    assert sketch.quantile(0.5) == pytest.approx(2.0, rel=0.0101)
