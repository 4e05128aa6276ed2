"""`Idempotency-Key`: a request sent twice is carried out once, also across a restart."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from api.conftest import ENGLISH, TEXT, Connected
from depesche.store import Store

KEY = {**TEXT, "idempotency-key": "wire-4711"}


@pytest.fixture
def store(each_store: Store) -> Store:
    return each_store


def test_the_same_request_gets_the_same_answer_also_after_a_restart(run: Connected) -> None:
    async def make(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post("/v1/briefs", content=ENGLISH.encode(), headers=KEY)

    first, again = run(make), run(make)
    assert first.status_code == again.status_code == 200
    assert again.content == first.content  # the timings too: nothing was made anew
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    for name in ("content-type", "content-location", "x-brief-id"):
        assert again.headers[name] == first.headers[name]


@pytest.mark.parametrize(
    ("query", "text"), [("", ENGLISH.replace("Tuesday", "Wednesday")), ("?format=md", ENGLISH), ("?name=b", ENGLISH)]
)
def test_another_request_under_the_same_key_is_refused(run: Connected, query: str, text: str) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        await client.post("/v1/briefs", content=ENGLISH.encode(), headers=KEY)
        answer = await client.post(f"/v1/briefs{query}", content=text.encode(), headers=KEY)
        assert (answer.status_code, answer.json()["code"]) == (409, "D811")
        assert "retry-after" not in answer.headers

    run(check)


def test_a_request_that_is_being_answered_is_not_begun_again(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        services = client.app.state.services  # type: ignore[attr-defined]
        services.batcher._wait = 60.0  # it waits for company until the second has its answer
        first = asyncio.create_task(client.post("/v1/briefs", content=ENGLISH.encode(), headers=KEY))
        async with asyncio.timeout(30):
            while not services.batcher.places.taken:
                await asyncio.sleep(0.001)
        second = await client.post("/v1/briefs", content=ENGLISH.encode(), headers=KEY)
        assert (second.status_code, second.json()["code"]) == (409, "D811")
        assert int(second.headers["retry-after"]) >= 1
        with services.batcher._changed:
            services.batcher._wait = 0.0
            services.batcher._changed.notify_all()
        assert (await first).status_code == 200

    run(check)


def test_a_request_that_failed_may_be_sent_again(run: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise KeyError("a bug")

    async def check(client: httpx.AsyncClient) -> None:
        with monkeypatch.context() as patch:
            patch.setattr("depesche.api.briefing.read_checked", broken)
            assert (await client.post("/v1/briefs", content=ENGLISH.encode(), headers=KEY)).status_code == 500
        assert (await client.post("/v1/briefs", content=ENGLISH.encode(), headers=KEY)).status_code == 200

    run(check)


def test_a_key_that_is_none_is_refused(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        for key in ("", "x" * 300):
            answer = await client.post("/v1/briefs", content=ENGLISH.encode(), headers={**TEXT, "idempotency-key": key})
            assert (answer.status_code, answer.json()["code"]) == (422, "D809")

    run(check)
