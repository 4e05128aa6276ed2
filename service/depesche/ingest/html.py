"""A news page to the parts of an article: trafilatura finds the body, structured data the facts about it.

Nothing is ever fetched and no path in the page is opened: the parser works on the given characters alone, with
entities, external documents and network switched off.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from copy import deepcopy

import trafilatura
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura.settings import Document

from depesche.errors import MalformedInput
from depesche.ingest.admission import mentions_paywall
from depesche.ingest.canonical import Parts, clean, fingerprint
from depesche.ingest.structured_data import meta, read_structured_data

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
_DEEPEST = 200
_PARAGRAPH_TAGS = frozenset({"p", "head", "item", "quote", "lb", "cell"})
_SKIPPED_TAGS = frozenset({"table", "graphic", "code"})

for _name in ("trafilatura", "htmldate", "courlan", "justext"):
    # They log what they could not find in a page; here that is an outcome of its own, told once.
    logging.getLogger(_name).setLevel(logging.CRITICAL)


def read_html(text: str, *, place: str) -> tuple[Parts, bool]:
    """Return the parts of the article in a page, and whether the page declares or shows a paywall.

    Raises `MalformedInput` for a page that no parser can make a tree of.
    """
    tree = _parsed(text, place)
    data = read_structured_data(tree)
    paywalled = data.accessible is False or mentions_paywall(_visible_text(tree))
    document = _extracted(tree)
    if document is None:
        return Parts(paragraphs=(), title=data.headline, byline=data.byline), paywalled
    parts = Parts(
        paragraphs=tuple(_without_pull_quotes(list(_paragraphs(document.body)))),
        title=data.headline or document.title,
        teaser=data.description or document.description,
        byline=data.byline or document.author,
        published=data.published or document.date,
        url=_canonical_url(tree),
        language=tree.get("lang") or meta(tree, "og:locale"),
    )
    return parts, paywalled


def _parsed(text: str, place: str) -> HtmlElement:
    """Parse without a network, without entities; refuse what nests deeper than any article."""
    parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    data = _XML_DECLARATION.sub("", clean(text)).encode("utf-8")
    try:
        tree: HtmlElement = document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise MalformedInput(f"no HTML document: {error}", place=place, remedy="save the page again") from error
    if _depth(tree) > _DEEPEST:
        raise MalformedInput(
            f"elements nested deeper than {_DEEPEST}", place=place, remedy="give the article as plain text"
        )
    return tree


def _depth(tree: HtmlElement) -> int:
    deepest = depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _extracted(tree: HtmlElement) -> Document | None:
    found = trafilatura.bare_extraction(
        deepcopy(tree), with_metadata=True, include_comments=False, include_tables=False
    )
    return found if isinstance(found, Document) else None


def _visible_text(tree: HtmlElement) -> str:
    return " ".join(tree.xpath("//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript)]"))


def _paragraphs(element: etree._Element) -> Iterator[str]:
    """Yield the paragraphs of trafilatura's body: an element that holds others yields theirs."""
    if element.tag in _SKIPPED_TAGS:
        return
    pieces = [element.text or ""]
    for child in element:
        if child.tag in _PARAGRAPH_TAGS or child.tag == "list" or child.tag in _SKIPPED_TAGS:
            yield "".join(pieces)
            pieces = []
            yield from _paragraphs(child)
        else:
            pieces.append("".join(child.itertext()))
        pieces.append(child.tail or "")
    yield "".join(pieces)


def _without_pull_quotes(paragraphs: list[str]) -> Iterator[str]:
    """Yield each paragraph that no other one repeats: a pull quote, or a block that the page has twice."""
    marks = [fingerprint(paragraph) for paragraph in paragraphs]
    for i, (paragraph, mark) in enumerate(zip(paragraphs, marks, strict=True)):
        repeated = len(mark) > 30 and any(mark in other for other in marks[:i])
        pulled = len(mark) > 30 and any(mark in other and mark != other for other in marks[i + 1 :])
        if not repeated and not pulled:
            yield paragraph


def _canonical_url(tree: HtmlElement) -> str | None:
    for href in tree.xpath("//link[@rel='canonical']/@href"):
        if href.startswith(("http://", "https://")):
            return str(href)
    url = meta(tree, "og:url")
    return url if url and url.startswith(("http://", "https://")) else None
