"""Jobs by both clients against a real server: handed in, followed, waited for, read, ended."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import anyio
import pytest

from client.conftest import ARTICLE, Running
from depesche.client import AsyncClient, Client
from depesche.errors import JobConflict, NotAnArticle, NotFound

RECORDS = [{"title": f"Budget {n}", "text": ARTICLE.replace("Rosenau", f"Rosenau-{n}")} for n in range(3)]
BAD = {"text": "Too short."}


def test_a_job_is_handed_in_followed_and_read(client: Client) -> None:
    new = client.create_job([*RECORDS, BAD], label="Tuesday")
    assert (new.articles, new.label) == (4, "Tuesday")
    events = list(client.job_events(new.id))
    ended = [event.article for event in events if event.article]
    assert sorted(one.number for one in ended) == [1, 2, 3, 4]
    assert events[-1].kind == "end"
    assert client.job(new.id).state == "done"
    outcomes = list(client.job_outcomes(new.id))
    assert [one.name for one in outcomes] == [one.name for one in ended]
    [bad] = [one for one in outcomes if one.brief is None]
    assert isinstance(bad.error, NotAnArticle)
    for one in outcomes:
        if one.brief:
            assert client.get_brief(one.brief.id).headline == one.brief.headline
    assert new.id in {one.id for one in client.job_page().items}
    with pytest.raises(JobConflict):
        client.cancel_job(new.id)
    client.delete_job(new.id)
    with pytest.raises(NotFound):
        client.job(new.id)


def test_a_job_of_a_file_is_made_once_for_a_key(client: Client, tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("a/council.txt", ARTICLE)
    path = tmp_path / "tuesday.zip"
    path.write_bytes(data.getvalue())
    first = client.create_job_file(path, idempotency_key="once")
    assert client.create_job_file(path, idempotency_key="once").id == first.id
    assert client.wait_for_job(first.id).counts == {"done": 1}
    assert [one.name for one in client.job_outcomes(first.id)] == ["a/council.txt"]


def test_the_asynchronous_client_does_the_same(client: Client, running: Running) -> None:
    async def go() -> tuple[str, list[str]]:
        async with AsyncClient(running.url) as other:
            new = await other.create_job(RECORDS)
            assert (await other.wait_for_job(new.id)).counts == {"done": 3}
            return new.id, [one.name async for one in other.job_outcomes(new.id)]

    job, names = anyio.run(go)
    assert names == [one.name for one in client.job_outcomes(job)]
