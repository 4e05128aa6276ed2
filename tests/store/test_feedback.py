"""What editors say of a brief is kept with it, in order, and can be exported with what it is about."""

from __future__ import annotations

import json

import pytest

from batch.written_briefs import brief as written_brief
from depesche.errors import BadRequest, NotFound
from depesche.store import Feedback, Store
from store.generated import a_brief


def test_feedback_is_kept_in_the_order_in_which_it_was_given(store: Store) -> None:
    store.briefs.add(a_brief("a"))
    store.briefs.add(a_brief("b"))
    given = [
        Feedback("a", "sentence", 0, "reject", note="nicht gut\0", editor="ub"),
        Feedback("a", "sentence", 0, "correct", correction="The ferry is running again."),
        Feedback("b", "claim", 0, "accept"),
    ]
    stored = [store.feedback.add(one) for one in given]
    assert [one.id for one in stored] == sorted(one.id for one in stored)
    kept = store.feedback.of("a")
    assert [one.feedback.verdict for one in kept] == ["reject", "correct"]
    assert kept[0].feedback.note == "nicht gut�"
    assert kept[1] == stored[1]
    assert store.feedback.of("b") == [stored[2]]
    assert store.feedback.of("unknown") == []


def test_storing_a_brief_again_keeps_its_feedback(store: Store) -> None:
    store.briefs.add(a_brief("a"))
    one = store.feedback.add(Feedback("a", "claim", 0, "accept"))
    store.briefs.add(a_brief("a", name="another.txt"))
    assert store.feedback.of("a") == [one]


def test_the_export_says_what_the_feedback_is_about(store: Store) -> None:
    brief = written_brief()
    store.briefs.add(brief)
    for target, verdict in (("figure", "reject"), ("sentence", "accept"), ("quotation", "accept"), ("claim", "accept")):
        store.feedback.add(Feedback(brief.id, target, 0, verdict))  # type: ignore[arg-type]
    records = [json.loads(json.dumps(record, ensure_ascii=False)) for record in store.feedback.export()]
    assert [(record["target"], record["german"], record["english"]) for record in records] == [
        ("figure", brief.figures[0].german, brief.figures[0].english),
        ("sentence", brief.sentences[0].german, brief.sentences[0].english),
        ("quotation", brief.quotations[0].german, brief.quotations[0].english),
        ("claim", brief.sentences[brief.headline.evidence[0]].german, brief.headline.text),
    ]
    assert {record["brief_id"] for record in records} == {brief.id}


def test_an_export_of_several_pages_has_every_record_once(store: Store) -> None:
    store.briefs.add(a_brief("a"))
    for number in range(201):
        store.feedback.add(Feedback("a", "claim", 0, "accept", note=str(number)))
    assert [record["note"] for record in store.feedback.export()] == [str(number) for number in range(201)]


@pytest.mark.parametrize(
    "wrong",
    [
        Feedback("a", "figure", 2, "accept"),
        Feedback("a", "sentence", -1, "accept"),
        Feedback("a", "claim", 10**20, "accept"),
        Feedback("a", "headline", 0, "accept"),  # type: ignore[arg-type]
        Feedback("a", "claim", 0, "praise"),  # type: ignore[arg-type]
        Feedback("a", "claim", 0, "correct"),
        Feedback("a", "claim", 0, "correct", correction="  "),
        Feedback("a", "claim", 0, "accept", correction="Something else"),
    ],
)
def test_feedback_on_what_is_not_there_is_refused(wrong: Feedback, store: Store) -> None:
    store.briefs.add(a_brief("a"))
    with pytest.raises(BadRequest):
        store.feedback.add(wrong)
    assert store.feedback.of("a") == []


def test_feedback_on_an_unknown_brief_is_refused(store: Store) -> None:
    with pytest.raises(NotFound):
        store.feedback.add(Feedback("unknown", "claim", 0, "accept"))
