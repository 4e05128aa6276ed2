"""Which of its representations a brief is answered in: `format`, else what the client accepts."""

from __future__ import annotations

from typing import Literal

from depesche.errors import NotAcceptable

BriefFormat = Literal["json", "md", "html", "text"]
MEDIA_TYPES: dict[BriefFormat, str] = {
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "text": "text/plain; charset=utf-8",
}


def choose_format(asked: BriefFormat | None, accept: str | None) -> BriefFormat:
    """Return the format to answer in (RFC 9110, section 12.5.1); JSON where all are equal. Raises `NotAcceptable`."""
    if asked is not None:
        return asked
    ranges = _ranges(accept or "*/*")
    qualities = {name: _quality(kind.partition(";")[0], ranges) for name, kind in MEDIA_TYPES.items()}
    best = max(qualities, key=lambda name: qualities[name])
    if qualities[best] <= 0:
        raise NotAcceptable(
            "briefs come as " + ", ".join(kind.partition(";")[0] for kind in MEDIA_TYPES.values()), place="Accept"
        )
    return best


def _ranges(accept: str) -> dict[str, float]:
    ranges = {}
    for part in accept.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((value[2:] for value in parameters if value.startswith("q=")), "1")
        try:
            ranges[kind] = min(1.0, max(0.0, float(quality)))
        except ValueError:
            ranges[kind] = 0.0
    return ranges


def _quality(kind: str, ranges: dict[str, float]) -> float:
    for candidate in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        if candidate in ranges:
            return ranges[candidate]
    return 0.0
