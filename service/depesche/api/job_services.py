"""What the routes of jobs work with, beside what all routes do: the jobs, their worker, and who listens to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from anyio import CapacityLimiter

from depesche.api.services import Services
from depesche.jobs import JobNews, Jobs, JobWorker, Progress

_INTAKES = 2
"""Uploads that are taken in at a time; each may need some hundred megabytes for a moment."""


@dataclass(slots=True)
class JobServices:
    """One for each app, in `Services.jobs`. `worker` is None where the process only takes jobs in."""

    jobs: Jobs
    worker: JobWorker | None
    news: JobNews
    streams: int = 0
    """Event streams that are open."""
    intake: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(_INTAKES))


def job_services(services: Services) -> JobServices:
    """Return what there is for jobs; a worker, if this process is to work on them, is not started yet."""
    config, store = services.config, services.store
    jobs = Jobs(store, max_articles=config.serve.max_job_articles)

    async def look(ids: Sequence[str]) -> Mapping[str, Progress]:
        return await services.query(jobs.progress, ids)

    worker = None
    if config.serve.jobs:
        worker = JobWorker(store, config, services.batcher, services.pipeline.imprint, listener=services.metrics)
    return JobServices(jobs, worker, JobNews(look))
