"""Jobs as documents: what the routes answer, and the JSON of each event of a stream."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from depesche.api.problems import Problem, problem_of
from depesche.batch.entries import ErrorGroup
from depesche.brief import Brief
from depesche.jobs import ArticleOutcome, JobState, JobView
from depesche.jobs.listing import error_of
from depesche.translation import Status


class JobAnswer(BaseModel):
    """A job as it stands."""

    id: str
    state: JobState = Field(description="`queued` until the first article is begun.")
    label: str | None = Field(description="What the client called it.")
    created: datetime
    started: datetime | None
    ended: datetime | None
    articles: int
    counts: dict[str, int] = Field(
        description="Articles by state: pending, running, done, failed; of a cancelled job also skipped."
    )
    statuses: dict[str, int] = Field(description="Briefs by status: verified, repaired, flagged.")
    seconds_left: float | None = Field(description="At the pace so far; null where there is none.")


class NewJob(JobAnswer):
    """A job that was just taken in."""

    passed_over: dict[str, int] = Field(description="What an archive held beside articles, and how often.")


class JobListAnswer(BaseModel):
    """Jobs, the newest first."""

    items: list[JobAnswer]
    next: str | None = Field(description="`cursor` of the next page; null at the end.")


class OutcomeAnswer(BaseModel):
    """How an article ended: with a brief, or with a problem that stands in its place."""

    number: int = Field(description="It was the number-th of its job to end.")
    name: str = Field(description="Number of the line or of the article in the list, or path in the archive.")
    state: Literal["done", "failed"]
    brief: Brief | None
    problem: Problem | None


class OutcomeListAnswer(BaseModel):
    """Articles that have ended, in the order in which they did."""

    items: list[OutcomeAnswer]
    next: int | None = Field(description="`after` of the next page; null where there is no more by now.")


class ErrorAnswer(BaseModel):
    """All failures of one code, with the first of them by name."""

    code: str
    count: int
    name: str
    problem: Problem


class ErrorListAnswer(BaseModel):
    """The failures of a job by code, the most frequent first."""

    items: list[ErrorAnswer]


class ArticleEvent(BaseModel):
    """Data of an `article` event."""

    number: int
    name: str
    state: Literal["done", "failed"]
    status: Status | None
    brief_id: str | None
    headline: str | None
    problem: Problem | None


def job_answer(view: JobView) -> JobAnswer:
    """Return a job as a document."""
    return JobAnswer(**_of_job(view))


def new_job(view: JobView, passed_over: dict[str, int]) -> NewJob:
    """Return a job that was just taken in as a document."""
    return NewJob(**_of_job(view), passed_over=passed_over)


def _of_job(view: JobView) -> dict[str, object]:
    return {name: getattr(view, name) for name in JobAnswer.model_fields}


def outcome_answer(outcome: ArticleOutcome) -> OutcomeAnswer:
    """Return an outcome, with its brief, as a document."""
    return OutcomeAnswer(
        number=outcome.number,
        name=outcome.name,
        state=outcome.state,
        brief=outcome.brief,
        problem=_problem(outcome),
    )


def article_event(outcome: ArticleOutcome) -> ArticleEvent:
    """Return an outcome as the data of an event."""
    return ArticleEvent(
        number=outcome.number,
        name=outcome.name,
        state=outcome.state,
        status=Status(outcome.status) if outcome.status else None,
        brief_id=outcome.brief_id,
        headline=outcome.headline,
        problem=_problem(outcome),
    )


def error_answer(group: ErrorGroup) -> ErrorAnswer:
    """Return the failures of one code as a document."""
    problem = problem_of(error_of(group.code, group.text), None)
    return ErrorAnswer(code=group.code, count=group.count, name=group.name, problem=problem)


def _problem(outcome: ArticleOutcome) -> Problem | None:
    return problem_of(outcome.error, None) if outcome.error else None
