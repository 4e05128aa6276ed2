"""Results are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from depesche.errors import OutputError
from depesche.output import write_output


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "brief.md"
    target.write_text("old")
    write_output("neu: 1,5 Mrd. €\n", target)
    assert target.read_text("utf-8") == "neu: 1,5 Mrd. €\n"
    assert [path.name for path in tmp_path.iterdir()] == ["brief.md"]


def test_a_failure_leaves_the_old_file_and_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "brief.md"
    target.write_text("old")

    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OutputError, match="No space left"):
        write_output("new", target)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["brief.md"]


def test_a_missing_folder_is_a_coded_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"\[D601\]|No such file"):
        write_output("x", tmp_path / "missing" / "brief.md")
