"""OpenTelemetry traces: a span for each request and, in it, one for each stage. Wants the extra `tracing`.

Without it, or with the setting `serve.tracing` off, everything here does nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from depesche.errors import LibraryMissing

_ORDER = ("read", "queue", "load", "translate", "summarize", "verify")


class Span(Protocol):
    """What is said of a request while it is answered."""

    def answered(self, route: str, status: int) -> None:
        """Say what became of the request."""
        ...


class Tracing:
    """No traces: what there is without the setting."""

    @contextmanager
    def request(self, method: str, headers: Mapping[str, str], request_id: str) -> Iterator[Span | None]:  # noqa: ARG002
        """Open the span of a request, as part of the trace that its headers name."""
        yield None

    def stages(self, seconds: Mapping[str, float]) -> None:
        """Add a span for each stage of the current request, one after the other, up to now."""

    def close(self) -> None:
        """Send what was not sent yet."""


class OpenTelemetryTracing(Tracing):
    """Traces through an OpenTelemetry tracer provider, which exports them."""

    def __init__(self, provider: Any) -> None:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._provider = provider
        self._tracer = provider.get_tracer("depesche")
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def request(self, method: str, headers: Mapping[str, str], request_id: str) -> Iterator[Span | None]:
        """See `Tracing.request`; attributes follow the semantic conventions for HTTP."""
        from opentelemetry.trace import SpanKind

        attributes = {"http.request.method": method, "depesche.request_id": request_id}
        context = self._propagator.extract(dict(headers))
        with self._tracer.start_as_current_span(
            method, context=context, kind=SpanKind.SERVER, attributes=attributes, record_exception=False
        ) as span:
            yield _RequestSpan(method, span)

    def stages(self, seconds: Mapping[str, float]) -> None:
        """See `Tracing.stages`."""
        at = time.time_ns() - int(sum(seconds.values()) * 1e9)
        for stage in sorted(seconds, key=_ORDER.index):
            span = self._tracer.start_span(stage, start_time=at)
            at += int(seconds[stage] * 1e9)
            span.end(end_time=at)

    def close(self) -> None:
        """See `Tracing.close`."""
        self._provider.shutdown()


class _RequestSpan:
    def __init__(self, method: str, span: Any) -> None:
        self._method = method
        self._span = span

    def answered(self, route: str, status: int) -> None:
        from opentelemetry.trace import StatusCode

        self._span.update_name(f"{self._method} {route}")
        self._span.set_attributes({"http.route": route, "http.response.status_code": status})
        if status >= 500:
            self._span.set_status(StatusCode.ERROR)


def open_tracing(*, enabled: bool) -> Tracing:
    """Return what traces requests; where to is set by OpenTelemetry's own variables (OTEL_EXPORTER_OTLP_ENDPOINT).

    Raises `LibraryMissing`.
    """
    if not enabled:
        return Tracing()
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise LibraryMissing(
            "traces need OpenTelemetry", place="setting serve.tracing", remedy="pip install 'depesche[tracing]'"
        ) from error
    provider = TracerProvider(resource=Resource.create({"service.name": "depesche"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return OpenTelemetryTracing(provider)
