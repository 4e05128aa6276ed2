"""What the reading desk needs of the store: nobody's word is replaced unseen, and briefs have neighbours and counts."""

import threading

import pytest

from batch.written_briefs import brief as written_brief
from depesche.brief import Brief
from depesche.errors import FeedbackConflict
from depesche.store import BriefQuery, Feedback, Store
from depesche.translation import Status


def named(id_: str, status: Status = Status.VERIFIED) -> Brief:
    return written_brief().model_copy(update={"id": id_, "status": status})


def word(verdict: str, **more: str) -> Feedback:
    return Feedback("one", "figure", 0, verdict, editor="Anna", **more)  # type: ignore[arg-type]


def test_a_word_that_was_not_seen_is_not_replaced(store: Store) -> None:
    store.briefs.add(named("one"))
    first = store.feedback.add(word("accept"), after=0)
    with pytest.raises(FeedbackConflict):
        store.feedback.add(word("reject"), after=0)
    second = store.feedback.add(word("reject"), after=first.id)
    assert [one.id for one in store.feedback.of("one")] == [first.id, second.id]


def test_a_word_on_another_part_is_no_conflict(store: Store) -> None:
    store.briefs.add(named("one"))
    store.feedback.add(word("accept"), after=0)
    store.feedback.add(Feedback("one", "sentence", 0, "accept"), after=0)


def test_what_was_said_can_be_taken_back(store: Store) -> None:
    store.briefs.add(named("one"))
    first = store.feedback.add(word("accept"), after=0)
    store.feedback.add(word("withdraw"), after=first.id)
    assert [record["verdict"] for record in store.feedback.export()] == ["accept", "withdraw"]


def test_of_many_who_speak_at_once_one_is_heard(store: Store) -> None:
    store.briefs.add(named("one"))
    outcomes: list[str] = []

    def speak() -> None:
        try:
            store.feedback.add(word("accept"), after=0)
            outcomes.append("kept")
        except FeedbackConflict:
            outcomes.append("refused")

    threads = [threading.Thread(target=speak) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept"] + ["refused"] * 7


def test_neighbours_follow_the_order_of_the_list(store: Store) -> None:
    for name, status in (("a", Status.VERIFIED), ("b", Status.FLAGGED), ("c", Status.VERIFIED)):
        store.briefs.add(named(name, status))
    newest, flagged_first = BriefQuery(), BriefQuery(order="flagged_first")
    by_time = [(store.briefs.neighbours(name, newest)) for name in "cba"]
    assert [(one.before, one.after) for one in by_time] == [(None, "b"), ("c", "a"), ("b", None)]
    by_flag = [store.briefs.neighbours(name, flagged_first) for name in "bca"]
    assert [(one.before, one.after) for one in by_flag] == [(None, "c"), ("b", "a"), ("c", None)]
    among_verified = store.briefs.neighbours("c", BriefQuery(status=Status.VERIFIED))
    assert (among_verified.before, among_verified.after) == (None, "a")
    nowhere = store.briefs.neighbours("unknown", newest)
    assert (nowhere.before, nowhere.after) == (None, None)


def test_tally_counts_what_the_search_finds(store: Store) -> None:
    for name, status in (("a", Status.VERIFIED), ("b", Status.FLAGGED), ("c", Status.VERIFIED)):
        store.briefs.add(named(name, status))
    assert store.briefs.tally(BriefQuery(limit=1)) == {Status.VERIFIED: 2, Status.FLAGGED: 1}
    assert store.briefs.tally(BriefQuery(text="Fahrgäste", status=Status.FLAGGED)) == {Status.FLAGGED: 1}
    assert store.briefs.tally(BriefQuery(text="Zebra")) == {}
