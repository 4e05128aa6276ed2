"""Briefs are found by words, dates, language, status and figures, the same on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depesche.errors import BadRequest
from depesche.figure import Kind
from depesche.store import BriefPage, BriefQuery, Store, open_store
from depesche.store.columns import sort_key
from depesche.store.words import fold
from depesche.translation import Status
from store.generated import Clock, a_brief, figure

TEXT = (
    "Die Fähre nach Langenau fährt wieder. Der Betreiber übernimmt die E-Mobilitäts-Kosten von 1,25 Mio. Euro. "
    "Die Maßnahme heißt „Große Straße“; Muenchen und Öhringen sind dabei. Café geöffnet."
)

WORDS = {
    "Turkish": "İstanbul",
    "Polish": "Łódź",
    "Croatian": "Ǆungla",
    "Japanese": "日本語",
    "Czech": "Škoda",
    "ligature": "ﬁnal",
    "French": "naïve",
    "Greek": "Ελλάδα",
    "Russian": "Привет",
}
FIGURES = {
    "exact": figure("1000000000"),
    "scaled": figure("1E9"),
    "below": figure("999999999.99"),
    "above": figure("1000000000.01"),
    "range": figure(low="900000000", high="1100000000"),
    "qualitative": figure(None),
    "dollars": figure("1000000000", "USD"),
    "percent": figure("3.5", "%", kind=Kind.PERCENT),
    "loss": figure("-1000000000"),
    "zero": figure("0.00"),
    "quintillion": figure("1000000000000000000"),
    "nearly_quintillion": figure("999999999999999999.99"),
    "count": figure("1000000000", None, kind=Kind.COUNT),
}


def found(store: Store, **query: Any) -> set[str]:
    return {one.id for one in store.briefs.search(BriefQuery(**query)).items}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fähre", True),
        ("fähre", True),
        ("FÄHRE", True),
        ("Fahre", True),
        ("Faehre", True),
        ("Fa\u0308hre", True),  # the umlaut as two characters
        ("Fähr", True),  # another form
        ("Fähren", True),
        ("Faehren", True),
        ('"Fähren"', False),
        ("fahren", True),  # the stem is that of Fähre
        ("Betreibers", True),
        ("Maßnahmen", True),
        ("ferries", True),
        ("run", True),
        ('"run"', False),
        ("Fäh", False),
        ("Fährschiffe", False),
        ("Fähr*", True),
        ("fähr* lang*", True),
        ("Fähre Langenau", True),
        ("Langenau Fähre", True),
        ("Fähre Hamburg", False),
        ('"Fähre nach Langenau"', True),
        ("„Fähre nach Langenau“", True),
        ("»nach Langenau fährt«", True),
        ('"Langenau nach Fähre"', False),
        ('"Fähre nach Langen"', False),
        ('"Fähre nach Langenau', True),  # no closing mark
        ("Massnahme", True),
        ("MASSNAHME", True),
        ("Maßnahme", True),
        ("Strasse", True),
        ("München", True),
        ("Munchen", True),  # where the article writes Muenchen
        ("Oehringen", True),
        ("uebernimmt", True),
        ("cafe", True),
        ("E-Mobilitäts-Kosten", True),
        ("E-Mobilitaets-Kosten", True),
        ("Mobilitäts", True),
        ("Mobilitäts Kosten", True),
        ("Kosten-Mobilitäts", False),
        ("1,25 Mio.", True),
        ("1.25", True),
        ("25,1", False),
        ("Große Straße", True),
        ("ferry", True),  # English of the headline
        ("ferry Fähre", True),  # in two fields
        ('"again the"', False),  # no phrase across fields
        ("Fähre OR Hamburg", False),  # a word is a word and no operator
        ("NOT Fähre", False),
        ("Fähre -Langenau", True),
        ("-Hamburg", False),
        ("", True),
        (" \t\n", True),
        ('"', False),
        ('""', False),
        ("*", False),
        ("!!! ???", False),
    ],
)
def test_words_are_found_as_editors_write_them(text: str, expected: bool, filled_store: Store) -> None:
    assert ("words" in found(filled_store, text=text)) is expected


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of each kind that all tests of this file read, and none writes to."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('filled') / 'store.sqlite'}"
        else:
            url = stack.enter_context(request.getfixturevalue("postgres_cluster").database())
        store = stack.enter_context(open_store(url))
        store.briefs.add(a_brief("words", text=TEXT, headline="Ferry runs again", title=None, teaser=None))
        for name, word in WORDS.items():
            store.briefs.add(a_brief(name, text=f"Ein Wort ist {word}, sagte er.", headline="One word", title=None))
        for name, one in FIGURES.items():
            store.briefs.add(a_brief(name, figures=[one], headline="One figure", text="Eine Zahl.", title=None))
        yield store


def test_no_query_of_a_user_raises(filled_store: Store) -> None:
    hostile = [
        '"', "''", "'", "NEAR(", "NEAR(a b, 2)", "a NEAR b", "*", "**", "a*b", "-", "--", "-a", "^a", "a^",
        "{a b}: c", "headline: a", "brief_words MATCH", "a AND", "OR", "NOT", "(", ")", "()", "((((", ";",
        "'; DROP TABLE briefs; --", "\0", "a\0b", '"\0"', "\ud800", "a\ud800b", "a:*", "a:A", "a <-> b", "a & b",
        "a | b", "!a", "a <2> b", "\\", "\\'", "a\\", "%", "_", "a_b", ":words", "%(words)s", "?", "$1", "é" * 10_000,
        "a " * 5_000, '"' + "a b " * 2_500 + '"', "x" * 10_000, "\u200b", "\u0301", "\U0001f6a2", "١٢٣", "日本語", "ﬁ",
        "İ", "ǅ", "ß", "ẞ", "- " * 5_000, '" ' * 5_000, "* " * 5_000, "(" * 10_000, "\n" * 10_000, "a-" * 5_000,
        "NEAR(" * 2_000,
    ]  # fmt: skip
    for text in hostile:
        filled_store.briefs.search(BriefQuery(text=text))
        filled_store.briefs.search(BriefQuery(text=text, unit=text, language=text))


@pytest.mark.parametrize("name", WORDS)
def test_letters_of_any_script_are_found_in_either_case(name: str, filled_store: Store) -> None:
    word = WORDS[name]
    assert found(filled_store, text=word) == found(filled_store, text=word.upper()) == {name}


@given(st.text())
def test_folding_is_done_once_and_for_all(text: str) -> None:
    words = fold(text)
    assert fold(" ".join(words)) == words


def test_a_phrase_is_found_far_into_a_long_article(store: Store) -> None:
    store.briefs.add(a_brief("a", text=" ".join(f"wort{number}" for number in range(10_000))))
    assert found(store, text='"wort9000 wort9001"') == {"a"}
    assert found(store, text='"wort9001 wort9000"') == set()


EUROS = {"exact", "scaled", "below", "above", "range", "loss", "zero", "quintillion", "nearly_quintillion"}
AT_LEAST = {"exact", "scaled", "above", "range", "quintillion", "nearly_quintillion"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"unit": "EUR", "minimum": "1e9"}, AT_LEAST),
        ({"unit": "EUR", "minimum": "1000000000.00"}, AT_LEAST),
        ({"minimum": "1e9"}, {*AT_LEAST, "dollars", "count"}),
        ({"unit": "EUR", "minimum": "1e9", "maximum": "1e9"}, {"exact", "scaled", "range"}),
        ({"unit": "EUR", "minimum": "999999999.99", "maximum": "999999999.99"}, {"below", "range"}),
        ({"unit": "EUR", "minimum": "1100000000", "maximum": "1100000000"}, {"range"}),
        ({"unit": "EUR", "minimum": "1100000000.000001", "maximum": "2e9"}, set()),
        ({"unit": "EUR", "minimum": "899999999.999999", "maximum": "899999999.9999999"}, set()),
        ({"unit": "EUR", "minimum": "1e18"}, {"quintillion"}),
        ({"unit": "EUR", "minimum": "999999999999999999.99"}, {"quintillion", "nearly_quintillion"}),
        ({"unit": "EUR", "maximum": "-1"}, {"loss"}),
        ({"unit": "EUR", "maximum": "-1e9"}, {"loss"}),
        ({"unit": "EUR", "maximum": "-1000000000.01"}, set()),
        ({"unit": "EUR", "maximum": "0"}, {"loss", "zero"}),
        ({"unit": "EUR", "minimum": "-1e99999", "maximum": "1e99999"}, EUROS),
        ({"minimum": "1e99999"}, set()),
        ({"minimum": "1e-99999", "maximum": "3.5"}, {"percent"}),
        ({"unit": "EUR"}, EUROS | {"qualitative"}),
        ({"kind": Kind.QUALITATIVE}, {"qualitative"}),
        ({"kind": Kind.QUALITATIVE, "minimum": "0"}, set()),
        ({"kind": Kind.PERCENT, "minimum": "3.5"}, {"percent"}),
        ({"kind": Kind.PERCENT, "minimum": "3.51"}, set()),
        ({"kind": Kind.COUNT}, {"count"}),
        ({"unit": "GBP"}, set()),
    ],
)  # fmt: skip
def test_figures_are_compared_exactly(query: dict[str, Any], expected: set[str], filled_store: Store) -> None:
    numbers = {name: Decimal(query[name]) for name in ("minimum", "maximum") if name in query}
    assert found(filled_store, **{**query, **numbers}) == expected


def test_one_figure_must_be_all_that_is_asked_of_it(store: Store) -> None:
    store.briefs.add(a_brief("a", figures=[figure("5", "EUR"), figure("1000", "USD")]))
    assert found(store, unit="EUR", minimum=Decimal(100)) == set()
    assert found(store, unit="USD", minimum=Decimal(100)) == {"a"}
    assert len(store.briefs.search(BriefQuery(minimum=Decimal(1))).items) == 1


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_what_is_no_number_cannot_be_asked_for(value: str, store: Store) -> None:
    with pytest.raises(BadRequest):
        store.briefs.search(BriefQuery(minimum=Decimal(value)))


decimals = st.decimals(allow_nan=False, allow_infinity=False) | st.decimals(-10, 10, places=2)


@given(decimals, decimals)
def test_the_texts_that_stand_for_numbers_sort_as_they_do(one: Decimal, other: Decimal) -> None:
    assert (sort_key(one) < sort_key(other)) == (one < other)
    assert (sort_key(one) == sort_key(other)) == (one == other)


def test_dates_include_the_whole_last_day(store: Store) -> None:
    for name, published in {
        "date": "2026-03-17",
        "berlin": "2026-03-17T00:30:00+01:00",  # still the 16th in UTC
        "evening": "2026-03-17T23:59:59Z",
        "next": "2026-03-18T00:00:00Z",
        "never": None,
        "odd": "gestern",
    }.items():
        store.briefs.add(a_brief(name, published=published))
    day = date(2026, 3, 17)
    assert found(store, published_from=day, published_until=day) == {"date", "evening"}
    assert found(store, published_until=datetime(2026, 3, 17, tzinfo=UTC)) == {"berlin"}
    berlin = timezone(timedelta(hours=1))
    assert found(store, published_from=datetime(2026, 3, 17, tzinfo=berlin), published_until=day) == {
        "date", "evening", "berlin",
    }  # fmt: skip
    assert found(store, published_from=date.min, published_until=date.max) == {"date", "berlin", "evening", "next"}


def test_briefs_are_found_by_when_they_were_stored(store: Store, clock: Clock) -> None:
    store.briefs.add(a_brief("old"))
    clock.advance(timedelta(days=2))
    store.briefs.add(a_brief("new"))
    assert found(store, created_from=date(2026, 3, 18)) == {"new"}
    assert found(store, created_until=date(2026, 3, 17)) == {"old"}


def test_language_and_status_narrow_the_list(store: Store) -> None:
    store.briefs.add(a_brief("a", language="de"))
    store.briefs.add(a_brief("b", language="en", status=Status.REPAIRED))
    assert found(store, language="en") == {"b"}
    assert found(store, status=Status.VERIFIED) == {"a"}
    assert found(store, status=Status.REPAIRED, language="de") == set()


def pages(store: Store, *, between: Any = None, **query: Any) -> list[BriefPage]:
    all_pages = [store.briefs.search(BriefQuery(**query))]
    while all_pages[-1].next is not None:
        if between is not None:
            between(len(all_pages))
        all_pages.append(store.briefs.search(BriefQuery(**query, cursor=all_pages[-1].next)))
    return all_pages


def ids(all_pages: list[BriefPage]) -> list[str]:
    return [one.id for page in all_pages for one in page.items]


@pytest.mark.parametrize("limit", [1, 3, 4, 10, 200])
def test_pages_hold_every_brief_once_while_more_arrive(limit: int, store: Store) -> None:
    for number in range(10):
        store.briefs.add(a_brief(f"b{number}"))
    all_pages = pages(store, limit=limit, between=lambda page: store.briefs.add(a_brief(f"new{page}")))
    assert ids(all_pages) == [f"b{number}" for number in reversed(range(10))]
    assert all(len(page.items) == limit for page in all_pages[:-1])


def test_flagged_briefs_come_first_across_pages(store: Store) -> None:
    statuses = [Status.FLAGGED, Status.VERIFIED, Status.REPAIRED]
    for number in range(9):
        store.briefs.add(a_brief(f"b{number}", status=statuses[number % 3]))
    expected = ["b6", "b3", "b0", "b8", "b7", "b5", "b4", "b2", "b1"]
    assert ids(pages(store, order="flagged_first", limit=2)) == expected
    assert ids(pages(store, order="newest", limit=2)) == [f"b{number}" for number in reversed(range(9))]


def test_briefs_of_one_moment_are_paged_without_loss(store: Store) -> None:
    moment = store.database.now()
    store.database.now = lambda: moment
    for number in range(5):
        store.briefs.add(a_brief(f"b{number}"))
    assert ids(pages(store, limit=2)) == ["b4", "b3", "b2", "b1", "b0"]


def test_a_page_goes_on_where_its_last_brief_was_deleted(store: Store) -> None:
    for number in range(4):
        store.briefs.add(a_brief(f"b{number}"))
    all_pages = pages(store, limit=2, between=lambda _: store.briefs.delete("b2"))
    assert ids(all_pages) == ["b3", "b2", "b1", "b0"]


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_a_page_has_its_bounds(limit: int, store: Store) -> None:
    with pytest.raises(BadRequest):
        store.briefs.search(BriefQuery(limit=limit))


def test_a_cursor_that_is_none_of_ours_is_refused(store: Store) -> None:
    for number in range(3):
        store.briefs.add(a_brief(f"b{number}"))
    other = store.briefs.search(BriefQuery(order="flagged_first", limit=1)).next
    assert other is not None
    for cursor in ("", "x", "é", "\0", "!!!!", "bnVsbA", "W10", "WzEsMiwzLDRd", other, "A" * 100_000, "W1tb" * 5_000):
        with pytest.raises(BadRequest):
            store.briefs.search(BriefQuery(cursor=cursor))
