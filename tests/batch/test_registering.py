"""What a run takes for an article and what for its own, and how it knows that a file changed."""

from __future__ import annotations

import os
from pathlib import Path

from depesche.batch.inputs import find_items
from depesche.batch.registering import with_stats


def latin_1(folder: Path, name: str, text: str) -> None:
    """Write a file whose name is of bytes that are no UTF-8."""
    folder.mkdir(parents=True, exist_ok=True)
    Path(os.fsdecode(os.fsencode(folder) + b"/" + name.encode("latin-1"))).write_text(text)


def test_a_file_whose_name_is_no_utf_8_has_its_size_and_time_and_may_be_our_own(tmp_path: Path) -> None:
    latin_1(tmp_path, "Übung.txt", "eins")
    latin_1(tmp_path / "out", "Öl.txt", "ein Brief")
    ((_, before),) = with_stats(find_items([tmp_path]), tmp_path / "out")
    latin_1(tmp_path, "Übung.txt", "eins und zwei")
    ((_, after),) = with_stats(find_items([tmp_path]), tmp_path / "out")
    assert before.startswith("4:")
    assert after.startswith("13:")
