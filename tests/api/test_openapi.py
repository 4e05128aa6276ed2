"""The OpenAPI document is true: what it says of answers is what comes, and its examples are real runs."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema
import pytest
from benchmarks.record_examples import record

from api.conftest import Connected
from depesche.api.openapi import recorded_runs


def shape_of(value: Any) -> Any:
    """Return what names and types a document has; of a list, that of its first item."""
    if isinstance(value, dict):
        return {name: shape_of(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shape_of(item) for item in value[:1]]
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def test_a_live_run_answers_as_the_examples_do_and_as_the_schemas_say(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        document = (await client.get("/openapi.json")).json()
        live = await record(client)
        assert set(live) == set(recorded_runs())
        for path, methods in document["paths"].items():
            for operation in methods.values():
                name = operation["operationId"]
                if name not in live:
                    continue
                one, recorded = live[name], recorded_runs()[name]
                assert (one["status"], one["answer_type"]) == (recorded["status"], recorded["answer_type"]), path
                answer = operation["responses"][str(one["status"])]["content"][one["answer_type"]]
                assert shape_of(recorded["answer"]) == shape_of(answer["example"]), name
                same = shape_of(one["answer"]) == shape_of(recorded["answer"])
                assert same, f"{name} has changed: python benchmarks/record_examples.py"
                schema = {**answer["schema"], "components": document["components"]}
                jsonschema.validate(one["answer"], schema, cls=jsonschema.Draft202012Validator)

    run(check)


def test_the_document_is_valid_and_every_failure_in_it_is_a_problem(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        document = (await client.get("/openapi.json")).json()
        names = [operation["operationId"] for methods in document["paths"].values() for operation in methods.values()]
        assert len(names) == len(set(names))
        text = (await client.get("/openapi.json")).text
        assert "HTTPValidationError" not in text
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                assert operation["description"], path
                for status, answer in operation["responses"].items():
                    if int(status) >= 400:
                        assert list(answer["content"]) == ["application/problem+json"], (method, path, status)
        defined = document["components"]["schemas"]
        for reference in set(_references(document)):
            assert reference.removeprefix("#/components/schemas/") in defined

    run(check)


@pytest.mark.parametrize(
    ("keys", "security"),
    [("auto", [{}, {"bearer": []}, {"header": []}]), ("required", [{"bearer": []}, {"header": []}])],
)
def test_the_document_says_whether_a_key_is_needed(run: Connected, store: Any, keys: str, security: list[Any]) -> None:
    store.keys.add("any", ["read"])

    async def check(client: httpx.AsyncClient) -> None:
        document = (await client.get("/openapi.json")).json()
        assert document["paths"]["/v1/briefs"]["get"]["security"] == security
        assert "security" not in document["paths"]["/livez"]["get"]
        assert set(document["components"]["securitySchemes"]) == {"bearer", "header"}

    run(check, keys=keys)


def test_the_reference_page_asks_for_nothing_elsewhere(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        page = await client.get("/docs")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "<script" not in page.text
        assert 'style="' not in page.text
        document = (await client.get("/openapi.json")).json()
        for path in document["paths"]:
            assert path in page.text
        assert (await client.get("/docs/style.css")).headers["content-type"].startswith("text/css")
        addresses = [part.split('"')[0] for part in page.text.replace('src="', 'href="').split('href="')[1:]]
        assert all(address.startswith("/") for address in addresses)

    run(check)


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [one for item in value.values() for one in _references(item)]
    if isinstance(value, list):
        return [one for item in value for one in _references(item)]
    return []
