r"""The JSON shape of an article: one object in a .json file, one a line in a .jsonl file.

    {"title": "Stadtrat billigt Haushalt",            optional, as all below but for one of text and html
     "teaser": "Die Grundsteuer steigt.",
     "text": "Der Stadtrat hat …\n\nDanach …",       plain text; blank lines part paragraphs
     "html": "<p>Der Stadtrat …</p>",                 or the page, or a piece of one, instead of text
     "byline": "Jana Petersen",                        or a list of names
     "published": "2026-03-17T06:30:00+01:00",         ISO 8601
     "url": "https://zeitung.example/haushalt",
     "language": "de"}

Fields of other names are passed over, so that a feed's own record can be given as it is.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from depesche.errors import MalformedInput
from depesche.ingest.canonical import Parts, iso_date
from depesche.ingest.html import read_html
from depesche.ingest.plain import paragraphs

_REMEDY = 'give {"title": "…", "text": "…"}; `depesche schema article` shows every field'


def _one_line(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) and all(isinstance(name, str) for name in value) else value


class ArticleRecord(BaseModel):
    """An article as JSON: what `depesche brief article.json` and each line of a .jsonl file hold."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    text: str | None = Field(None, description="The article as plain text; blank lines part paragraphs.")
    html: str | None = Field(None, description="The article as an HTML page or a piece of one, instead of `text`.")
    title: str | None = Field(None, description="Headline; wins over the one found in the text or page.")
    teaser: str | None = Field(None, description="Introduction below the headline.")
    byline: Annotated[str | None, BeforeValidator(_one_line)] = Field(
        None, description="Who wrote it: a string, or a list of names."
    )
    published: str | None = Field(None, description="ISO 8601 date or date-time.")
    url: str | None = Field(None, description="Canonical address of the article.")
    language: str | None = Field(None, description="BCP 47 tag of the language, a hint.")

    @field_validator("published")
    @classmethod
    def _is_a_date(cls, value: str | None) -> str | None:
        if value and iso_date(value) is None:
            raise ValueError("neither ISO 8601 nor the date of a feed (RFC 5322)")
        return value

    @model_validator(mode="after")
    def _has_words(self) -> ArticleRecord:
        if (self.text is None) == (self.html is None):
            raise ValueError("exactly one of `text` and `html` is needed")
        return self


def read_record(text: str, *, place: str) -> tuple[Parts, bool]:
    """Return the parts of one JSON article, and whether its page has a paywall. Raises `MalformedInput`."""
    record = parsed_record(text, place=place)
    if record.html is not None:
        found, paywalled = read_html(_page(record.html), place=place)
    else:
        found, paywalled = Parts(paragraphs=paragraphs(record.text or "")), False
    given = record.model_dump(exclude={"text", "html"}, exclude_none=True)
    fields = {
        name: given.get(name) or getattr(found, name) for name in ArticleRecord.model_fields if hasattr(found, name)
    }
    return Parts(paragraphs=found.paragraphs, **fields), paywalled


def parsed_record(text: str, *, place: str) -> ArticleRecord:
    """Return the record in a JSON text. Raises `MalformedInput` with line and column, or with the field."""
    try:
        value = json.loads(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        where = f"{place}:{error.lineno}:{error.colno}"
        raise MalformedInput(f"no JSON: {error.msg}", place=where, remedy=_REMEDY) from error
    except (RecursionError, ValueError) as error:
        raise MalformedInput("no JSON that can be read: nested too deep, or a number too long", place=place) from error
    try:
        return ArticleRecord.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise MalformedInput(f"field {field}: {message}" if field else message, place=place, remedy=_REMEDY) from error


def _page(html: str) -> str:
    """Return a piece of a page as a whole one, which is what the extraction expects."""
    return html if "<body" in html.lower() else f"<html><body><article>{html}</article></body></html>"
