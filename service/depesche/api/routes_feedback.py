"""Feedback: what editors say of the parts of a brief, and all of it as lines of JSON for tests and training."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from depesche.api.descriptions import fails
from depesche.api.routes_briefs import NO_NUL, BriefId, Editor, Reader, stored_brief
from depesche.api.services import Services, get_services
from depesche.store import Feedback, Store, StoredFeedback, Target, Verdict

router = APIRouter(prefix="/v1", tags=["feedback"])
ServicesParameter = Annotated[Services, Depends(get_services)]
_Text = Annotated[str, Field(max_length=5_000, pattern=NO_NUL)]


class GivenFeedback(BaseModel):
    """A verdict on one part of a brief.

    `index` is the part's place in `figures`, `sentences` or `quotations`; claims are counted from the headline (0)
    through the summary to the key points. `correction` is the English that should stand there.
    """

    model_config = ConfigDict(extra="forbid")

    target: Target
    index: int = Field(ge=0, le=100_000)
    verdict: Verdict
    correction: _Text | None = None
    note: _Text | None = None
    editor: Annotated[str, Field(max_length=200, pattern=NO_NUL)] | None = None


class KeptFeedback(GivenFeedback):
    """Feedback as it is kept; the latest word on a part counts."""

    id: int
    brief_id: str
    created: datetime


class FeedbackList(BaseModel):
    """The feedback on a brief, the oldest first."""

    items: list[KeptFeedback]


@router.post(
    "/briefs/{id}/feedback", operation_id="give_feedback", status_code=201, responses=fails(400, 404, 408, 413, 422)
)
async def post_feedback(
    services: ServicesParameter,
    _caller: Editor,
    id: BriefId,  # noqa: A002 - the parameter's name
    given: GivenFeedback,
) -> KeptFeedback:
    """Accept, correct or reject a figure, a sentence, a claim or a quotation of a stored brief."""
    return _kept(await services.query(services.store.feedback.add, Feedback(brief_id=id, **given.model_dump())))


@router.get("/briefs/{id}/feedback", operation_id="read_feedback", responses=fails(404, 422))
async def get_feedback(services: ServicesParameter, _caller: Reader, id: BriefId) -> FeedbackList:  # noqa: A002
    """Return the feedback on a stored brief."""
    await stored_brief(services, id)
    found = await services.query(services.store.feedback.of, id)
    return FeedbackList(items=[_kept(one) for one in found])


@router.get(
    "/feedback",
    operation_id="export_feedback",
    response_class=Response,
    responses={200: {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}}},
)
async def get_all_feedback(services: ServicesParameter, _caller: Reader) -> StreamingResponse:
    """Return all feedback as lines of JSON, the oldest first, with the German and English that it is about."""
    return StreamingResponse(_lines(services.store), media_type="application/x-ndjson")


def _lines(store: Store) -> Iterator[str]:
    for record in store.feedback.export():
        yield json.dumps(record, ensure_ascii=False) + "\n"


def _kept(stored: StoredFeedback) -> KeptFeedback:
    return KeptFeedback(id=stored.id, created=stored.created, **asdict(stored.feedback))
