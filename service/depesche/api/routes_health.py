"""Probes and metrics: whether the process lives, whether it can take requests, and how it goes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from depesche.api.descriptions import fails
from depesche.api.metrics import CONTENT_TYPE
from depesche.api.security import require
from depesche.api.services import Services, get_services
from depesche.errors import NotReady

router = APIRouter(tags=["health"])
ServicesParameter = Annotated[Services, Depends(get_services)]


class Health(BaseModel):
    """The process is well."""

    status: str = "ok"


@router.get("/livez", operation_id="live")
async def live() -> Health:
    """Answer as long as the process lives."""
    return Health()


@router.get("/readyz", operation_id="ready", responses=fails(503))
async def ready(services: ServicesParameter) -> Health:
    """Answer with 200 when models are warm, the model thread runs and the database answers; else 503."""
    services.check_ready()
    if not services.batcher.alive:
        raise NotReady("the model thread has ended", remedy="restart the service")
    await services.query(services.store.check)
    return Health()


@router.get(
    "/metrics",
    operation_id="metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    dependencies=[Depends(require("metrics"))],
)
async def metrics(services: ServicesParameter) -> Response:
    """Return the metrics in Prometheus' text format."""
    return Response(services.metrics.exposition(), media_type=CONTENT_TYPE)
