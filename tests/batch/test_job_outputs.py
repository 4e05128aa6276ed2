"""Briefs of a folder job on disk: whole or not there, where their names say, and never outside the folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from memory_peak import at_most
from written_briefs import brief

from depesche.batch.outputs import HIDDEN_TREE, TreeWriter, assemble_jsonl, clear_parts, replacing
from depesche.errors import OutputFull
from depesche.render import render


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("format", ["json", "md", "html"])
def test_a_brief_lies_under_the_name_of_its_article(tmp_path: Path, format: str) -> None:  # noqa: A002
    writer = TreeWriter(tmp_path, format)  # type: ignore[arg-type]
    assert writer.write("politik/a.txt", brief()) == f"politik/a.txt.{format}"
    assert files(tmp_path) == [f"politik/a.txt.{format}"]
    assert "Langenau" in (tmp_path / f"politik/a.txt.{format}").read_text("utf-8")


def test_articles_that_differ_in_their_ending_have_two_briefs(tmp_path: Path) -> None:
    writer = TreeWriter(tmp_path, "json")
    assert writer.write("a.txt", brief()) != writer.write("a.md", brief())


def test_how_long_it_took_is_no_part_of_the_file(tmp_path: Path) -> None:
    slow = brief().model_copy(update={"timings": {"read": 9.0}})
    for name, one in (("a", brief()), ("b", slow)):
        TreeWriter(tmp_path, "json").write(name, one)
    first, second = ((tmp_path / f"{name}.json").read_bytes() for name in "ab")
    assert first == second
    assert json.loads(first)["timings"] == {}
    assert first.decode() == render(brief().model_copy(update={"timings": {}}), "json")


def test_the_hidden_tree_is_apart(tmp_path: Path) -> None:
    assert TreeWriter(tmp_path, "json", below=HIDDEN_TREE).write("a.txt", brief()) == f"{HIDDEN_TREE}/a.txt.json"


def test_a_brief_is_replaced_at_one_stroke(tmp_path: Path) -> None:
    (tmp_path / "a.txt.json").write_text("alt")
    reader = (tmp_path / "a.txt.json").open()
    TreeWriter(tmp_path, "json").write("a.txt", brief())
    with reader:
        assert reader.read() == "alt"  # whoever had it open keeps what he opened
    assert json.loads((tmp_path / "a.txt.json").read_bytes())["id"] == brief().id


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    (tmp_path / "a.txt.json").write_text("alt")

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync") if call == "fsync" else (Path, "replace")), full_disk)
    with pytest.raises(OutputFull, match="No space left"):
        TreeWriter(tmp_path, "json").write("a.txt", brief())
    assert files(tmp_path) == ["a.txt.json"]
    assert (tmp_path / "a.txt.json").read_text() == "alt"


def test_a_really_full_disk_is_an_error_and_leaves_nothing_half(tmp_path: Path) -> None:
    code = """
import resource, signal, sys
from pathlib import Path
from depesche.batch.outputs import replacing
from depesche.errors import OutputFull
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    with replacing(Path(sys.argv[1]), "a.json") as stream:
        stream.write(b"x" * 100_000)
except OutputFull as error:
    print(error.code)
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "D704"
    assert files(tmp_path) == []


def test_killed_while_it_writes_it_leaves_nothing_among_the_briefs(tmp_path: Path) -> None:
    code = """
import os, signal, sys
from pathlib import Path
from depesche.batch.outputs import replacing
with replacing(Path(sys.argv[1]), "politik/a.json") as stream:
    stream.write(b"half")
    stream.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert [name for name in files(tmp_path) if not name.startswith(".depesche/parts/")] == []
    assert len(files(tmp_path)) == 1
    clear_parts(tmp_path)
    assert files(tmp_path) == []


def test_a_link_in_the_output_folder_leads_nowhere(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (out / "politik").symlink_to(elsewhere)
    with pytest.raises(OutputFull, match="leads out"):
        TreeWriter(out, "json").write("politik/bund/a.txt", brief())
    assert list(elsewhere.iterdir()) == []


def test_a_link_in_place_of_a_brief_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("kostbar")
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.txt.json").symlink_to(precious)
    TreeWriter(out, "json").write("a.txt", brief())
    assert precious.read_text() == "kostbar"
    assert not (out / "a.txt.json").is_symlink()


def test_an_output_folder_that_is_a_link_is_fine(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    TreeWriter(tmp_path / "out", "json").write("a/b.txt", brief())
    assert files(tmp_path / "real") == ["a/b.txt.json"]


def test_a_file_where_a_folder_must_be_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "politik").write_text("x")
    with pytest.raises(OutputFull):
        TreeWriter(tmp_path, "json").write("politik/a.txt", brief())


def test_all_briefs_in_one_file_a_line_each_in_order(tmp_path: Path) -> None:
    writer = TreeWriter(tmp_path, "json")
    paths = [writer.write(name, brief()) for name in ("b.txt", "a.txt")]
    assert assemble_jsonl(tmp_path, paths) == 2
    lines = (tmp_path / "briefs.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [brief().id] * 2
    assert "Fähre" in lines[0]


def test_a_brief_that_is_gone_leaves_the_old_file_of_all_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "briefs.jsonl").write_text("alt")
    with pytest.raises(OutputFull, match=r"fehlt\.json") as caught:
        assemble_jsonl(tmp_path, ["fehlt.json"])
    assert caught.value.remedy
    assert (tmp_path / "briefs.jsonl").read_text() == "alt"
    assert files(tmp_path) == ["briefs.jsonl"]


def test_a_large_file_of_all_is_written_in_little_memory(tmp_path: Path) -> None:
    path = TreeWriter(tmp_path, "json").write("a", brief())
    with at_most(4_000_000):
        assert assemble_jsonl(tmp_path, (path for _ in range(2_000))) == 2_000
    assert (tmp_path / "briefs.jsonl").stat().st_size > 8_000_000


def test_an_exception_of_the_caller_passes_through(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), replacing(tmp_path, "a"):
        raise ZeroDivisionError
    assert files(tmp_path) == []
