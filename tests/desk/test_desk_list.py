from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from starlette.testclient import TestClient

from depesche.brief import Brief
from depesche.desk.filters import Filters
from depesche.errors import BadRequest
from depesche.translation import Status
from desk.parsed import of_class, title_of, tree, words

Keep = Callable[..., Brief]


def headlines(page: str) -> list[str]:
    return [words(link) for link in tree(page).xpath("//td[contains(@class, 'what')]/a")]


def numbered(brief: Brief, number: int) -> object:
    return brief.headline.model_copy(update={"text": f"Brief {number}"})


def test_the_way_from_the_root_leads_to_the_list(client: TestClient) -> None:
    for address in ("/", "/desk", "/desk/"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["location"]) == (307, "/desk/briefs")


def test_an_empty_list_says_what_to_do(client: TestClient) -> None:
    page = client.get("/desk/briefs").text
    assert "Make the first brief" in of_class(page, "empty")[0]
    assert tree(page).xpath("//a[@href='/desk/new' and contains(@class, 'button')]")


def test_a_search_that_finds_nothing_says_so(client: TestClient, kept: Keep) -> None:
    kept()
    page = client.get("/desk/briefs", params={"text": "Zebra"}).text
    assert "Nothing found" in of_class(page, "empty")[0]


def test_flagged_briefs_come_first_with_their_counts(client: TestClient, kept: Keep) -> None:
    brief = kept()
    kept(id="flagged", status=Status.FLAGGED, headline=numbered(brief, 1))
    kept(id="verified", status=Status.VERIFIED, headline=numbered(brief, 2))
    page = client.get("/desk/briefs").text
    assert headlines(page)[0] == "Brief 1"
    assert "3 briefs" in of_class(page, "tally")[0]
    assert "1 flagged" in of_class(page, "tally")[0]
    newest = client.get("/desk/briefs", params={"order": "newest"}).text
    assert headlines(newest)[0] == "Brief 2"


@pytest.mark.parametrize(
    ("filters", "finds"),
    [
        ({"text": "Fahrgäste"}, True),
        ({"text": "Fahrgäste Zebra"}, False),
        ({"status": "verified"}, False),
        ({"language": "de"}, True),
        ({"language": "en"}, False),
        ({"unit": "EUR", "min": "1,000,000"}, True),
        ({"unit": "EUR", "min": "1e9"}, False),
        ({"unit": "EUR", "max": "1 300 000"}, True),
        ({"published_from": "2020-01-01"}, False),
    ],
    ids=lambda value: "&".join(value) if isinstance(value, dict) else "",
)
def test_filters_narrow_the_list(client: TestClient, kept: Keep, filters: dict[str, str], finds: bool) -> None:
    kept(id="it", status=Status.FLAGGED)
    page = client.get("/desk/briefs", params=filters).text
    assert len(headlines(page)) == int(finds)


@pytest.mark.parametrize(
    "parameters",
    [
        {"min": "viel"},
        {"max": "NaN"},
        {"min": "1e99999"},
        {"published_from": "gestern"},
        {"status": "gone"},
        {"order": "random()"},
        {"cursor": "no cursor"},
    ],
    ids=lambda parameters: "".join(parameters),
)
def test_what_cannot_be_asked_is_said_above_the_form(client: TestClient, parameters: dict[str, str]) -> None:
    answer = client.get("/desk/briefs", params=parameters)
    assert answer.status_code == 422
    assert "D809" in of_class(answer.text, "fault")[0]
    assert title_of(answer.text) == "Briefs"


def test_pages_go_on_where_the_last_one_ended(client: TestClient, kept: Keep) -> None:
    brief = kept(id="x0")
    for number in range(1, 60):
        kept(id=f"x{number}", headline=numbered(brief, number))
    first = client.get("/desk/briefs", params={"order": "newest"}).text
    following = tree(first).xpath("//nav[@aria-label='Pages']/a")[-1].get("href")
    second = client.get(following).text
    assert len(headlines(first)) == 50
    assert len(headlines(second)) == 10
    assert not set(headlines(first)) & set(headlines(second))
    assert tree(second).xpath("//nav[@aria-label='Pages']/a/@href") == ["/desk/briefs?order=newest"]


def test_filters_are_read_and_written() -> None:
    filters = Filters.of({"text": " Öl & Gas ", "min": "1,5", "order": "flagged_first", "unknown": "x"})
    assert filters.suffix == "?text=%C3%96l+%26+Gas&min=1%2C5"
    assert filters.is_narrow
    assert not Filters(order="newest", cursor="x").is_narrow
    query = Filters(published_until="2025-04-30", max="2.5", status="flagged").query()
    assert (query.published_until, query.maximum, query.status) == (date(2025, 4, 30), Decimal("2.5"), Status.FLAGGED)
    with pytest.raises(BadRequest, match="no date"):
        Filters(published_from="2025-02-30").query()
