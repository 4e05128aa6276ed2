from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from depesche.config import load_config
from depesche.errors import NotAnArticle
from depesche.jobs import BadArticle, JobArticle, Jobs
from depesche.store import Store
from desk.parsed import fields_of, of_class, title_of, tree, words
from desk.test_desk_making import ENGLISH
from jobs.conftest import wait_until
from jobs.workplace import working

HOSTILE = '"><script>alert(1)</script>'
Make = Callable[..., Any]


@pytest.fixture
def jobs(app: FastAPI) -> Jobs:
    made: Jobs = app.state.services.jobs.jobs
    return made


def three_articles(jobs: Jobs, label: str | None = "Week 12", client: str = "somebody") -> str:
    articles = [
        JobArticle("a.txt", ENGLISH.encode(), "text"),
        BadArticle(HOSTILE, NotAnArticle(HOSTILE, remedy="give an article")),
        JobArticle("short.txt", b"Too short.", "text"),
    ]
    return jobs.create(articles, client=client, label=label).id


def test_an_empty_list_of_jobs_says_what_they_are(client: TestClient) -> None:
    page = client.get("/desk/jobs").text
    assert "No jobs yet" in of_class(page, "empty")[0]
    assert tree(page).xpath("//nav//a[@href='/desk/jobs' and @aria-current]")


def test_the_list_shows_how_far_jobs_are(client: TestClient, jobs: Jobs) -> None:
    job = three_articles(jobs)
    page = tree(client.get("/desk/jobs").text)
    row = page.xpath("//table/tbody/tr")[0]
    assert words(row).startswith("Week 12")
    assert row.xpath(".//a/@href") == [f"/desk/jobs/{job}"]
    assert [(one.get("value"), one.get("max")) for one in row.xpath(".//progress")] == [("1", "3")]
    assert words(row).endswith("Queued 1 3 0 1")


def test_a_jobs_page_leads_to_its_briefs_and_tells_its_failures(
    client: TestClient, jobs: Jobs, desk_store: Store
) -> None:
    job = three_articles(jobs, label=None)
    waiting = client.get(f"/desk/jobs/{job}").text
    assert tree(waiting).get_element_by_id("job-live").get("data-events") == f"/v1/jobs/{job}/events"
    with working(desk_store, load_config(summarize={"model": "extractive"})):
        wait_until(lambda: jobs.get(job).state == "done")
    text = client.get(f"/desk/jobs/{job}").text
    page = tree(text)
    assert title_of(text) == f"Job {job}"
    assert "3 of 3 articles" in words(page.get_element_by_id("job-says"))
    assert page.get_element_by_id("job-live").get("data-events") is None
    assert not page.forms
    links = page.xpath("//table//a/@href")
    assert len(links) == 1
    assert client.get(links[0]).status_code == 200
    failures = " ".join(words(row) for row in page.xpath("//table/tbody/tr"))
    assert "D105" in failures
    assert HOSTILE in failures
    assert not page.xpath("//script[not(@src)]")


def test_a_job_can_be_cancelled(client: TestClient, jobs: Jobs) -> None:
    job = three_articles(jobs)
    address = f"/desk/jobs/{job}/cancel"
    assert client.post(address, data={"token": "x"}).status_code == 403
    fields = fields_of(client.get(f"/desk/jobs/{job}").text, address)
    assert client.post(address, data=fields).headers["location"] == f"/desk/jobs/{job}"
    assert jobs.get(job).state == "cancelled"
    assert client.post(address, data=fields).status_code == 409


@pytest.mark.parametrize("path", ["unknown", "%00", "0123456789abcdef"])
def test_a_job_that_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(f"/desk/jobs/{path}").status_code == 404


def test_a_cursor_that_is_none_is_a_page_that_says_so(client: TestClient) -> None:
    answer = client.get("/desk/jobs", params={"cursor": "none"})
    assert answer.status_code == 422
    assert "D809" in of_class(answer.text, "fault")[0]


def test_many_jobs_come_page_by_page(client: TestClient, jobs: Jobs) -> None:
    for number in range(55):
        jobs.create([JobArticle("a.txt", b"x")], client="somebody", label=f"Job of {number}")
    first = tree(client.get("/desk/jobs").text)
    second = tree(client.get(first.xpath("//nav[@aria-label='Pages']/a/@href")[-1]).text)
    assert (len(first.xpath("//tbody/tr")), len(second.xpath("//tbody/tr"))) == (50, 5)


def test_with_keys_everybody_sees_their_own_jobs_only(desk_store: Store) -> None:
    from depesche.api import create_app

    config = load_config(summarize={"model": "extractive"}, serve={"keys": "required"})
    app = create_app(config, store=desk_store)
    key, secret = desk_store.keys.add("Anna Berg", ("read",))
    mine = three_articles(app.state.services.jobs.jobs, client=f"key {key.prefix}")
    other = three_articles(app.state.services.jobs.jobs, client="key of somebody else")
    client = TestClient(app, base_url="http://127.0.0.1:8000", headers={"authorization": f"Bearer {secret}"})
    page = tree(client.get("/desk/jobs").text)
    assert page.xpath("//tbody//a/@href") == [f"/desk/jobs/{mine}"]
    assert client.get(f"/desk/jobs/{other}").status_code == 404
    assert not page.xpath("//form[@id='job-form']")
