"""The desk's style, modules and icon, served under an address that changes with their content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One static file."""

    content: bytes
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """Return the static files by name."""
    folder = files("depesche.desk").joinpath("static")
    return {
        file.name: Asset(file.read_bytes(), _TYPES[suffix])
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if (suffix := "." + file.name.rpartition(".")[2]) in _TYPES
    }


@cache
def version() -> str:
    """Return a hash of all static files together: modules import each other by relative names, so they share it."""
    digest = hashlib.sha256()
    for name, asset in assets().items():
        digest.update(name.encode() + b"\0" + asset.content + b"\0")
    return digest.hexdigest()[:12]


def address(name: str) -> str:
    """Return the path that a static file is served at. Raises `KeyError` for one that is not there."""
    assets()[name]
    return f"/desk/static/{version()}/{name}"
