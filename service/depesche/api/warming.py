"""Getting ready: load the models and make one brief, so that the first client does not wait for either."""

from __future__ import annotations

import logging
import time

from depesche.api.batcher import Batcher
from depesche.config import Config
from depesche.errors import LanguageUnsupported
from depesche.ingest import ingest_bytes
from depesche.pipeline import Pipeline, finish, read_checked

_log = logging.getLogger(__name__)
_ARTICLE = """Stadtrat billigt den Haushalt

Der Stadtrat von Rosenau hat am Dienstag den Haushalt für das kommende Jahr gebilligt. Er sieht Ausgaben von rund 1,5
Millionen Euro vor, das sind 4 Prozent mehr als im Vorjahr. „Wir investieren vor allem in unsere Schulen“, sagte
Bürgermeisterin Jana Petersen nach der Sitzung. Die Grundsteuer bleibt unverändert.
"""


def warm_up(config: Config, pipeline: Pipeline, batcher: Batcher) -> None:
    """Make a brief of a small article through all stages. Raises the `ModelError` of a model that cannot be had.

    The article is German. A translator of other languages is fetched, and loaded by its first article.
    """
    begin = time.monotonic()
    ingest = config.ingest.model_copy(update={"min_words": 1, "max_bytes": 10_000})
    article = ingest_bytes(_ARTICLE.encode(), name="warm-up", format="text", config=ingest)
    imprint = pipeline.imprint()
    try:
        source = read_checked(article, config)
    except LanguageUnsupported:
        return
    for outcome in batcher.draft_blocking([source], "warm-up"):
        if isinstance(outcome, Exception):
            raise outcome
        finish(outcome.translation, outcome.draft, imprint, outcome.seconds)
    _log.info("models are warm after %.1f seconds", time.monotonic() - begin)
