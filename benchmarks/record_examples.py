"""Record the examples of the OpenAPI document: start the real service and ask it what the document shows.

    python benchmarks/record_examples.py            write service/depesche/api/examples.json

The examples are real runs on examples/ with the bundled translator and the extractive summarizer. Long lists in the
answers are shown from their beginning; nothing else is changed. A test compares the shapes with a live answer.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
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
        is_json = answer_type.endswith("json") and "ndjson" not in answer_type
        runs[operation] = {
            "status": answer.status_code,
            "answer_type": answer_type,
            "answer": shortened(answer.json()) if is_json else answer.text,
        }
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
    await run("models", "GET", "/v1/models")
    await run("live", "GET", "/livez")
    await run("ready", "GET", "/readyz")
    return runs


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
