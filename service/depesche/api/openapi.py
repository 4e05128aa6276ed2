"""The OpenAPI document: what FastAPI sees, with what it does not see put right, and examples that are real runs."""

from __future__ import annotations

import json
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from depesche.api.descriptions import DESCRIBED_MODELS, failure
from depesche.api.problems import Problem
from depesche.api.security import keys_required
from depesche.api.services import Services

_ABOUT = (
    "German news articles in, verified English briefs out: no figure and no quotation changes on the way. "
    "Errors are problem documents (RFC 9457) whose `code` never changes its meaning."
)
_EVERYWHERE = (421, 500)
_WITH_KEYS = (401, 403, 429, 503)  # keys are in the database, which may be away
_KEYS = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key: depesche keys add makes one."},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}
_METHODS = {"get", "post", "put", "patch", "delete"}
_OPEN = {"/livez", "/readyz"}


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of `app`; made once."""
    if app.openapi_schema is None:
        services: Services = app.state.services
        app.openapi_schema = _document(app, with_keys=keys_required(services.config.serve))
    return app.openapi_schema


def _document(app: FastAPI, *, with_keys: bool) -> dict[str, Any]:
    document = get_openapi(
        title="Depesche", version=version("depesche"), description=_ABOUT, routes=app.routes, license_info=None
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for model in (*DESCRIBED_MODELS, Problem):
        schema = model.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["securitySchemes"] = _KEYS
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in _METHODS:
                _put_right(operation, path, with_keys=with_keys)
                _add_examples(operation)
    return document


def _put_right(operation: dict[str, Any], path: str, *, with_keys: bool) -> None:
    """Describe the failures that every operation can give, and all failures as problem documents."""
    answers = operation["responses"]
    is_open = path in _OPEN
    for status in (*_EVERYWHERE, *(() if is_open else _WITH_KEYS)):
        answers.setdefault(str(status), failure(status))
    for status in [status for status in answers if int(status) >= 400]:
        answers[status] = failure(int(status))
    operation["responses"] = dict(sorted(answers.items()))
    if not is_open:
        schemes: list[dict[str, list[str]]] = [{name: []} for name in _KEYS]
        operation["security"] = schemes if with_keys else [{}, *schemes]


def _add_examples(operation: dict[str, Any]) -> None:
    """Put the recorded run of an operation beside its schemas."""
    recorded = recorded_runs().get(operation.get("operationId", ""))
    if recorded is None:
        return
    if "request" in recorded:
        kind, value = recorded["content_type"], recorded["request"]
        operation["requestBody"]["content"][kind]["example"] = value
    answer = operation["responses"][str(recorded["status"])]
    answer["content"][recorded["answer_type"]]["example"] = recorded["answer"]


@cache
def recorded_runs() -> dict[str, Any]:
    """Return by operation what a real service answered; benchmarks/record_examples.py recorded it."""
    text = files("depesche.api").joinpath("examples.json").read_text("utf-8")
    runs: dict[str, Any] = json.loads(text)
    return runs
