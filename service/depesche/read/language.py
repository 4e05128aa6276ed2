"""Language: which language a paragraph and an article are in, or that it cannot be told; a step of reading."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from depesche.source import UNDETERMINED, Detection

SAMPLE = 300
"""Characters of a text that are looked at; more costs time and changes nothing."""

_TRIALS = 3
_SEED = 0
_WORD = re.compile(r"[^\W\d_]{2,}")
_UNKNOWN = Detection(UNDETERMINED, 0.0)


@cache
def _profiles() -> Any:
    """Load langdetect's profiles once, in a factory of our own so that no global seed is touched."""
    import langdetect
    from langdetect.detector_factory import DetectorFactory

    factory = DetectorFactory()
    profiles = sorted((Path(langdetect.__file__).parent / "profiles").iterdir())
    factory.load_json_profile([path.read_text(encoding="utf-8") for path in profiles])
    factory.set_seed(_SEED)
    return factory


def detect_language(text: str) -> Detection:
    """Return the language of one stretch of text with a confidence, or `und` where it has too few words."""
    from langdetect import LangDetectException

    sample = text[:SAMPLE]
    words = _WORD.findall(sample)
    if len(words) < 3:
        return _UNKNOWN
    if sample.isupper():
        sample = sample.lower()
    detector = _profiles().create()
    detector.n_trial = _TRIALS
    detector.append(sample)
    try:
        best = detector.get_probabilities()
    except LangDetectException:
        return _UNKNOWN
    if not best:
        return _UNKNOWN
    return Detection(best[0].lang, round(best[0].prob, 4))


def combine(detections: Sequence[tuple[Detection, int]], hint: str | None = None) -> Detection:
    """Return the language of an article from those of its paragraphs, each with its length in characters."""
    weights: dict[str, float] = defaultdict(float)
    total = 0
    for detection, length in detections:
        if detection.language != UNDETERMINED:
            weights[detection.language] += detection.confidence * length
            total += length
    if not total:
        return _UNKNOWN
    language = max(weights, key=lambda code: (weights[code], code == hint, code))
    return Detection(language, round(weights[language] / total, 4))
