"""Stand-in until the real one is merged."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

from depesche.brief import Brief
from depesche.output import write_output
from depesche.render import render

TreeFormat = Literal["json", "md", "html"]


class Writer(Protocol):
    def write(self, item_name: str, brief: Brief) -> str: ...


class TreeWriter:
    def __init__(self, out: Path, format: TreeFormat) -> None:  # noqa: A002
        self._out, self._format = out, format

    def write(self, item_name: str, brief: Brief) -> str:
        path = self._out / f"{item_name}.{self._format}"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_output(render(brief, self._format), path)
        return f"{item_name}.{self._format}"
