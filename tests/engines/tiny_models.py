"""A card and an `InstalledModel` around weights that a test has made."""

from __future__ import annotations

from pathlib import Path

from depesche.catalogue import InstalledModel, ModelCard


def installed(folder: Path, weights: str, *, engine: str, window: int) -> InstalledModel:
    """Return the model in `folder` as the catalogue would, with a card of its own."""
    card = ModelCard.model_validate(
        {
            "name": folder.name,
            "title": "Tiny model with random weights",
            "tasks": ("translate",),
            "engine": engine,
            "template": "none",
            "window": window,
            "parameters": 1,
            "bytes": 1,
            "memory": 1,
            "languages": {"source": ("de",), "target": ("en",)},
            "licence": {"id": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
            "files": ({"name": weights, "unverified": True},),
            "promises": {"deterministic": True, "batch_parity": False},
        }
    )
    return InstalledModel(card, folder, (folder / weights,), "0" * 64)
