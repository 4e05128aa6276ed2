"""What is tried again, after how long, and what is raised: against answers that the test writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from depesche import errors
from depesche.client import Client, Patience, clients
from depesche.errors import (
    BadRequest,
    DepescheError,
    IdempotencyConflict,
    NotFound,
    QueueFull,
    Unauthorized,
    Unreachable,
    VerificationFailed,
)

Answer = httpx.Response | Exception


def problem(status: int, code: str, *, headers: dict[str, str] | None = None, **members: Any) -> httpx.Response:
    document = {"code": code, "detail": "so", "request_id": "r-1", "status": status, **members}
    given = {"content-type": "application/problem+json", **(headers or {})}
    return httpx.Response(status, content=json.dumps(document), headers=given)


SCHEMA = httpx.Response(200, json={"title": "Brief"})


class Script:
    """Answers in turn, and remembers requests and pauses."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.pauses: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Client, Script]]:
    def make(*answers: Answer, attempts: int = 5, longest: float = 60) -> tuple[Client, Script]:
        script = Script(answers)
        monkeypatch.setattr(clients.time, "sleep", script.pauses.append)
        patience = Patience(attempts=attempts, first=1, longest=longest)
        return Client("http://depesche.example", patience=patience, transport=httpx.MockTransport(script)), script

    return make


Scripted = Callable[..., tuple[Client, Script]]


@pytest.mark.parametrize(
    "passing",
    [
        problem(429, "D803"),
        problem(429, "D804"),
        problem(503, "D810"),
        problem(503, "D901"),
        httpx.Response(502, text="<html>"),
        httpx.Response(503),
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("late"),
        httpx.ReadError("reset"),
        httpx.ReadTimeout("late"),
        httpx.RemoteProtocolError("closed"),
    ],
)
def test_what_passes_is_tried_again(scripted: Scripted, passing: Answer) -> None:
    client, script = scripted(passing, SCHEMA)
    assert client.schema() == {"title": "Brief"}
    assert len(script.pauses) == 1


@pytest.mark.parametrize(
    "lasting",
    [
        problem(401, "D801"),
        problem(404, "D808"),
        problem(409, "D811"),
        problem(422, "D105"),
        problem(500, "D708"),
        problem(503, "D302"),
        problem(504, "D805"),
        httpx.Response(500),
        httpx.Response(302, headers={"location": "http://anderswo.example/"}),
    ],
)
def test_what_does_not_pass_is_raised_at_once(scripted: Scripted, lasting: httpx.Response) -> None:
    client, script = scripted(lasting)
    with pytest.raises(DepescheError):
        client.schema()
    assert script.pauses == []


def test_the_first_try_may_still_be_answered(scripted: Scripted) -> None:
    client, script = scripted(httpx.ReadTimeout("late"), problem(409, "D811", headers={"Retry-After": "3"}), SCHEMA)
    assert client.schema()
    assert script.pauses[1] == 3


def test_retry_after_counts_as_seconds_and_as_a_date(scripted: Scripted) -> None:
    client, script = scripted(problem(429, "D804", headers={"Retry-After": "7"}), SCHEMA)
    client.schema()
    assert script.pauses == [7]
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    client, script = scripted(problem(429, "D804", headers={"Retry-After": moment}), SCHEMA)
    client.schema()
    assert 20 < script.pauses[0] <= 30
    client, script = scripted(problem(429, "D804", headers={"Retry-After": "bald"}), SCHEMA)
    client.schema()
    assert script.pauses[0] <= 1


def test_pauses_grow_and_end(scripted: Scripted) -> None:
    client, script = scripted(*[problem(429, "D804")] * 5, attempts=5)
    with pytest.raises(QueueFull):
        client.schema()
    assert len(script.requests) == 5
    for pause, most in zip(script.pauses, (1, 2, 4, 8), strict=True):
        assert most / 2 <= pause <= most


def test_who_is_asked_to_wait_longer_than_patience_lasts_hears_so_at_once(scripted: Scripted) -> None:
    client, script = scripted(problem(429, "D803", headers={"Retry-After": "3600"}), longest=60)
    with pytest.raises(errors.RateLimited) as raised:
        client.schema()
    assert raised.value.retry_after == 3600
    assert script.pauses == []


def test_a_brief_is_asked_for_again_under_the_same_key_only(scripted: Scripted) -> None:
    client, script = scripted(httpx.ReadError("reset"), problem(422, "D105"))
    with pytest.raises(errors.NotAnArticle):
        client.brief("zu kurz")
    first, second = (request.headers["idempotency-key"] for request in script.requests)
    assert first == second
    client, script = scripted(problem(422, "D105"), problem(422, "D105"))
    for _ in range(2):
        with pytest.raises(errors.NotAnArticle):
            client.brief("zu kurz")
    first, second = (request.headers["idempotency-key"] for request in script.requests)
    assert first != second


def test_what_could_be_done_twice_is_not_sent_again_when_its_fate_is_unknown(scripted: Scripted) -> None:
    client, script = scripted(httpx.ReadError("reset"))
    with pytest.raises(Unreachable):
        client.give_feedback("0" * 32, "figure", 0, "accept")
    client, script = scripted(problem(503, "D901"))
    with pytest.raises(errors.StoreUnavailable):
        client.give_feedback("0" * 32, "figure", 0, "accept")
    client, script = scripted(httpx.ConnectError("refused"), problem(429, "D803"), problem(404, "D808"))
    with pytest.raises(NotFound):
        client.give_feedback("0" * 32, "figure", 0, "accept")
    assert len(script.requests) == 3, "what was refused, or never arrived, is sent again"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (problem(401, "D801"), Unauthorized),
        (problem(422, "D501"), VerificationFailed),
        (problem(422, "D809"), BadRequest),
        (problem(409, "D811"), IdempotencyConflict),
        (problem(400, "D999"), DepescheError),
        (httpx.Response(404, text="<html>nginx</html>"), Unreachable),
        (httpx.Response(400, content=b"[", headers={"content-type": "application/problem+json"}), Unreachable),
    ],
)
def test_the_error_is_that_of_the_code(scripted: Scripted, answer: httpx.Response, kind: type[DepescheError]) -> None:
    client, _ = scripted(answer)
    with pytest.raises(kind) as raised:
        client.schema()
    assert type(raised.value) is kind
    assert raised.value.status == answer.status_code


def test_the_error_tells_all_that_the_problem_tells(scripted: Scripted) -> None:
    client, _ = scripted(problem(404, "D808", detail="weg", place="abc", remedy="suche"))
    with pytest.raises(NotFound) as raised:
        client.get_brief("abc")
    error = raised.value
    assert (error.message, error.place, error.remedy) == ("weg", "abc", "suche")
    assert (error.status, error.request_id) == (404, "r-1")


@pytest.mark.parametrize("id", ["../feedback", "a/b", "..", ".", "", "a?b=c", "ä\0"])
def test_an_id_leads_nowhere_else(scripted: Scripted, id: str) -> None:  # noqa: A002
    client, script = scripted(problem(404, "D808"))
    with pytest.raises(NotFound):
        client.get_brief(id)
    path = script.requests[0].url.raw_path
    assert path.startswith(b"/v1/briefs/")
    assert path.count(b"/") == 3
    assert len(path) > len(b"/v1/briefs/")


def test_every_code_has_one_class() -> None:
    """Otherwise the client could not tell which to raise."""

    def below(kind: type[DepescheError]) -> list[type[DepescheError]]:
        return [kind, *(other for sub in kind.__subclasses__() for other in below(sub))]

    codes = [kind.code for kind in below(DepescheError) if kind.__module__ == errors.__name__]
    assert len(codes) == len(set(codes))
