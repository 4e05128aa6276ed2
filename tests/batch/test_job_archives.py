"""Archives as folders of articles: hostile, broken and large ones among them; a bad one never takes others along."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import struct
import tarfile
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory_peak import at_most

from depesche.batch import archives
from depesche.batch.archives import ArchiveLimits, archive_at_hand, close_archives, open_archive
from depesche.batch.inputs import Item, find_items, read_item
from depesche.config import IngestConfig
from depesche.errors import ArchiveRefused, DepescheError, InputTooLarge, OutputFull, UnreadableInput

CONFIG = IngestConfig()
SENTENCE = b"Die Stadtwerke senken zum Januar den Preis f\xc3\xbcr Fernw\xc3\xa4rme."
FEED = b'{"text": "eins"}\n\n{"text": "zwei"}\n'
MEMBERS = {"politik/a.html": SENTENCE, "b.txt": b"b: " + SENTENCE, "feed.jsonl": FEED}
NAMES = ["b.txt", "feed.jsonl/000001", "feed.jsonl/000003", "politik/a.html"]


@pytest.fixture(autouse=True)
def _nothing_stays_open() -> None:
    close_archives()


def make_zip(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def tar_bytes(members: dict[str, bytes], format: int = tarfile.PAX_FORMAT) -> bytes:  # noqa: A002
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=format) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def make(path: Path, members: dict[str, bytes]) -> Path:
    if path.suffix == ".zip":
        return make_zip(path, members)
    pack = {".tar": bytes, ".gz": gzip.compress, ".tgz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}
    path.write_bytes(pack[path.suffix](tar_bytes(members)))
    return path


def outcomes(path: Path, config: IngestConfig = CONFIG) -> dict[str, bytes | str]:
    """Return, of each item, its bytes or the code of its error."""
    found: dict[str, bytes | str] = {}
    for item in find_items([path]):
        assert item.name not in found
        try:
            found[item.name] = read_item(item, config)[0]
        except DepescheError as error:
            found[item.name] = error.code if error.place else "without a place"
    return found


KINDS = ["wire.zip", "wire.tar", "wire.tar.gz", "wire.tgz", "wire.tar.bz2", "wire.tar.xz"]


@pytest.mark.parametrize("name", KINDS)
def test_members_and_lines_of_members_are_items(tmp_path: Path, name: str) -> None:
    path = make(tmp_path / name, MEMBERS)
    found = outcomes(path)
    assert list(found) == [f"{name}/{member}" for member in NAMES]
    assert list(found.values()) == [MEMBERS["b.txt"], b'{"text": "eins"}', b'{"text": "zwei"}', SENTENCE]
    formats = [read_item(item, CONFIG)[1] for item in find_items([path])]
    assert formats == ["text", "jsonl", "jsonl", "html"]


@pytest.mark.parametrize("name", KINDS)
def test_hostile_names_stay_below_the_folder(tmp_path: Path, name: str) -> None:
    members = dict.fromkeys(["../../a.txt", "/etc/a.txt", "x/../a.txt", "C:\\a.txt", "x/CON/a.txt"], SENTENCE)
    found = outcomes(make(tmp_path / name, members))
    assert len(found) == len(members)
    assert set(found.values()) == {SENTENCE}
    for one in found:
        assert ".." not in one.split("/")
        assert (tmp_path / one).resolve().is_relative_to(tmp_path / name)


@pytest.mark.parametrize("name", ["wire.zip", "wire.tar"])
def test_of_two_members_of_one_name_the_last_one_counts(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "wire.tar":
        first, second = tar_bytes({"a.txt": b"alt"}), tar_bytes({"./a.txt": b"neu"})
        path.write_bytes(first[: len(first) - 10240 + 1024].rstrip(b"\0").ljust(1024, b"\0") + second)
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.txt", "alt")
            with pytest.warns(UserWarning, match="Duplicate"):
                archive.writestr("a.txt", "neu")
    ignored: Counter[str] = Counter()
    (item,) = find_items([path], ignored=ignored)
    assert read_item(item, CONFIG)[0] == b"neu"
    assert ignored == {"replaced in the archive": 1}


def test_hidden_members_and_other_endings_are_counted(tmp_path: Path) -> None:
    members = dict.fromkeys([".a.txt", "__MACOSX/._a.txt", "x.jpg", "inner.zip", "inner.tar.gz", "a.txt"], SENTENCE)
    ignored: Counter[str] = Counter()
    found = [item.name for item in find_items([make_zip(tmp_path / "w.zip", members)], ignored=ignored)]
    assert found == ["w.zip/a.txt"]
    assert ignored == {"hidden": 2, "*.jpg": 1, "archives in archives": 2}


def test_links_and_devices_in_a_tar_are_never_followed(tmp_path: Path) -> None:
    path = tmp_path / "wire.tar"
    with tarfile.open(path, "w") as archive:
        for name, kind in (("a.txt", tarfile.SYMTYPE), ("b.txt", tarfile.LNKTYPE), ("c.txt", tarfile.CHRTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("d.txt")
        info.type = tarfile.FIFOTYPE
        archive.addfile(info)
    ignored: Counter[str] = Counter()
    assert list(find_items([path], ignored=ignored)) == []
    assert ignored == {"links and devices in an archive": 4}


def test_a_link_in_a_zip_is_never_followed(tmp_path: Path) -> None:
    path = tmp_path / "wire.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("a.txt")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    assert list(find_items([path])) == []


def test_an_encrypted_member_is_an_error_and_the_others_are_read(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "wire.zip", {"a.txt": SENTENCE, "b.txt": SENTENCE, "c.jsonl": FEED})
    data = bytearray(path.read_bytes())
    for name in (b"b.txt", b"c.jsonl"):
        at = data.rfind(name)  # in the directory at the end
        data[at - 46 + 8] |= 1
    path.write_bytes(data)
    assert outcomes(path) == {"wire.zip/a.txt": SENTENCE, "wire.zip/b.txt": "D109", "wire.zip/c.jsonl": "D109"}


def test_a_damaged_member_is_an_error_and_the_others_are_read(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "wire.zip", {"a.txt": SENTENCE, "b.txt": SENTENCE}, zipfile.ZIP_STORED)
    data = path.read_bytes()
    path.write_bytes(data.replace(SENTENCE, SENTENCE.replace(b"Januar", b"Februr"), 1))
    assert outcomes(path) == {"wire.zip/a.txt": "D109", "wire.zip/b.txt": SENTENCE}


@pytest.mark.parametrize("name", KINDS)
def test_what_is_no_archive_is_one_refused_item(tmp_path: Path, name: str) -> None:
    (tmp_path / "gut.txt").write_bytes(SENTENCE)
    (tmp_path / name).write_bytes(b"kein Archiv " * 100)
    assert outcomes(tmp_path) == {"gut.txt": SENTENCE, name: "D702"}


def test_an_empty_file_is_one_refused_item(tmp_path: Path) -> None:
    for name in ("a.zip", "a.tar", "a.tgz"):
        (tmp_path / name).touch()
    assert set(outcomes(tmp_path).values()) == {"D702"}


def test_a_tar_in_zstd_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.tar.zst").write_bytes(b"\x28\xb5\x2f\xfd" + bytes(100))
    (item,) = find_items([tmp_path])
    with pytest.raises(ArchiveRefused, match="zstd -d"):
        read_item(item, CONFIG)


def test_a_zip_cut_off_anywhere_is_refused_whole(tmp_path: Path) -> None:
    whole = make_zip(tmp_path / "wire.zip", MEMBERS).read_bytes()
    for end in range(1, len(whole), 37):
        (tmp_path / "wire.zip").write_bytes(whole[:end])
        assert outcomes(tmp_path / "wire.zip") == {"wire.zip": "D702"}


@pytest.mark.parametrize("name", ["wire.tar", "wire.tar.gz", "wire.tar.xz"])
def test_a_tar_cut_off_anywhere_gives_what_is_whole_and_says_that_more_is_missing(tmp_path: Path, name: str) -> None:
    noise = random.Random(7)  # noqa: S311 - so that it compresses badly and the cuts fall everywhere
    members = {f"m{n}.txt": noise.randbytes(700) for n in range(5)}
    path = make(tmp_path / name, members)
    whole = path.read_bytes()
    for end in range(1, min(len(whole), 5 * 1536), 97):
        path.write_bytes(whole[:end])
        found = outcomes(path)
        assert found.pop(name) == "D702", end
        for one, data in found.items():
            assert data in {members[one.rpartition("/")[2]], "D109"}, end
    path.write_bytes(whole)
    assert list(outcomes(path).values()) == list(members.values())


def test_a_broken_header_in_the_middle_is_no_end(tmp_path: Path) -> None:
    data = bytearray(tar_bytes({"a.txt": SENTENCE, "b.txt": SENTENCE, "c.txt": SENTENCE}, tarfile.USTAR_FORMAT))
    data[1024 + 150] ^= 1  # in the checksum of the second header
    (tmp_path / "wire.tar").write_bytes(data)
    assert outcomes(tmp_path / "wire.tar") == {"wire.tar/a.txt": SENTENCE, "wire.tar": "D702"}


def test_a_negative_size_ends_in_an_error(tmp_path: Path) -> None:
    data = bytearray(tar_bytes({"a.txt": SENTENCE}, tarfile.GNU_FORMAT))
    data[124:136] = b"\xff" * 10 + struct.pack(">h", -1024)
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])
    (tmp_path / "wire.tar").write_bytes(data)
    assert outcomes(tmp_path / "wire.tar") == {"wire.tar": "D702"}


def test_a_header_of_gigabytes_is_not_read_into_memory(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1 << 33
    (tmp_path / "wire.tar").write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(1 << 16))
    with at_most(4_000_000):
        assert outcomes(tmp_path / "wire.tar") == {"wire.tar": "D702"}


def test_a_chain_of_headers_ends_in_an_error(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 2
    chain = (info.tobuf(tarfile.GNU_FORMAT) + b"a\0".ljust(512, b"\0")) * 3_000
    (tmp_path / "wire.tar").write_bytes(chain + tar_bytes({"a.txt": SENTENCE}))
    assert outcomes(tmp_path / "wire.tar") == {"wire.tar": "D702"}


def test_an_error_shows_the_safe_name_of_a_member(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "wire.zip", {"a\x1b[31m.txt": b"x" * 101})
    (item,) = find_items([path])
    with pytest.raises(InputTooLarge) as caught:
        read_item(item, IngestConfig(max_bytes=100))
    assert caught.value.place == item.name


def test_a_member_without_a_name_is_passed_over(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "wire.zip", {"q.txt": SENTENCE})
    data = path.read_bytes().replace(b"q.txt", b"\0.txt")  # which `zipfile` reads as no name at all
    path.write_bytes(data)
    ignored: Counter[str] = Counter()
    assert list(find_items([path], ignored=ignored)) == []
    assert ignored == {"no ending": 1}


@given(
    st.sampled_from(["wire.zip", "wire.tar", "wire.tar.gz"]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=4), st.integers(0, 600)), max_size=5),
)
def test_whatever_the_bytes_there_is_an_article_or_a_coded_error(
    name: str, changes: list[tuple[float, bytes, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = make(Path(folder) / name, MEMBERS)
        data = bytearray(path.read_bytes())
        for place, written, removed in changes:
            at = int(place * len(data))
            data[at : at + removed] = written
        path.write_bytes(data)
        assert "without a place" not in outcomes(path).values()
        close_archives()


# Bombs


def test_a_zip_bomb_is_refused_without_unpacking_it(tmp_path: Path) -> None:
    path = tmp_path / "bombe.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.txt", "w") as stream:
        for _ in range(100):
            stream.write(bytes(1 << 20))
    (tmp_path / "gut.txt").write_bytes(SENTENCE)
    with at_most(4_000_000):
        assert outcomes(tmp_path) == {"bombe.zip": "D702", "gut.txt": SENTENCE}


@pytest.mark.parametrize(("name", "pack"), [("b.tar.gz", gzip), ("b.tar.bz2", bz2), ("b.tar.xz", lzma)])
def test_a_tar_bomb_is_refused_as_soon_as_it_shows(tmp_path: Path, name: str, pack: type[gzip]) -> None:
    with pack.open(tmp_path / name, "wb") as stream:
        info = tarfile.TarInfo("a.txt")
        info.size = 200 << 20
        stream.write(info.tobuf())
        for _ in range(200):
            stream.write(bytes(1 << 20))
    with at_most(24_000_000):
        assert outcomes(tmp_path) == {name: "D702"}


def test_a_zip_that_lies_about_its_sizes_gives_no_more_than_it_says(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "wire.zip", {"a.txt": b"x" * 500_000})
    data = path.read_bytes()
    real, said = struct.pack("<L", 500_000), struct.pack("<L", 100)
    path.write_bytes(data.replace(real, said))
    assert outcomes(path) in ({"wire.zip/a.txt": "D109"}, {"wire.zip/a.txt": b"x" * 100})


def test_a_zip_in_a_zip_is_not_opened(tmp_path: Path) -> None:
    inner = make_zip(tmp_path / "inner.zip", {"a.txt": SENTENCE}).read_bytes()
    (tmp_path / "inner.zip").unlink()
    assert outcomes(make_zip(tmp_path / "w.zip", {"inner.zip": inner, "b.txt": SENTENCE})) == {"w.zip/b.txt": SENTENCE}


@pytest.mark.parametrize("name", ["wire.zip", "wire.tar", "wire.tar.gz"])
@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (ArchiveLimits(members=2), "more than 2 members"),
        (ArchiveLimits(total_bytes=50), "more than 50 bytes"),
        (ArchiveLimits(ratio=1, small=10), "more than 1 times"),
    ],
)
def test_every_limit_holds_for_every_kind(tmp_path: Path, name: str, limits: ArchiveLimits, message: str) -> None:
    path = make(tmp_path / name, {f"{n}.txt": b"a" * 20_000 for n in range(3)})
    if name == "wire.tar" and limits.ratio == 1:
        pytest.skip("a plain tar packs nothing")
    with pytest.raises(ArchiveRefused, match=message):
        open_archive(str(path), limits)


@pytest.mark.parametrize("forged", [0, int.from_bytes(b"PK\x05\x06", "little")])
def test_a_directory_of_millions_is_refused_before_it_is_read(tmp_path: Path, forged: int) -> None:
    path = tmp_path / "wire.zip"
    size = 1 << 30
    with path.open("wb") as stream:
        stream.truncate(size)  # a hole: takes no room
        stream.seek(size)
        stream.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, size, forged, 0))
    with at_most(8_000_000):
        assert outcomes(path) == {"wire.zip": "D702"}


def test_a_sparse_member_is_an_error_and_not_terabytes_of_zeros(tmp_path: Path) -> None:
    info = tarfile.TarInfo("a.txt")
    info.size = 0
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(1 << 42)}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        body = b"0\n".ljust(512, b"\0")
        info.size = len(body)
        archive.addfile(info, io.BytesIO(body))
    (tmp_path / "wire.tar").write_bytes(buffer.getvalue())
    assert set(outcomes(tmp_path / "wire.tar").values()) <= {"D109", "D702"}


@pytest.mark.parametrize("name", ["wire.zip", "wire.tar.gz"])
def test_a_member_over_the_limit_is_refused_alone(tmp_path: Path, name: str) -> None:
    found = outcomes(make(tmp_path / name, {"a.txt": b"x" * 101, "b.txt": b"x" * 100}), IngestConfig(max_bytes=100))
    assert found == {f"{name}/a.txt": InputTooLarge.code, f"{name}/b.txt": b"x" * 100}


def test_a_large_member_that_is_stored_as_it_is_can_be_read(tmp_path: Path) -> None:
    data = b"x" * 20_000_000
    path = make_zip(tmp_path / "wire.zip", {"a.txt": data}, zipfile.ZIP_STORED)
    assert outcomes(path, IngestConfig(max_bytes=1 << 25)) == {"wire.zip/a.txt": data}


# Reading


@pytest.mark.parametrize("name", ["wire.zip", "wire.tar.gz"])
def test_lines_of_a_member_are_read_in_any_order_and_unpacked_once(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [json.dumps({"text": f"Meldung {n}"}).encode() for n in range(2_000)]
    items = list(find_items([make(tmp_path / name, {"feed.jsonl": b"\n".join(lines)})]))
    random.Random(1).shuffle(items)  # noqa: S311
    unpacked = []
    real = archives.spooled
    monkeypatch.setattr(archives, "spooled", lambda *arguments: unpacked.append(1) or real(*arguments))
    for item in items:
        assert read_item(item, CONFIG)[0] == lines[(item.line or 0) - 1]
    assert len(unpacked) == 1


def test_only_a_few_archives_stay_open(tmp_path: Path) -> None:
    for n in range(10):
        make_zip(tmp_path / f"{n}.zip", {"a.txt": str(n).encode()})
    items = list(find_items([tmp_path]))
    assert [read_item(item, CONFIG)[0] for item in items + items] == [str(n).encode() for n in range(10)] * 2
    assert len(archives._shelf) == archives._OPEN_ARCHIVES


def test_an_archive_that_was_replaced_is_read_anew(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "wire.zip", {"a.txt": b"alt", "b.txt": b"alt"})
    first, second = find_items([path])
    assert read_item(first, CONFIG)[0] == b"alt"
    make_zip(tmp_path / "neu.zip", {"a.txt": b"neu"}).replace(path)
    assert read_item(first, CONFIG)[0] == b"neu"
    with pytest.raises(UnreadableInput, match="no longer in the archive"):
        read_item(second, CONFIG)


def test_an_archive_that_was_refused_and_is_whole_now_asks_to_run_again(tmp_path: Path) -> None:
    path = tmp_path / "wire.zip"
    path.write_bytes(b"PK")
    (item,) = find_items([path])
    make_zip(path, MEMBERS)
    with pytest.raises(UnreadableInput, match="changed"):
        read_item(item, CONFIG)


def test_an_archive_that_vanished_says_so(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "wire.zip", {"a.txt": SENTENCE})
    (item,) = find_items([path])
    path.unlink()
    with pytest.raises(UnreadableInput):
        read_item(item, CONFIG)


def test_members_in_odd_encodings_can_be_stored_and_read_again(tmp_path: Path) -> None:
    info = tarfile.TarInfo("caf\udce9/\udcff.txt")
    info.size = len(SENTENCE)
    (tmp_path / "w.tar").write_bytes(
        info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape") + SENTENCE.ljust(512, b"\0") + bytes(1024)
    )
    (item,) = find_items([tmp_path])
    stored = Item(
        *(
            value.encode().decode() if isinstance(value, str) else value
            for value in (item.name, item.path, item.member, item.line, item.offset)
        )
    )
    assert read_item(stored, CONFIG)[0] == SENTENCE


def test_no_room_to_unpack_is_an_error_of_the_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path / "wire.tar.gz", MEMBERS)

    class FullDisk(io.BytesIO):
        """Stands in for a temporary folder without room."""

        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: FullDisk())
    with pytest.raises(OutputFull, match="TMPDIR"), archive_at_hand(str(path)):
        pass


def test_many_members_are_listed_in_little_memory(tmp_path: Path) -> None:
    path = make(tmp_path / "wire.tar.gz", {f"{n // 100}/{n}.txt": SENTENCE for n in range(5_000)})
    with at_most(12_000_000):  # about 2 KB a member; the archive unpacked is 5 MB
        count = sum(1 for _ in find_items([path]))
    assert count == 5_000
