"""What is too old is deleted, all of it and nothing else."""

from __future__ import annotations

from datetime import timedelta

from depesche.store import Answer, BriefQuery, Feedback, Kept, Purged, Store
from store.generated import Clock, a_brief


def test_briefs_are_deleted_by_when_they_were_last_stored(store: Store, clock: Clock) -> None:
    for number in range(205):
        store.briefs.add(a_brief(f"old{number}"))
    store.briefs.add(a_brief("again"))
    store.feedback.add(Feedback("old0", "claim", 0, "accept"))
    clock.advance(timedelta(days=30))
    limit = clock.now
    store.briefs.add(a_brief("again"))
    store.briefs.add(a_brief("new"))
    assert store.purge(limit) == Purged(briefs=205, answers=0, sessions=0)
    assert [one.id for one in store.briefs.search(BriefQuery()).items] == ["new", "again"]
    assert list(store.feedback.export()) == []
    assert store.purge(limit) == Purged(briefs=0, answers=0, sessions=0)


def test_what_has_expired_is_deleted_without_a_limit_for_briefs(store: Store, clock: Clock) -> None:
    store.briefs.add(a_brief("a"))
    key, _ = store.keys.add("newsroom", ["read"])
    store.sessions.add(key.prefix, timedelta(hours=8))
    lasting = store.sessions.add(key.prefix, timedelta(days=8))
    answer = Answer(201, {}, b"{}")
    for name in ("old", "new"):
        clock.advance(timedelta(hours=20))
        begun = store.idempotency.begin("c", name, "r")
        assert not isinstance(begun, Kept)
        store.idempotency.finish(begun, answer)
    clock.advance(timedelta(hours=5))
    assert store.purge(None) == Purged(briefs=0, answers=1, sessions=1)
    assert store.sessions.get(lasting) is not None
    assert store.idempotency.begin("c", "new", "r") == Kept(answer)
    assert store.briefs.get("a") is not None
