import json
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from depesche.api.services import Services, State
from depesche.store import BriefQuery, Store
from desk.parsed import fields_of, of_class, title_of, tree

ENGLISH = """Council approves the budget of Rosenau

The city council of Rosenau approved the budget for the coming year on Tuesday. It provides for spending of about 1.5
million euros, which is 4 percent more than in the year before. "We are investing above all in our schools," said mayor
Jana Petersen after the meeting. The property tax remains unchanged.
"""


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    services: Services = app.state.services
    services.batcher.start()
    yield TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False)
    services.batcher.close(10)
    services.pipeline.close()


def form(client: TestClient) -> dict[str, str]:
    fields = fields_of(client.get("/desk/new").text, "/desk/new")
    return {name: value for name, value in fields.items() if name != "file"}


def test_a_pasted_article_becomes_a_stored_brief(client: TestClient, desk_store: Store) -> None:
    answer = client.post("/desk/new", data=form(client) | {"text": ENGLISH}, files={})
    assert answer.status_code == 303
    page = client.get(answer.headers["location"]).text
    assert "Council approves" in title_of(page)
    stored = desk_store.briefs.get(answer.headers["location"].rpartition("/")[2])
    assert stored is not None
    assert stored.brief.article.name == "pasted text"


def test_a_file_keeps_its_name(client: TestClient, desk_store: Store) -> None:
    files = {"file": ("C:\\texts\\budget.txt", ENGLISH.encode(), "text/plain")}
    answer = client.post("/desk/new", data=form(client), files=files)
    stored = desk_store.briefs.get(answer.headers["location"].rpartition("/")[2])
    assert stored is not None
    assert stored.brief.article.name == "budget.txt"


def test_the_stages_are_told_one_by_one(client: TestClient) -> None:
    answer = client.post("/desk/new", data=form(client) | {"text": ENGLISH}, headers={"accept": "application/x-ndjson"})
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    order = ["read", "wait", "translate", "summarize", "verify"]
    steps = [order.index(line["step"]) for line in lines[:-1]]
    assert steps == sorted(steps)
    assert client.get(lines[-1]["page"]).status_code == 200


@pytest.mark.parametrize(
    ("text", "code", "status"),
    [("", "D809", 422), ("Too short.", "D105", 422), ("Das ist kein Artikel. " * 3, "D105", 422)],
)
def test_a_failure_comes_with_code_and_remedy_and_keeps_the_text(
    client: TestClient, desk_store: Store, text: str, code: str, status: int
) -> None:
    answer = client.post("/desk/new", data=form(client) | {"text": text})
    assert answer.status_code == status
    assert code in of_class(answer.text, "fault")[0]
    assert tree(answer.text).get_element_by_id("article").text_content().strip() == text.strip()
    streamed = client.post("/desk/new", data=form(client) | {"text": text}, headers={"accept": "application/x-ndjson"})
    assert json.loads(streamed.text.splitlines()[-1])["fault"]["code"] == code
    assert not desk_store.briefs.tally(BriefQuery())


def test_text_and_file_at_once_are_refused(client: TestClient) -> None:
    answer = client.post(
        "/desk/new", data=form(client) | {"text": ENGLISH}, files={"file": ("a.txt", ENGLISH.encode())}
    )
    assert answer.status_code == 422
    assert "more than one article" in of_class(answer.text, "fault")[0]


def test_addresses_are_not_asked_for_nor_fetched_unless_that_is_on(client: TestClient) -> None:
    assert not tree(client.get("/desk/new").text).xpath("//input[@name='url']")
    answer = client.post("/desk/new", data=form(client) | {"url": "https://zeitung.example/a"})
    assert answer.status_code == 403
    assert "DA01" in of_class(answer.text, "fault")[0]


def test_a_service_that_is_not_ready_says_so(client: TestClient, app: FastAPI) -> None:
    fields = form(client) | {"text": ENGLISH}
    app.state.services.state = State.LOADING
    answer = client.post("/desk/new", data=fields)
    assert answer.status_code == 503
    assert "D810" in of_class(answer.text, "fault")[0]


def test_a_form_that_is_too_large_is_refused(client: TestClient, app: FastAPI) -> None:
    answer = client.post("/desk/new", data=form(client) | {"text": "x" * 2_100_000})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{}", "application/json", 415),
        (b"--x\r\nnothing", "multipart/form-data", 422),
        (b"--x\r\nnothing", "multipart/form-data; boundary=x", 403),
        (b"text=%FF%FE&token=%80", "application/x-www-form-urlencoded", 403),
        (b"&".join(b"a%d=1" % n for n in range(50)), "application/x-www-form-urlencoded", 422),
    ],
    ids=["json", "no boundary", "broken", "not UTF-8", "many fields"],
)
def test_what_is_no_form_is_refused(client: TestClient, body: bytes, content_type: str, status: int) -> None:
    answer = client.post("/desk/new", content=body, headers={"content-type": content_type})
    assert answer.status_code == status


def test_an_article_in_html_source_is_text_to_the_page(client: TestClient) -> None:
    hostile = "</textarea><script>alert(1)</script>\n\n  zwei"
    page = client.post("/desk/new", data=form(client) | {"text": hostile}).text
    assert tree(page).get_element_by_id("article").text_content().removeprefix("\n") == hostile
    assert "<script>alert" not in page
