"""Stand-ins for models in tests of logic: they say what the test tells them, and are named so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from depesche.article import Article
from depesche.engines import Generation
from depesche.ingest import ingest_bytes
from depesche.read import read_article
from depesche.source import Source


class ScriptedTranslator:
    """Says `first` for a sentence (text or hypotheses) and, asked again, each of `again`; counts what it is asked."""

    batch_parity = True

    def __init__(
        self, first: Mapping[str, str | Sequence[str]], again: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self.first = first
        self.others = again or {}
        self.asked: list[str] = []
        self.asked_again: list[tuple[str, tuple[str, ...]]] = []

    def translate(self, sentences: Sequence[str]) -> list[list[Generation]]:
        self.asked += sentences
        said = [self.first[sentence] for sentence in sentences]
        hypotheses = [[one] if isinstance(one, str) else one for one in said]
        return [[Generation(text, 10, finished=True) for text in texts] for texts in hypotheses]

    def again(self, sentences: Sequence[str], required: Sequence[Sequence[str]]) -> list[list[Generation]]:
        self.asked_again += [(s, tuple(r)) for s, r in zip(sentences, required, strict=True)]
        return [[Generation(text, 10, finished=True) for text in self.others.get(s, ())] for s in sentences]


def article_of(text: str, name: str = "artikel.txt") -> Article:
    return ingest_bytes(text.encode(), name=name)


def source_of(text: str) -> Source:
    return read_article(article_of(text))
