"""What only a real server shows: slow clients, clients that go away, what is no HTTP, start and end."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from api.conftest import ENGLISH, GERMAN, TEXT, configured
from api.real_server import RealServer, serving, settings, sqlite
from client.conftest import Running
from depesche.api.batcher import Priority
from depesche.cli_serve import _listen
from depesche.config import ServeConfig
from depesche.pipeline import Pipeline
from jobs.conftest import wait_until


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """A server with short patience."""
    folder = tmp_path_factory.mktemp("server")
    with serving(folder, "--log-format", "json", body_seconds=2, queue_size=2, batch_articles=2) as started:
        yield started


def posting(path: str, *headers: str, body: bytes = b"") -> bytes:
    """Return a request as it goes over the wire."""
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: text/plain", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def everything_from(connection: socket.socket) -> bytes:
    """Return what comes until the other side closes, which it may do while we still send."""
    received = []
    with connection, contextlib.suppress(ConnectionResetError):
        while data := connection.recv(65_536):
            received.append(data)
    return b"".join(received)


def metric(server: RealServer, name: str) -> float:
    lines = httpx.get(f"{server.url}/metrics", timeout=60).text.splitlines()
    return next(float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name} "))


def wait_for(server: RealServer, name: str, value: float) -> None:
    until = time.monotonic() + 60
    while metric(server, name) != value:
        assert time.monotonic() < until, f"{name} is {metric(server, name)}, not {value}"
        time.sleep(0.02)


def test_it_answers_over_a_real_connection(server: RealServer) -> None:
    answer = httpx.post(f"{server.url}/v1/briefs", content=GERMAN.encode(), headers=TEXT, timeout=120)
    assert answer.status_code == 200
    assert [part.split(";")[0] for part in answer.headers["server-timing"].split(", ")] == [
        "queue", "read", "load", "translate", "summarize", "verify",
    ]  # fmt: skip
    head = httpx.head(f"{server.url}/openapi.json", timeout=60)
    assert (head.status_code, head.content) == (200, b"")


def test_a_client_that_goes_away_frees_its_place(tmp_path: Path, pipeline: Pipeline) -> None:
    body = ENGLISH.encode()
    with Running(configured(tmp_path), pipeline) as running:
        batcher = running.app.state.services.batcher
        batcher._wait = 3600.0  # the models wait for company, so that nothing else can free the place
        address = urlsplit(running.url)
        gone = socket.create_connection((address.hostname, address.port), timeout=60)
        gone.sendall(posting("/v1/briefs?store=false", f"Content-Length: {len(body)}", body=body))
        wait_until(lambda: batcher.depth(Priority.INTERACTIVE) == 1)
        assert batcher.places.taken == 1
        gone.close()
        wait_until(lambda: batcher.places.taken == 0)
        assert batcher.depth(Priority.INTERACTIVE) == 0


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /livez HT",
        b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        posting("/v1/briefs", "Content-Length: 500", body=b"Der"),
        posting("/v1/briefs", "Transfer-Encoding: chunked", body=b"3\r\nDer\r\n"),
        posting("/nothing", "Content-Length: 500", body=b"Der"),
    ],
    ids=["nothing", "half a line", "half a head", "half a body", "half of the chunks", "half a body for nobody"],
)
def test_a_client_that_sends_too_slowly_is_cut_off(server: RealServer, sent: bytes) -> None:
    connection = server.connect()
    connection.sendall(sent)
    begin = time.monotonic()
    answer = everything_from(connection)
    assert time.monotonic() - begin < 20
    if b"/nothing" in sent:
        assert b" 404 " in answer.split(b"\r\n")[0]
    else:
        assert b" 408 " in answer.split(b"\r\n")[0]
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "D817"


def test_a_client_that_dribbles_is_cut_off_too(server: RealServer) -> None:
    connection = server.connect()
    connection.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    connection.settimeout(0.2)
    begin, answer = time.monotonic(), b""
    while not answer:
        assert time.monotonic() - begin < 30
        connection.sendall(b"a")
        with contextlib.suppress(TimeoutError):
            answer = connection.recv(1_000)
    assert b" 408 " in answer.split(b"\r\n")[0]
    connection.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
        b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
        posting("/v1/briefs", "Content-Length: -1"),
        posting("/v1/briefs", "Content-Length: 5", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
        posting("/v1/briefs", "Transfer-Encoding: chunked", body=b"zz\r\n"),
    ],
    ids=["TLS", "NUL", "two hosts", "long path", "long header", "negative length", "two lengths", "bad chunk"],
)
def test_what_is_no_http_is_answered_with_a_problem_or_not_at_all(server: RealServer, sent: bytes) -> None:
    connection = server.connect()
    with contextlib.suppress(ConnectionError):
        connection.sendall(sent)
    answer = everything_from(connection)
    status = answer.split(b" ")[1:2]
    assert status in ([], [b"400"], [b"404"], [b"408"], [b"422"]), answer
    if status:
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"].startswith("D8")
    assert httpx.get(f"{server.url}/livez", timeout=60).status_code == 200


def test_paths_that_are_not_well_formed_are_not_found(server: RealServer) -> None:
    for path in (
        b"/%",
        b"/%zz",
        b"/%c3%28",
        b"//",
        b"/../../etc/passwd",
        b"/v1/briefs/%2e%2e",
        b"*",
        b"http://x/livez",
    ):
        connection = server.connect()
        connection.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = everything_from(connection)
        assert answer.split(b" ")[1] in {b"404", b"422", b"400"}, (path, answer)


def test_no_article_and_no_key_is_in_the_logs(server: RealServer) -> None:
    secret = "dep_abcdefgh_" + "S" * 43
    text = ENGLISH.replace("Rosenau", "Geheimstadt")
    headers = {**TEXT, "authorization": f"Bearer {secret}", "x-request-id": "trace-me-1"}
    answer = httpx.post(f"{server.url}/v1/briefs?name=geheim.txt", content=text.encode(), headers=headers, timeout=120)
    assert answer.headers["x-request-id"] == "trace-me-1"
    httpx.get(f"{server.url}/v1/briefs?text=Geheimstadt", headers=headers, timeout=60)
    until = time.monotonic() + 30
    while sum('"trace-me-1"' in line for line in server.said) < 2:
        assert time.monotonic() < until
        time.sleep(0.02)
    logs = "".join(server.said)
    for word in ("Geheimstadt", "geheim.txt", "SSSS", "dep_abcdefgh"):
        assert word not in logs
    entry = next(json.loads(line) for line in server.said if '"trace-me-1"' in line)
    assert entry["route"] == "/v1/briefs"
    assert (entry["method"], entry["status"]) == ("POST", 200)


def test_it_finishes_what_is_in_flight_when_it_is_told_to_end(tmp_path: Path) -> None:
    with serving(tmp_path, batch_wait_ms=5000) as server:
        body = ENGLISH.encode()
        connection = server.connect()
        connection.sendall(posting("/v1/briefs", f"Content-Length: {len(body)}", body=body))
        wait_for(server, "depesche_places_taken", 1)
        assert server.end() == 0
        answer = everything_from(connection)
        assert b" 200 " in answer.split(b"\r\n")[0]
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{server.url}/livez")


def test_it_refuses_to_start_without_a_key_where_others_can_reach_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "depesche", "serve", "--host", "0.0.0.0", "--port", "0"]  # noqa: S104
    environment = settings(sqlite(tmp_path))
    ended = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=200, check=False
    )
    assert ended.returncode == 10
    assert "[D819]" in ended.stderr
    assert "depesche keys add" in " ".join(ended.stderr.split())


def test_who_comes_as_soon_as_the_address_is_known_is_not_refused() -> None:
    with _listen(ServeConfig(host="127.0.0.1", port=0)) as listener:
        socket.create_connection(listener.getsockname(), timeout=10).close()


@pytest.mark.parametrize("proxies", [["127.0.0.1"], []])
def test_whom_a_request_comes_from_is_believed_of_known_proxies_only(tmp_path: Path, proxies: list[str]) -> None:
    limits = {"rate_per_minute": 1, "rate_burst": 1, "proxies": json.dumps(proxies)}
    with serving(tmp_path, ready=False, **limits) as started:
        answers = [
            httpx.post(
                f"{started.url}/v1/figures",
                content=GERMAN.encode(),
                headers={**TEXT, "x-forwarded-for": client},
                timeout=120,  # it is not ready yet: it loads its models beside
            )
            for client in ("192.0.2.1", "192.0.2.2", "192.0.2.1")
        ]
    assert [answer.status_code for answer in answers] == ([200, 200, 429] if proxies else [200, 429, 429])


def test_what_stands_in_the_way_of_a_start_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for arguments, code, said in (
            (["--port", port], 10, "[D800]"),
            (["--port", "0", "--model-translate", "nothing"], 4, "[D301]"),
            (["--port", "0", "--store", "postgresql://reader@127.0.0.1:1/briefs"], 11, "[D901]"),
        ):
            command = [sys.executable, "-m", "depesche", "serve", *arguments]
            environment = settings(sqlite(tmp_path))
            ended = subprocess.run(
                command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=200, check=False
            )
            assert (ended.returncode, said in ended.stderr) == (code, True), ended.stderr
