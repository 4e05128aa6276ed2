"""How the desk's routes answer: errors as pages, people who have not logged in to the login page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse

from depesche.api.handlers import request_id, unexpected
from depesche.api.problems import problem_of
from depesche.api.security import require
from depesche.api.services import get_services
from depesche.desk.pages import Fault, render
from depesche.desk.visitors import Visitor, visitor_of
from depesche.errors import DepescheError, RateLimited, Unauthorized, UnexpectedFailure
from depesche.store import Scope

SEE_OTHER = 303
LOGIN = "/desk/login"
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class DeskRoute(APIRoute):
    """A route whose errors are pages for people, with the codes and remedies of our errors."""

    def get_route_handler(self) -> Handler:
        """Return the handler of the route."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except Unauthorized as error:
                if request.method in {"GET", "HEAD"}:
                    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
                    return RedirectResponse(f"{LOGIN}?{urlencode({'next': here})}", SEE_OTHER)
                return fault_page(request, error)
            except DepescheError as error:
                return fault_page(request, error)
            except (HTTPException, ClientDisconnect):
                raise
            except Exception as error:  # noqa: BLE001 - a person gets a page here too, and the log what went wrong
                unexpected(error, request_id(request))
                return fault_page(request, UnexpectedFailure("the page failed", remedy="report it: this is a bug"))

        return answer


def visiting(scope: Scope | None) -> Callable[[Request], Awaitable[Visitor]]:
    """Return the dependency that gives the `Visitor` of a page that needs `scope`; raises as `require` does."""
    identify = require(scope)

    async def visit(request: Request) -> Visitor:
        return visitor_of(request, get_services(request), await identify(request))

    return visit


async def any_visitor(request: Request) -> Visitor:
    """Return the visitor of a page that everybody may see."""
    try:
        return await visiting(None)(request)
    except Unauthorized:
        return visitor_of(request, get_services(request), None)


def fault_of(request: Request, error: DepescheError) -> Fault:
    """Return `error` as a page shows it."""
    problem = problem_of(error, request_id(request))
    return Fault(problem.code, problem.title, problem.detail, problem.place, problem.remedy, problem.status)


def fault_page(request: Request, error: DepescheError) -> Response:
    """Return the page that says `error`."""
    visitor = visitor_of(request, get_services(request), getattr(request.state, "caller", None))
    fault = fault_of(request, error)
    headers = {"Retry-After": str(max(1, round(error.retry_after)))} if isinstance(error, RateLimited) else None
    return render(visitor, "fault.html.j2", status=fault.status, headers=headers, fault=fault)


def local_address(given: str | None, default: str) -> str:
    """Return the page to go on to: `given` where it is one of the desk's, else `default`."""
    # Browsers read a backslash as a slash and skip control characters, so neither may stand in it.
    if given and given.startswith("/desk/") and "\\" not in given and given.isprintable() and not given.isspace():
        return given
    return default
