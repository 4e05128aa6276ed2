"""All routes of the desk, put together for the service to mount."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from depesche.desk import assets, routes_brief, routes_jobs, routes_list, routes_new, routes_review, routes_session
from depesche.desk.answering import DeskRoute, any_visitor
from depesche.desk.pages import render
from depesche.desk.visitors import Visitor
from depesche.errors import NotFound

_FOREVER = "public, max-age=31536000, immutable"
_general = APIRouter(route_class=DeskRoute)


@_general.get("/desk/static/{version}/{name}")
async def serve_asset(version: str, name: str) -> Response:
    """Serve a static file; its address changes with its content, so it may be kept for good."""
    asset = assets.assets().get(name)
    if asset is None or version != assets.version():
        raise NotFound("no such file", place=name[:64], remedy="load the page again")
    return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": _FOREVER})


@_general.get("/desk/help")
async def show_help(visitor: Annotated[Visitor, Depends(any_visitor)]) -> Response:
    """Show what the desk can do, and its keyboard shortcuts; there is nothing secret in it."""
    return render(visitor, "help.html.j2", section="help")


@_general.get("/desk/{path:path}")
async def find_nothing(path: str) -> Response:
    """Say in a page that there is none."""
    raise NotFound("there is no such page", place=f"/desk/{path[:64]}", remedy="go on from the list of briefs")


def desk_router() -> APIRouter:
    """Return the routes of the desk, under /desk, and the way there from /."""
    router = APIRouter(include_in_schema=False)
    for routes in (routes_list, routes_new, routes_review, routes_brief, routes_jobs, routes_session):
        router.include_router(routes.router)
    router.include_router(_general)
    return router
