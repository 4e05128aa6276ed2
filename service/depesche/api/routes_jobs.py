"""Jobs: many articles handed in at once, and what becomes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import anyio.to_thread
from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.types import Receive, Scope, Send

from depesche.api.answering import fingerprint, once
from depesche.api.descriptions import fails
from depesche.api.job_answers import (
    ErrorListAnswer,
    JobAnswer,
    JobListAnswer,
    NewJob,
    OutcomeListAnswer,
    error_answer,
    job_answer,
    new_job,
    outcome_answer,
)
from depesche.api.job_events import begin_after, job_events
from depesche.api.job_services import JobServices
from depesche.api.routes_briefs import NO_NUL, IdempotencyKey, Reader
from depesche.api.security import Caller, keys_required, require
from depesche.api.services import Services, get_services
from depesche.api.submissions import FORM
from depesche.api.uploads import KINDS, Received, receive_upload
from depesche.errors import JobConflict, RateLimited
from depesche.jobs import ENDED, JobView, OutcomePage, articles_of

router = APIRouter(prefix="/v1", tags=["jobs"])
LINES = "application/x-ndjson"
_SSE = "text/event-stream"
_PING_SECONDS = 15
_OUTCOMES_AT_ONCE = 20
_EVENT: dict[str, Any] = {
    "type": "object",
    "required": ["event", "data"],
    "properties": {
        "event": {"type": "string", "enum": ["article", "progress", "end"]},
        "data": {"type": "string", "description": "JSON: of an article how it ended, else the job as it stands."},
        "id": {"type": "string", "description": "To come back with as Last-Event-ID."},
    },
}
ServicesParameter = Annotated[Services, Depends(get_services)]
Maker = Annotated[Caller, Depends(require("brief"))]
JobId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", description="The job's `id`.")]

_UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The articles: JSON Lines or a list of records as in `POST /v1/briefs`, or archives and files.",
        "content": {
            "application/json": {
                "schema": {
                    "oneOf": [
                        {"type": "array", "items": {"$ref": "#/components/schemas/ArticleRecord"}},
                        {
                            "type": "object",
                            "required": ["articles"],
                            "properties": {
                                "articles": {"type": "array", "items": {"$ref": "#/components/schemas/ArticleRecord"}}
                            },
                        },
                    ]
                }
            },
            **{
                kind: {"schema": {"type": "string", "format": "binary"}} for kind in KINDS if kind != "application/json"
            },
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "array", "items": {"type": "string", "format": "binary"}}},
                }
            },
        },
    }
}


def _own(caller: Caller, services: Services) -> str | None:
    """Return whose jobs a caller sees: its own, and without keys everybody's."""
    return caller.name if keys_required(services.config.serve) else None


@router.post(
    "/jobs",
    operation_id="make_job",
    status_code=202,
    response_model=NewJob,
    openapi_extra=_UPLOAD,
    responses=fails(400, 408, 409, 413, 415, 422, 503),
)
async def post_job(
    request: Request,
    services: ServicesParameter,
    caller: Maker,
    label: Annotated[str | None, Query(max_length=200, pattern=NO_NUL, description="What to call the job.")] = None,
    _idempotency_key: IdempotencyKey = None,
) -> Response:
    """Take in up to some thousands of articles. A bad one is a failed article of the job, and no error of the request.

    A list is limited to 32 MiB; lines and archives to `serve.max_job_bytes`.
    """
    async with receive_upload(request) as received:

        async def make() -> Response:
            return await _make_job(services, received, caller.name, label)

        return await once(request, services, caller, fingerprint(request, received.sha256), make)


async def _make_job(services: Services, received: Received, client: str, label: str | None) -> Response:
    here = services.jobs
    passed_over: Counter[str] = Counter()

    def take_in() -> JobView:
        taken = articles_of(received.uploads, services.config, passed_over)
        return here.jobs.create(taken, client=client, label=label)

    job = await anyio.to_thread.run_sync(take_in, limiter=here.intake)
    body = new_job(job, dict(passed_over)).model_dump_json()
    return Response(body, 202, {"Location": f"/v1/jobs/{job.id}"}, "application/json")


@router.get("/jobs", operation_id="list_jobs", responses=fails(422, 503))
async def get_jobs(
    services: ServicesParameter,
    caller: Reader,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[
        str | None, Query(max_length=500, pattern=NO_NUL, description="`next` of the page before.")
    ] = None,
) -> JobListAnswer:
    """Return the caller's jobs (without keys: all), the newest first."""
    page = await services.query(services.jobs.jobs.list, client=_own(caller, services), limit=limit, cursor=cursor)
    return JobListAnswer(items=[job_answer(job) for job in page.items], next=page.next)


@router.get("/jobs/{id}", operation_id="read_job", responses=fails(404, 422, 503))
async def get_job(services: ServicesParameter, caller: Reader, id: JobId) -> JobAnswer:  # noqa: A002
    """Return a job as it stands."""
    return job_answer(await services.query(services.jobs.jobs.get, id, client=_own(caller, services)))


@router.get(
    "/jobs/{id}/briefs",
    operation_id="read_job_briefs",
    response_model=OutcomeListAnswer,
    responses={200: {"content": {LINES: {"schema": {"type": "string"}}}}, **fails(404, 422, 503)},
)
async def get_job_briefs(
    request: Request,
    services: ServicesParameter,
    caller: Reader,
    id: JobId,  # noqa: A002
    format: Annotated[  # noqa: A002
        Literal["json", "jsonl"] | None, Query(description="`jsonl`: all of them, a line each; default: by Accept.")
    ] = None,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="`next` of the page before.")] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = _OUTCOMES_AT_ONCE,
) -> Response:
    """Return the articles that have ended by now, with their briefs or problems, in the order in which they did."""
    here = services.jobs
    await services.query(here.jobs.get, id, client=_own(caller, services))
    if format == "jsonl" or (format is None and LINES in request.headers.get("accept", "")):
        return StreamingResponse(_lines(services, here, id, after), media_type=LINES)
    page = await services.query(here.jobs.briefs, id, after=after, limit=limit)
    return Response(await services.compute(_page, page), media_type="application/json")


def _page(page: OutcomePage) -> str:
    answer = OutcomeListAnswer(items=[outcome_answer(one) for one in page.items], next=page.next)
    return answer.model_dump_json()


async def _lines(services: Services, here: JobServices, job: str, after: int) -> AsyncIterator[str]:
    following: int | None = after
    while following is not None:
        page = await services.query(here.jobs.briefs, job, after=following, limit=_OUTCOMES_AT_ONCE)
        yield await services.compute(_as_lines, page)
        following = page.next


def _as_lines(page: OutcomePage) -> str:
    return "".join(outcome_answer(one).model_dump_json() + "\n" for one in page.items)


@router.get("/jobs/{id}/errors", operation_id="read_job_errors", responses=fails(404, 422, 503))
async def get_job_errors(services: ServicesParameter, caller: Reader, id: JobId) -> ErrorListAnswer:  # noqa: A002
    """Return the failures of a job by code, the most frequent first, each with an example."""
    here = services.jobs
    await services.query(here.jobs.get, id, client=_own(caller, services))
    groups = await services.query(here.jobs.errors, id)
    return ErrorListAnswer(items=[error_answer(group) for group in groups])


@router.get(
    "/jobs/{id}/events",
    operation_id="follow_job",
    response_class=Response,
    responses={
        200: {"description": "Server-sent events.", "content": {_SSE: {"schema": _EVENT}}},
        204: {"description": "The client has had the `end` already; it need not come back."},
        **fails(404, 422, 429, 503),
    },
)
async def get_job_events(
    services: ServicesParameter,
    caller: Reader,
    id: JobId,  # noqa: A002
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> Response:
    """Follow a job: `article` for each that has ended or ends, `progress` in between, and `end`."""
    here, client = services.jobs, _own(caller, services)
    await services.query(here.jobs.get, id, client=client)
    after = begin_after(last_event_id)
    if isinstance(after, str):
        return Response(status_code=204)
    most = services.config.serve.event_streams
    if here.streams >= most:
        raise RateLimited(
            f"{most} event streams are open, and no more may be", remedy="ask for the job now and then", retry_after=10
        )
    return _EventStream(here, job_events(services, here, id, client, after))


class _EventStream(EventSourceResponse):
    """A stream of events that is counted while it is open."""

    def __init__(self, here: JobServices, events: AsyncIterator[ServerSentEvent]) -> None:
        super().__init__(events, ping=_PING_SECONDS)
        self._here = here

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._here.streams += 1
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._here.streams -= 1


@router.delete(
    "/jobs/{id}",
    operation_id="end_job",
    response_model=JobAnswer,
    responses={
        204: {"description": "The job had ended and is deleted; its briefs are kept."},
        **fails(404, 409, 422, 503),
    },
)
async def delete_job(
    services: ServicesParameter,
    caller: Maker,
    id: JobId,  # noqa: A002
    only: Annotated[
        Literal["cancel", "delete"] | None,
        Query(description="Do this and nothing else; 409 where the state of the job does not allow it."),
    ] = None,
) -> Response:
    """Cancel a job that has not ended, or delete one that has.

    A cancelled job finishes what is in flight; the rest of its articles are not done. Deleting forgets the job and
    the list of its articles; the briefs stay in the store. A client that must not delete by mistake a job which ended
    a moment ago says `only=cancel`.
    """
    jobs, client = services.jobs.jobs, _own(caller, services)
    job = await services.query(jobs.get, id, client=client)
    if only == "cancel" or (only is None and job.state not in ENDED):
        try:
            cancelled = await services.query(jobs.cancel, id, client=client)
        except JobConflict:
            if only == "cancel":
                raise
            cancelled = await services.query(jobs.get, id, client=client)  # it ended a moment ago: let it be
        return Response(job_answer(cancelled).model_dump_json(), media_type="application/json")
    await services.query(jobs.delete, id, client=client)
    return Response(status_code=204)
