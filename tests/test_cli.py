"""The command line: exit codes, JSON on request, errors with code and remedy, only the answer on standard output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"


def depesche(
    *arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:

    command = [sys.executable, "-m", "depesche", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, env={**os.environ, **(env or {})}, check=False)


@pytest.mark.parametrize(
    "name", ["brief", "translate", "figures", "quotes", "detect", "schema", "config", "version", "models"]
)
def test_every_command_has_a_help_page(name: str) -> None:
    done = depesche(name, "--help")
    assert done.returncode == 0
    assert b"Usage" in done.stdout


def test_figures_come_as_json_lines_with_exact_values() -> None:
    done = depesche("figures", "-", "--json", stdin=b"Der Umsatz stieg um knapp 3,5 Prozent auf 1,2 Mrd. Euro.")
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(f["kind"], f["value"], f["unit"], f["modifier"]) for f in found] == [
        ("percent", "3.5", "%", "almost"),
        ("money", "1200000000", "EUR", None),
    ]


def test_quotes_and_language_come_as_json() -> None:
    article = (EXAMPLES / "politik.md").read_bytes()
    quotes = depesche("quotes", "-", "--json", "--from", "markdown", stdin=article)
    assert quotes.returncode == 0, quotes.stderr
    assert "direct" in {json.loads(line)["kind"] for line in quotes.stdout.splitlines()}
    language = depesche("detect", "-", "--json", "--from", "markdown", stdin=article)
    assert json.loads(language.stdout)["language"] == "de"


def test_the_schema_is_json_and_names_its_version() -> None:
    schema = json.loads(depesche("schema").stdout)
    assert schema["properties"]["schema_version"]["const"] == "1.0"
    assert "text" in json.loads(depesche("schema", "article").stdout)["properties"]


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "exit_code"),
    [
        (("brief", "-"), b"", b"D101", 3),
        (("brief", "-"), b"\x89PNG\r\n\x1a\n" + bytes(200), b"D103", 3),
        (("brief", "-"), b"{not json", b"D10", 3),
        (("brief", "no-such-file.txt"), b"", b"D109", 3),
        (("brief", "-", "--model-translate", "no-such-model"), b"", b"D", 3),
        (("models", "show", "no-such-model"), b"", b"D301", 4),
    ],
)
def test_bad_input_gets_a_coded_error_with_a_remedy(
    arguments: tuple[str, ...], stdin: bytes, code: bytes, exit_code: int
) -> None:
    done = depesche(*arguments, stdin=stdin)
    assert done.returncode == exit_code
    assert code in done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""


def test_a_wrong_setting_is_a_coded_error() -> None:
    done = depesche("config", env={"DEPESCHE_INGEST__MAX_BYTES": "many"})
    assert done.returncode == 5
    assert b"[D401]" in done.stderr
    assert b"ingest.max_bytes" in done.stderr


def test_a_missing_model_without_download_says_how_to_get_it(tmp_path: Path) -> None:
    env = {"DEPESCHE_MODELS_DIR": str(tmp_path), "DEPESCHE_MODELS__DOWNLOAD": "false"}
    done = depesche("brief", str(EXAMPLES / "agentur.txt"), env=env)
    assert done.returncode == 4
    assert b"[D302]" in done.stderr
    assert b"depesche models pull" in done.stderr


def test_usage_errors_exit_with_two() -> None:
    assert depesche("brief").returncode == 2
    assert depesche("no-such-command").returncode == 2
