from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from depesche.brief import Brief
from depesche.store import Feedback, Store
from desk.parsed import fields_of, of_class, title_of, tree, words

Keep = Callable[..., Brief]
CLAIM = "/desk/briefs/it/review/claim/0"


@pytest.fixture
def brief(kept: Keep) -> Brief:
    return kept(id="it")


def send(client: TestClient, address: str, **given: str) -> object:
    return client.post(address, data=fields_of(client.get(address).text, address) | given)


def verdicts(store: Store) -> list[tuple[str, int, str, str | None, str | None]]:
    return [
        (one.feedback.target, one.feedback.index, one.feedback.verdict, one.feedback.correction, one.feedback.editor)
        for one in store.feedback.of("it")
    ]


@pytest.mark.parametrize("part", ["figure/0", "sentence/1", "claim/1", "quotation/0"])
def test_each_part_can_be_accepted(client: TestClient, brief: Brief, desk_store: Store, part: str) -> None:
    address = f"/desk/briefs/it/review/{part}"
    answer = send(client, address, verdict="accept", editor="Anna Berg")
    assert answer.status_code == 303
    target, index = part.split("/")
    assert verdicts(desk_store) == [(target, int(index), "accept", None, "Anna Berg")]
    page = client.get(answer.headers["location"]).text
    assert "accepted" in of_class(page, "saved")[0]
    anchor = answer.headers["location"].partition("#")[2]
    assert tree(page).get_element_by_id(anchor) is not None


def test_a_figure_is_accepted_with_one_press_on_the_brief_itself(
    client: TestClient, brief: Brief, desk_store: Store
) -> None:
    page = client.get("/desk/briefs/it").text
    address = "/desk/briefs/it/review/figure/0"
    client.post(address, data=fields_of(page, address) | {"verdict": "accept"})
    assert verdicts(desk_store) == [("figure", 0, "accept", None, None)]
    row = words(tree(client.get("/desk/briefs/it").text).xpath("//table[contains(@class, 'figures')]/tbody/tr")[0])
    assert "Accepted" in row


def test_a_correction_is_kept_and_shown_with_its_note(client: TestClient, brief: Brief) -> None:
    send(client, CLAIM, verdict="correct", correction="Langenau has its ferry back", note="wording", editor="Ben")
    history = of_class(client.get(CLAIM).text, "history")[0]
    assert "Corrected by Ben" in history
    assert "Langenau has its ferry back" in history
    assert "wording" in history


def test_a_new_word_replaces_the_old_one_and_keeps_it_in_the_history(client: TestClient, brief: Brief) -> None:
    send(client, CLAIM, verdict="accept", editor="Anna")
    send(client, CLAIM, verdict="reject", editor="Ben")
    page = tree(client.get(CLAIM).text)
    entries = [words(one) for one in page.xpath("//ol[@class='history']/li")]
    assert len(entries) == 2
    assert entries[0].startswith("Accepted by Anna")
    assert entries[0].endswith("replaced")
    assert entries[1].startswith("Rejected by Ben")
    assert "Rejected" in words(tree(client.get("/desk/briefs/it").text).find_class("underline")[0])


def test_a_word_can_be_taken_back(client: TestClient, brief: Brief, desk_store: Store) -> None:
    send(client, CLAIM, verdict="reject")
    send(client, CLAIM, verdict="withdraw")
    assert [one[2] for one in verdicts(desk_store)] == ["reject", "withdraw"]
    assert not of_class(client.get("/desk/briefs/it").text, "reject")
    assert "Taken back" in of_class(client.get(CLAIM).text, "history")[0]


def test_nobody_replaces_a_word_unseen(client: TestClient, brief: Brief, desk_store: Store) -> None:
    seen = fields_of(client.get(CLAIM).text, CLAIM)
    desk_store.feedback.add(Feedback("it", "claim", 0, "reject", note="meanwhile", editor="Ben"))
    mine = {"verdict": "correct", "correction": "My wording", "note": "mine"}
    answer = client.post(CLAIM, data=seen | mine)
    assert answer.status_code == 409
    assert "D818" in of_class(answer.text, "fault")[0]
    assert "Rejected by Ben" in of_class(answer.text, "history")[0]
    again = fields_of(answer.text, CLAIM)
    assert again["correction"].strip() == "My wording"
    assert again["note"].strip() == "mine"
    assert again["verdict"] == "correct"
    assert client.post(CLAIM, data=again).status_code == 303
    assert [one[2] for one in verdicts(desk_store)] == ["reject", "correct"]


@pytest.mark.parametrize(
    "given",
    [
        {"verdict": ""},
        {"verdict": "praise"},
        {"verdict": "correct", "correction": "  "},
        {"verdict": "correct", "correction": "Ferry to Langenau is running again"},
        {"verdict": "correct", "correction": "x" * 5_000},
        {"verdict": "accept", "after": "-1"},
        {"verdict": "accept", "after": "⁷"},
        {"verdict": "accept", "after": "9" * 30},
    ],
    ids=str,
)
def test_a_form_that_says_nothing_sensible_is_shown_again(
    client: TestClient, brief: Brief, desk_store: Store, given: dict[str, str]
) -> None:
    answer = send(client, CLAIM, **given)
    assert answer.status_code == 422
    assert title_of(answer.text) == "Headline"
    assert verdicts(desk_store) == []


@pytest.mark.parametrize("token", ["", "0" * 64, "ü"])
def test_a_form_without_our_token_changes_nothing(
    client: TestClient, brief: Brief, desk_store: Store, token: str
) -> None:
    answer = send(client, CLAIM, verdict="accept", token=token)
    assert answer.status_code == 403
    assert verdicts(desk_store) == []


def test_a_token_of_another_visitor_changes_nothing(
    client: TestClient, app: object, brief: Brief, desk_store: Store
) -> None:
    stranger = TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False)  # type: ignore[arg-type]
    theirs = fields_of(stranger.get(CLAIM).text, CLAIM)
    client.get(CLAIM)
    assert client.post(CLAIM, data=theirs | {"verdict": "accept"}).status_code == 403
    assert verdicts(desk_store) == []


def test_a_page_of_another_origin_changes_nothing(client: TestClient, brief: Brief, desk_store: Store) -> None:
    fields = fields_of(client.get(CLAIM).text, CLAIM) | {"verdict": "accept"}
    answer = client.post(CLAIM, data=fields, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert verdicts(desk_store) == []


@pytest.mark.parametrize("part", ["figure/99", "claim/-1", "author/0", "claim/99999999999999999999"])
def test_a_part_that_is_not_there_is_not_found(client: TestClient, brief: Brief, part: str) -> None:
    assert client.get(f"/desk/briefs/it/review/{part}").status_code == 404


def test_the_editors_name_is_remembered(client: TestClient, brief: Brief) -> None:
    send(client, CLAIM, verdict="accept", editor="  Änne\n Ott ")
    name = tree(client.get("/desk/briefs/it/review/sentence/0").text).get_element_by_id("editor")
    assert name.get("value") == "Änne Ott"


def test_the_list_the_editor_came_from_stays_known(client: TestClient, brief: Brief) -> None:
    address = f"{CLAIM}?status=flagged"
    answer = send(client, address, verdict="accept")
    assert answer.headers["location"].startswith("/desk/briefs/it?status=flagged&saved=")
