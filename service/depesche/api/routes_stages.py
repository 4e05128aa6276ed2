"""The stages on their own: language, figures and quotations of any text, and the checked translation of an article."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from depesche.api.answering import within_deadline
from depesche.api.briefing import Course, Submitted, ingested, make_translation
from depesche.api.descriptions import SUBMISSION, fails
from depesche.api.routes_briefs import NO_NUL
from depesche.api.security import Caller, require
from depesche.api.services import Services, get_services
from depesche.api.stage_answers import (
    DetectedLanguage,
    Figures,
    Quotations,
    TranslatedText,
    figures_of,
    language_of,
    quotations_of,
    translated,
)
from depesche.api.submissions import read_submission
from depesche.config import Config
from depesche.read import read_article
from depesche.source import Source

router = APIRouter(prefix="/v1", tags=["stages"])
ServicesParameter = Annotated[Services, Depends(get_services)]
Maker = Annotated[Caller, Depends(require("brief"))]
Name = Annotated[str | None, Query(max_length=500, pattern=NO_NUL, description="Name of the text in errors.")]
_FAILURES = fails(400, 408, 413, 415, 422, 429, 503, 504)
_Document = TypeVar("_Document", bound=BaseModel)


@router.post("/detect", operation_id="detect", openapi_extra=SUBMISSION, responses=_FAILURES)
async def post_detect(
    request: Request, services: ServicesParameter, caller: Maker, name: Name = None
) -> DetectedLanguage:
    """Tell the language of a text and of each paragraph. No model is needed."""
    return await _read(request, services, caller, name, language_of)


@router.post("/figures", operation_id="figures", openapi_extra=SUBMISSION, responses=_FAILURES)
async def post_figures(request: Request, services: ServicesParameter, caller: Maker, name: Name = None) -> Figures:
    """List every figure of a text with value, unit, modifier and place. No model is needed."""
    return await _read(request, services, caller, name, figures_of)


@router.post("/quotes", operation_id="quotes", openapi_extra=SUBMISSION, responses=_FAILURES)
async def post_quotes(request: Request, services: ServicesParameter, caller: Maker, name: Name = None) -> Quotations:
    """List every quotation of a text with its speaker, cue and place. No model is needed."""
    return await _read(request, services, caller, name, quotations_of)


@router.post(
    "/translate",
    operation_id="translate",
    response_model=TranslatedText,
    openapi_extra=SUBMISSION,
    responses=_FAILURES,
)
async def post_translate(
    request: Request, services: ServicesParameter, caller: Maker, name: Name = None
) -> JSONResponse:
    """Translate an article, sentence by sentence, checked and mended but not summarized."""
    submitted = await read_submission(request, services.config.serve, name=name)
    course = Course()

    async def make() -> JSONResponse:
        translation = await make_translation(services, submitted, caller.name, course=course)
        document = await services.compute(translated, translation)
        request.state.answer_headers["Server-Timing"] = course.server_timing()
        return JSONResponse(document.model_dump(mode="json"))

    return await within_deadline(request, services, make)


async def _read(
    request: Request, services: Services, caller: Caller, name: str | None, document_of: Callable[[Source], _Document]
) -> _Document:
    submitted = await read_submission(request, services.config.serve, name=name)

    async def make() -> _Document:
        async with services.batcher.place(caller.name):
            return await services.compute(lambda: document_of(_source(submitted, services.config)))

    return await within_deadline(request, services, make)


def _source(submitted: Submitted, config: Config) -> Source:
    """Return any text as a source: what only looks for figures or quotations may be one sentence."""
    ingest = config.ingest.model_copy(update={"min_words": 1})
    return read_article(ingested(submitted, config.model_copy(update={"ingest": ingest})), config.read)
