"""The real program with the real default models: one sample article, twice, the second time without a network.

Pulls the models on first use (about 1.1 GB) and takes two to three minutes on two cores.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from depesche.brief import brief_schema

pytestmark = pytest.mark.end_to_end

ARTICLE = Path(__file__).parents[2] / "examples" / "agentur.txt"
WITHOUT_NETWORK = """
import socket, sys

class Refusing(socket.socket):
    def connect(self, address):
        if self.family != getattr(socket, "AF_UNIX", None):
            raise OSError(f"this test allows no connection, and there was one to {address}")
        return super().connect(address)

socket.socket = Refusing
from depesche.cli import main
main()
"""


def run(*command: str, out: Path) -> dict[str, Any]:
    done = subprocess.run(
        [*command, "brief", str(ARTICLE), "--out", str(out)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    return json.loads(out.read_text("utf-8"))


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run(sys.executable, "-m", "depesche", out=tmp_path_factory.mktemp("brief") / "first.json")


def test_the_brief_is_complete_and_valid(brief: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(brief_schema()).validate(brief)
    assert brief["article"]["language"] == "de"
    assert 1 <= len(brief["summary"]) <= 3
    assert 3 <= len(brief["key_points"]) <= 6
    assert {model["role"] for model in brief["provenance"]["models"]} == {"translate", "summarize"}


def test_every_figure_in_the_brief_is_traced_or_flagged(brief: dict[str, Any]) -> None:
    verification = brief["verification"]
    if verification["figures"] != verification["figures_traced"]:
        assert brief["status"] == "flagged"
    known = {figure["id"] for figure in brief["figures"]}
    for claim in (brief["headline"], *brief["summary"], *brief["key_points"]):
        assert set(claim["figures"]) <= known


def test_every_span_says_what_it_quotes(brief: dict[str, Any]) -> None:
    text = brief["article"]["text"]
    for entry in (*brief["figures"], *brief["quotations"], *brief["sentences"]):
        assert text[entry["span"]["start"] : entry["span"]["end"]] == entry["german"]


def test_the_text_is_english(brief: dict[str, Any]) -> None:
    text = " ".join(claim["text"] for claim in (brief["headline"], *brief["summary"], *brief["key_points"]))
    assert {"the", "of", "to"} & set(text.lower().split())
    assert not {"der", "und", "nicht"} & set(text.lower().split())


def test_a_second_run_without_a_network_gives_the_same_bytes(brief: dict[str, Any], tmp_path: Path) -> None:
    again = run(sys.executable, "-c", WITHOUT_NETWORK, out=tmp_path / "second.json")
    first = dict(brief)
    for document in (first, again):
        document.pop("timings")
    assert json.dumps(again) == json.dumps(first)
