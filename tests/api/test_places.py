"""Places on a slow machine: nobody is let in only to be told later that the time is over."""

from __future__ import annotations

import pytest

from depesche.api.places import Places
from depesche.errors import QueueFull


def test_there_are_no_more_places_than_can_be_served_in_time() -> None:
    places = Places(56, patience=90)
    assert places.count == 56  # nothing is known of the machine yet
    places.measured(80, 8)
    assert places.count == 9
    for _ in range(9):
        places.enter("a")
    with pytest.raises(QueueFull) as refused:
        places.enter("a")
    assert refused.value.retry_after == 60
    assert "9 requests" in str(refused.value)


def test_a_machine_that_needs_longer_than_a_request_may_take_still_has_one_place() -> None:
    places = Places(56, patience=90)
    places.measured(500, 1)
    assert places.count == 1
    assert places.served_within(30) == 1


def test_one_huge_article_does_not_close_the_door() -> None:
    places = Places(56, patience=90)
    places.measured(8, 8)
    places.measured(600, 1)
    assert places.count == 56


def test_a_machine_that_gets_faster_gets_its_places_back() -> None:
    places = Places(56, patience=90)
    places.measured(80, 8)
    for _ in range(20):
        places.measured(8, 8)
    assert places.count == 56
