"""The catalogue: from the name of a model to files on this machine that are known to be the right ones.

`cards` says what a model is, `sources` (with `index` and `transfer`) where its bytes come from, `store` keeps
them. The engines take an `InstalledModel` from here; nothing else of the program knows where weights lie.
"""

from depesche.catalogue.cards import CardFile, ModelCard, get_card, load_cards, read_card
from depesche.catalogue.progress import Progress, SilentProgress, stderr_progress
from depesche.catalogue.store import (
    InstalledModel,
    ensure_model,
    find_installed,
    model_state,
    pull_model,
    read_marker,
    verify_model,
)

__all__ = [
    "CardFile",
    "InstalledModel",
    "ModelCard",
    "Progress",
    "SilentProgress",
    "ensure_model",
    "find_installed",
    "get_card",
    "load_cards",
    "model_state",
    "pull_model",
    "read_card",
    "read_marker",
    "stderr_progress",
    "verify_model",
]
