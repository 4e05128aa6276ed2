"""What the OpenAPI document says of bodies and answers that FastAPI does not see by itself."""

from __future__ import annotations

from typing import Any

from depesche.api.fetching import ArticleUrl
from depesche.api.formats import MEDIA_TYPES
from depesche.api.problems import MEDIA_TYPE as PROBLEM
from depesche.api.submissions import FORM, FORMATS
from depesche.brief import Brief
from depesche.ingest.record import ArticleRecord

_SCHEMA = "#/components/schemas/"
_MEANINGS = {
    400: "The request cannot be read.",
    401: "No API key, or one that is not valid.",
    403: "The key lacks the scope, or a page of another origin asks.",
    404: "Nothing of that name.",
    406: "None of the formats that the client accepts.",
    408: "The request came too slowly.",
    409: "The Idempotency-Key or the state of things stands against it.",
    413: "Too large: the request, or a sentence in it.",
    415: "A type of body that is not taken.",
    421: "The Host header names another service.",
    422: "Something in the request is not as it has to be.",
    429: "Too many requests: come again after Retry-After.",
    500: "A bug of the service.",
    502: "The page at the URL cannot be fetched.",
    503: "Not ready: models load, the service shuts down, or the database is away.",
    504: "Not answered within the deadline.",
}


def fails(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the descriptions of problem answers, besides those that every operation can give."""
    return {status: failure(status) for status in statuses}


def failure(status: int) -> dict[str, Any]:
    """Return the description of one problem answer."""
    content = {PROBLEM: {"schema": {"$ref": _SCHEMA + "Problem"}}}
    return {"description": _MEANINGS[status], "content": content}


_TEXT: dict[str, Any] = {"type": "string"}
BRIEF_CONTENT: dict[str, Any] = {
    "description": "The brief.",
    "content": {
        "application/json": {"schema": {"$ref": _SCHEMA + "Brief"}},
        **{kind.partition(";")[0]: {"schema": _TEXT} for name, kind in MEDIA_TYPES.items() if name != "json"},
    },
}
SUBMISSION: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "One article.",
        "content": {
            **{kind: {"schema": _TEXT} for kind in FORMATS if kind != "application/json"},
            "application/json": {"schema": {"$ref": _SCHEMA + "ArticleRecord"}},
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}
_CONTENT = SUBMISSION["requestBody"]["content"]
_ARTICLE_OR_URL = {"anyOf": [{"$ref": _SCHEMA + "ArticleRecord"}, {"$ref": _SCHEMA + "ArticleUrl"}]}
ARTICLE_OR_URL: dict[str, Any] = {
    "requestBody": SUBMISSION["requestBody"]
    | {
        "description": "One article, or where it is.",
        "content": _CONTENT | {"application/json": {"schema": _ARTICLE_OR_URL}},
    }
}
DESCRIBED_MODELS = (Brief, ArticleRecord, ArticleUrl)
"""Models that the descriptions above name and no route's signature does."""
