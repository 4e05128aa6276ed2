"""Depesche: German news articles in, verified English briefs out.

The figure grammar is an API of its own and needs no model; the pipeline loads its libraries when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from depesche.article import Article
from depesche.config import Config, load_config
from depesche.errors import DepescheError
from depesche.figure import Figure, Kind, Modifier
from depesche.figures import find_figures
from depesche.figures.compare import Comparison, Match, Outcome, compare_figures
from depesche.span import Span

if TYPE_CHECKING:
    from depesche.brief import Brief
    from depesche.pipeline import Pipeline

__all__ = [
    "Article",
    "Brief",
    "Comparison",
    "Config",
    "DepescheError",
    "Figure",
    "Kind",
    "Match",
    "Modifier",
    "Outcome",
    "Pipeline",
    "Span",
    "compare_figures",
    "find_figures",
    "load_config",
]

_LAZY = {"Brief": "depesche.brief", "Pipeline": "depesche.pipeline"}


def __getattr__(name: str) -> Any:
    """Load what needs the model libraries only when it is asked for."""
    if name in _LAZY:
        from importlib import import_module

        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'depesche' has no attribute {name!r}")
