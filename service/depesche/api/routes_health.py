"""Probes: whether the process lives, and whether it can take requests."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from depesche.api.services import Services, get_services
from depesche.errors import NotReady

router = APIRouter(tags=["health"])
ServicesParameter = Annotated[Services, Depends(get_services)]


class Health(BaseModel):
    """The process is well."""

    status: str = "ok"


@router.api_route("/livez", methods=["GET", "HEAD"], operation_id="live")
async def live() -> Health:
    """Answer as long as the process lives."""
    return Health()


@router.api_route("/readyz", methods=["GET", "HEAD"], operation_id="ready")
async def ready(services: ServicesParameter) -> Health:
    """Answer with 200 when models are warm, the model thread runs and the database answers; else 503."""
    services.check_ready()
    if not services.batcher.alive:
        raise NotReady("the model thread has ended", remedy="restart the service")
    if services.store is not None:
        await services.query(services.store.check)
    return Health()
