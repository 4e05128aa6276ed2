from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from conftest import LoopbackServer, Told
from depesche.catalogue.transfer import download, http_client
from depesche.catalogue.unavailable import SourceUnavailable

CONTENT = bytes(range(256)) * 400
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def target(tmp_path: Path, loopback: LoopbackServer) -> Path:
    (loopback.folder / "part.bin").write_bytes(CONTENT)
    return tmp_path / "got.bin"


def _download(server: LoopbackServer, target: Path, told: Told, sha256: str | None = SHA256) -> None:
    with http_client() as client:
        download(client, f"{server.url}/part.bin", target, sha256=sha256, progress=told)


def test_a_broken_connection_is_resumed_where_it_broke(loopback: LoopbackServer, target: Path, told: Told) -> None:
    loopback.cuts["part.bin"] = 40_000
    _download(loopback, target, told)
    assert target.read_bytes() == CONTENT
    assert [asked for _, asked in loopback.log] == [None, "bytes=40000-"]
    assert told.done == len(CONTENT)
    assert told.lines == ["the line broke; attempt 2 of 6"]


def test_a_part_left_by_an_earlier_run_is_used(loopback: LoopbackServer, target: Path, told: Told) -> None:
    target.with_name("got.bin.part").write_bytes(CONTENT[:1000])
    _download(loopback, target, told)
    assert target.read_bytes() == CONTENT
    assert loopback.log == [("/part.bin", "bytes=1000-")]
    assert told.done == len(CONTENT) - 1000


def test_a_part_that_was_complete_is_not_asked_for(loopback: LoopbackServer, target: Path, told: Told) -> None:
    target.with_name("got.bin.part").write_bytes(CONTENT)
    _download(loopback, target, told)
    assert target.read_bytes() == CONTENT
    assert loopback.log == []


def test_a_server_without_ranges_sends_all_again(loopback: LoopbackServer, target: Path, told: Told) -> None:
    loopback.ranges = False
    loopback.cuts["part.bin"] = 40_000
    _download(loopback, target, told)
    assert target.read_bytes() == CONTENT
    assert told.done == len(CONTENT)


@pytest.mark.parametrize("left", [b"of another file", CONTENT + b"too long", CONTENT[:-1] + b"x"])
def test_a_part_of_something_else_is_thrown_away(
    loopback: LoopbackServer, target: Path, told: Told, left: bytes
) -> None:
    target.with_name("got.bin.part").write_bytes(left)
    _download(loopback, target, told)
    assert target.read_bytes() == CONTENT


def test_a_server_in_trouble_is_asked_again(loopback: LoopbackServer, target: Path, told: Told) -> None:
    loopback.statuses["part.bin"] = [503, 429]
    _download(loopback, target, told)
    assert target.read_bytes() == CONTENT


def test_attempts_are_bounded(loopback: LoopbackServer, target: Path, told: Told) -> None:
    loopback.statuses["part.bin"] = [503] * 50
    with pytest.raises(SourceUnavailable, match="HTTP 503"):
        _download(loopback, target, told)
    assert len(loopback.log) == 6
    assert not target.exists()


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_refusal_is_final(loopback: LoopbackServer, target: Path, told: Told, status: int) -> None:
    loopback.statuses["part.bin"] = [status]
    with pytest.raises(SourceUnavailable, match=str(status)):
        _download(loopback, target, told)
    assert len(loopback.log) == 1


def test_wrong_bytes_never_get_the_name(loopback: LoopbackServer, target: Path, told: Told) -> None:
    with pytest.raises(SourceUnavailable, match="another sha256"):
        _download(loopback, target, told, sha256="0" * 64)
    assert list(target.parent.glob("got.bin*")) == []
    assert told.done == 0
