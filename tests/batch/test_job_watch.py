"""Articles as they arrive: each when its file is complete, none twice, none missed."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from depesche.batch.inputs import Item, find_items, read_item
from depesche.batch.watch import Arrivals, watch_items
from depesche.config import IngestConfig
from depesche.errors import BadArguments

SENTENCE = "Der Zoo zählte im Sommer 40.000 Besucher."
LONG_AGO = 1_000_000_000


def written(path: Path, text: str = SENTENCE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


class TestComplete:
    """When a file is complete, by the clock that the test gives."""

    def test_a_file_that_grows_is_not(self, tmp_path: Path) -> None:
        arrivals, path = Arrivals(settle=3600), tmp_path / "a.txt"
        for now, text in ((0, "a"), (3000, "ab"), (6000, "abc")):
            written(path, text)
            assert not arrivals.see(str(path), now)
            assert arrivals.settled(now + 1) == []
        assert arrivals.settled(9599) == []
        assert arrivals.settled(9601) == [str(path)]
        assert arrivals.settled(99999) == []

    def test_a_file_that_is_old_is_at_once(self, tmp_path: Path) -> None:
        path = written(tmp_path / "a.txt")
        os.utime(path, (LONG_AGO, LONG_AGO))
        assert Arrivals(settle=3600).see(str(path), now=0)

    def test_a_file_that_was_renamed_is_at_once(self, tmp_path: Path) -> None:
        part = written(tmp_path / ".a.part")
        after_writing(part)
        path = part.rename(tmp_path / "a.txt")
        assert Arrivals(settle=3600).see(str(path), now=0)

    def test_an_empty_file_that_was_renamed_is_not(self, tmp_path: Path) -> None:
        part = written(tmp_path / ".a.part", "")
        after_writing(part)
        assert not Arrivals(settle=3600).see(str(part.rename(tmp_path / "a.txt")), now=0)

    def test_a_file_that_changes_is_again(self, tmp_path: Path) -> None:
        arrivals, path = Arrivals(settle=3600), written(tmp_path / "a.txt")
        arrivals.see(str(path), now=0)
        assert arrivals.settled(4000) == [str(path)]
        written(path, "anders")
        assert not arrivals.see(str(path), now=5000)
        assert arrivals.settled(8000) == []  # its age when it was seen counts too: real time
        assert arrivals.settled(8601) == [str(path)]

    def test_a_file_that_vanished_never_is(self, tmp_path: Path) -> None:
        arrivals, path = Arrivals(settle=3600), written(tmp_path / "a.txt")
        arrivals.see(str(path), now=0)
        path.unlink()
        assert arrivals.settled(9999) == []

    def test_a_link_or_a_pipe_never_is(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").symlink_to("/etc/passwd")
        os.mkfifo(tmp_path / "b.txt")
        arrivals = Arrivals(settle=0)
        assert not any(arrivals.see(str(tmp_path / name), now=0) for name in ("a.txt", "b.txt"))


def after_writing(path: Path) -> None:
    """Come back when the clock of the disk, which ticks every few milliseconds, has moved on from the last writing."""
    probe = path.with_name(".probe")
    while True:
        probe.touch()
        if probe.stat().st_mtime_ns > path.stat().st_mtime_ns:
            probe.unlink()
            return


@pytest.fixture(autouse=True)
def limited() -> Iterator[None]:
    """Fail where an article never arrives: to ask for the next one waits without an end."""

    def too_long(*_: object) -> None:
        raise TimeoutError("it never arrived")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(300)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(params=[False, True], ids=["told", "polling"])
def watching(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, Iterator[Item]]]:
    root = tmp_path / "eingang"
    written(root / "alt.txt")
    stop = threading.Event()
    yield root, watch_items([root], stop=stop, settle=0.05, rescan=3600, polling=request.param)
    stop.set()


def test_what_is_there_comes_first_and_then_what_arrives(watching: tuple[Path, Iterator[Item]]) -> None:
    root, items = watching
    assert next(items).name == "alt.txt"
    written(root / "neu.txt")
    assert next(items).name == "neu.txt"
    written(root / "sport" / "2026" / "tor.txt")
    item = next(items)
    assert item.name == "sport/2026/tor.txt"
    assert read_item(item, IngestConfig())[0] == SENTENCE.encode()


def test_folders_that_come_whole_come_with_all_their_files(
    watching: tuple[Path, Iterator[Item]], tmp_path: Path
) -> None:
    root, items = watching
    next(items)
    for name in ("a.txt", "b/c.txt", "b/.versteckt.txt", "b/bild.jpg"):
        written(tmp_path / "fertig" / name)
    (tmp_path / "fertig").rename(root / "fertig")
    assert {next(items).name, next(items).name} == {"fertig/a.txt", "fertig/b/c.txt"}


def test_lines_and_archives_arrive_as_their_articles(watching: tuple[Path, Iterator[Item]]) -> None:
    root, items = watching
    next(items)
    written(root / ".feed.part", '{"text": "eins"}\n{"text": "zwei"}\n').rename(root / "feed.jsonl")
    assert [next(items).name for _ in range(2)] == ["feed.jsonl/000001", "feed.jsonl/000002"]


def test_hidden_files_and_other_endings_never_come(watching: tuple[Path, Iterator[Item]]) -> None:
    root, items = watching
    next(items)
    for name in (".a.txt", ".git/b.txt", "bild.jpg", "a.txt"):
        written(root / name)
    assert next(items).name == "a.txt"


def test_a_changed_file_comes_again(watching: tuple[Path, Iterator[Item]]) -> None:
    root, items = watching
    next(items)
    written(root / "alt.txt", SENTENCE + " Das teilte er mit.")
    again = next(items)
    assert again.name == "alt.txt"
    assert b"teilte" in read_item(again, IngestConfig())[0]


def test_names_are_those_of_a_run_without_watching(watching: tuple[Path, Iterator[Item]]) -> None:
    root, items = watching
    found = [next(items)]
    for name in ("Kita.txt", "kita.txt", "con.txt"):
        written(root / name)
    found += [next(items) for _ in range(3)]
    assert sorted(item.name for item in found) == sorted(item.name for item in find_items([root]))


def test_a_glob_that_matches_nothing_yet_waits_for_what_arrives(tmp_path: Path) -> None:
    written(tmp_path / "alt" / "a.txt")
    (tmp_path / "neu").mkdir()
    stop = threading.Event()
    items = watch_items([tmp_path / "alt" / "*.txt", tmp_path / "neu" / "*.txt"], stop=stop, settle=0.05)
    assert next(items).name == "alt/a.txt"
    written(tmp_path / "neu" / "b.txt")
    assert next(items).name == "neu/b.txt"
    stop.set()


def test_stopping_ends_the_stream(tmp_path: Path) -> None:
    written(tmp_path / "a.txt")
    os.utime(tmp_path / "a.txt", (LONG_AGO, LONG_AGO))
    stop = threading.Event()
    items = watch_items([tmp_path], stop=stop, settle=0.05)
    assert next(items).name == "a.txt"
    stop.set()
    assert list(items) == []


def test_a_single_file_is_watched_through_its_replacements(tmp_path: Path) -> None:
    path = written(tmp_path / "feed.jsonl", '{"text": "eins"}\n')
    stop = threading.Event()
    items = watch_items([path], stop=stop, settle=0.05)
    assert next(items).name == "feed.jsonl/000001"
    written(tmp_path / "neu", '{"text": "eins"}\n{"text": "zwei"}\n').rename(path)
    assert [next(items).name for _ in range(2)] == ["feed.jsonl/000001", "feed.jsonl/000002"]
    stop.set()


def test_where_the_system_cannot_tell_the_folders_are_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_watches(*_: object, **__: object) -> None:
        raise OSError(28, "OS file watch limit reached")

    monkeypatch.setattr("depesche.batch.watch.watch", no_watches)
    stop = threading.Event()
    items = watch_items([tmp_path], stop=stop, settle=0.05)
    written(tmp_path / "a.txt")
    assert next(items).name == "a.txt"
    written(tmp_path / "b.txt")
    assert next(items).name == "b.txt"
    stop.set()


def test_a_folder_that_is_not_there_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadArguments):
        next(watch_items([tmp_path / "fehlt"], stop=threading.Event()))
