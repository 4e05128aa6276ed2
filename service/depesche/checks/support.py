"""What an English claim rests on: the translated sentences that share its content, and how much of it they cover.

Content is compared by Snowball stems without stop words, weighted by how rare a stem is in the article (inverse
sentence frequency), so that a company's name in every sentence weighs little and "capacity" in one weighs much.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import snowballstemmer

from depesche.checks.words import word_table
from depesche.kept import kept

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+", re.UNICODE)
_MOST_EVIDENCE = 3
_WORTH_ADDING = 0.15


def stems(text: str) -> list[str]:
    """Return the stems of the content words and the numbers of an English `text`, in order."""
    stop = word_table("en").stop
    return [_stem(token) for token in (m[0].casefold() for m in _TOKEN.finditer(text)) if token not in stop]


@kept
def content_of(text: str) -> frozenset[str]:
    """Return the stems of `text` as a set."""
    return frozenset(stems(text))


@cache
def _stem(word: str) -> str:
    return str(snowballstemmer.stemmer("english").stemWord(word))


@dataclass(frozen=True, slots=True)
class Index:
    """The stems of an article's sentences with their weights; made once an article."""

    sentences: tuple[frozenset[str], ...]
    weights: dict[str, float]

    def weight(self, stem: str) -> float:
        """Return the weight of `stem`; one that the article does not have weighs as much as the rarest."""
        return self.weights.get(stem, math.log(1 + len(self.sentences)))

    def total(self, content: Iterable[str]) -> float:
        """Return the weight of all of `content` together."""
        return math.fsum(map(self.weight, content))  # exact, so that the order of a set cannot matter


def build_index(sentences: Sequence[str]) -> Index:
    """Return the index of an article's English sentences."""
    contents = tuple(map(content_of, sentences))
    counts = Counter(stem for content in contents for stem in content)
    return Index(contents, {stem: math.log(1 + len(contents) / count) for stem, count in counts.items()})


def find_evidence(index: Index, text: str, allowed: Iterable[int]) -> tuple[tuple[int, ...], float]:
    """Return the sentences among `allowed` that `text` rests on (best first, at most three) and its support.

    Support is the share of the text's content, by weight, that those sentences hold: 0 to 1.
    A sentence is added as long as it brings a worthwhile share that the ones before it lack.
    """
    content = content_of(text)
    total = index.total(content)
    candidates = sorted(allowed)
    if not total or not candidates:
        return (), 0.0
    chosen: list[int] = []
    covered: set[str] = set()
    while len(chosen) < _MOST_EVIDENCE:
        gains = {i: index.total((content & index.sentences[i]) - covered) / total for i in candidates}
        best = max(candidates, key=lambda i: (gains[i], -i))
        if gains[best] < (_WORTH_ADDING if chosen else 1e-9):
            break
        chosen.append(best)
        covered |= content & index.sentences[best]
    return tuple(chosen), index.total(covered) / total
