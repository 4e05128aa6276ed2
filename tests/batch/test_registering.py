"""What a run takes for an article and what for its own, and how it knows that a file changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from depesche.batch.inputs import find_items
from depesche.batch.registering import check_arguments, with_stats
from depesche.errors import BadArguments


def latin_1(folder: Path, name: str, text: str) -> None:
    """Write a file whose name is of bytes that are no UTF-8."""
    folder.mkdir(parents=True, exist_ok=True)
    Path(os.fsdecode(os.fsencode(folder) + b"/" + name.encode("latin-1"))).write_text(text)


def test_a_file_whose_name_is_no_utf_8_has_its_size_and_time_and_may_be_our_own(tmp_path: Path) -> None:
    latin_1(tmp_path, "Übung.txt", "eins")
    latin_1(tmp_path / "out", "Öl.txt", "ein Brief")
    ((_, before),) = with_stats(find_items([tmp_path]), [tmp_path / "out"])
    latin_1(tmp_path, "Übung.txt", "eins und zwei")
    ((_, after),) = with_stats(find_items([tmp_path]), [tmp_path / "out"])
    assert before.startswith("4:")
    assert after.startswith("13:")


def test_what_lies_in_the_folders_of_the_job_is_no_article(tmp_path: Path) -> None:
    for name in ("a.txt", "briefs/a.txt.html", "bad/b.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("ein Text")
    ours = [tmp_path / "briefs", tmp_path / "bad"]
    check_arguments([tmp_path], ours)
    assert [item.name for item, _ in with_stats(find_items([tmp_path]), ours)] == ["a.txt"]


@pytest.mark.parametrize("argument", ["articles", "articles/a.txt", "articles/*.txt"])
@pytest.mark.parametrize("folder", [".", "articles", "link"])
def test_articles_in_a_folder_of_the_job_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argument: str, folder: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("ein Text")
    (tmp_path / "link").symlink_to(".")
    check_arguments([argument], [Path("briefs")])
    with pytest.raises(BadArguments, match="lies in"):
        check_arguments([argument], [Path("briefs"), Path(folder)])


def test_a_glob_may_match_nothing_yet_when_watching(tmp_path: Path) -> None:
    check_arguments([tmp_path / "*.txt"], [], watching=True)
    with pytest.raises(BadArguments, match="nothing matches"):
        check_arguments([tmp_path / "*.txt"], [])
