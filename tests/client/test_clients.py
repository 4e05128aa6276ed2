"""Both clients against a real server: the same methods, the same values."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from client.conftest import ARTICLE, Running
from depesche.client import AsyncClient, Client, Patience
from depesche.config import Config
from depesche.errors import (
    DepescheError,
    Forbidden,
    NotAnArticle,
    NotFound,
    Unauthorized,
    Unreachable,
)
from depesche.pipeline import Pipeline
from depesche.store import open_store


def test_a_brief_is_made_stored_found_read_and_deleted(client: Client, article_file: Path) -> None:
    brief = client.brief_file(article_file)
    assert brief.article.name == "council.txt"
    assert brief.headline.text
    [found] = client.find_briefs("Rosenau", unit="EUR", min="1e6")
    assert (found.id, found.status, found.figures) == (brief.id, brief.status, len(brief.figures))
    assert client.get_brief(brief.id) == brief
    assert client.render_brief(brief.id, "md").startswith("# ")
    client.delete_brief(brief.id)
    with pytest.raises(NotFound) as raised:
        client.get_brief(brief.id)
    assert raised.value.status == 404
    assert raised.value.request_id


def test_all_pages_are_gone_through(client: Client) -> None:
    made = {client.brief(ARTICLE.replace("Rosenau", f"Rosenau-{n}")).id for n in range(5)}
    found = [one.id for one in client.find_briefs(limit=2)]
    assert len(found) == len(set(found)) == 5
    assert set(found) == made


def test_a_request_with_the_same_key_is_answered_once(client: Client) -> None:
    first = client.brief(ARTICLE, idempotency_key="k-1", store=False)
    assert client.brief(ARTICLE, idempotency_key="k-1", store=False).timings == first.timings


def test_the_stages(client: Client) -> None:
    figures = client.figures("Der Umsatz stieg um knapp 3,5 Prozent auf 1,2 Mrd. Euro.")
    assert [(one.kind, one.value, one.unit, one.modifier) for one in figures.figures] == [
        ("percent", "3.5", "%", "almost"),
        ("money", "1200000000", "EUR", None),
    ]
    assert figures.text[figures.figures[1].span.start : figures.figures[1].span.end] == "1,2 Mrd. Euro"
    assert client.detect(ARTICLE).language == "en"
    assert client.quotes(ARTICLE).quotations[0].speaker
    assert client.translate(ARTICLE).sentences[0].english == "Council approves the budget"


def test_feedback(client: Client) -> None:
    brief = client.brief(ARTICLE)
    given = client.give_feedback(brief.id, "claim", 0, "correct", correction="Better", editor="jp")
    assert client.feedback(brief.id) == (given,)


def test_what_there_is(client: Client) -> None:
    assert {one.role for one in client.models().used} == {"translate", "summarize"}
    assert client.schema()["title"] == "Brief"
    assert client.is_live()


def test_a_record_and_what_is_no_article(client: Client) -> None:
    record = {"title": "Council approves the budget", "text": ARTICLE, "url": "https://news.example/budget"}
    assert client.brief(record, store=False).article.url == "https://news.example/budget"
    with pytest.raises(NotAnArticle) as raised:
        client.brief("Too short.", name="short.txt")
    assert (raised.value.status, raised.value.place) == (422, "short.txt")


def test_both_clients_have_the_same_methods_with_the_same_parameters() -> None:
    def methods(kind: type) -> dict[str, Any]:
        public = {name: value for name, value in vars(kind).items() if not name.startswith("_") and callable(value)}
        return {name.removeprefix("a"): inspect.signature(value).parameters for name, value in public.items()}

    plain, awaited = methods(Client), methods(AsyncClient)
    assert plain.keys() == awaited.keys()
    for name in plain.keys() - {"send", "close"}:
        assert plain[name] == awaited[name], name


def test_both_clients_get_the_same_values(client: Client, running: Running) -> None:
    brief = client.brief(ARTICLE)
    calls: list[Callable[[Any], Any]] = [
        lambda one: one.get_brief(brief.id),
        lambda one: one.figures(ARTICLE),
        lambda one: one.quotes(ARTICLE),
        lambda one: one.detect(ARTICLE),
        lambda one: one.translate(ARTICLE),
        lambda one: one.brief_page("Rosenau"),
        lambda one: one.models(),
        lambda one: one.schema(),
        lambda one: one.feedback(brief.id),
        lambda one: one.render_brief(brief.id, "text"),
        lambda one: one.is_live(),
        lambda one: one.check_ready(),
    ]

    async def awaited() -> tuple[list[Any], list[str]]:
        async with AsyncClient(running.url) as other:
            values = [await call(other) for call in calls]
            return values, [one.id async for one in other.find_briefs(limit=1)]

    values, ids = anyio.run(awaited)
    assert values == [call(client) for call in calls]
    assert ids == [one.id for one in client.find_briefs(limit=1)]


def test_keys_scopes_and_where_they_come_from(
    settings: Callable[..., Config], pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = settings(keys="required")
    with open_store(config.store.url) as store:
        _, secret = store.keys.add("reader", ["read"])
    with Running(config, pipeline) as server:
        with Client(server.url) as anonymous, pytest.raises(Unauthorized):
            anonymous.brief_page()
        monkeypatch.setenv("DEPESCHE_API_KEY", secret)
        monkeypatch.setenv("DEPESCHE_URL", server.url)
        with Client() as reader:
            assert reader.brief_page().items == ()
            with pytest.raises(Forbidden):
                reader.brief(ARTICLE)


def test_nobody_there_is_an_error_of_ours() -> None:
    patience = Patience(attempts=2, first=0.01)
    with Client("http://127.0.0.1:9", patience=patience) as client, pytest.raises(Unreachable) as raised:
        client.is_live()
    assert isinstance(raised.value, DepescheError)


def test_importing_the_client_loads_neither_models_nor_the_service() -> None:
    heavy = ["fastapi", "uvicorn", "sqlalchemy", "alembic", "ctranslate2", "xllamacpp", "sentencepiece", "trafilatura"]
    code = f"import sys, depesche.client; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
