"""One article by every way in: command line, HTTP, HTTP job, the desk's form, folder job, feed. One brief comes out.

With the real bundled translator. Apart from what they are told to leave out (timings, the article's name, the near
duplicate of a folder job), the briefs are the same byte for byte, and so are their ids.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.real_server import RealServer, settings, sqlite
from api.real_server import serving as real_service
from depesche.client import Client
from depesche.config import load_config
from depesche.feeds.polling import Poller
from depesche.pipeline import Pipeline
from depesche.store import open_store
from feeds.news import item, rss
from fetch.local_site import Page, fetcher_for, serving

pytestmark = pytest.mark.end_to_end

ROOT = Path(__file__).parents[2]
README, ARTICLE = ROOT / "README.md", ROOT / "examples" / "agentur.txt"


def comparable(document: str) -> bytes:
    """Return the bytes of a brief without what may differ."""
    brief = json.loads(document)
    for name in ("timings", "near_duplicate_of"):
        brief.pop(name)
    brief["article"].pop("name")
    return json.dumps(brief, ensure_ascii=False).encode()


def depesche(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "depesche", *arguments]
    env = {**settings(sqlite(folder)), "PATH": os.environ["PATH"]}
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What the command line writes."""
    return comparable(depesche(tmp_path_factory.mktemp("line"), "brief", str(ARTICLE), "--format", "json"))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    with real_service(tmp_path_factory.mktemp("service")) as server:
        yield server


@pytest.fixture
def client(service: RealServer) -> Iterator[Client]:
    with Client(service.url) as client:
        yield client


def test_http(client: Client, expected: bytes) -> None:
    brief = client.brief_file(ARTICLE)
    assert comparable(brief.to_json()) == expected
    assert comparable(client.get_brief(brief.id).to_json()) == expected, "and as it is stored"


def test_what_the_readme_asks_a_service_it_answers_as_it_says_there(service: RealServer) -> None:
    section = README.read_text("utf-8").split("<!-- service: checked by", 1)[1].split("<!-- end -->", 1)[0]
    asked, printed = re.findall(r"```(?:sh)?\n(.*?)```", section, re.DOTALL)[1:]
    paths = re.findall(r"'localhost:8000(/[^']*)'", asked)
    with httpx.Client(base_url=service.url, timeout=180) as client:
        brief = client.post(paths[0], content=ARTICLE.read_bytes(), headers={"content-type": "text/plain"}).json()
        found = client.get(paths[1]).json()["items"]
    in_order = sorted(brief["figures"], key=lambda figure: figure["span"]["start"])
    figures = [f"{figure['value']} {figure['unit']} | {figure['german']}" for figure in in_order]
    headlines = {one["headline"] for one in found}  # other tests may have stored the brief, too
    *shown, headline = printed.splitlines()
    assert figures == shown
    assert headlines == {brief["headline"]["text"]}
    assert "Berlin" in headline  # how the translator words it depends on the processor


def test_a_job_of_the_service(client: Client, expected: bytes) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writer:
        writer.write(ARTICLE, "agentur.txt")
    job = client.create_job(archive.getvalue(), media_type="application/zip")
    client.wait_for_job(job.id)
    [outcome] = client.job_outcomes(job.id)
    assert outcome.brief is not None, outcome.problem
    assert comparable(outcome.brief.to_json()) == expected


def test_the_form_of_the_desk(service: RealServer, client: Client, expected: bytes) -> None:
    with httpx.Client(base_url=service.url, timeout=180) as browser:
        page = browser.get("/desk/new").text
        tokens = re.findall(r'name="token" value="([^"]*)"', page)
        form: dict[str, Any] = {"data": {"token": tokens[0]} if tokens else {}}
        made = browser.post("/desk/new", files={"file": ("agentur.txt", ARTICLE.read_bytes())}, **form)
    assert made.status_code == 303, made.text
    brief = client.get_brief(made.headers["location"].rpartition("/")[2])
    assert comparable(brief.to_json()) == expected


def test_a_folder_job(tmp_path: Path, expected: bytes) -> None:
    depesche(tmp_path, "batch", "run", str(ARTICLE), "--out", str(tmp_path / "briefs"), "--quiet", "--workers", "1")
    [written] = (tmp_path / "briefs").glob("*.json")
    assert comparable(written.read_text("utf-8")) == expected


def test_a_feed(tmp_path: Path, expected: bytes) -> None:
    config = load_config(summarize={"model": "extractive"}, engine={"threads": 1}, fetch={"enabled": True})
    with serving() as site, open_store(f"sqlite:///{tmp_path / 'store.sqlite'}") as store, Pipeline(config) as pipeline:
        site.pages["/agentur.txt"] = Page(ARTICLE.read_bytes(), "text/plain")
        site.pages["/feed.xml"] = Page(rss(item(site.url("/agentur.txt"))), "application/rss+xml")
        feed = store.feeds.add(site.url("/feed.xml"))
        [handled] = Poller(store, fetcher_for(site), config, pipeline.run).poll(feed).handled
        assert handled.brief is not None, handled.error
        stored = store.briefs.get(handled.brief.id)
    assert stored is not None
    assert comparable(stored.brief.to_json()) == expected
