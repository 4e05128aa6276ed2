"""Metrics for Prometheus. No label holds a client's address, a key, or anything of an article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

if TYPE_CHECKING:
    from depesche.api.batcher import Batcher
    from depesche.batch.entries import Outcome

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_REQUEST_SECONDS = (0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160)
_STAGE_SECONDS = (0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 90)
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class Metrics:
    """The metrics of one app, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._requests = Counter(
            "depesche_requests", "Requests by route template.", ("method", "route", "status"), registry=self.registry
        )
        self._request_seconds = Histogram(
            "depesche_request_seconds",
            "Time from head to end of the answer.",
            ("method", "route"),
            buckets=_REQUEST_SECONDS,
            registry=self.registry,
        )
        self._in_flight = Gauge("depesche_requests_in_flight", "Requests being answered.", registry=self.registry)
        self._rejections = Counter(
            "depesche_rejections", "Requests refused, by error code.", ("code",), registry=self.registry
        )
        self._stage_seconds = Histogram(
            "depesche_stage_seconds",
            "An article's share of the time of each stage.",
            ("stage",),
            buckets=_STAGE_SECONDS,
            registry=self.registry,
        )
        self._briefs = Counter("depesche_briefs", "Briefs made, by status.", ("status",), registry=self.registry)
        self._job_articles = Counter(
            "depesche_job_articles", "Articles of jobs that ended here, by state.", ("state",), registry=self.registry
        )
        for state in ("done", "failed"):
            self._job_articles.labels(state)  # a rate needs the zero that it begins at
        self._queue_wait = Histogram(
            "depesche_queue_wait_seconds",
            "Time an article waited for the models.",
            buckets=_STAGE_SECONDS,
            registry=self.registry,
        )
        self._call_articles = Histogram(
            "depesche_call_articles",
            "Articles in one call of the models.",
            buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
            registry=self.registry,
        )
        self._call_seconds = Histogram(
            "depesche_call_seconds", "Time of one call of the models.", buckets=_STAGE_SECONDS, registry=self.registry
        )
        self._queue_depth = Gauge(
            "depesche_queue_depth", "Articles that wait for the models.", ("priority",), registry=self.registry
        )
        self._places = Gauge("depesche_places_taken", "Requests that hold a place.", registry=self.registry)
        self._models = Gauge("depesche_models_loaded", "1 when the models are warm.", registry=self.registry)
        Info("depesche_build", "The program.", registry=self.registry).info({"version": version("depesche")})

    def watch(self, batcher: Batcher) -> None:
        """Read the depth of the queues from `batcher` whenever somebody asks."""
        from depesche.api.batcher import Priority

        for priority in Priority:
            gauge = self._queue_depth.labels(priority.name.lower())
            gauge.set_function(partial(batcher.depth, priority))
        self._places.set_function(lambda: batcher.places.taken)

    def called(self, articles: int, seconds: float, waits: Sequence[float]) -> None:
        """Count a call of the models; see `CallListener`."""
        self._call_articles.observe(articles)
        self._call_seconds.observe(seconds)
        for wait in waits:
            self._queue_wait.observe(wait)

    def begun(self) -> None:
        """Count a request whose head is there."""
        self._in_flight.inc()

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer. `route` is a template, never a path."""
        self._in_flight.dec()
        known = method if method in _METHODS else "other"
        self._requests.labels(known, route, status).inc()
        self._request_seconds.labels(known, route).observe(seconds)

    def rejected(self, code: str) -> None:
        """Count a refusal or failure by its code."""
        self._rejections.labels(code).inc()

    def briefed(self, status: str, timings: Mapping[str, float]) -> None:
        """Count a brief and what its stages took."""
        self._briefs.labels(status).inc()
        self.staged(timings)

    def staged(self, timings: Mapping[str, float]) -> None:
        """Count what stages took for an article."""
        for stage, seconds in timings.items():
            self._stage_seconds.labels(stage).observe(seconds)

    def ended(self, outcomes: Sequence[Outcome]) -> None:
        """Count articles of jobs, and the briefs among them; see `EndListener`."""
        for outcome in outcomes:
            self._job_articles.labels(outcome.state).inc()
            if outcome.status is not None:
                self.briefed(outcome.status, outcome.seconds)

    def models_loaded(self, *, loaded: bool) -> None:
        """Say whether the models are warm."""
        self._models.set(int(loaded))

    def exposition(self) -> bytes:
        """Return all metrics as Prometheus reads them."""
        return generate_latest(self.registry)
