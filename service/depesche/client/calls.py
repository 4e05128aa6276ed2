# ruff: noqa: A002 - `format` and `id` are what the fields are called
"""The calls of the service, one function each: arguments to request, answer to value. Nothing is sent here.

`clients` makes a method of each function; its docstring is that of the method.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter

from depesche.article import ArticleFormat
from depesche.brief import Brief
from depesche.client.answers import (
    ApiFeedback,
    BriefSummary,
    DetectedLanguage,
    Figures,
    Job,
    Models,
    NewJob,
    OutcomePage,
    Page,
    Quotations,
    TranslatedText,
)
from depesche.client.exchange import Call
from depesche.ingest.formats import format_of_name

T = TypeVar("T")
Text = str | bytes | Mapping[str, Any]
"""An article: text, the bytes of a file, or a record with `text` or `html` and what else is known."""

_MEDIA_TYPES: dict[ArticleFormat, str] = {
    "text": "text/plain; charset=utf-8",
    "markdown": "text/markdown; charset=utf-8",
    "html": "text/html",
    "json": "application/json",
}


def brief(
    article: Text,
    *,
    format: ArticleFormat | None = None,
    name: str | None = None,
    strict: bool = False,
    store: bool = True,
    idempotency_key: str | None = None,
) -> Call[Brief]:
    """Return the brief of an article.

    `format` is told by the content where it is not given; `name` is shown in the brief. Raises `VerificationFailed`
    if `strict` and the brief is flagged. Without an `idempotency_key` each call has one of its own, so that it can be
    tried again after a broken line and is still done once.
    """
    params = _given(name=name, strict=strict or None, store=None if store else False)
    key = {"Idempotency-Key": idempotency_key or uuid.uuid4().hex}
    content, headers = _body(article, format)
    return Call("POST", "/v1/briefs", _brief, params, content, headers | key)


def brief_file(
    path: str | Path,
    *,
    format: ArticleFormat | None = None,
    name: str | None = None,
    strict: bool = False,
    store: bool = True,
    idempotency_key: str | None = None,
) -> Call[Brief]:
    """Return the brief of the article in a file; see `brief`. The format is told by the ending of its name."""
    path = Path(path)
    return brief(
        path.read_bytes(),
        format=format or format_of_name(path.name),
        name=name or path.name,
        strict=strict,
        store=store,
        idempotency_key=idempotency_key,
    )


def brief_url(url: str, *, strict: bool = False, store: bool = True, idempotency_key: str | None = None) -> Call[Brief]:
    """Return the brief of the article at a URL, which the service fetches if its settings allow that; see `brief`."""
    return brief({"url": url}, strict=strict, store=store, idempotency_key=idempotency_key)


def translate(article: Text, *, format: ArticleFormat | None = None, name: str | None = None) -> Call[TranslatedText]:
    """Return the checked translation of an article, sentence by sentence."""
    return _stage("translate", TranslatedText, article, format, name)


def detect(text: Text, *, format: ArticleFormat | None = None, name: str | None = None) -> Call[DetectedLanguage]:
    """Return the language of a text and of each of its paragraphs."""
    return _stage("detect", DetectedLanguage, text, format, name)


def figures(text: Text, *, format: ArticleFormat | None = None, name: str | None = None) -> Call[Figures]:
    """Return the figures of a text."""
    return _stage("figures", Figures, text, format, name)


def quotes(text: Text, *, format: ArticleFormat | None = None, name: str | None = None) -> Call[Quotations]:
    """Return the quotations of a text."""
    return _stage("quotes", Quotations, text, format, name)


def brief_page(
    text: str | None = None,
    *,
    published_from: date | str | None = None,
    published_until: date | str | None = None,
    created_from: date | str | None = None,
    created_until: date | str | None = None,
    language: str | None = None,
    status: Literal["verified", "repaired", "flagged"] | None = None,
    unit: str | None = None,
    min: Decimal | int | str | None = None,
    max: Decimal | int | str | None = None,
    kind: str | None = None,
    order: Literal["newest", "flagged_first"] | None = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> Call[Page[BriefSummary]]:
    """Return a page of the stored briefs to which everything given applies.

    `text`: words that all occur, "a phrase", `begin*`. `unit`, `min`, `max` and `kind` apply to one figure together.
    `cursor` is the `next` of the page before.
    """
    params = _given(
        text=text,
        published_from=published_from,
        published_until=published_until,
        created_from=created_from,
        created_until=created_until,
        language=language,
        status=status,
        unit=unit,
        min=min,
        max=max,
        kind=kind,
        order=order,
        limit=limit,
        cursor=cursor,
    )
    return Call("GET", "/v1/briefs", _as(Page[BriefSummary]), params)


def get_brief(id: str) -> Call[Brief]:
    """Return a stored brief. Raises `NotFound`."""
    return Call("GET", f"/v1/briefs/{_segment(id)}", _brief)


def render_brief(id: str, format: Literal["json", "md", "html", "text"]) -> Call[str]:
    """Return a stored brief as Markdown, HTML, plain text or JSON. Raises `NotFound`."""
    return Call("GET", f"/v1/briefs/{_segment(id)}", _text, {"format": format}, headers={"Accept": "*/*"})


def delete_brief(id: str) -> Call[None]:
    """Delete a stored brief with its feedback. Raises `NotFound`."""
    return Call("DELETE", f"/v1/briefs/{_segment(id)}", _nothing, repeatable=False)


def give_feedback(
    id: str,
    target: Literal["figure", "sentence", "claim", "quotation"],
    index: int,
    verdict: Literal["accept", "correct", "reject"],
    *,
    correction: str | None = None,
    note: str | None = None,
    editor: str | None = None,
) -> Call[ApiFeedback]:
    """Accept, correct or reject a part of a stored brief; `index` is its place among those of its kind."""
    given = _given(target=target, index=index, verdict=verdict, correction=correction, note=note, editor=editor)
    content, headers = _body(given, "json")
    path = f"/v1/briefs/{_segment(id)}/feedback"
    return Call("POST", path, _as(ApiFeedback), content=content, headers=headers, repeatable=False)


def feedback(id: str) -> Call[tuple[ApiFeedback, ...]]:
    """Return the feedback on a stored brief, the oldest first."""
    page = _as(Page[ApiFeedback])
    return Call("GET", f"/v1/briefs/{_segment(id)}/feedback", lambda response: page(response).items)


def create_job(
    articles: Iterable[Mapping[str, Any]] | bytes,
    *,
    media_type: str = "application/x-ndjson",
    label: str | None = None,
    idempotency_key: str | None = None,
) -> Call[NewJob]:
    """Hand in many articles at once: records as in `brief`, or the bytes of a file of the `media_type`.

    A bad article fails alone and fails no call. Without an `idempotency_key` each call has one of its own.
    """
    if not isinstance(articles, bytes):
        articles = b"".join(json.dumps(dict(one), ensure_ascii=False).encode() + b"\n" for one in articles)
    headers = {"Content-Type": media_type, "Idempotency-Key": idempotency_key or uuid.uuid4().hex}
    return Call("POST", "/v1/jobs", _as(NewJob), _given(label=label), articles, headers)


def create_job_file(path: str | Path, *, label: str | None = None, idempotency_key: str | None = None) -> Call[NewJob]:
    """Hand in the articles of a .zip, .jsonl or .json file; see `create_job`."""
    path = Path(path)
    kinds = {".zip": "application/zip", ".json": "application/json"}
    media_type = kinds.get(path.suffix.lower(), "application/x-ndjson")
    return create_job(
        path.read_bytes(), media_type=media_type, label=label or path.name, idempotency_key=idempotency_key
    )


def job(id: str) -> Call[Job]:
    """Return a job as it stands. Raises `NotFound`."""
    return Call("GET", f"/v1/jobs/{_segment(id)}", _as(Job))


def job_page(*, limit: int | None = None, cursor: str | None = None) -> Call[Page[Job]]:
    """Return a page of one's jobs, the newest first."""
    return Call("GET", "/v1/jobs", _as(Page[Job]), _given(limit=limit, cursor=cursor))


def outcome_page(id: str, *, after: int = 0, limit: int | None = None) -> Call[OutcomePage]:
    """Return articles of a job that have ended by now, from the one that follows number `after`, with their briefs."""
    return Call("GET", f"/v1/jobs/{_segment(id)}/briefs", _as(OutcomePage), _given(after=after, limit=limit))


def cancel_job(id: str) -> Call[Job]:
    """Let a job do no more articles. Raises `JobConflict` where it has ended."""
    return Call("DELETE", f"/v1/jobs/{_segment(id)}", _as(Job), {"only": "cancel"}, repeatable=False)


def delete_job(id: str) -> Call[None]:
    """Forget a job that has ended; its briefs are kept. Raises `JobConflict` where it has not."""
    return Call("DELETE", f"/v1/jobs/{_segment(id)}", _nothing, {"only": "delete"}, repeatable=False)


def models() -> Call[Models]:
    """Return the models that briefs are made with, and all that there are cards for."""
    return Call("GET", "/v1/models", _as(Models))


def schema() -> Call[dict[str, Any]]:
    """Return the JSON Schema of a brief."""
    return Call("GET", "/v1/schema/brief", _as(dict[str, Any]))


def is_live() -> Call[bool]:
    """Say whether the service runs. Raises `Unreachable` where nobody answers."""
    return Call("GET", "/livez", lambda _: True)


def check_ready() -> Call[None]:
    """Return when the service takes requests: waits as long as the client's patience lasts. Raises `NotReady`."""
    return Call("GET", "/readyz", _nothing)


def _stage(stage: str, kind: type[T], text: Text, format: ArticleFormat | None, name: str | None) -> Call[T]:
    content, headers = _body(text, format)
    return Call("POST", f"/v1/{stage}", _as(kind), _given(name=name), content, headers)


def _body(article: Text, format: ArticleFormat | None) -> tuple[bytes, dict[str, str]]:
    """Return the bytes of an article and the header that says what they are; without one the service tells."""
    if isinstance(article, Mapping):
        return json.dumps(dict(article), ensure_ascii=False).encode(), {"Content-Type": _MEDIA_TYPES["json"]}
    content = article.encode() if isinstance(article, str) else article
    return content, {"Content-Type": _MEDIA_TYPES[format]} if format else {}


def _given(**values: Any) -> dict[str, Any]:
    """Return what is not None, dates and decimals as the service reads them."""
    return {
        name: value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value
        for name, value in values.items()
        if value is not None
    }


def events_path(id: str) -> str:
    """Return where the events of a job come from."""
    return f"/v1/jobs/{_segment(id)}/events"


def _segment(id: str) -> str:
    """Return an id as a segment of a path: whatever it contains, it leads nowhere else."""
    return quote(id, safe="") if id not in {"", ".", ".."} else "%20"


def _as(kind: type[T]) -> Callable[[httpx.Response], T]:
    """Return what reads an answer as `kind`."""

    @cache
    def adapter() -> TypeAdapter[T]:
        return TypeAdapter(kind)

    def parse(response: httpx.Response) -> T:
        return adapter().validate_json(response.content)

    return parse


def _brief(response: httpx.Response) -> Brief:
    return Brief.model_validate_json(response.content)


def _text(response: httpx.Response) -> str:
    return response.text


def _nothing(_: httpx.Response) -> None:
    return None
