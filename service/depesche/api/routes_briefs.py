"""Briefs: make one of an article."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from depesche.api.briefing import Course, make_brief
from depesche.api.formats import MEDIA_TYPES, BriefFormat, choose_format
from depesche.api.presence import while_connected
from depesche.api.security import Caller, require
from depesche.api.services import Services, get_services
from depesche.api.submissions import read_submission
from depesche.errors import DeadlineExceeded
from depesche.render import render

router = APIRouter(prefix="/v1", tags=["briefs"])
ServicesParameter = Annotated[Services, Depends(get_services)]
BriefCaller = Annotated[Caller, Depends(require("brief"))]


@router.post("/briefs", operation_id="make_brief")
async def post_brief(
    request: Request,
    services: ServicesParameter,
    caller: BriefCaller,
    format: Annotated[BriefFormat | None, Query(description="Default: by Accept, else json.")] = None,  # noqa: A002
    name: Annotated[str | None, Query(max_length=500, description="Name of the article in its brief.")] = None,
) -> Response:
    """Make the brief of one article: the same document as `depesche brief` writes."""
    chosen = choose_format(format, request.headers.get("accept"))
    course = Course()
    try:
        async with asyncio.timeout(services.config.serve.deadline_seconds):
            submitted = await read_submission(request, services.config.serve, name=name)
            brief = await while_connected(request, make_brief(services, submitted, caller.name, course=course))
    except TimeoutError as error:
        raise DeadlineExceeded(
            f"not answered within {services.config.serve.deadline_seconds:g} seconds",
            remedy="come again when there is less to do, or hand it in as a job",
        ) from error
    return Response(await services.compute(render, brief, chosen), media_type=MEDIA_TYPES[chosen])
