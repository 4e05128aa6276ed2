"""Logging in with an API key, and out again."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from depesche.api.limits import network_of
from depesche.api.security import SESSION_COOKIE, keys_required
from depesche.api.services import Services, get_services
from depesche.desk.answering import SEE_OTHER, DeskRoute, fault_of, local_address, visiting
from depesche.desk.forms import read_form
from depesche.desk.pages import Fault, render
from depesche.desk.visitors import FORM_COOKIE, SESSION_SECONDS, Visitor, give_cookie, visitor_of
from depesche.errors import Unauthorized
from depesche.store import ApiKey

router = APIRouter(route_class=DeskRoute)
_HOME = "/desk/briefs"


@router.get("/desk/login")
async def show_login(request: Request, services: Annotated[Services, Depends(get_services)]) -> Response:
    """Show the form for the key; where no keys are asked for, go on to the list."""
    goal = local_address(request.query_params.get("next"), _HOME)
    if not keys_required(services.config.serve):
        return RedirectResponse(goal, SEE_OTHER)
    return _page(visitor_of(request, services, None), goal, None)


@router.post("/desk/login")
async def log_in(request: Request, services: Annotated[Services, Depends(get_services)]) -> Response:
    """Begin a session under the key that the form gives. Raises `RateLimited` for an address of many wrong keys."""
    form = await read_form(request, services.config.serve)
    visitor = visitor_of(request, services, None)
    visitor.check_token(form.get("token"))
    goal = local_address(form.get("next"), _HOME)
    if not keys_required(services.config.serve):
        return RedirectResponse(goal, SEE_OTHER)
    address = network_of(request.client.host) if request.client else "local"
    if services.failures.exhausted(address):
        services.failures.take(address)
    key: ApiKey | None = await services.query(services.store.keys.verify, form.get("key"))
    if key is None:
        services.failures.take(address)
        error = Unauthorized(
            "this key is not known, or not valid any more",
            remedy="check that it was copied whole; depesche keys list shows which keys there are",
        )
        return _page(visitor, goal, fault_of(request, error))
    lifetime = timedelta(seconds=SESSION_SECONDS)
    token: str = await services.query(services.store.sessions.add, key.prefix, lifetime)
    answer = RedirectResponse(goal, SEE_OTHER)
    give_cookie(answer, SESSION_COOKIE, token, secure=visitor.secure, max_age=SESSION_SECONDS)
    give_cookie(answer, FORM_COOKIE, "", secure=visitor.secure, max_age=0)
    return answer


@router.post("/desk/logout")
async def log_out(
    request: Request,
    services: Annotated[Services, Depends(get_services)],
    visitor: Annotated[Visitor, Depends(visiting(None))],
) -> Response:
    """End the session, in the store too."""
    form = await read_form(request, services.config.serve)
    visitor.check_token(form.get("token"))
    if token := request.cookies.get(SESSION_COOKIE):
        await services.query(services.store.sessions.delete, token)
    answer = RedirectResponse("/desk/login", SEE_OTHER)
    give_cookie(answer, SESSION_COOKIE, "", secure=visitor.secure, max_age=0)
    return answer


def _page(visitor: Visitor, goal: str, fault: Fault | None) -> Response:
    return render(visitor, "login.html.j2", status=fault.status if fault else 200, goal=goal, fault=fault)
