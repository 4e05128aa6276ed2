"""Briefs over HTTP: the same as those of the command line, in every format, kept, found, read and deleted."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from api.conftest import ENGLISH, GERMAN, TEXT, Connected
from depesche.brief import Brief, Warning_
from depesche.ingest import ingest_bytes
from depesche.pipeline import Pipeline, finish
from depesche.render import render
from depesche.store import Store
from depesche.translation import Status


@pytest.fixture
def store(each_store: Store) -> Store:
    return each_store


def brief_of(text: str, pipeline: Pipeline, name: str = "-") -> dict[str, object]:
    brief = pipeline.brief(ingest_bytes(text.encode(), name=name, format="text"))
    return {**json.loads(render(brief, "json")), "timings": None}


def untimed(answer: httpx.Response) -> dict[str, object]:
    return {**answer.json(), "timings": None}


def test_a_brief_is_the_command_lines_byte_for_byte_but_for_timings(run: Connected, pipeline: Pipeline) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        answer = await client.post("/v1/briefs", params={"name": "a.txt"}, content=GERMAN.encode(), headers=TEXT)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/json"
        expected = brief_of(GERMAN, pipeline, "a.txt")
        own = answer.json()
        again = json.dumps(own, ensure_ascii=False, indent=2) + "\n"
        assert answer.text == again  # laid out as `depesche brief` does
        assert untimed(answer) == expected
        assert list(own) == list(expected)

    run(check)


def test_briefs_made_together_are_those_made_alone(run: Connected, pipeline: Pipeline) -> None:
    texts = [GERMAN, GERMAN.replace("1,5", "2,7"), ENGLISH]

    async def check(client: httpx.AsyncClient) -> None:
        client.app.state.services.batcher._wait = 60.0  # type: ignore[attr-defined]  # longer than anything can stall
        posts = [client.post("/v1/briefs", content=text.encode(), headers=TEXT) for text in texts]
        together = [untimed(answer) for answer in await asyncio.gather(*posts)]
        assert together == [brief_of(text, pipeline) for text in texts]
        called = client.app.state.services.metrics.exposition().decode()  # type: ignore[attr-defined]
        assert "depesche_call_articles_count 2.0" in called  # the warm-up, and the three in one call

    run(check, batch_articles=3)


@pytest.mark.parametrize(
    ("accept", "query", "kind", "begins"),
    [
        ("application/json", "", "application/json", "{"),
        ("text/markdown", "", "text/markdown; charset=utf-8", "# "),
        ("text/html, */*;q=0.1", "", "text/html; charset=utf-8", "<!doctype html>"),
        ("text/plain", "", "text/plain; charset=utf-8", ""),
        ("text/plain", "?format=html", "text/html; charset=utf-8", "<!doctype html>"),
        ("image/png, */*;q=0.5", "", "application/json", "{"),
    ],
)
def test_the_format_is_what_is_asked_for(run: Connected, accept: str, query: str, kind: str, begins: str) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        headers = {**TEXT, "accept": accept}
        answer = await client.post(f"/v1/briefs{query}", content=ENGLISH.encode(), headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
        assert answer.text.lower().startswith(begins)

    run(check)


def test_a_format_that_nobody_can_have_is_refused_before_anything_is_done(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        headers = {**TEXT, "accept": "image/png"}
        answer = await client.post("/v1/briefs", content=ENGLISH.encode(), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (406, "D812")
        assert (await client.get("/v1/briefs")).json()["items"] == []

    run(check)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (ENGLISH, "text/plain; charset=utf-8"),
        (f"# {ENGLISH}", "text/markdown"),
        (f"<html><body><article><p>{ENGLISH}</p></article></body></html>", "text/html"),
        (json.dumps({"title": "Council", "text": ENGLISH}), "application/json"),
    ],
)
def test_an_article_may_come_as_text_markdown_html_or_json(run: Connected, content: str, kind: str) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        answer = await client.post("/v1/briefs", content=content.encode(), headers={"content-type": kind})
        assert answer.status_code == 200, answer.text
        assert "1.5 million euros" in answer.json()["article"]["text"]

    run(check)


def test_an_uploaded_file_keeps_its_name_and_no_folder_of_it(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        answer = await client.post("/v1/briefs", files={"file": ("../../etc/artikel.md", f"# {ENGLISH}")})
        assert answer.status_code == 200, answer.text
        assert answer.json()["article"]["name"] == "artikel.md"
        assert answer.json()["article"]["format"] == "markdown"

    run(check)


def test_a_kept_brief_is_found_read_and_deleted(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        made = await client.post("/v1/briefs", content=ENGLISH.encode(), headers=TEXT)
        place = made.headers["content-location"]
        assert (await client.get(place)).text == made.text
        for query in ("text=schools", "unit=EUR&min=1e6", "status=verified&language=en", "order=flagged_first&limit=1"):
            found = (await client.get(f"/v1/briefs?{query}")).json()["items"]
            assert [one["id"] for one in found] == [made.json()["id"]], query
        assert (await client.get("/v1/briefs?unit=EUR&min=1e9")).json()["items"] == []
        assert (await client.delete(place)).status_code == 204
        assert (await client.get(place)).status_code == 404
        assert (await client.delete(place)).json()["code"] == "D808"

    run(check)


def test_a_brief_that_shall_not_be_kept_is_not(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        made = await client.post("/v1/briefs?store=false", content=ENGLISH.encode(), headers=TEXT)
        assert "content-location" not in made.headers
        assert (await client.get(f"/v1/briefs/{made.json()['id']}")).status_code == 404

    run(check)


def test_a_flagged_brief_fails_a_strict_request_and_is_kept_all_the_same(
    run: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flagged(*args: object) -> Brief:
        warning = Warning_(code="figure_changed", detail="", place="headline")
        return finish(*args).model_copy(update={"status": Status.FLAGGED, "warnings": (warning,)})  # type: ignore[arg-type]

    async def check(client: httpx.AsyncClient) -> None:
        monkeypatch.setattr("depesche.api.briefing.finish", flagged)
        answer = await client.post("/v1/briefs?strict=true", content=ENGLISH.encode(), headers=TEXT)
        assert (answer.status_code, answer.json()["code"]) == (422, "D501")
        assert "figure_changed in headline" in answer.json()["detail"]
        assert (await client.get(f"/v1/briefs/{answer.json()['place']}")).status_code == 200
        lenient = await client.post("/v1/briefs", content=ENGLISH.encode(), headers=TEXT)
        assert (lenient.status_code, lenient.headers["x-brief-status"]) == (200, "flagged")

    run(check)


def test_feedback_is_kept_and_exported(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        made = await client.post("/v1/briefs", content=ENGLISH.encode(), headers=TEXT)
        place = f"/v1/briefs/{made.json()['id']}/feedback"
        given = {"target": "figure", "index": 0, "verdict": "correct", "correction": "€1.5 million", "editor": "jp"}
        answer = await client.post(place, json=given)
        assert answer.status_code == 201, answer.text
        assert given.items() <= answer.json().items()
        assert [one["id"] for one in (await client.get(place)).json()["items"]] == [answer.json()["id"]]
        lines = (await client.get("/v1/feedback")).text.splitlines()
        assert [json.loads(line)["correction"] for line in lines] == ["€1.5 million"]
        assert (await client.post(place, json={**given, "index": 99})).json()["code"] == "D809"
        assert (await client.post(place, content=b"{")).json()["code"] == "D809"

    run(check)


def test_the_stages_answer_on_their_own(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        async def ask(stage: str, text: str) -> dict[str, object]:
            answer = await client.post(f"/v1/{stage}", content=text.encode(), headers=TEXT)
            assert answer.status_code == 200, answer.text
            return answer.json()

        figures = await ask("figures", "Der Umsatz stieg um 4,5 Prozent.")
        assert [(one["value"], one["unit"]) for one in figures["figures"]] == [("4.5", "%")]
        assert (await ask("detect", GERMAN))["language"] == "de"
        quotes = await ask("quotes", ENGLISH)
        assert quotes["quotations"][0]["speaker"] == "mayor Jana Petersen"
        pairs = (await ask("translate", GERMAN))["sentences"]
        assert pairs[0]["german"] == "Stadtrat billigt den Haushalt"
        assert all(pair["english"] for pair in pairs)

    run(check)
