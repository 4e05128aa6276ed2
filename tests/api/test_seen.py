"""What can be seen of the service: logs, metrics, traces, and the dashboard that asks for metrics there are."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from api.conftest import ENGLISH, TEXT, Connected, client_of, configured
from depesche.api import create_app
from depesche.api.logs import JsonFormatter, TextFormatter, fields, request_id_now
from depesche.api.traces import trace
from depesche.api.tracing import OpenTelemetryTracing, Tracing, open_tracing
from depesche.pipeline import Pipeline
from depesche.store import Store

DASHBOARD = Path(__file__).parents[2] / "deploy" / "grafana" / "depesche.json"


def test_a_request_id_is_taken_over_or_made_and_is_in_every_line(
    run: Connected, caplog: pytest.LogCaptureFixture
) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        given = await client.get("/v1/briefs", headers={"x-request-id": "desk-7.A_b"})
        assert given.headers["x-request-id"] == "desk-7.A_b"
        for bad in ("", "a b", "x" * 65, "<script>", "ä".encode("latin-1")):
            made = await client.get("/nothing", headers={"x-request-id": bad})
            assert re.fullmatch("[0-9a-f]{32}", made.headers["x-request-id"])
            assert made.json()["request_id"] == made.headers["x-request-id"]

    with caplog.at_level(logging.INFO, logger="depesche"):
        run(check)
    assert [record.message for record in caplog.records].count("request") == 6


def test_lines_of_logs_are_whole_and_name_the_request() -> None:
    record = logging.LogRecord("depesche.api", logging.INFO, "x.py", 1, "two\nlines", (), None)
    record.__dict__ |= fields(route="/v1/briefs", status=200)
    token = request_id_now.set("r-1")
    try:
        entry = json.loads(JsonFormatter().format(record))
        line = TextFormatter().format(record)
    finally:
        request_id_now.reset(token)
    assert {"message": "two\nlines", "request_id": "r-1", "route": "/v1/briefs", "status": 200}.items() <= entry.items()
    assert line.endswith(
        "INFO    depesche.api two lines request_id=r-1 route=/v1/briefs status=200".replace("INFO", "info")
    )
    assert "\n" not in line


def test_an_exception_is_logged_by_type_and_place_never_by_what_it_says() -> None:
    def look_up() -> str:
        return {}["Geheimnis"]

    def fail() -> None:
        try:
            look_up()
        except KeyError as error:
            raise ValueError("Geheimnis") from error

    try:
        fail()
    except ValueError as error:
        said = trace(error)
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "failed", (), (type(error), error, None))
    assert said.startswith("ValueError at test_seen.py:")
    assert "caused by KeyError at test_seen.py:" in said
    for text in (said, JsonFormatter().format(record), TextFormatter().format(record)):
        assert "Geheimnis" not in text


def test_metrics_count_by_template_and_name_nobody(run: Connected, store: Store) -> None:
    key, secret = store.keys.add("newsroom", ["brief", "read", "metrics"])

    async def check(client: httpx.AsyncClient) -> None:
        headers = {"authorization": f"Bearer {secret}"}
        made = await client.post("/v1/briefs", content=ENGLISH.encode(), headers={**TEXT, **headers})
        await client.get(f"/v1/briefs/{made.json()['id']}", headers=headers)
        await client.get("/secret/path", headers=headers)
        await client.request("BREW", "/v1/briefs", headers=headers)
        answer = await client.get("/metrics", headers=headers)
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        lines = set(answer.text.splitlines())
        for line in (
            'depesche_requests_total{method="POST",route="/v1/briefs",status="200"} 1.0',
            'depesche_requests_total{method="GET",route="/v1/briefs/{id}",status="200"} 1.0',
            'depesche_requests_total{method="GET",route="unmatched",status="404"} 1.0',
            'depesche_requests_total{method="other",route="/v1/briefs",status="405"} 1.0',
            'depesche_briefs_total{status="verified"} 1.0',
            'depesche_stage_seconds_count{stage="verify"} 1.0',
            'depesche_queue_depth{priority="interactive"} 0.0',
            "depesche_queue_wait_seconds_count 2.0",
            "depesche_call_articles_sum 2.0",
            "depesche_models_loaded 1.0",
            "depesche_places_taken 0.0",
            'depesche_rejections_total{code="D808"} 1.0',
        ):
            assert line in lines, line
        for private in ("127.0.0.1", "secret", "newsroom", key.prefix, made.json()["id"]):
            assert private not in answer.text

    run(check, keys="required")


def test_every_query_of_the_dashboard_asks_for_a_metric_there_is(run: Connected) -> None:
    dashboard = json.loads(DASHBOARD.read_text("utf-8"))
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ())]
    assert len(queries) >= 10
    asked = {name for query in queries for name in re.findall(r"\b(?:depesche|process)_\w+", query)}

    async def check(client: httpx.AsyncClient) -> None:
        await client.post("/v1/briefs", content=ENGLISH.encode(), headers=TEXT)
        await client.get("/nothing")
        text = (await client.get("/metrics")).text
        there = {re.split(r"[ {]", line)[0] for line in text.splitlines() if not line.startswith("#")}
        assert asked <= there, asked - there
        labels = {
            name for query in queries for group in re.findall(r"by \(([^)]*)\)", query) for name in group.split(", ")
        }
        assert all(f'{label}="' in text for label in labels)

    run(check)


class Collector(BaseHTTPRequestHandler):
    """Takes what an exporter of traces sends."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.received.append((self.path, body))  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def test_traces_go_where_the_variables_of_opentelemetry_say(monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as collector:
        collector.received = []  # type: ignore[attr-defined]
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.server_port}")
        tracing = open_tracing(enabled=True)
        with tracing.request("GET", {}, "wire-4711"):
            tracing.stages({"read": 0.1})
        tracing.close()
        collector.shutdown()
        [(path, body)] = collector.received  # type: ignore[attr-defined]
        assert path == "/v1/traces"
        assert b"wire-4711" in body


def test_a_request_is_a_trace_with_a_span_for_each_stage(tmp_path: Path, store: Store, pipeline: Pipeline) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    app = create_app(configured(tmp_path), store=store, pipeline=pipeline, tracing=OpenTelemetryTracing(provider))
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    async def go() -> None:
        async with client_of(app) as client:
            headers = {**TEXT, "traceparent": parent}
            answer = await client.post("/v1/briefs?name=geheim", content=ENGLISH.encode(), headers=headers)
            assert answer.status_code == 200

    asyncio.run(go())
    spans = {span.name: span for span in exporter.get_finished_spans()}
    request = spans.pop("POST /v1/briefs")
    assert set(spans) == {"read", "queue", "load", "translate", "summarize", "verify"}
    assert f"{request.context.trace_id:032x}" == parent.split("-")[1]
    assert request.attributes is not None
    assert request.attributes["http.response.status_code"] == 200
    assert all(span.parent is not None and span.parent.span_id == request.context.span_id for span in spans.values())
    assert "geheim" not in "".join(span.to_json() for span in (request, *spans.values()))


def test_without_the_setting_there_are_no_traces() -> None:
    assert type(open_tracing(enabled=False)) is Tracing
