"""A new brief: an article that is pasted, dropped or named by its address, and the stages as they run."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse, StreamingResponse

from depesche.api.briefing import Submitted
from depesche.api.fetching import fetch_page
from depesche.api.handlers import request_id, unexpected
from depesche.api.presence import while_connected
from depesche.api.services import Services, get_services
from depesche.brief import Brief
from depesche.desk.answering import SEE_OTHER, DeskRoute, fault_of, visiting
from depesche.desk.forms import Form, read_form
from depesche.desk.pages import Fault, render
from depesche.desk.stages import Reached, follow_brief
from depesche.desk.visitors import Visitor
from depesche.errors import BadRequest, DepescheError, UnexpectedFailure

router = APIRouter(route_class=DeskRoute)
STREAM = "application/x-ndjson"
_PASTED = "pasted text"
_LONGEST_ADDRESS = 2_000


@router.get("/desk/new")
async def show_form(
    services: Annotated[Services, Depends(get_services)],
    visitor: Annotated[Visitor, Depends(visiting("brief"))],
) -> Response:
    """Show the form."""
    return _page(services, visitor, Form(), None)


@router.post("/desk/new")
async def make_new(
    request: Request,
    services: Annotated[Services, Depends(get_services)],
    visitor: Annotated[Visitor, Depends(visiting("brief"))],
) -> Response:
    """Make the brief of what the form sends: a stream of the stages for our script, else the brief's page."""
    form = await read_form(request, services.config.serve)
    visitor.check_token(form.get("token"))
    assert visitor.caller is not None  # noqa: S101 - the dependency asks for one
    client = visitor.caller.name
    if STREAM in request.headers.get("accept", ""):
        stream = _stream(request, services, form, client)
        return StreamingResponse(stream, media_type=STREAM, headers={"X-Accel-Buffering": "no"})
    try:
        brief = await while_connected(request, _made(services, form, client))
    except DepescheError as error:
        return _page(services, visitor, form, fault_of(request, error))
    return RedirectResponse(_address(brief.id), SEE_OTHER)


async def _made(services: Services, form: Form, client: str) -> Brief:
    """Return the brief of what a form sends, with nobody to tell on the way."""
    steps = [step async for step in follow_brief(services, await _submitted(form, services), client)]
    return next(step for step in steps if isinstance(step, Brief))


async def _stream(request: Request, services: Services, form: Form, client: str) -> AsyncIterator[str]:
    """Yield a line of JSON for each step, and in the end one with the brief's page or with the error."""
    try:
        if form.get("url"):
            yield _line({"step": "fetch"})
        async for reached in follow_brief(services, await _submitted(form, services), client):
            if isinstance(reached, Reached):
                yield _line({"step": reached.step, "ahead": reached.ahead})
            else:
                yield _line({"page": _address(reached.id)})
    except DepescheError as error:
        yield _fault_line(fault_of(request, error))
    except Exception as error:  # noqa: BLE001 - the answer has begun: the stream itself has to say that it failed
        unexpected(error, request_id(request))
        bug = UnexpectedFailure("the service failed on this article", remedy="report it: this is a bug")
        yield _fault_line(fault_of(request, bug))


async def _submitted(form: Form, services: Services) -> Submitted:
    """Return the article that a form hands in. Raises `BadRequest` for none or several, `FetchError`."""
    text, url = form.get("text"), form.get("url")
    if sum((bool(text), bool(url), form.file is not None)) != 1:
        raise BadRequest(
            "no article" if not (text or url or form.file) else "more than one article",
            place="form",
            remedy="paste a text, or choose a file"
            + (", or give an address" if services.config.fetch.enabled else "")
            + ": one of them",
        )
    if form.file is not None:
        name, data = form.file
        return Submitted(data, name or "-")
    if url:
        fetched = await fetch_page(services, url[:_LONGEST_ADDRESS])
        return Submitted(fetched.data, fetched.name, fetched.format)
    return Submitted(text.encode(), _PASTED)


def _page(services: Services, visitor: Visitor, form: Form, fault: Fault | None) -> Response:
    return render(
        visitor,
        "new.html.j2",
        status=fault.status if fault else 200,
        section="new",
        text=form.get("text"),
        url=form.get("url"),
        fetches=services.config.fetch.enabled,
        largest=services.config.ingest.max_bytes,
        fault=fault,
    )


def _address(brief_id: str) -> str:
    return f"/desk/briefs/{quote(brief_id, safe='')}"


def _fault_line(fault: Fault) -> str:
    said = {"code": fault.code, "title": fault.title, "detail": fault.detail}
    return _line({"fault": said | {"place": fault.place, "remedy": fault.remedy}})


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
