"""The list of briefs, with search and filters."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from depesche.api.services import Services, get_services
from depesche.desk.answering import DeskRoute, fault_of, visiting
from depesche.desk.filters import Filters
from depesche.desk.pages import Fault, render
from depesche.desk.visitors import Visitor
from depesche.errors import BadRequest
from depesche.store import BriefPage

router = APIRouter(route_class=DeskRoute)
LANGUAGES = (("", "Any"), ("de", "German"), ("en", "English"))
_NOTHING = BriefPage((), None)


@router.get("/")
@router.get("/desk")
@router.get("/desk/")
async def go_to_list() -> Response:
    """Send whoever asks for the service itself to the list."""
    return RedirectResponse("/desk/briefs", 307)


@router.get("/desk/briefs")
async def list_briefs(
    request: Request,
    services: Annotated[Services, Depends(get_services)],
    visitor: Annotated[Visitor, Depends(visiting("read"))],
) -> Response:
    """Show a page of the briefs that the filters let through."""
    filters = Filters.of(request.query_params)
    page, tally, fault = _NOTHING, {}, None
    try:
        query = filters.query()
        page = await services.query(services.store.briefs.search, query)
        tally = await services.query(services.store.briefs.tally, query)
    except BadRequest as error:
        fault = fault_of(request, error)
    return render(
        visitor,
        "list.html.j2",
        status=_status(fault),
        section="briefs",
        filters=filters,
        briefs=page.items,
        next=page.next,
        tally=tally,
        total=sum(tally.values()),
        languages=LANGUAGES,
        fault=fault,
    )


def _status(fault: Fault | None) -> int:
    return fault.status if fault else 200
