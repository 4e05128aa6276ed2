"""Server-sent events of a job, however the bytes come, and what happens where the line breaks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.test_exchange import problem
from depesche.client import Client, JobEvent, Patience, clients
from depesche.client.events import EventStream
from depesche.errors import NotFound, Unreachable

JOB = {
    "id": "0123456789abcdef",
    "state": "running",
    "label": "Grüße\u2028aus\x85Köln",
    "created": "2026-11-26T09:00:00Z",
    "started": "2026-11-26T09:00:01Z",
    "ended": None,
    "articles": 2,
    "counts": {"done": 1, "pending": 1},
    "statuses": {"verified": 1},
    "seconds_left": 1.5,
}


def said(kind: str, data: dict[str, Any], id: str | None = None) -> bytes:  # noqa: A002
    lines = [*([f"id: {id}"] if id else []), f"event: {kind}", f"data: {json.dumps(data, ensure_ascii=False)}", "", ""]
    return "\r\n".join(lines).encode()


def article(number: int) -> bytes:
    return said("article", {"number": number, "name": f"{number}", "state": "done", "headline": "x"}, str(number))


WHOLE = (
    b": ping\r\n\r\n"
    + article(1)
    + said("progress", JOB)
    + article(2)
    + said("end", {**JOB, "state": "done", "ended": "2026-11-26T09:01:00Z"}, "end")
)


@given(st.lists(st.integers(0, len(WHOLE)), max_size=20).map(sorted))
def test_events_are_the_same_wherever_the_bytes_are_cut(cuts: list[int]) -> None:
    stream = EventStream("j", Patience())
    stream.request()
    pieces = [WHOLE[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(WHOLE)], strict=True)]
    events = [event for piece in pieces for event in stream.feed(piece)]
    assert [event.kind for event in events] == ["article", "progress", "article", "end"]
    assert events[1].job
    assert events[1].job.label == JOB["label"], "no line separator but CR and LF parts lines"
    assert events[3].job
    assert events[3].job.has_ended
    assert stream.has_ended()


class Breaking(httpx.SyncByteStream):
    def __init__(self, data: bytes) -> None:
        self.data = data

    def __iter__(self) -> Iterator[bytes]:
        yield self.data
        raise httpx.ReadError("reset")


Make = Callable[..., tuple[Client, list[httpx.Request], list[float]]]


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Make:
    def make(*answers: httpx.Response, attempts: int = 3) -> tuple[Client, list[httpx.Request], list[float]]:
        remaining, asked, pauses = list(answers), [], []  # type: ignore[var-annotated]

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(request)
            return remaining.pop(0)

        monkeypatch.setattr(clients.time, "sleep", pauses.append)
        patience = Patience(attempts=attempts, first=1)
        return Client("http://x", patience=patience, transport=httpx.MockTransport(answer)), asked, pauses

    return make


def kinds(events: Iterator[JobEvent]) -> list[str | int]:
    return [event.article.number if event.article else event.kind for event in events]


def test_a_broken_line_is_gone_on_with_after_the_last_article(scripted: Make) -> None:
    client, asked, pauses = scripted(
        httpx.Response(200, stream=Breaking(article(1) + article(2)[:-3])),
        problem(503, "D810", headers={"Retry-After": "2"}),
        httpx.Response(200, content=article(2)),
        httpx.Response(200, content=said("end", {**JOB, "state": "done"}, "end")),
    )
    assert kinds(client.job_events("j")) == [1, 2, "end"]
    assert [request.headers.get("last-event-id") for request in asked] == [None, "1", "1", "2"]
    assert pauses[1] == 2


def test_who_comes_back_after_the_end_hears_that_it_was_that(scripted: Make) -> None:
    client, _, _ = scripted(httpx.Response(204))
    assert kinds(client.job_events("j")) == []


def test_patience_ends_and_other_errors_end_it_at_once(scripted: Make) -> None:
    client, asked, _ = scripted(*[httpx.Response(502)] * 3)
    with pytest.raises(Unreachable):
        list(client.job_events("j"))
    assert len(asked) == 3
    client, asked, _ = scripted(problem(404, "D808"))
    with pytest.raises(NotFound):
        list(client.job_events("j"))
    assert len(asked) == 1
