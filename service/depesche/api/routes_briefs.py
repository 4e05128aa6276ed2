"""Briefs: make one of an article, find, read and delete those that are kept."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from pydantic import AfterValidator, BaseModel, Field

from depesche.api.answering import fingerprint, once, within_deadline
from depesche.api.briefing import Course, Submitted, make_brief
from depesche.api.descriptions import ARTICLE_OR_URL, BRIEF_CONTENT, fails
from depesche.api.fetching import fetched
from depesche.api.formats import MEDIA_TYPES, BriefFormat, choose_format
from depesche.api.security import Caller, require
from depesche.api.services import Services, get_services
from depesche.api.submissions import read_submission
from depesche.brief import Brief
from depesche.errors import NotFound, VerificationFailed
from depesche.figure import Kind
from depesche.render import render
from depesche.store import LARGEST_PAGE, BriefQuery, StoredBrief
from depesche.translation import Status

router = APIRouter(prefix="/v1", tags=["briefs"])
ServicesParameter = Annotated[Services, Depends(get_services)]
Maker = Annotated[Caller, Depends(require("brief"))]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="Any name for this request: sent again with it, it gets the same answer, for 24 hours.",
    ),
]
Reader = Annotated[Caller, Depends(require("read"))]
Editor = Annotated[Caller, Depends(require("edit"))]
BriefId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The brief's `id`.")]
FormatParameter = Annotated[BriefFormat | None, Query(description="Default: by `Accept`, else json.")]
NO_NUL = r"^[^\x00]*$"
_Number = Annotated[Decimal, Field(ge=Decimal("-1e30"), le=Decimal("1e30"), max_digits=60, decimal_places=30)]


def _in_calendar(moment: date) -> date:
    """Return a moment that is one in every time zone. Raises `ValueError`."""
    if not date.min.year < moment.year < date.max.year:
        raise ValueError("too far away")
    return moment


_Moment = Annotated[date | datetime, AfterValidator(_in_calendar)]


class BriefInList(BaseModel):
    """A stored brief in a list; `flags` are the warnings that a strict request fails for."""

    id: str
    headline: str
    summary: str
    status: Status
    language: str
    article_name: str
    title: str | None
    published: str | None
    created: datetime
    figures: int
    flags: int
    feedback: int


class BriefList(BaseModel):
    """A page of stored briefs; `next` is the cursor of the page after it, None at the end."""

    items: list[BriefInList]
    next: str | None


class BriefSearch(BaseModel):
    """What `GET /v1/briefs` is asked for; a brief is found if everything given applies to it."""

    text: str | None = Field(
        None, max_length=500, pattern=NO_NUL, description='Words that all occur; "a phrase"; `begin*`.'
    )
    published_from: _Moment | None = None
    published_until: _Moment | None = None
    created_from: _Moment | None = None
    created_until: _Moment | None = None
    language: str | None = Field(None, pattern=r"^[a-z]{2,3}$", description="Language of the article.")
    status: Status | None = None
    unit: str | None = Field(None, max_length=40, pattern=NO_NUL, description="Unit of a figure: EUR, %, km, person.")
    min: _Number | None = Field(None, description="Least value of a figure.")
    max: _Number | None = Field(None, description="Greatest value of a figure.")
    kind: Kind | None = Field(None, description="Kind of a figure.")
    order: Literal["newest", "flagged_first"] = "newest"
    limit: int = Field(50, ge=1, le=LARGEST_PAGE)
    cursor: str | None = Field(None, max_length=500, pattern=NO_NUL, description="`next` of the page before.")

    def query(self) -> BriefQuery:
        """Return it as the store takes it."""
        given = self.model_dump(exclude={"min", "max"})
        return BriefQuery(**given, minimum=self.min, maximum=self.max)


@router.post(
    "/briefs",
    operation_id="make_brief",
    response_class=Response,
    responses={200: BRIEF_CONTENT, **fails(400, 406, 408, 409, 413, 415, 422, 429, 502, 503, 504)},
    openapi_extra=ARTICLE_OR_URL,
)
async def post_brief(
    request: Request,
    services: ServicesParameter,
    caller: Maker,
    format: FormatParameter = None,  # noqa: A002 - the parameter's name
    strict: Annotated[bool, Query(description="Answer with 422 (D501) if the brief is flagged.")] = False,
    store: Annotated[bool, Query(description="Keep the brief, so that it can be found and read again.")] = True,
    name: Annotated[
        str | None, Query(max_length=500, pattern=NO_NUL, description="Name of the article in its brief.")
    ] = None,
    _idempotency_key: IdempotencyKey = None,
) -> Response:
    """Make the brief of one article: the same document as `depesche brief` writes, but for `timings`.

    A JSON body that has nothing but a `url` names the article; the service fetches it if its settings allow that.
    """
    chosen = choose_format(format, request.headers.get("accept"))
    submitted = await read_submission(request, services.config.serve, name=name)

    async def make() -> Response:
        article = await fetched(services, submitted)
        return await _brief_answer(services, article, caller, chosen, request, strict=strict, keep=store)

    sha256 = fingerprint(request, submitted.name, submitted.format or "", submitted.data)
    return await once(request, services, caller, sha256, lambda: within_deadline(request, services, make))


async def _brief_answer(
    services: Services,
    submitted: Submitted,
    caller: Caller,
    chosen: BriefFormat,
    request: Request,
    *,
    strict: bool,
    keep: bool,
) -> Response:
    course = Course()
    brief = await make_brief(services, submitted, caller.name, course=course)
    headers = {"X-Brief-Id": brief.id, "X-Brief-Status": brief.status.value}
    if keep:
        await services.query(services.store.briefs.add, brief, client=caller.name)
        headers["Content-Location"] = f"/v1/briefs/{brief.id}"
    request.state.answer_headers["Server-Timing"] = course.server_timing()
    if strict and brief.status is Status.FLAGGED:
        flags = [f"{one.code} in {one.place}" for one in brief.warnings if not one.place.startswith("sentence")]
        raise VerificationFailed(
            f"the brief is flagged: {'; '.join(flags)}",
            place=brief.id,
            remedy="ask without `strict`, and read its warnings",
        )
    return await rendered(services, brief, chosen, headers)


async def rendered(services: Services, brief: Brief, chosen: BriefFormat, headers: dict[str, str]) -> Response:
    """Return a brief in the chosen format."""
    text = await services.compute(render, brief, chosen)
    return Response(text, headers={**headers, "Vary": "Accept"}, media_type=MEDIA_TYPES[chosen])


@router.get("/briefs", operation_id="find_briefs", responses=fails(422))
async def get_briefs(
    services: ServicesParameter, _caller: Reader, search: Annotated[BriefSearch, Query()]
) -> BriefList:
    """Find stored briefs by words, dates, language, status and figures; page by page."""
    page = await services.query(services.store.briefs.search, search.query())
    return BriefList(items=[BriefInList.model_validate(asdict(item)) for item in page.items], next=page.next)


@router.get(
    "/briefs/{id}",
    operation_id="read_brief",
    response_class=Response,
    responses={200: BRIEF_CONTENT, **fails(404, 406, 422)},
)
async def get_brief(
    request: Request,
    services: ServicesParameter,
    _caller: Reader,
    id: BriefId,  # noqa: A002 - the parameter's name
    format: FormatParameter = None,  # noqa: A002
) -> Response:
    """Return a stored brief."""
    chosen = choose_format(format, request.headers.get("accept"))
    stored = await stored_brief(services, id)
    return await rendered(services, stored.brief, chosen, {"X-Brief-Id": id, "X-Brief-Status": stored.brief.status})


async def stored_brief(services: Services, id: str) -> StoredBrief:  # noqa: A002
    """Return a stored brief. Raises `NotFound`."""
    stored = await services.query(services.store.briefs.get, id)
    if stored is None:
        raise NotFound("no such brief is kept", place=id, remedy="GET /v1/briefs lists those that are")
    return stored


@router.delete("/briefs/{id}", operation_id="delete_brief", status_code=204, responses=fails(404, 422))
async def delete_brief(services: ServicesParameter, _caller: Editor, id: BriefId) -> None:  # noqa: A002
    """Delete a stored brief with its feedback."""
    if not await services.query(services.store.briefs.delete, id):
        raise NotFound("no such brief is kept", place=id, remedy="GET /v1/briefs lists those that are")
