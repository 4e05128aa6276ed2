"""What there is to know here: the models in use, the schema of a brief, and the description of this API."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from depesche.api.openapi import describe
from depesche.api.reference import reference_page, reference_style
from depesche.api.security import Caller, require
from depesche.api.services import Services, get_services
from depesche.brief import ModelInfo, PromptInfo, brief_schema
from depesche.catalogue import load_cards, model_state
from depesche.config import Config

router = APIRouter(tags=["about"])
ServicesParameter = Annotated[Services, Depends(get_services)]
SCHEMA = "application/schema+json"
Anyone = Annotated[Caller, Depends(require(None))]


class KnownModel(BaseModel):
    """A model that there is a card for."""

    name: str
    tasks: list[str]
    licence: str
    bytes: int
    state: Literal["installed", "partial", "absent"] = Field(description="Whether it is on the service's machine.")


class Models(BaseModel):
    """The models and prompts that briefs are made with here, and all models there are cards for."""

    used: list[ModelInfo]
    prompts: list[PromptInfo]
    config_sha256: str = Field(description="Of the settings that can change a brief.")
    known: list[KnownModel]


@router.get("/v1/models", operation_id="models")
async def get_models(services: ServicesParameter, _caller: Anyone) -> Models:
    """Return the models that make the briefs, with their hashes, and all that could."""
    services.check_ready()
    return await services.query(_models, services)


@router.get(
    "/v1/schema/brief",
    operation_id="brief_schema",
    response_class=Response,
    responses={200: {"content": {SCHEMA: {"schema": {"type": "object"}}}}},
)
async def get_brief_schema(_caller: Anyone) -> JSONResponse:
    """Return the JSON Schema of a brief."""
    return JSONResponse(brief_schema(), media_type=SCHEMA)


@router.get("/openapi.json", include_in_schema=False)
async def get_openapi(request: Request) -> JSONResponse:
    """Return the description of this API."""
    return JSONResponse(describe(request.app))


@router.get("/docs", include_in_schema=False)
async def get_docs(request: Request) -> Response:
    """Return the description of this API as a page that asks for nothing elsewhere."""
    return Response(reference_page(describe(request.app)), media_type="text/html; charset=utf-8")


@router.get("/docs/style.css", include_in_schema=False)
async def get_docs_style() -> Response:
    """Return the style of that page."""
    return Response(reference_style(), media_type="text/css; charset=utf-8")


def _models(services: Services) -> Models:
    imprint = services.pipeline.imprint()
    return Models(
        used=list(imprint.models),
        prompts=list(imprint.prompts),
        config_sha256=imprint.config_sha256,
        known=_known(services.config),
    )


def _known(config: Config) -> list[KnownModel]:
    return [
        KnownModel(
            name=card.name,
            tasks=list(card.tasks),
            licence=card.licence.id,
            bytes=card.bytes,
            state=model_state(card, config),
        )
        for card in load_cards().values()
    ]
