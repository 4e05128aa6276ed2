"""`{"url": …}` as a body: fetched under the guards, off by default, the same brief as that of the page's bytes."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from api.conftest import ENGLISH, Connected
from depesche.fetch import Fetcher
from fetch.local_site import Page, Site, fetcher_for, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        paragraphs = "".join(f"<p>{one}</p>" for one in ENGLISH.split("\n\n")[1:])
        site.pages["/a"] = Page(
            f"<html lang='en'><body><article><h1>Council</h1>{paragraphs}</article></body></html>".encode()
        )
        yield site


def let(client: httpx.AsyncClient, fetcher: Fetcher) -> None:
    client.app.state.services.fetcher = fetcher  # type: ignore[attr-defined]


def test_the_brief_is_that_of_the_page(run: Connected, site: Site) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        let(client, fetcher_for(site))
        answer = await client.post("/v1/briefs", json={"url": site.url("/a")})
        assert answer.status_code == 200, answer.text
        page = {"content": site.pages["/a"].body, "headers": {"content-type": "text/html"}}  # type: ignore[union-attr]
        sent = await client.post("/v1/briefs", params={"name": site.url("/a")}, **page)
        assert {**answer.json(), "timings": None} == {**sent.json(), "timings": None}
        named = await client.post("/v1/briefs", params={"name": "budget"}, json={"url": site.url("/a")})
        assert named.json()["article"]["name"] == "budget"

    run(check)


def test_fetching_is_off_by_default(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        answer = await client.post("/v1/briefs", json={"url": "https://zeitung.example/"})
        assert (answer.status_code, answer.json()["code"]) == (403, "DA01")

    run(check)


def test_what_cannot_be_fetched_is_a_problem_document(run: Connected, site: Site) -> None:
    site.pages["/bild"] = Page(b"x", "image/png")
    site.pages["/fort"] = Page(status=302, headers={"Location": "http://127.0.0.1:1/"})

    async def check(client: httpx.AsyncClient) -> None:
        let(client, fetcher_for(site, max_bytes=1_000_000))
        for url, status, code in (
            (site.url("/weg"), 502, "DA04"),
            (site.url("/bild"), 502, "DA04"),
            (site.url("/fort"), 422, "DA02"),
            ("http://169.254.169.254/latest/meta-data/", 422, "DA02"),
            ("file:///etc/passwd", 422, "DA02"),
            ("", 422, "DA02"),
        ):
            answer = await client.post("/v1/briefs", json={"url": url})
            assert (answer.status_code, answer.json()["code"]) == (status, code), url

    run(check)


def test_an_article_with_a_url_is_an_article(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        answer = await client.post("/v1/briefs", json={"url": "https://zeitung.example/", "text": ENGLISH})
        assert answer.status_code == 200
        for wrong in ({"url": 7}, {"url": None}, {"url": "https://zeitung.example/", "title": "no text"}):
            answer = await client.post("/v1/briefs", json=wrong)
            assert (answer.status_code, answer.json()["code"]) == (400, "D107")

    run(check)
