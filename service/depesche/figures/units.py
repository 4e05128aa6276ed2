"""Units of measure; the grammar names units by these symbols."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from depesche.figure import Kind


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit as `units.toml` defines it: `factor` of it make one `base` unit's worth."""

    symbol: str
    kind: Kind
    base: str
    factor: Decimal
    cldr: str | None
    written: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a text writes it: its symbol, and by how much the number beside it is multiplied (Cent: 0.01)."""

    kind: Kind
    symbol: str
    factor: Decimal = Decimal(1)


@cache
def measures() -> dict[str, Measure]:
    """Return every unit of measure by its symbol."""
    table = tomllib.loads(files(__package__).joinpath("units.toml").read_text(encoding="utf-8"))
    return {
        symbol: Measure(
            symbol=symbol,
            kind=Kind(entry.get("kind", Kind.QUANTITY)),
            base=entry["base"],
            factor=Decimal(entry["factor"]),
            cldr=entry.get("cldr"),
            written=tuple(entry["written"]),
        )
        for symbol, entry in table.items()
    }
