"""Every refusal is a problem document with a code of ours, whatever was sent; and no input is a bug of the service."""

from __future__ import annotations

import json

import httpx
import pytest

from api.conftest import ENGLISH, TEXT, Connected
from depesche import errors
from depesche.api.problems import status_of


def check_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"urn:depesche:error:{code}"
    assert problem["status"] == status
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert problem["title"]
    assert problem["detail"]


JSON = {"content-type": "application/json"}
DEEP = b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
BODIES = [
    (b"", TEXT, 422, "D101"),
    (b"zu kurz", TEXT, 422, "D105"),
    (b"Die K\xc3\xbche ist f\xc3\xbcr S\xc3\xb6hne und T\xc3\xb6chter zu. " * 9 + b"sch\xc3 ", TEXT, 422, "D106"),
    (b"%PDF-1.7 ...", TEXT, 415, "D103"),
    (b"\x00" * 5_000, TEXT, 415, "D103"),
    (b'{"text": "abc', JSON, 400, "D107"),
    (b"[1]", JSON, 400, "D107"),
    (b'{"text": {"a": 1}}', JSON, 400, "D107"),
    (DEEP, JSON, 400, "D107"),
    (b'{"text": ' + b"9" * 100_000 + b"}", JSON, 400, "D107"),
    (b'{"text": "a", "text": 1e999}', JSON, 400, "D107"),
    (b"a" * 1_500_000, TEXT, 413, "D104"),
    (b"<p>kurz</p>", {"content-type": "text/html"}, 422, "D105"),
    (b"x=1", {"content-type": "application/x-www-form-urlencoded"}, 415, "D807"),
    (ENGLISH.encode(), {"content-type": "application/octet-stream"}, 415, "D807"),
    (ENGLISH.encode(), {"content-type": "text/plain\x7f; =;"}, 415, "D807"),
    (b"--x\r\n", {"content-type": "multipart/form-data; boundary=x"}, 422, "D809"),
    (b"nothing", {"content-type": "multipart/form-data"}, 422, "D809"),
]


@pytest.mark.parametrize("path", ["/v1/briefs", "/v1/translate"])
def test_a_body_that_is_no_article_is_a_coded_error(run: Connected, path: str) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        for body, headers, status, code in BODIES:
            answer = await client.post(path, content=body, headers=headers)
            check_problem(answer, status, code)

    run(check)


def test_characters_that_are_none_do_not_get_into_a_brief(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        for character in ("\x00", "\ud800"):
            article = json.dumps({"text": ENGLISH.replace("Tuesday", f"Tues{character}day")})
            answer = await client.post("/v1/briefs", content=article, headers=JSON)
            assert answer.status_code == 200, answer.text
            assert character not in answer.json()["article"]["text"]

    run(check)


def test_ten_megabytes_in_a_line_are_refused_by_their_announcement_and_by_counting(run: Connected) -> None:
    async def pieces():
        for _ in range(200):
            yield b"a" * 50_000

    async def check(client: httpx.AsyncClient) -> None:
        announced = await client.post("/v1/briefs", content=b"a" * 10_000_000, headers=TEXT)
        check_problem(announced, 413, "D806")
        counted = await client.post("/v1/briefs", content=pieces(), headers=TEXT)
        check_problem(counted, 413, "D806")
        form = await client.post("/v1/briefs", files={"file": ("a.txt", b"a" * 10_000_000)})
        check_problem(form, 413, "D806")
        feedback = await client.post(f"/v1/briefs/{'0' * 32}/feedback", content=pieces(), headers=JSON)
        check_problem(feedback, 413, "D806")

    run(check)


def test_what_is_not_there_and_methods_that_are_not(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        check_problem(await client.get("/nothing"), 404, "D808")
        check_problem(await client.get("/v1/briefs/"), 404, "D808")
        check_problem(await client.get("/%00%ff"), 404, "D808")
        check_problem(await client.get(f"/v1/briefs/{'0' * 32}"), 404, "D808")
        check_problem(await client.get("/v1/briefs/ABC"), 422, "D809")
        for path, allow in (
            ("/v1/briefs", "GET, HEAD, POST"),
            (f"/v1/briefs/{'0' * 32}", "DELETE, GET, HEAD"),
            ("/v1/detect", "POST"),
            ("/livez", "GET, HEAD"),
        ):
            answer = await client.put(path)
            check_problem(answer, 405, "D814")
            assert answer.headers["allow"] == allow

    run(check)


def test_a_wrong_parameter_is_named_and_not_repeated(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        for query in (
            "limit=0",
            "limit=1e99",
            "min=NaN",
            "max=1e999999999",
            "min=" + "9" * 5_000,
            "status=secretive",
            "created_from=9999999999999999999999",
            "text=%00",
            "cursor=secretive",
            "kind=secretive",
        ):
            answer = await client.get(f"/v1/briefs?{query}")
            check_problem(answer, 422, "D809")
            assert "secretive" not in answer.text
            assert query.partition("=")[0] in answer.json()["place"]

    run(check)


def test_head_answers_where_get_does_without_a_body(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        for path in ("/livez", "/readyz", "/metrics", "/v1/briefs", "/v1/models", "/openapi.json", "/docs", "/nothing"):
            head, get = await client.head(path), await client.get(path)
            assert (head.status_code, head.content) == (get.status_code, b""), path
            assert head.headers["content-type"] == get.headers["content-type"], path
        assert (await client.head("/v1/detect")).status_code == 405

    run(check)


def test_a_bug_is_answered_without_a_trace_of_itself(run: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("Geheimnis aus dem Artikel")

    async def check(client: httpx.AsyncClient) -> None:
        monkeypatch.setattr("depesche.api.briefing.read_checked", broken)
        answer = await client.post("/v1/briefs", content=ENGLISH.encode(), headers=TEXT)
        check_problem(answer, 500, "D708")
        assert "Geheimnis" not in answer.text
        assert "KeyError" not in answer.text
        assert client.app.state.services.batcher.places.taken == 0  # type: ignore[attr-defined]

    run(check)


def test_a_request_that_takes_too_long_gets_504_and_its_place_is_free(
    run: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        services = client.app.state.services  # type: ignore[attr-defined]
        monkeypatch.setattr(services.batcher, "_begin", lambda work: False)  # models that never begin
        answer = await client.post("/v1/briefs", content=ENGLISH.encode(), headers=TEXT)
        check_problem(answer, 504, "D805")
        assert services.batcher.places.taken == 0

    run(check, deadline_seconds=0.5)


def test_every_code_has_a_status() -> None:
    def all_of(kind: type[errors.DepescheError]) -> list[type[errors.DepescheError]]:
        return [kind, *(one for sub in kind.__subclasses__() for one in all_of(sub))]

    for kind in all_of(errors.ServiceError):
        assert status_of(kind.code) != 500 or kind is errors.ServiceError, kind
    assert status_of("D309") == 413
    assert status_of("D202") == 422
    assert status_of("D302") == 503


def test_an_answer_is_a_problem_document_as_its_schema_says(run: Connected) -> None:
    import jsonschema

    async def check(client: httpx.AsyncClient) -> None:
        schema = (await client.get("/openapi.json")).json()["components"]["schemas"]["Problem"]
        problem = await client.post("/v1/briefs", content=b"kurz", headers=TEXT)
        jsonschema.validate(json.loads(problem.text), schema)

    run(check)
