"""Where the data files that ship with the program lie: models/ and prompts/, found alike in a wheel and a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).parent


def data_folder(name: Literal["models", "prompts"]) -> Path:
    """Return the folder of shipped data called `name`."""
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parents[1] / name
