"""Where an unexpected exception came from, without what it says: messages of exceptions may quote an article."""

from __future__ import annotations

import traceback
from pathlib import Path


def trace(error: BaseException) -> str:
    """Return type and frames of `error` and of what caused it: `KeyError at pipeline.py:120 in _draft < app.py:7 …`."""
    parts = []
    seen: BaseException | None = error
    while seen is not None:
        frames = reversed(traceback.extract_tb(seen.__traceback__))
        places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames)
        parts.append(f"{type(seen).__name__} at {places}")
        seen = seen.__cause__ or seen.__context__
    return "; caused by ".join(parts)
