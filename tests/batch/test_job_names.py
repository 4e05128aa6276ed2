"""Names inside a job: unique, below the output folder on any file system, and a function of the names alone."""

from __future__ import annotations

import posixpath
import re
import tempfile
import unicodedata
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from depesche.batch import inputs
from depesche.batch.archives import Member, member_parts
from depesche.batch.names import MAX_NAME_BYTES, MAX_PART_BYTES, bounded, encodable, folded, safe_parts

NFC, NFD = "Bürgermeister.txt", unicodedata.normalize("NFD", "Bürgermeister.txt")


@pytest.mark.parametrize(
    "name",
    [
        "a.txt",
        "Haushalt 2026.txt",
        "Straße & Brücke – Teil 1 (neu).html",
        "日本.md",
        "x.tar.gz",
        "~",
        "a~b.txt",
        "ab.c.d",
    ],
)
def test_a_harmless_name_is_kept(name: str) -> None:
    assert safe_parts([name]) == {name: name}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("..", r"__~\w{8}"),
        (".", r"_~\w{8}"),
        ("", r"_~\w{8}"),
        ("a\\b.txt", r"a_b~\w{8}\.txt"),
        ("a\0b.txt", r"a_b~\w{8}\.txt"),
        ("a\nb.txt", r"a_b~\w{8}\.txt"),
        ("\u202etxt.exe.txt", r"_txt\.exe~\w{8}\.txt"),
        ("a\u200db.txt", r"a_b~\w{8}\.txt"),
        ("a\udce9.txt", r"a_~\w{8}\.txt"),
        ("CON", r"_CON~\w{8}"),
        ("con.txt", r"_con~\w{8}\.txt"),
        ("Com1.tar.txt", r"_Com1\.tar~\w{8}\.txt"),
        ("NUL .txt", r"_NUL ~\w{8}\.txt"),
        ("a.txt.", r"a~\w{8}\.txt_"),
        ("a ", r"a_~\w{8}"),
        ("C:a.txt", r"C_a~\w{8}\.txt"),
        ("a?.txt", r"a_~\w{8}\.txt"),
        ("a~0123abcd.txt", r"a~0123abcd~\w{8}\.txt"),
        ("report", r"report~\w{8}"),
        ("x" * 300 + ".txt", r"x+~\w{8}\.txt"),
        ("😀" * 75 + ".txt", r"😀+~\w{8}\.txt"),
    ],
)
def test_a_dangerous_name_is_changed_and_says_so(name: str, expected: str) -> None:
    (part,) = safe_parts([name]).values()
    assert re.fullmatch(expected, part)
    assert len(part.encode()) <= MAX_PART_BYTES


@pytest.mark.parametrize("name", ["a.txt.json", "A.MD", "x.html", "briefs.jsonl", "Figures.parquet"])
def test_a_folder_is_never_called_like_a_file_that_the_job_writes(name: str) -> None:
    (part,) = safe_parts([name], folder=True).values()
    assert re.fullmatch(re.escape(name) + r"~\w{8}", part)
    assert safe_parts(["feed.jsonl"], folder=True) == {"feed.jsonl": "feed.jsonl"}


@pytest.mark.parametrize("twins", [("Kita.txt", "kita.txt"), (NFC, NFD), ("Straße.txt", "strasse.txt")])
def test_twins_on_a_case_insensitive_disk_are_told_apart(twins: tuple[str, str]) -> None:
    parts = safe_parts(twins)
    assert folded(parts[twins[0]]) != folded(parts[twins[1]])
    assert parts == safe_parts(reversed(twins))
    assert sum("~" in part for part in parts.values()) == 1


def test_a_name_from_a_mac_is_composed_without_a_suffix() -> None:
    assert safe_parts([NFD]) == {NFD: NFC}


def test_a_forged_suffix_cannot_take_the_place_of_a_made_one() -> None:
    made = safe_parts(["con.txt"])["con.txt"]
    parts = safe_parts(["con.txt", made])
    assert parts["con.txt"] == made
    assert parts[made] != made


def test_two_names_whose_short_hashes_are_equal_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("depesche.batch.names._digest", lambda name: "0" * 8 + f"{ord(name[1]):056x}")
    parts = safe_parts(["a\x01.txt", "a\x02.txt"])
    assert parts == {"a\x01.txt": "a_~00000000.txt", "a\x02.txt": f"a_~{'0' * 16}.txt"}


def test_a_very_long_name_keeps_its_ends_and_stays_short() -> None:
    parts = ["ordner" * 20] * 30 + ["a.txt"]
    name = bounded(parts)
    assert len(name.encode()) <= MAX_NAME_BYTES
    assert name.endswith("/a.txt")
    assert name != bounded([*parts[:-2], "anders", "a.txt"])


CHARACTERS = st.one_of(
    st.sampled_from("aAäÄß./\\~:\0\n \u0308\u202e\u200d\ufe0f\udce9\ud800"), st.characters(exclude_categories=())
)
SEGMENTS = st.one_of(
    st.sampled_from(
        ["..", ".", "", "con", "CON.txt", "a.txt", "A.txt", "a.txt.json", "report", "feed.jsonl", "b~0123abcd"]
    ),
    st.text(CHARACTERS, max_size=300),
)
MEMBER_NAMES = st.lists(st.lists(SEGMENTS, min_size=1, max_size=5).map("/".join), max_size=12)


@given(MEMBER_NAMES)
@example(["a.txt", "a.txt.json/b.txt", "A.txt", "a.TXT.JSON/b.txt", "/a.txt", "../a.txt", "a.txt/b.txt"])
@example(["x/" * 30_000 + "a.txt", "x/" * 29_999 + "a.txt"])
def test_outputs_are_unique_below_the_folder_and_a_function_of_the_names(names: list[str]) -> None:
    keys = list(dict.fromkeys(encodable(name) for name in names))
    members = [Member(key, 1) for key in keys]
    named = {key: bounded(parts) for key, parts in inputs._member_parts(members).items()}
    again = inputs._member_parts(list(reversed(members)))
    assert named == {key: bounded(again[key]) for key in named}

    outputs = [f"{name}.json" for name in named.values()]
    assert len({folded(path) for path in outputs}) == len(keys)
    folders = {folded(str(above)) for path in outputs for above in PurePosixPath(path).parents}
    assert not folders & {folded(path) for path in outputs}
    for path in outputs:
        path.encode()
        assert len(path.encode()) <= MAX_NAME_BYTES + 5
        assert posixpath.normpath(path) == path
        assert not path.startswith("/")
        for part in path.split("/"):
            assert not part.startswith(".")
            assert not re.search(r'[<>:"|?*\\\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]', part)
            assert len(part.encode()) <= 255 - len(".json")


@given(st.lists(SEGMENTS, max_size=8))
def test_every_part_with_an_ending_can_be_a_file_of_this_disk(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for part in safe_parts(names).values():
            (Path(folder) / f"{part}.json").touch(exist_ok=False)


def test_deep_members_are_joined_in_the_middle() -> None:
    assert len(member_parts("x/" * 5000 + "a.txt")) == 10
