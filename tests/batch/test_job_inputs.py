"""What a folder job finds in folders, globs and JSONL files, and that it reads just that; archives apart."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from memory_peak import at_most

from depesche.batch.inputs import Item, content_sha256, find_items, read_item
from depesche.batch.lines import Line, read_line, scan_lines
from depesche.config import IngestConfig
from depesche.errors import BadArguments, InputTooLarge, UndecodableText, UnknownFormat, UnreadableInput
from depesche.ingest.reading import read_lines

CONFIG = IngestConfig()
SENTENCE = "Der Kreistag hat am Dienstag den Nahverkehrsplan beschlossen."


def names(*arguments: str | Path) -> list[str]:
    return [item.name for item in find_items(arguments)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "artikel"
    for name in ("b.txt", "a.md", "sport/2026/tor.html", "sport/fuenf.json"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"{name}: {SENTENCE}")
    (root / "feed.jsonl").write_text('{"text": "eins"}\n\n{"text": "zwei"}\r\n   \n{"text": "drei"}')
    return root


ALL = [
    "a.md",
    "b.txt",
    "feed.jsonl/000001",
    "feed.jsonl/000003",
    "feed.jsonl/000005",
    "sport/2026/tor.html",
    "sport/fuenf.json",
]


def test_a_folder_in_depth_in_order_of_name(folder: Path) -> None:
    assert names(folder) == ALL
    assert names(f"{folder}/") == ALL


def test_each_item_reads_as_its_own_bytes_and_format(folder: Path) -> None:
    read = {item.name: read_item(item, CONFIG) for item in find_items([folder])}
    assert read["b.txt"] == (f"b.txt: {SENTENCE}".encode(), "text")
    assert read["sport/2026/tor.html"][1] == "html"
    assert [read[name] for name in ALL[2:5]] == [
        (f'{{"text": "{n}"}}'.encode(), "jsonl") for n in ("eins", "zwei", "drei")
    ]


def test_names_do_not_depend_on_how_the_folder_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "sport")
    assert names("..") == ALL
    assert names(".") == ["2026/tor.html", "fuenf.json"]


def test_several_arguments_are_told_apart_by_their_base_names(folder: Path) -> None:
    (folder.parent / "kultur").mkdir()
    (folder.parent / "kultur" / "oper.txt").write_text(SENTENCE)
    found = names(folder / "sport", folder.parent / "kultur", folder / "feed.jsonl", folder / "b.txt")
    assert found == ["b.txt", *ALL[2:5], "kultur/oper.txt", "sport/2026/tor.html", "sport/fuenf.json"]


def test_two_arguments_of_one_name_are_refused_with_both_named(folder: Path) -> None:
    with pytest.raises(BadArguments, match=r"sport and .*sport are both called sport"):
        names(folder / "sport", f"{folder}/sport")


def test_case_twins_among_arguments_get_two_folders(tmp_path: Path) -> None:
    for name in ("Lokal", "lokal"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(SENTENCE)
    first, second = names(tmp_path / "Lokal", tmp_path / "lokal")
    assert first == "Lokal/a.txt"
    assert second.startswith("lokal~")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.txt", ["b.txt"]),
        ("**/*.html", ["sport/2026/tor.html"]),
        ("sport/*", ["2026/tor.html", "fuenf.json"]),
        ("[ab].*", ["a.md", "b.txt"]),
        ("*.jsonl", ALL[2:5]),
        ("**", ALL),
    ],
)
def test_a_glob_stands_for_the_folder_before_its_wildcard(folder: Path, pattern: str, expected: list[str]) -> None:
    assert names(f"{folder}/{pattern}") == expected


def test_a_name_that_looks_like_a_glob_and_is_there_is_a_name(tmp_path: Path) -> None:
    (tmp_path / "was [neu].txt").write_text(SENTENCE)
    assert names(tmp_path / "was [neu].txt") == ["was [neu].txt"]


@pytest.mark.parametrize("argument", ["fehlt", "fehlt/*.txt", "artikel/*.fehlt", "artikel/pipe.txt"])
def test_an_argument_without_articles_is_an_error_with_a_remedy(folder: Path, argument: str) -> None:
    os.mkfifo(folder / "pipe.txt")
    with pytest.raises(BadArguments, match=r"\[D701\]|.") as caught:
        names(folder.parent / argument)
    assert caught.value.remedy


def test_no_arguments_are_an_error() -> None:
    with pytest.raises(BadArguments):
        names()


def test_what_holds_no_articles_is_passed_over_and_counted(folder: Path) -> None:
    (folder / ".versteckt.txt").write_text(SENTENCE)
    (folder / "bild.jpg").write_bytes(b"\xff\xd8")
    (folder / "liste.csv").write_text("a;b")
    (folder / "README").write_text("x")
    os.mkfifo(folder / "pipe.txt")
    (folder / "kreis").symlink_to(folder)
    (folder / "fort.txt").symlink_to("/etc/passwd")
    (folder / "alte" / ".depesche").mkdir(parents=True)
    (folder / "alte" / "b.txt.json").write_text("{}")
    ignored: Counter[str] = Counter()
    assert [item.name for item in find_items([folder], ignored=ignored)] == ALL
    assert ignored == {
        "hidden": 1,
        "*.jpg": 1,
        "*.csv": 1,
        "no ending": 1,
        "pipes and devices": 1,
        "links": 2,
        "output folders": 1,
    }


def test_an_output_folder_is_no_input(tmp_path: Path) -> None:
    (tmp_path / ".depesche").mkdir()
    with pytest.raises(BadArguments, match="output folder"):
        names(tmp_path)


def test_a_file_named_outright_is_taken_whatever_its_ending(folder: Path) -> None:
    (folder / "meldung").write_text(SENTENCE)
    (folder / "liste.pdf").write_text("%PDF")
    plain, refused = find_items([folder / "meldung", folder / "liste.pdf"])
    assert {plain.name, refused.name} == {"meldung", "liste.pdf"}
    by_name = {item.name: item for item in (plain, refused)}
    assert read_item(by_name["meldung"], CONFIG) == (SENTENCE.encode(), None)
    with pytest.raises(UnknownFormat):
        read_item(by_name["liste.pdf"], CONFIG)


def test_a_link_is_followed_where_it_is_an_argument(folder: Path) -> None:
    link = folder.parent / "neueste"
    link.symlink_to(folder)
    assert names(link) == ALL
    assert names(link, folder / "b.txt")[1] == "neueste/a.md"


def test_a_link_that_takes_the_place_of_a_file_is_not_followed(folder: Path) -> None:
    item = next(item for item in find_items([folder]) if item.name == "b.txt")
    (folder / "b.txt").unlink()
    (folder / "b.txt").symlink_to("/etc/passwd")
    with pytest.raises(UnreadableInput):
        read_item(item, CONFIG)


def test_a_pipe_that_takes_the_place_of_a_file_does_not_block(folder: Path) -> None:
    item = next(item for item in find_items([folder]) if item.name == "b.txt")
    (folder / "b.txt").unlink()
    os.mkfifo(folder / "b.txt")
    with pytest.raises(UnreadableInput, match="no regular file"):
        read_item(item, CONFIG)


def test_a_file_that_vanished_says_so(folder: Path) -> None:
    item = next(item for item in find_items([folder]) if item.name == "b.txt")
    (folder / "b.txt").unlink()
    with pytest.raises(UnreadableInput, match="no such file"):
        read_item(item, CONFIG)


def test_a_file_that_grows_while_it_is_read_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    item = next(item for item in find_items([folder]) if item.name == "b.txt")
    real = os.fdopen

    class Slow(io.BytesIO):
        """The open file, to which somebody writes while it is read."""

        def __init__(self, handle: int) -> None:
            self._stream = real(handle, "rb")
            super().__init__()

        def fileno(self) -> int:
            return self._stream.fileno()

        def read(self, size: int | None = -1, /) -> bytes:
            data = self._stream.read(size)
            with (folder / "b.txt").open("a") as writer:
                writer.write("und mehr")
            return data

        def close(self) -> None:
            self._stream.close()

    monkeypatch.setattr(os, "fdopen", lambda handle, _: Slow(handle))
    with pytest.raises(UnreadableInput, match="changed"):
        read_item(item, CONFIG)


def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"x" * 100)
    (item,) = find_items([tmp_path])
    assert len(read_item(item, IngestConfig(max_bytes=100))[0]) == 100
    with pytest.raises(InputTooLarge):
        read_item(item, IngestConfig(max_bytes=99))


def test_names_that_are_no_utf8_can_be_stored_and_read_again(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(raw, "w") as stream:  # noqa: PTH123 - a name that is no text
        stream.write(SENTENCE)
    (item,) = find_items([tmp_path])
    assert item.name.startswith("caf_~")
    for text in (item.name, item.path):
        text.encode()
    assert read_item(pickle.loads(pickle.dumps(item)), CONFIG)[0] == SENTENCE.encode()  # noqa: S301 - our own


def test_a_folder_deeper_than_paths_may_be_is_an_item_that_says_so(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("abc", dir_fd=here)
        below = os.open("abc", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    (item,) = find_items([tmp_path])
    assert len(item.name) < 1000
    with pytest.raises(UnreadableInput):
        read_item(item, CONFIG)
    subprocess.run(["rm", "-rf", str(tmp_path / "abc")], check=True)


PROBE = """
import os, sys
from depesche.batch.inputs import find_items, read_item
from depesche.config import IngestConfig
from depesche.errors import UnreadableInput
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
for item in find_items([sys.argv[1]]):
    try:
        read_item(item, IngestConfig())
        print(item.name, "read")
    except UnreadableInput as error:
        print(item.name, error.message)
"""


def test_files_and_folders_without_permission_are_items_that_say_so(tmp_path: Path) -> None:
    root = tmp_path / "artikel"
    (root / "zu").mkdir(parents=True)
    for name in ("a.txt", "b.txt", "c.jsonl", "d.zip"):
        (root / name).write_text(SENTENCE)
    for name in ("b.txt", "c.jsonl", "d.zip", "zu"):
        (root / name).chmod(0)
    for above in (tmp_path, *tmp_path.parents):
        if above == Path(tempfile.gettempdir()):
            break
        above.chmod(0o755)
    done = subprocess.run([sys.executable, "-c", PROBE, str(root)], capture_output=True, text=True, check=False)
    (root / "zu").chmod(0o755)
    refused = [f"{name} permission denied" for name in ("b.txt", "c.jsonl", "d.zip", "zu")]
    assert done.stdout.splitlines() == ["a.txt read", *refused], done.stderr


# JSONL


def test_lines_are_those_that_ingest_counts(tmp_path: Path) -> None:
    content = '\n{"a": 1}\r\n \t\n{"b": "ä\u2028"}\n\n{"c": 3}'.encode()
    path = tmp_path / "feed.jsonl"
    path.write_bytes(content)
    with path.open("rb") as stream:
        expected = [(place.rpartition(":")[2], line) for place, line in read_lines(stream, CONFIG, name="x")]
    found = [(str(item.line), read_item(item, CONFIG)[0]) for item in find_items([path])]
    assert found == [(number, line.rstrip(b"\r\n")) for number, line in expected if isinstance(line, bytes)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8", "utf-8-sig"])
def test_every_encoding_of_lines_reads_as_utf8(tmp_path: Path, encoding: str) -> None:
    lines = ['{"text": "Bäume"}', '{"text": "\u0a0a\u0d0a\u0a0d"}', '{"text": "😀"}']
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    path = tmp_path / "feed.jsonl"
    path.write_bytes((mark + "\r\n".join(lines) + "\r\n").encode(encoding))
    read = [read_item(item, CONFIG)[0].decode("utf-8-sig") for item in find_items([path])]
    assert read == lines


def test_broken_utf16_is_an_error_of_its_line(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_bytes('{"a": 1}\n{"b": 2}\n'.encode("utf-16") + b"\x00\xdc{\x00\n\x00x")
    good, also, broken, cut = find_items([path])
    assert [read_item(item, CONFIG)[0] for item in (good, also)] == [b'{"a": 1}', b'{"b": 2}']
    for item in (broken, cut):
        with pytest.raises(UndecodableText):
            read_item(item, CONFIG)


def test_a_line_is_found_without_its_offset(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text('{"a": 1}\n{"b": 2}\n')
    item = Item("feed.jsonl/000002", str(path), line=2)
    assert read_item(item, CONFIG)[0] == b'{"b": 2}'


@pytest.mark.parametrize("content", ['{"neu": 1, "und": "laenger"}\n', "", '{"a": 1}\n\n\n'])
def test_a_jsonl_file_that_changed_says_so(tmp_path: Path, content: str) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text('{"a": 1}\n{"b": 2}\n')
    item = list(find_items([path]))[1]
    path.write_text(content)
    with pytest.raises(UnreadableInput):
        read_item(item, CONFIG)


def test_a_jsonl_file_without_lines_has_no_items(tmp_path: Path) -> None:
    (tmp_path / "leer.jsonl").write_text("\n \n")
    assert names(tmp_path) == []


def test_a_line_of_ten_megabytes_is_passed_in_chunks_and_refused(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    with path.open("wb") as stream:
        for _ in range(4):
            stream.write(b'{"text": "' + b"x" * 10_000_000 + b'"}\n')
        stream.write(b'{"text": "kurz"}\n')
    with at_most(8_000_000):  # neither the file nor a line
        items = list(find_items([path]))
        with pytest.raises(InputTooLarge):
            read_item(items[0], CONFIG)
        last = read_item(items[-1], CONFIG)[0]
    assert [item.line for item in items] == [1, 2, 3, 4, 5]
    assert last == b'{"text": "kurz"}'


def test_many_lines_are_listed_in_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    with path.open("w") as stream:
        stream.writelines(f'{{"text": "Meldung {n}"}}\n' for n in range(50_000))
    with at_most(5_000_000):  # a list of the items alone would take 15 MB
        middle = None
        for item in find_items([path]):
            middle = item if item.line == 31_337 else middle
    assert middle is not None
    assert read_item(middle, CONFIG)[0] == b'{"text": "Meldung 31336"}'


@pytest.mark.parametrize("size", [1 << 20, (1 << 20) - 1, (1 << 20) + 1, 1 << 14, 2 << 20])
def test_line_ends_at_the_edges_of_chunks(size: int) -> None:
    data = b"x" * (size - 1) + b"\n" + b"y" * 5 + b"\n"
    lines = list(scan_lines(lambda offset, count: data[offset : offset + count]))
    assert lines == [Line(1, 0), Line(2, size)]
    for line, expected in zip(lines, (b"x" * (size - 1), b"y" * 5), strict=True):
        assert read_line(lambda offset, count: data[offset : offset + count], line, 4 << 20, place="x") == expected


def test_the_hash_of_content_is_sha256() -> None:
    assert content_sha256(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
