"""What is admitted as an article: the check at the end of ingest, the same for every format."""

from __future__ import annotations

import re

from depesche.article import Article
from depesche.config import IngestConfig
from depesche.errors import EmptyInput, NotAnArticle, TeaserOnly
from depesche.ingest.canonical import has_content, words

_PAYWALLED_WORDS = 150
_PROSE_WORDS = 15
_SENTENCE_END = re.compile(r"[.!?…][\"”“»«’‘')\]]*$")
# Phrases about this very article; "Jetzt abonnieren" alone stands in the head of every news page.
_PAYWALL = re.compile(
    r"(?:(?:diesen|den (?:ganzen|vollständigen|kompletten)|ganzen|vollständigen) (?:artikel|text|beitrag) (?:\S+ ){0,3}"
    r"(?:weiter)?lesen|(?:artikel|beitrag|text) (?:jetzt )?freischalten|weiterlesen mit\b"
    r"|lesen sie (?:jetzt )?weiter mit\b|mit (?:\S+ )?(?:\S+(?:plus|\+)|abo) weiterlesen"
    r"|(?:dieser|diesen) (?:artikel|inhalt|beitrag|text) (?:\S+ ){0,5}(?:\S*abonnent|abonnieren|registrierte)"
    r"|(?:nur|exklusiv) für (?:unsere )?(?:\S*abonnent|registrierte)"
    r"|um (?:weiterzulesen|diesen \S+ (?:weiter)?zu?lesen))",
    re.IGNORECASE,
)
_REMEDY_PAYWALL = "give the whole article, as a subscriber sees it"


def mentions_paywall(text: str) -> bool:
    """Say whether `text` has one of the phrases by which German news sites ask for a subscription."""
    return _PAYWALL.search(text) is not None


def refuse_empty(text: str, *, place: str) -> None:
    """Raise `EmptyInput` for a text without any letter or digit."""
    if not has_content(text):
        raise EmptyInput("nothing but white space", place=place, remedy="give a file with an article in it")


def admit(article: Article, config: IngestConfig, *, paywalled: bool = False) -> Article:
    """Return `article` as it is, or raise `EmptyInput`, `TeaserOnly` or `NotAnArticle`.

    `paywalled` says that the page itself declares or shows a paywall; then a short body counts as a teaser. A body
    of `_PAYWALLED_WORDS` words or more is taken as the whole article, since many pages deliver it all the same.
    """
    place = article.origin.name
    refuse_empty(article.text, place=place)
    lines = _body(article)
    body_words = sum(map(words, lines))
    if body_words < _PAYWALLED_WORDS and (paywalled or any(map(mentions_paywall, lines))):
        raise TeaserOnly(f"only a teaser of {body_words} words before a paywall", place=place, remedy=_REMEDY_PAYWALL)
    teaser_words = words(article.teaser or "")
    if teaser_words and body_words - teaser_words < min(teaser_words, config.min_words):
        raise TeaserOnly("nothing but the teaser", place=place, remedy=_REMEDY_PAYWALL)
    total = words(article.text)
    if total < config.min_words:
        raise NotAnArticle(
            f"{total} words, fewer than the {config.min_words} of an article",
            place=place,
            remedy="give the whole article, or lower ingest.min_words",
        )
    prose = sum(words(line) for line in lines if _SENTENCE_END.search(line) or words(line) >= _PROSE_WORDS)
    if prose < min(config.min_words, total) / 2 or prose < 0.25 * body_words:
        raise NotAnArticle(
            "a list of links, a table or headlines, without sentences",
            place=place,
            remedy="give the page or the file of a single article",
        )
    return article


def _body(article: Article) -> list[str]:
    """Return the paragraphs below the title."""
    lines = article.text.split("\n\n")
    return lines[1:] if article.title_span else lines
