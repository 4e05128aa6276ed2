"""The newest briefs as an Atom feed (RFC 4287), for feed readers."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Annotated
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from depesche.api.descriptions import fails
from depesche.api.routes_briefs import Reader
from depesche.api.services import Services, get_services
from depesche.render import printable
from depesche.store import BriefPage, BriefQuery, BriefSummary
from depesche.translation import Status

router = APIRouter(prefix="/v1", tags=["briefs"])
ServicesParameter = Annotated[Services, Depends(get_services)]
MEDIA_TYPE = "application/atom+xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_ENTRIES = 50
_MOST_ENTRIES = 200
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML may have (XML 1.0, section 2.2)."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class FeedSearch(BaseModel):
    """Which briefs the feed has."""

    status: Status | None = None
    language: str | None = Field(None, pattern=r"^[a-z]{2,3}$", description="Language of the article.")
    limit: int = Field(_ENTRIES, ge=1, le=_MOST_ENTRIES)


@router.get(
    "/feed.atom",
    operation_id="feed",
    response_class=Response,
    responses={
        200: {"description": "An Atom feed.", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}},
        304: {"description": "Not modified since the feed that the condition names."},
        **fails(422),
    },
)
async def get_feed(
    request: Request, services: ServicesParameter, _caller: Reader, search: Annotated[FeedSearch, Query()]
) -> Response:
    """Return the newest briefs as an Atom feed: headline, summary, and a link to the brief."""
    query = BriefQuery(status=search.status, language=search.language, limit=search.limit)
    page = await services.query(services.store.briefs.search, query)
    document = _document(page, search, request)
    headers = {"ETag": f'"{hashlib.sha256(document).hexdigest()[:32]}"', "Cache-Control": "private, no-cache"}
    if page.items:
        headers["Last-Modified"] = format_datetime(page.items[0].created.replace(microsecond=0), usegmt=True)
    if _is_known(request, headers):
        return Response(status_code=304, headers=headers)
    return Response(document, headers=headers, media_type=f"{MEDIA_TYPE}; charset=utf-8")


def _document(page: BriefPage, search: FeedSearch, request: Request) -> bytes:
    """Return the feed. Ids do not change with the address that the service is asked at."""
    feed = Element("feed", {"xmlns": _NAMESPACE, "xml:lang": "en"})
    _add(feed, "id", f"urn:depesche:feed:{search.status or 'all'}:{search.language or 'all'}")
    _add(feed, "title", "Depesche: the newest briefs")
    _add(feed, "updated", _moment(page.items[0].created if page.items else _NEVER))
    SubElement(feed, "link", rel="self", type=MEDIA_TYPE, href=str(request.url))
    _add(SubElement(feed, "author"), "name", "Depesche")
    for item in page.items:
        feed.append(_entry(item, request))
    text: str = tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _entry(brief: BriefSummary, request: Request) -> Element:
    entry = Element("entry")
    _add(entry, "id", f"urn:depesche:brief:{brief.id}")
    _add(entry, "title", brief.headline)
    _add(entry, "updated", _moment(brief.created))
    for media_type, form in (("text/html", "html"), ("application/json", "json")):
        href = str(request.url_for("get_brief", id=brief.id).include_query_params(format=form))
        SubElement(entry, "link", rel="alternate", type=media_type, href=href)
    _add(entry, "summary", brief.summary)
    SubElement(entry, "category", term=brief.status.value, scheme="urn:depesche:status", label=brief.status.value)
    SubElement(entry, "category", term=brief.language, scheme="urn:depesche:language")
    return entry


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _NO_XML.sub("", str(printable(text)))


def _moment(moment: datetime) -> str:
    """Return a moment as RFC 3339 has it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _is_known(request: Request, headers: dict[str, str]) -> bool:
    """Say whether the client has this very feed; If-None-Match wins over the date (RFC 9110 section 13.2.2)."""
    if (tags := request.headers.get("if-none-match")) is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return headers["ETag"] in known or "*" in known
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
        changed = parsedate_to_datetime(headers.get("Last-Modified", ""))
    except ValueError:
        return False
    return changed <= (since if since.tzinfo else since.replace(tzinfo=UTC))
