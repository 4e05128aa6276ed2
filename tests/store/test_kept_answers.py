"""A request that is sent twice is carried out once, and one whose process died can be sent again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from depesche.errors import IdempotencyConflict
from depesche.store import Answer, Begun, Kept, Store
from depesche.store.idempotency import KEPT_FOR, LEASE
from depesche.store.schema import answers
from store.generated import Clock

ANSWER = Answer(201, {"Location": "/v1/briefs/ä"}, b'{"id": "\x00\xff"}')


def begin(store: Store, key: str = "k", request: str = "r", client: str = "c") -> Begun:
    begun = store.idempotency.begin(client, key, request)
    assert isinstance(begun, Begun)
    return begun


def test_the_answer_is_given_again(store: Store) -> None:
    assert store.idempotency.finish(begin(store), ANSWER)
    assert store.idempotency.begin("c", "k", "r") == Kept(ANSWER)
    begin(store, client="another")
    begin(store, key="another")


def test_a_key_stands_for_one_request(store: Store) -> None:
    begun = begin(store)
    for request in ("r", "other"):
        with pytest.raises(IdempotencyConflict):
            store.idempotency.begin("c", "k", request)
    store.idempotency.finish(begun, ANSWER)
    with pytest.raises(IdempotencyConflict, match="another request"):
        store.idempotency.begin("c", "k", "other")


def test_an_abandoned_request_can_be_sent_again(store: Store) -> None:
    store.idempotency.abandon(begin(store))
    begin(store, request="other")


def test_an_answer_is_forgotten_after_a_day(store: Store, clock: Clock) -> None:
    store.idempotency.finish(begin(store), ANSWER)
    clock.advance(KEPT_FOR)
    begin(store, request="other")


def test_a_request_whose_lease_is_over_is_taken_over_once_and_for_all(store: Store, clock: Clock) -> None:
    lost = begin(store)
    clock.advance(LEASE)
    second = begin(store)
    assert not store.idempotency.finish(lost, ANSWER)
    store.idempotency.abandon(lost)
    with pytest.raises(IdempotencyConflict):
        store.idempotency.begin("c", "k", "r")
    assert store.idempotency.finish(second, ANSWER)
    assert store.idempotency.begin("c", "k", "r") == Kept(ANSWER)


def test_a_request_of_a_process_that_died_is_taken_over_at_once(store: Store) -> None:
    begin(store)
    with store.transaction() as connection:
        owner = connection.execute(answers.select()).one().owner
        connection.execute(update(answers).values(owner={**owner, "started": "1"}))
    begin(store)


def test_of_many_who_send_at_once_one_carries_it_out(store: Store) -> None:
    def try_it(_: int) -> bool:
        try:
            return isinstance(store.idempotency.begin("c", "k", "r"), Begun)
        except IdempotencyConflict:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_it, range(16))) == 1


def test_any_key_of_a_client_is_kept(store: Store) -> None:
    for key in ("", "\0", "ä" * 1000, "'"):
        store.idempotency.finish(begin(store, key=key), ANSWER)
        assert store.idempotency.begin("c", key, "r") == Kept(ANSWER)
