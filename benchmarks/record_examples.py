"""Record the examples of the OpenAPI document: start the real service and ask it what the document shows.

    python benchmarks/record_examples.py            write service/depesche/api/examples.json

The examples are real runs on examples/ with the bundled translator and the extractive summarizer. Long lists in the
answers are shown from their beginning; nothing else is changed. A test compares the shapes with a live answer.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx

from depesche.api import create_app
from depesche.config import load_config

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "service" / "depesche" / "api" / "examples.json"
_LONGEST_LIST = 2
_ARTICLE = (ROOT / "examples" / "agentur.txt").read_text("utf-8")
_TEXT = "text/plain"


async def record(client: httpx.AsyncClient) -> dict[str, Any]:
    """Return by operation id a request and its answer."""
    runs: dict[str, Any] = {}

    async def run(operation: str, method: str, path: str, body: Any = None, kind: str = _TEXT) -> httpx.Response:
        content = body if isinstance(body, str) or body is None else json.dumps(body)
        headers = {} if content is None else {"content-type": kind}
        answer = await client.request(method, path, content=content, headers=headers)
        answer.raise_for_status()
        answer_type = answer.headers["content-type"].partition(";")[0]
        runs[operation] = {"status": answer.status_code, "answer_type": answer_type, "answer": _shown(answer)}
        if body is not None:
            runs[operation] |= {"content_type": kind, "request": body}
        return answer

    made = await run("make_brief", "POST", "/v1/briefs?name=agentur.txt", _ARTICLE)
    brief = made.json()["id"]
    for stage in ("detect", "figures", "quotes", "translate"):
        await run(stage, "POST", f"/v1/{stage}", _ARTICLE)
    await run("find_briefs", "GET", "/v1/briefs?limit=1")
    await run("read_brief", "GET", f"/v1/briefs/{brief}")
    verdict = {"target": "sentence", "index": 0, "verdict": "accept", "editor": "jp"}
    await run("give_feedback", "POST", f"/v1/briefs/{brief}/feedback", verdict, "application/json")
    await run("read_feedback", "GET", f"/v1/briefs/{brief}/feedback")
    await run("export_feedback", "GET", "/v1/feedback")
    await _record_job(client, run)
    await run("models", "GET", "/v1/models")
    await run("live", "GET", "/livez")
    await run("ready", "GET", "/readyz")
    return runs


async def _record_job(client: httpx.AsyncClient, run: Callable[..., Awaitable[httpx.Response]]) -> None:
    """Hand in a job of two articles, one of them bad, and ask for everything once it has ended."""
    records = [{"text": _ARTICLE, "url": "https://news.example/berlin"}, {"text": ""}]
    made = await run("make_job", "POST", "/v1/jobs?label=Berlin", records, "application/json")
    job = f"/v1/jobs/{made.json()['id']}"
    while (await client.get(job)).json()["ended"] is None:
        await asyncio.sleep(0.1)
    await run("read_job", "GET", job)
    await run("list_jobs", "GET", "/v1/jobs")
    await run("read_job_briefs", "GET", f"{job}/briefs")
    await run("read_job_errors", "GET", f"{job}/errors")
    await run("follow_job", "GET", f"{job}/events")


def _shown(answer: httpx.Response) -> Any:
    """Return an answer as the document shows it: of a stream of events the first."""
    kind = answer.headers["content-type"].partition(";")[0]
    if kind == "text/event-stream":
        lines = answer.text.replace("\r\n", "\n").partition("\n\n")[0].splitlines()
        return dict(line.split(": ", 1) for line in lines)
    return shortened(answer.json()) if kind in {"application/json", "application/problem+json"} else answer.text


def shortened(value: Any) -> Any:
    """Return `value` with the beginning of each long list."""
    if isinstance(value, dict):
        return {name: shortened(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shortened(item) for item in value[:_LONGEST_LIST]]
    return value


async def _main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        config = load_config(
            summarize={"model": "extractive"}, store={"url": f"sqlite:///{Path(folder) / 'store.sqlite'}"}
        )
        app = create_app(config)
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=300) as client:
                while (await client.get("/readyz")).status_code != httpx.codes.OK:
                    await asyncio.sleep(0.1)
                runs = await record(client)
    TARGET.write_text(json.dumps(runs, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{len(runs)} runs in {TARGET.relative_to(ROOT)}, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    asyncio.run(_main())
