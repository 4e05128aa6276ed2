"""Jobs over HTTP: handed in as lines, lists, archives and files; followed, read, cancelled; nobody sees another's."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from benchmarks.batch_articles import english_article

from api.conftest import ENGLISH, Connected
from depesche.config import load_config
from depesche.errors import BadRequest
from depesche.ingest import ingest_bytes
from depesche.jobs.intake import LONGEST_LIST
from depesche.pipeline import Pipeline
from depesche.store import Store

LINES = {"content-type": "application/x-ndjson"}
ZIP = {"content-type": "application/zip"}
JSON = {"content-type": "application/json"}


@pytest.fixture
def store(each_store: Store) -> Store:
    return each_store


def record(seed: int) -> dict[str, str]:
    title, _, text = english_article(seed).partition("\n\n")
    return {"title": title, "text": text}


def as_lines(*records: Any) -> bytes:
    return b"".join(one if isinstance(one, bytes) else json.dumps(one).encode() + b"\n" for one in records)


def archive(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as written:
        for name, data in members.items():
            written.writestr(name, data)
    return packed.getvalue()


async def ended(client: httpx.AsyncClient, job: str) -> dict[str, Any]:
    """Return a job once it has ended."""
    async with asyncio.timeout(120):
        while (view := (await client.get(f"/v1/jobs/{job}")).json())["state"] not in {"done", "cancelled"}:
            await asyncio.sleep(0.05)
    return dict(view)


async def outcomes(client: httpx.AsyncClient, job: str) -> dict[str, dict[str, Any]]:
    answer = await client.get(f"/v1/jobs/{job}/briefs", headers={"accept": "application/x-ndjson"})
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    return {one["name"]: one for one in map(json.loads, answer.text.splitlines())}


def codes(found: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    """Return the code of each article that failed."""
    return {name: one["problem"]["code"] for name, one in found.items() if one["problem"]}


def test_lines_become_briefs_and_a_bad_line_a_problem_among_them(run: Connected) -> None:
    long = json.dumps({"text": "word " * 2_000_000}).encode() + b"\n"
    body = as_lines(record(1), b"{broken\n", b"\n", record(2), b'{"text": "\xff\xfe"}\n', long, b'{"text": 7}\n')

    async def check(client: httpx.AsyncClient) -> None:
        answer = await client.post("/v1/jobs?label=Morning", content=body, headers=LINES)
        assert answer.status_code == 202
        made = answer.json()
        assert answer.headers["location"] == f"/v1/jobs/{made['id']}"
        assert (made["label"], made["articles"], made["passed_over"]) == ("Morning", 6, {})
        view = await ended(client, made["id"])
        assert (view["counts"], view["seconds_left"]) == ({"done": 2, "failed": 4}, None)
        assert sum(view["statuses"].values()) == 2
        found = await outcomes(client, made["id"])
        assert codes(found) == {"000002": "D107", "000005": "D105", "000006": "D104", "000007": "D107"}
        assert found["000001"]["brief"]["article"]["name"] == "000001"
        errors = (await client.get(f"/v1/jobs/{made['id']}/errors")).json()["items"]
        assert [(one["code"], one["count"]) for one in errors] == [("D107", 2), ("D104", 1), ("D105", 1)]
        assert errors[0]["problem"]["type"] == "urn:depesche:error:D107"

    run(check)


@pytest.mark.parametrize("wrap", [lambda records: records, lambda records: {"articles": records, "source": "desk"}])
def test_a_list_of_records_becomes_briefs(run: Connected, wrap: Any) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        body = wrap([record(1), "no record", {"text": "\ud800 " + record(2)["text"]}])
        made = (await client.post("/v1/jobs", content=json.dumps(body), headers=JSON)).json()
        await ended(client, made["id"])
        found = await outcomes(client, made["id"])
        assert codes(found) == {"000002": "D107"}
        assert found["000003"]["state"] == "done"

    run(check)


def test_an_archive_s_names_are_harmless_and_its_bad_members_problems(run: Connected) -> None:
    packed = archive(
        {
            "week/a.txt": ENGLISH.encode(),
            "../../../etc/cron.d/x.txt": ENGLISH.encode() + b"One.",
            "/root/y.txt": ENGLISH.encode() + b"Two.",
            "c:\\windows\\z.txt": ENGLISH.encode() + b"Three.",
            "empty.txt": b" ",
            "huge.txt": b"word " * 300_000,
            "wire.jsonl": as_lines(record(3), b"{broken\n"),
            "photo.jpg": b"\xff\xd8",
            ".hidden.txt": b"x",
            "paper.pdf": b"%PDF",
        }
    )

    async def check(client: httpx.AsyncClient) -> None:
        made = (await client.post("/v1/jobs", content=packed, headers=ZIP)).json()
        assert made["passed_over"].keys() >= {"hidden", "*.jpg", "*.pdf"}
        await ended(client, made["id"])
        found = await outcomes(client, made["id"])
        assert codes(found) == {"empty.txt": "D101", "huge.txt": "D104", "wire.jsonl/000002": "D107"}
        assert len(found) == 8
        assert all(not Path(name).is_absolute() and ".." not in Path(name).parts for name in found)

    run(check)


def test_files_of_a_form_become_a_job(run: Connected) -> None:
    files = [
        ("file", ("../a.txt", ENGLISH.encode())),
        ("file", ("woche.zip", archive({"b.txt": ENGLISH.encode() + b"One."}))),
        ("file", ("c.jsonl", as_lines(record(1)))),
        ("file", ("d.pdf", b"%PDF-1.7")),
    ]

    async def check(client: httpx.AsyncClient) -> None:
        made = (await client.post("/v1/jobs", files=files)).json()
        await ended(client, made["id"])
        found = await outcomes(client, made["id"])
        assert set(found) == {"a.txt", "woche.zip/b.txt", "c.jsonl/000001", "d.pdf"}
        assert codes(found) == {"d.pdf": "D108"}

    run(check)


def bomb() -> bytes:
    return archive({f"{n}.txt": b"0" * 8_000_000 for n in range(10)})


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"", LINES, 422, "D101"),
        (b"[]", JSON, 422, "D101"),
        (b"{}", JSON, 422, "D809"),
        (b"[1, 2", JSON, 422, "D809"),
        (b"[" * 100_000, JSON, 422, "D809"),
        (b"[" + b" " * LONGEST_LIST + b"]", JSON, 413, "D806"),
        (b"PK no archive", ZIP, 422, "D702"),
        (bomb(), ZIP, 422, "D702"),
        (as_lines(*[record(1)] * 21), LINES, 413, "D806"),
        (b"text", {"content-type": "text/plain"}, 415, "D807"),
        (b"text", {}, 415, "D807"),
        (b"text", {"content-type": "multipart/form-data; boundary=x"}, 422, "D809"),
    ],
)
def test_what_is_no_job_is_a_problem_and_leaves_nothing(
    run: Connected, store: Store, body: bytes, kind: dict[str, str], status: int, code: str
) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        answer = await client.post("/v1/jobs", content=body, headers=kind)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert (await client.get("/v1/jobs")).json() == {"items": [], "next": None}

    run(check, max_job_articles=20)


def test_an_upload_that_breaks_off_leaves_nothing(run: Connected) -> None:
    async def body() -> Any:
        yield as_lines(record(1))
        raise BadRequest("the client is gone")

    async def check(client: httpx.AsyncClient) -> None:
        assert (await client.post("/v1/jobs", content=body(), headers=LINES)).status_code == 422
        assert (await client.get("/v1/jobs")).json()["items"] == []

    run(check)


def test_the_same_article_gives_the_same_brief_alone_and_in_a_job(run: Connected) -> None:
    data = json.dumps(record(7)).encode()

    async def check(client: httpx.AsyncClient) -> None:
        alone = (await client.post("/v1/briefs?name=000001", content=data, headers=JSON)).json()
        made = (await client.post("/v1/jobs", content=b"[" + data + b"]", headers=JSON)).json()
        await ended(client, made["id"])
        (outcome,) = (await outcomes(client, made["id"])).values()
        with Pipeline(load_config(summarize={"model": "extractive"})) as pipeline:
            line = pipeline.brief(ingest_bytes(data, name="000001", format="json"))
        for brief in (alone, outcome["brief"]):
            assert brief.pop("timings").keys() == line.timings.keys()
            expected = json.loads(line.to_json())
            expected.pop("timings")
            assert brief == expected

    run(check)


def test_outcomes_come_a_page_at_a_time(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        made = (await client.post("/v1/jobs", content=as_lines(*map(record, range(7))), headers=LINES)).json()
        await ended(client, made["id"])
        numbers: list[int] = []
        after: int | None = 0
        while after is not None:
            page = (await client.get(f"/v1/jobs/{made['id']}/briefs?limit=3&after={after}")).json()
            numbers += [one["number"] for one in page["items"]]
            after = page["next"]
        assert numbers == list(range(1, 8))

    run(check)


def events_of(text: str) -> list[dict[str, str]]:
    """Return the events in a stream, as a client takes them apart; comments are passed over."""
    blocks = [block for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    fields = [[line.partition(": ")[::2] for line in block.splitlines() if line[0] != ":"] for block in blocks]
    return [dict(pairs) for pairs in fields if pairs]


def test_events_tell_of_every_article_and_go_on_where_a_client_left_off(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        body = as_lines(*map(record, range(20)), b"{broken\n")
        made = (await client.post("/v1/jobs", content=body, headers=LINES)).json()
        address = f"/v1/jobs/{made['id']}/events"
        answer = await client.get(address)
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = events_of(answer.text)
        assert [int(one["id"]) for one in events if one["event"] == "article"] == list(range(1, 22))
        told = [json.loads(one["data"]) for one in events if one["event"] == "article"]
        assert [one["problem"]["code"] for one in told if one["state"] == "failed"] == ["D107"]
        assert all(one["brief_id"] and one["headline"] for one in told if one["state"] == "done")
        assert events[-1]["event"] == "end"
        assert json.loads(events[-1]["data"])["counts"] == {"done": 20, "failed": 1}
        assert {one["event"] for one in events} == {"article", "progress", "end"}
        later = events_of((await client.get(address, headers={"last-event-id": "19"})).text)
        assert [one.get("id") for one in later if one["event"] != "progress"] == ["20", "21", "end"]
        assert (await client.get(address, headers={"last-event-id": "end"})).status_code == 204
        for nonsense in ("x", "-1", "1e9", "²"):
            bad = await client.get(address, headers={"last-event-id": nonsense.encode("latin-1")})
            assert bad.status_code == 422

    run(check)


def test_no_more_streams_than_allowed(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        made = (await client.post("/v1/jobs", content=as_lines(record(1)), headers=LINES)).json()
        address = f"/v1/jobs/{made['id']}/events"
        first = asyncio.create_task(client.get(address))
        services = client.app.state.services  # type: ignore[attr-defined]
        async with asyncio.timeout(30):
            while not services.jobs.streams:
                await asyncio.sleep(0.001)
        second = await client.get(address)
        assert (second.status_code, second.json()["code"]) == (429, "D803")
        assert int(second.headers["retry-after"]) >= 1
        await client.delete(f"/v1/jobs/{made['id']}")
        assert events_of((await first).text)[-1]["event"] == "end"
        assert services.jobs.streams == 0
        assert services.jobs.news.listeners == 0

    run(check, event_streams=1, jobs=False)


def test_deleting_first_cancels_and_then_forgets(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        made = (await client.post("/v1/jobs", content=as_lines(record(1), record(2)), headers=LINES)).json()
        address = f"/v1/jobs/{made['id']}"
        assert (await client.delete(f"{address}?only=delete")).json()["code"] == "D813"
        cancelled = await client.delete(address)
        assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
        assert cancelled.json()["counts"] == {"skipped": 2}
        assert (await client.delete(f"{address}?only=cancel")).status_code == 409
        assert (await client.get(f"{address}/briefs")).json() == {"items": [], "next": None}
        assert (await client.delete(address)).status_code == 204
        for gone in (address, f"{address}/briefs", f"{address}/events", f"{address}/errors"):
            assert (await client.get(gone)).json()["code"] == "D808"

    run(check, jobs=False)


def test_a_restart_goes_on_with_the_jobs_of_before(run: Connected) -> None:
    async def hand_in(client: httpx.AsyncClient) -> str:
        made = await client.post("/v1/jobs", content=as_lines(*map(record, range(5))), headers=LINES)
        return str(made.json()["id"])

    async def look(client: httpx.AsyncClient) -> dict[str, Any]:
        return await ended(client, job)

    job = run(hand_in, jobs=False)
    assert run(look)["counts"] == {"done": 5}


def test_a_job_is_made_once_for_a_key(run: Connected) -> None:
    async def check(client: httpx.AsyncClient) -> None:
        headers = {**LINES, "idempotency-key": "wire-1"}
        first, again = [await client.post("/v1/jobs", content=as_lines(record(1)), headers=headers) for _ in range(2)]
        assert again.content == first.content
        assert again.headers["location"] == first.headers["location"]
        assert len((await client.get("/v1/jobs")).json()["items"]) == 1
        other = await client.post("/v1/jobs", content=as_lines(record(2)), headers=headers)
        assert other.json()["code"] == "D811"

    run(check, jobs=False)


def test_clients_see_their_own_jobs_only(run: Connected, store: Store) -> None:
    secrets = [store.keys.add(name, ["brief", "read"])[1] for name in ("desk", "wire")]

    async def check(client: httpx.AsyncClient) -> None:
        desk, wire = ({"authorization": f"Bearer {secret}"} for secret in secrets)
        made = (await client.post("/v1/jobs", content=as_lines(record(1)), headers={**LINES, **desk})).json()
        address = f"/v1/jobs/{made['id']}"
        for path in (address, f"{address}/briefs", f"{address}/events", f"{address}/errors"):
            assert (await client.get(path, headers=wire)).status_code == 404
        assert (await client.delete(address, headers=wire)).status_code == 404
        assert (await client.get("/v1/jobs", headers=wire)).json()["items"] == []
        assert (await client.get(address, headers=desk)).status_code == 200
        assert (await client.get(address)).status_code == 401

    run(check, keys="required", jobs=False)
