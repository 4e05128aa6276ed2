"""Jobs: the list, and a job's page, which follows its progress."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from depesche.api.security import keys_required
from depesche.api.services import Services, get_services
from depesche.desk.answering import SEE_OTHER, DeskRoute, visiting
from depesche.desk.forms import read_form
from depesche.desk.pages import render
from depesche.desk.visitors import Visitor
from depesche.jobs import ENDED, JobList, JobView, OutcomePage

router = APIRouter(route_class=DeskRoute)
_JOBS_A_PAGE = 50
_OUTCOMES_A_PAGE = 100
ServicesParameter = Annotated[Services, Depends(get_services)]
Reader = Annotated[Visitor, Depends(visiting("read"))]


@router.get("/desk/jobs")
async def list_jobs(request: Request, services: ServicesParameter, visitor: Reader) -> Response:
    """Show the jobs, the newest first."""
    jobs = services.jobs.jobs
    cursor = request.query_params.get("cursor")
    page: JobList = await services.query(jobs.list, client=_own(visitor, services), limit=_JOBS_A_PAGE, cursor=cursor)
    return render(visitor, "jobs.html.j2", section="jobs", jobs=page.items, next=page.next, cursor=cursor)


@router.get("/desk/jobs/{job_id}")
async def show_job(request: Request, job_id: str, services: ServicesParameter, visitor: Reader) -> Response:
    """Show a job as it stands, and how its articles ended."""
    job = await _job(job_id, services, visitor)
    after = request.query_params.get("after", "")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    outcomes: OutcomePage = await services.query(
        services.jobs.jobs.outcomes, job.id, after=start, limit=_OUTCOMES_A_PAGE
    )
    return render(
        visitor,
        "job.html.j2",
        section="jobs",
        job=job,
        outcomes=outcomes.items,
        next=outcomes.next,
        start=start,
        ended=job.state in ENDED,
    )


@router.post("/desk/jobs/{job_id}/cancel")
async def cancel_job(
    request: Request,
    job_id: str,
    services: ServicesParameter,
    visitor: Annotated[Visitor, Depends(visiting("brief"))],
) -> Response:
    """End a job early: what is in flight is finished, the rest is not done."""
    form = await read_form(request, services.config.serve)
    visitor.check_token(form.get("token"))
    job = await _job(job_id, services, visitor)
    await services.query(services.jobs.jobs.cancel, job.id, client=_own(visitor, services))
    return RedirectResponse(f"/desk/jobs/{job.id}", SEE_OTHER)


async def _job(job_id: str, services: Services, visitor: Visitor) -> JobView:
    # PostgreSQL takes no NUL in a text, and no id has one.
    name = job_id.replace("\0", "")
    job: JobView = await services.query(services.jobs.jobs.get, name, client=_own(visitor, services))
    return job


def _own(visitor: Visitor, services: Services) -> str | None:
    """Return whose jobs a visitor sees: the key's own, and without keys everybody's."""
    return visitor.caller.name if visitor.caller and keys_required(services.config.serve) else None
