"""Sentences, and a card and an `InstalledModel` around weights that a test has made."""

from __future__ import annotations

from pathlib import Path

from depesche.catalogue import InstalledModel, ModelCard

SENTENCES = [
    "Der Umsatz stieg im dritten Quartal um 4,2 Prozent auf 1,3 Milliarden Euro.",
    "Bürgermeisterin Henrike Vogt sprach von einem „guten Tag für die Stadt“.",
    "Nein.",
    "Am Dienstag fielen in Freudenstadt mehr als 60 Liter Regen je Quadratmeter, so viel wie seit 1998 nicht mehr.",
    "Die Brücke über die Elster bleibt bis zum 14. März gesperrt, teilte das Landratsamt mit.",
    "Zwölf der 27 Abgeordneten stimmten dagegen.",
    "Das Spiel endete 3:1.",
    "Rund 300 Beschäftigte der Gießerei in Neunkirchen sollen nach dem Willen des Betriebsrats bleiben.",
]


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
