"""`depesche feeds`: add, list, poll, remove, with exit codes, as somebody uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from depesche import cli_feeds
from depesche.cli import app, main
from feeds.news import article, item, rss
from fetch.local_site import Page, Site, fetcher_for


@pytest.fixture(autouse=True)
def _here(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPESCHE_STORE__URL", f"sqlite:///{tmp_path / 'store.sqlite'}")
    monkeypatch.setenv("DEPESCHE_SUMMARIZE__MODEL", "extractive")
    monkeypatch.setattr(cli_feeds, "_fetcher", lambda _: fetcher_for(site))
    site.pages["/a"] = Page(article("Uelzen").encode())
    site.pages["/feed.xml"] = Page(rss(item(site.url("/a"))), "application/rss+xml")


def feeds(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["feeds", *arguments])


def test_a_feed_is_added_polled_listed_and_removed(site: Site) -> None:
    url = site.url("/feed.xml")
    assert feeds("add", url).exit_code == 0
    polled = feeds("poll")
    assert polled.exit_code == 0, polled.output
    assert "Uelzen opens a bridge" in polled.stdout
    assert "1 new, 1 briefs stored" in polled.stderr
    assert feeds("poll", url).stdout == ""
    [listed] = [json.loads(line) for line in feeds("list", "--json").stdout.splitlines()]
    assert (listed["url"], listed["title"], listed["error"]) == (url, "Bridges", None)
    assert listed["polled"]
    assert url in feeds("list").stdout.replace("\n", "")
    assert feeds("remove", url).exit_code == 0
    assert feeds("list", "--json").stdout == ""


def test_failures_are_told_and_end_with_eight(site: Site) -> None:
    site.pages["/feed.xml"] = Page(rss(item(site.url("/weg")), item(site.url("/a"))), "application/rss+xml")
    feeds("add", site.url("/feed.xml"))
    polled = feeds("poll", "--json")
    assert polled.exit_code == 8
    good, bad = [json.loads(line) for line in polled.stdout.splitlines()]
    assert good["headline"] == "Uelzen opens a bridge"
    assert (bad["code"], bad["brief"], bad["again"]) == ("DA04", None, False)


def test_a_feed_that_is_gone_stops_no_other(site: Site) -> None:
    feeds("add", site.url("/feed.xml"))
    site.pages["/zweiter.xml"] = site.pages["/feed.xml"]
    feeds("add", site.url("/zweiter.xml"))
    del site.pages["/feed.xml"]
    polled = feeds("poll")
    assert polled.exit_code == 8
    assert "404" in polled.stderr
    assert "1 briefs stored" in polled.stderr


def test_characters_that_steer_a_terminal_do_not_reach_it(site: Site) -> None:
    hostile = rss("<item><title>x</title></item>").replace(b"Bridges", "Brid\u009b31mges \u202e".encode())
    site.pages["/feed.xml"] = Page(hostile, "text/xml")
    added = feeds("add", site.url("/feed.xml"))
    assert added.exit_code == 0
    assert added.stderr
    assert not {"\u009b", "\u202e"} & set(added.stderr)


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        (("add", "http://127.0.0.1:22/"), "DA02", 12),
        (("add", "/etc/passwd"), "DA02", 12),
        (("remove", "https://zeitung.example/feed"), "D808", 10),
        (("poll", "https://zeitung.example/feed"), "D808", 10),
    ],
)
def test_errors_have_a_code_and_an_exit_code(
    arguments: tuple[str, ...],
    code: str,
    exit_code: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.argv", ["depesche", "feeds", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == exit_code
    assert f"[{code}]" in capsys.readouterr().err


def test_fetching_is_off_by_default(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr("sys.argv", ["depesche", "feeds", "add", "https://zeitung.example/feed"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 12
    assert "fetch.enabled" in capsys.readouterr().err


def test_polling_goes_on_until_interrupted(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    feeds("add", site.url("/feed.xml"))
    waits: list[float] = []

    def wait(minutes: float) -> None:
        waits.append(minutes)
        if len(waits) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(cli_feeds, "_wait", wait)
    polled = feeds("poll", "--every", "15")
    assert waits == [15, 15]
    assert polled.exit_code == 130
    assert polled.stderr.count("/feed.xml") == 2
    assert feeds("poll", "--every", "15", "--once").exit_code == 2
