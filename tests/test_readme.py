"""The README says what is true: its commands exist, its example prints what it says."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import typer
from benchmarks.figures_others import PHRASES, TOOLS, shown

from depesche.cli import app

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def section(name: str) -> str:
    return README.split(f"<!-- {name}: checked by", 1)[1].split("<!-- end -->", 1)[0]


def test_the_command_table_is_that_of_the_program() -> None:
    group = typer.main.get_command(app)
    rows = dict(re.findall(r"\| `depesche (\w+)` \| (.+) \|", section("commands")))
    commands = group.commands  # type: ignore[attr-defined]
    assert rows == {name: (command.help or "").split("\n")[0] for name, command in commands.items()}


def test_the_example_prints_what_the_readme_says() -> None:
    code, printed = re.findall(r"```(?:python)?\n(.*?)```", section("example"), re.DOTALL)
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(code, {})  # noqa: S102 - our own README
    assert output.getvalue() == printed


def test_the_table_of_phrases_shows_what_is_found() -> None:
    cells = [line.split(" | ")[:2] for line in section("phrases").splitlines() if line.startswith("| ")][1:]
    found = [[f"| {phrase}", shown(TOOLS["Depesche"], phrase)] for phrase in PHRASES]
    assert cells == found


def test_the_two_commands_are_there_for_newcomers_and_for_the_gate() -> None:
    for marker in ("<!-- run -->", "<!-- test -->"):
        assert re.search(rf"{marker}\n```sh\n.+\n```", README)
