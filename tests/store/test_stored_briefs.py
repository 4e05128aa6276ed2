"""Briefs are kept as they are, found by id, replaced and deleted, the same on both databases."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text

from batch.written_briefs import brief as written_brief
from depesche.store import BriefQuery, Feedback, Store
from store.generated import Clock, a_brief, figure


def test_a_brief_comes_back_as_it_was_stored(store: Store) -> None:
    brief = written_brief()
    stored = store.briefs.add(brief, client="newsroom")
    found = store.briefs.get(brief.id)
    assert found == stored
    assert found is not None
    assert found.brief.to_json() == brief.to_json()
    assert found.client == "newsroom"


def test_an_unknown_id_is_none_whatever_it_contains(store: Store) -> None:
    for one in ("", "x", "\0", "\ud800", "'; DROP TABLE briefs; --", "x" * 100_000):
        assert store.briefs.get(one) is None
        assert not store.briefs.delete(one)


def test_storing_a_brief_again_replaces_it_where_it_stands(store: Store) -> None:
    first = store.briefs.add(a_brief("a", name="eins.txt", headline="Giraffe", figures=[figure("5")]), client="one")
    store.briefs.add(a_brief("b"))
    again = store.briefs.add(a_brief("a", name="zwei.txt", headline="Zebra", figures=[figure("7")]), client="two")
    assert (again.created, again.client) == (first.created, "one")
    page = store.briefs.search(BriefQuery())
    assert [(one.id, one.article_name) for one in page.items] == [("b", "artikel.txt"), ("a", "zwei.txt")]
    assert [one.id for one in store.briefs.search(BriefQuery(text="Zebra")).items] == ["a"]
    assert store.briefs.search(BriefQuery(text="Giraffe")).items == ()
    assert store.briefs.search(BriefQuery(maximum=Decimal(6))).items == ()


def test_a_deleted_brief_leaves_nothing_behind(store: Store) -> None:
    store.briefs.add(a_brief("a", headline="Zebra", figures=[figure("5")]))
    store.feedback.add(Feedback("a", "figure", 0, "accept"))
    assert store.briefs.delete("a")
    assert not store.briefs.delete("a")
    assert store.briefs.get("a") is None
    with store.transaction(write=False) as connection:
        for table in ("briefs", "brief_figures", "feedback", "brief_words"):
            rows = select(func.count()).select_from(text(table))
            assert connection.execute(rows).scalar_one() == 0, table
    store.briefs.add(a_brief("b", headline="Lion"))
    assert store.briefs.search(BriefQuery(text="Zebra")).items == ()


def test_text_that_a_database_cannot_hold_is_stored_all_the_same(store: Store) -> None:
    odd = a_brief("a", headline="Null \0 byte", name="a\0b", text="Ein Nullbyte \0 im Text und ein \U0001f6a2.")
    store.briefs.add(odd, client="c\0")
    found = store.briefs.get("a")
    assert found is not None
    assert found.brief == odd
    assert store.briefs.search(BriefQuery(text="Nullbyte")).items[0].article_name == "a�b"


@pytest.mark.parametrize("letters", [2, 13])
def test_an_article_of_a_megabyte_of_different_words_is_stored_and_found(letters: int, store: Store) -> None:
    words = [f"{number:x}".rjust(letters, "ж") + "ß" for number in range(1_000_000 // (2 * letters + 4))]
    store.briefs.add(a_brief("a", text=" ".join(words)))
    assert store.briefs.search(BriefQuery(text=words[100])).items
    assert store.briefs.search(BriefQuery(text=f'"{words[100]} {words[101]}"')).items


def test_the_summary_in_a_list_tells_what_an_editor_chooses_by(store: Store, clock: Clock) -> None:
    brief = written_brief()
    stored = store.briefs.add(brief)
    clock.advance(timedelta(days=1))
    store.feedback.add(Feedback(brief.id, "figure", 0, "reject", note="wrong"))
    (one,) = store.briefs.search(BriefQuery()).items
    assert (one.id, one.headline, one.status, one.language) == (brief.id, brief.headline.text, brief.status, "de")
    assert one.summary == " ".join(claim.text for claim in brief.summary)
    assert (one.figures, one.feedback, one.created) == (len(brief.figures), 1, stored.created)
