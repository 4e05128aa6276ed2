from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from depesche.cli_models import models_app
from depesche.errors import HashMismatch, ModelNotInstalled, UnknownModel

SMALL = b"GGUF, or what a test takes for it"


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEPESCHE_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.delenv("DEPESCHE_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "models"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped cards, with that of SmolLM2 changed to a file of a few bytes; returns a folder that holds it."""
    import hashlib
    import shutil

    from depesche.catalogue.cards import cards_folder

    shipped, mine, weights = cards_folder(), tmp_path / "cards", tmp_path / "weights"
    mine.mkdir()
    weights.mkdir()
    for path in shipped.glob("*.toml"):
        shutil.copy(path, mine)
    text = (mine / "smollm2-135m.toml").read_text()
    text = text.replace("98_362_432", str(len(SMALL)))
    text = text.replace(text.split('sha256 = "')[1][:64], hashlib.sha256(SMALL).hexdigest())
    (mine / "smollm2-135m.toml").write_text(text)
    (weights / "SmolLM2-135M-Instruct.Q4_1.gguf").write_bytes(SMALL)
    monkeypatch.setattr("depesche.catalogue.cards.data_folder", lambda name: mine)
    return weights


def test_list_shows_every_card_and_marks_those_in_use(models: Path) -> None:
    result = CliRunner().invoke(models_app, ["list", "--json"], catch_exceptions=False)
    listed = {entry["name"]: entry for entry in json.loads(result.stdout)}
    assert {name for name, entry in listed.items() if entry["in_use"]} == {"compact-de-en", "qwen2.5-coder-1.5b"}
    assert {entry["state"] for entry in listed.values()} == {"absent"}
    assert not listed["opus-mt-de-en"]["verified"]
    text = CliRunner().invoke(models_app, ["list"], catch_exceptions=False).stdout
    assert "qwen2.5-coder-1.5b *" in text
    assert str(models) in text.replace("\n", "")


def test_pull_verify_and_show_a_model_from_a_local_folder(models: Path, small: Path) -> None:
    pulled = CliRunner().invoke(
        models_app, ["pull", "smollm2-135m", "--local", str(small), "--source", "local"], catch_exceptions=False
    )
    assert pulled.exit_code == 0
    assert pulled.stdout == ""
    assert "smollm2-135m: ready" in pulled.stderr
    again = CliRunner().invoke(models_app, ["pull", "smollm2-135m"], catch_exceptions=False)
    assert "is here already" in again.stderr
    verified = CliRunner().invoke(models_app, ["verify", "--json"], catch_exceptions=False)
    assert [(entry["name"], entry["ok"]) for entry in json.loads(verified.stdout)] == [("smollm2-135m", True)]
    shown = json.loads(
        CliRunner().invoke(models_app, ["show", "smollm2-135m", "--json"], catch_exceptions=False).stdout
    )
    assert shown["installed"]["source"] == f"local folder {small}"


def test_verify_reports_every_model_and_fails_on_a_wrong_one(models: Path, small: Path) -> None:
    runner = CliRunner()
    runner.invoke(models_app, ["pull", "smollm2-135m", "--local", str(small), "--source", "local"])
    (models / "smollm2-135m" / "SmolLM2-135M-Instruct.Q4_1.gguf").write_bytes(b"spoilt")
    result = runner.invoke(models_app, ["verify", "smollm2-135m", "qwen2.5-coder-0.5b"])
    assert isinstance(result.exception, HashMismatch)
    assert "smollm2-135m: [D303] sha256 of" in result.stdout
    assert "qwen2.5-coder-0.5b: [D302] not on this machine" in result.stdout


def test_show_tells_weaknesses_hashes_and_what_is_unverified(models: Path) -> None:
    text = CliRunner().invoke(models_app, ["show", "opus-mt-de-en"], catch_exceptions=False).stdout
    assert "UNVERIFIED: no hash is known, that of the first download counts" in text
    assert "Apache-2.0" in text
    assert "knows nothing of the sentence before" in text
    assert "BLEU 25.0" in CliRunner().invoke(models_app, ["show", "qwen2.5-coder-1.5b"]).stdout


def test_a_name_that_is_not_known_stops_a_pull_before_it_begins(models: Path) -> None:
    result = CliRunner().invoke(models_app, ["pull", "qwen2.5-coder-1.5b", "qwen"])
    assert isinstance(result.exception, UnknownModel)
    assert not models.exists()


def test_verify_of_an_absent_model_fails(models: Path) -> None:
    assert isinstance(CliRunner().invoke(models_app, ["verify", "gemma-3-270m"]).exception, ModelNotInstalled)
