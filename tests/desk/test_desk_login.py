import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from depesche.api.security import SESSION_COOKIE
from depesche.brief import Brief
from depesche.config import Config, load_config
from depesche.store import Scope, Store
from desk.parsed import fields_of, of_class, title_of, tree

LOGIN = "/desk/login"


@pytest.fixture
def config() -> Config:
    return load_config(summarize={"model": "extractive"}, serve={"keys": "required"})


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False)


def key(store: Store, *scopes: Scope, name: str = "Anna Berg") -> str:
    return store.keys.add(name, scopes or ("read", "brief", "edit"))[1]


def log_in(client: TestClient, secret: str, goal: str = "/desk/briefs") -> object:
    page = client.get(LOGIN, params={"next": goal}).text
    return client.post(LOGIN, data=fields_of(page, LOGIN) | {"key": secret})


def test_without_a_session_every_page_leads_to_the_login(client: TestClient) -> None:
    for address in ("/desk/briefs?text=a", "/desk/new", "/desk/briefs/x", "/desk/briefs/x/review/claim/0"):
        answer = client.get(address)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"{LOGIN}?next=%2Fdesk%2F")


def test_a_key_begins_a_session_and_leads_on(client: TestClient, desk_store: Store) -> None:
    answer = log_in(client, key(desk_store), "/desk/new")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/new")
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(SESSION_COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie
    assert "dep_" not in cookie
    assert client.get("/desk/new").status_code == 200


def test_over_tls_cookies_are_for_tls_only(app: FastAPI, desk_store: Store) -> None:
    client = TestClient(app, base_url="https://127.0.0.1:8000", follow_redirects=False)
    answer = log_in(client, key(desk_store))
    assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie"))


@pytest.mark.parametrize("secret", ["", "dep_aaaaaaaa_" + "a" * 43, "<script>alert(1)</script>"])
def test_a_wrong_key_says_so_and_is_not_repeated(client: TestClient, secret: str) -> None:
    answer = log_in(client, secret)
    assert answer.status_code == 401
    assert "D801" in of_class(answer.text, "fault")[0]
    assert not secret or secret not in answer.text


def test_an_address_of_many_wrong_keys_has_to_wait(app: FastAPI, client: TestClient, desk_store: Store) -> None:
    app.state.services.failures._clock = lambda: 0.0
    answers = [log_in(client, "dep_aaaaaaaa_" + "a" * 43).status_code for _ in range(40)]
    assert set(answers) == {401, 429}
    assert log_in(client, key(desk_store)).status_code == 429


def test_a_revoked_key_ends_its_sessions(client: TestClient, desk_store: Store) -> None:
    log_in(client, key(desk_store))
    desk_store.keys.revoke("Anna Berg")
    assert client.get("/desk/briefs").status_code == 303


def test_logging_out_ends_the_session_in_the_store_too(client: TestClient, desk_store: Store) -> None:
    log_in(client, key(desk_store))
    token = client.cookies[SESSION_COOKIE]
    page = client.get("/desk/briefs").text
    answer = client.post("/desk/logout", data=fields_of(page, "/desk/logout"))
    assert answer.headers["location"] == LOGIN
    assert desk_store.sessions.get(token) is None
    assert client.get("/desk/briefs").status_code == 303


def test_logging_out_needs_the_token(client: TestClient, desk_store: Store) -> None:
    log_in(client, key(desk_store))
    assert client.post("/desk/logout", data={"token": "x"}).status_code == 403
    assert client.get("/desk/briefs").status_code == 200


def test_the_key_names_the_editor(client: TestClient, desk_store: Store, kept: object) -> None:
    brief: Brief = kept(id="it")  # type: ignore[operator]
    log_in(client, key(desk_store))
    address = "/desk/briefs/it/review/claim/0"
    form = fields_of(client.get(address).text, address)
    assert "editor" not in form
    client.post(address, data=form | {"verdict": "accept", "editor": "Somebody else"})
    assert [one.feedback.editor for one in desk_store.feedback.of(brief.id)] == ["Anna Berg"]


def test_a_key_that_may_only_read_gets_no_forms(client: TestClient, desk_store: Store, kept: object) -> None:
    kept(id="it")  # type: ignore[operator]
    log_in(client, key(desk_store, "read"))
    page = tree(client.get("/desk/briefs/it").text)
    assert [form.get("action") for form in page.forms] == ["/desk/logout"]
    assert not page.xpath("//nav//a[@href='/desk/new']")
    answer = client.get("/desk/new")
    assert answer.status_code == 403
    assert title_of(answer.text) == "Forbidden"
    review = client.get("/desk/briefs/it/review/claim/0").text
    assert [form.get("action") for form in tree(review).forms] == ["/desk/logout"]
    token = fields_of(review, "/desk/logout")["token"]
    answer = client.post("/desk/briefs/it/review/claim/0", data={"token": token, "verdict": "accept", "after": "0"})
    assert answer.status_code == 403
    assert desk_store.feedback.of("it") == []


def test_a_form_sent_without_a_session_is_a_page_with_the_way_to_the_login(client: TestClient) -> None:
    answer = client.post("/desk/new", data={"text": "x"})
    assert answer.status_code == 401
    assert tree(answer.text).xpath("//main//a/@href") == [LOGIN]


def test_help_and_static_files_are_for_everybody(client: TestClient) -> None:
    answer = client.get("/desk/help")
    assert answer.status_code == 200
    assert client.get(tree(answer.text).xpath("//script/@src")[0]).status_code == 200
