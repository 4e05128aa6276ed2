"""Two `depesche serve` on one database: each answers for both, and one goes on with the work of one that is killed."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from benchmarks.batch_articles import english_article

from api.conftest import ENGLISH, TEXT
from api.real_server import RealServer, serving

ARTICLES = 60
LINES = {"content-type": "application/x-ndjson"}


@pytest.fixture
def servers(store_url: str, tmp_path: Path) -> Iterator[tuple[RealServer, RealServer]]:
    with serving(tmp_path, store=store_url) as first, serving(tmp_path, store=store_url) as second:
        yield first, second


class Listener(threading.Thread):
    """Follows a job's events at a server to their end."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url = url
        self.ended: list[str] = []
        self.last = ""
        self.several = threading.Event()
        self.start()

    def run(self) -> None:
        kind = ""
        with httpx.stream("GET", self.url, timeout=120) as answer:
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                kind = value if name == "event" else kind
                if name == "data" and kind == "article":
                    self.ended.append(json.loads(value)["name"])
                if len(self.ended) >= 5:
                    self.several.set()
        self.last = kind


def test_what_one_server_was_given_the_other_knows_and_ends_when_the_first_is_killed(
    servers: tuple[RealServer, RealServer],
) -> None:
    first, second = servers
    headers = {**TEXT, "idempotency-key": "morning"}
    made = httpx.post(f"{first.url}/v1/briefs", content=ENGLISH.encode(), headers=headers, timeout=120)
    again = httpx.post(f"{second.url}/v1/briefs", content=ENGLISH.encode(), headers=headers, timeout=120)
    assert (again.content, again.headers["idempotency-replayed"]) == (made.content, "true")
    assert httpx.get(f"{second.url}/v1/briefs/{made.json()['id']}", timeout=60).status_code == 200

    records = [{"text": english_article(seed)} for seed in range(ARTICLES)]
    body = "".join(json.dumps(record) + "\n" for record in records)
    job = httpx.post(f"{first.url}/v1/jobs", content=body, headers=LINES, timeout=120).json()["id"]
    listener = Listener(f"{second.url}/v1/jobs/{job}/events")
    assert listener.several.wait(120)
    first.process.kill()
    listener.join(120)
    assert listener.last == "end"
    names = Counter(f"{number + 1:06d}" for number in range(ARTICLES))
    assert Counter(listener.ended) == names
    lines = httpx.get(f"{second.url}/v1/jobs/{job}/briefs?format=jsonl", timeout=120).text.splitlines()
    outcomes = [json.loads(line) for line in lines]
    assert Counter(one["name"] for one in outcomes) == names
    assert {one["state"] for one in outcomes} == {"done"}
