"""A brief's page, and the brief to take along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response

from depesche.api.formats import MEDIA_TYPES, BriefFormat
from depesche.api.services import Services, get_services
from depesche.brief import Brief
from depesche.desk.answering import DeskRoute, visiting
from depesche.desk.feedback import Review
from depesche.desk.filters import Filters
from depesche.desk.pages import render
from depesche.desk.reading import make_reading
from depesche.desk.reviewing import say_entry
from depesche.desk.visitors import Visitor
from depesche.errors import BadRequest, NotFound
from depesche.render import render as render_brief
from depesche.store import StoredBrief, StoredFeedback

router = APIRouter(route_class=DeskRoute)
_ENDINGS: dict[str, BriefFormat] = {"json": "json", "md": "md", "html": "html", "text": "text"}


@dataclass(frozen=True, slots=True)
class BriefPage:
    """What a brief's page shows besides the brief."""

    brief_id: str
    suffix: str
    may_edit: bool
    before: str | None = None
    after: str | None = None
    saved: str | None = None
    created: datetime | None = None
    text: str = ""

    @property
    def list_address(self) -> str:
        """Return the address of the list that the reader came from."""
        return f"/desk/briefs{self.suffix}"

    def brief_address(self, brief_id: str | None = None) -> str:
        """Return the address of a brief's page, this one's where none is named."""
        return f"/desk/briefs/{quote(brief_id or self.brief_id, safe='')}{self.suffix}"

    def review_address(self, review: Review) -> str:
        """Return the address of the review of a part of this brief."""
        return f"/desk/briefs/{quote(self.brief_id, safe='')}/review/{review.target}/{review.index}{self.suffix}"


async def stored_brief(services: Services, brief_id: str) -> StoredBrief:
    """Return a stored brief. Raises `NotFound`."""
    # PostgreSQL takes no NUL in a text, and no id has one.
    found = services.store.briefs.get
    stored: StoredBrief | None = None if "\0" in brief_id else await services.query(found, brief_id)
    if stored is None:
        raise NotFound("no such brief is kept", place=brief_id[:64], remedy="find it in the list of briefs")
    return stored


@router.get("/desk/briefs/{brief_id}")
async def show_brief(
    request: Request,
    brief_id: str,
    services: Annotated[Services, Depends(get_services)],
    visitor: Annotated[Visitor, Depends(visiting("read"))],
) -> Response:
    """Show the English brief beside the German original."""
    stored = await stored_brief(services, brief_id)
    given: list[StoredFeedback] = await services.query(services.store.feedback.of, brief_id)
    filters = Filters.of(request.query_params)
    neighbours = await services.query(services.store.briefs.neighbours, brief_id, _lenient(filters).query())
    page = BriefPage(
        brief_id,
        filters.suffix,
        visitor.may_edit,
        neighbours.before,
        neighbours.after,
        _saved(stored.brief, given, request.query_params.get("saved", "")),
        stored.created,
        await services.compute(render_brief, stored.brief, "text"),
    )
    reading = await services.compute(make_reading, stored.brief, given)
    return await services.compute(render, visitor, "brief.html.j2", section="briefs", reading=reading, page=page)


@router.get("/desk/briefs/{brief_id}/download", dependencies=[Depends(visiting("read"))])
async def download_brief(
    request: Request, brief_id: str, services: Annotated[Services, Depends(get_services)]
) -> Response:
    """Send the brief as a file: the same document as the command line writes."""
    chosen = _ENDINGS.get(request.query_params.get("format", "json"))
    if chosen is None:
        raise BadRequest("no such format", place="format", remedy=f"choose one of {', '.join(_ENDINGS)}")
    stored = await stored_brief(services, brief_id)
    content = await services.compute(render_brief, stored.brief, chosen)
    ending = "txt" if chosen == "text" else chosen
    # Never shown in place: the HTML has its own style, which the desk's policy would refuse.
    disposition = f'attachment; filename="brief-{_plain(stored.id)}.{ending}"'
    return Response(content, media_type=MEDIA_TYPES[chosen], headers={"Content-Disposition": disposition})


def _plain(brief_id: str) -> str:
    return "".join(character for character in brief_id if character.isascii() and character.isalnum())[:32]


def _lenient(filters: Filters) -> Filters:
    """Return the filters, or none where they cannot be read: the brief can be shown all the same."""
    try:
        filters.query()
    except BadRequest:
        return Filters()
    return filters


def _saved(brief: Brief, given: list[StoredFeedback], number: str) -> str | None:
    entry = next((one for one in given if str(one.id) == number), None)
    return say_entry(brief, entry) if entry else None
