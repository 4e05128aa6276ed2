"""A news page to the parts of an article: trafilatura finds the body, structured data the facts about it.

Nothing is ever fetched and no path in the page is opened: the parser works on the given characters alone, with
entities, external documents and network switched off.

Options chosen by `benchmarks/ingest_html.py` on 54 pages of 32 German, Austrian and Swiss publishers; `furniture` takes
out what recall and links bring along (share of the gold paragraphs found, share of words that are not in the gold):

    balanced               99.4 %   4.5 %          recall                       100.0 %   4.9 %
    precision              99.4 %   4.3 %          recall, links, furniture      99.8 %   3.5 %
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import trafilatura
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura.settings import Document

from depesche.errors import MalformedInput
from depesche.ingest.admission import mentions_paywall
from depesche.ingest.canonical import Parts, clean, clean_line, fingerprint
from depesche.ingest.furniture import Line, without_furniture
from depesche.ingest.plain import paragraphs
from depesche.ingest.structured_data import StructuredData, meta, read_structured_data

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
# Of 54 news pages the largest has 3,319 elements, 26 levels and 73 attributes on one element.
_DEEPEST = 200
_MOST_ELEMENTS = 15_000
_MOST_ATTRIBUTES = 500
_PARAGRAPH_TAGS = frozenset({"p", "head", "list", "item", "quote", "cell"})
_SKIPPED_TAGS = frozenset({"table", "graphic", "code"})
_UNSEEN = "ancestor::script or ancestor::style or ancestor::noscript or ancestor::template"
_SEEN = f"//body//text()[not({_UNSEEN})]"
_SEEN_OUTSIDE_FIGURES = f"//body//text()[not({_UNSEEN} or ancestor::figure or ancestor::figcaption)]"
_SHORTEST_TEASER = 30

for _name in ("trafilatura", "htmldate", "courlan", "justext"):
    # They log what they could not find in a page; here that is an outcome of its own, told once.
    logging.getLogger(_name).setLevel(logging.CRITICAL)


def read_html(text: str, *, place: str) -> tuple[Parts, bool]:
    """Return the parts of the article in a page, and whether the page declares or shows a paywall.

    Raises `MalformedInput` for a page that no parser can make a tree of.
    """
    tree = _parsed(text, place)
    data = read_structured_data(tree)
    paywalled = data.accessible is False or mentions_paywall(" ".join(tree.xpath(_SEEN)))
    teaser = _teaser(tree, data)
    etree.strip_elements(tree, "script", "style", "noscript", "template", with_tail=False)
    document = _extracted(tree)
    titles = _headlines(tree, data, document)
    parts = Parts(
        paragraphs=without_furniture(_body(tree, document), titles),
        title=titles[0] if titles else None,
        teaser=teaser,
        byline=data.byline or document.author,
        published=data.published or document.date,
        url=_canonical_url(tree),
        language=tree.get("lang") or meta(tree, "og:locale"),
    )
    return parts, paywalled


def _parsed(text: str, place: str) -> HtmlElement:
    """Parse without a network and without entities."""
    parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    data = _XML_DECLARATION.sub("", clean(text)).encode("utf-8")
    try:
        tree: HtmlElement = document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise MalformedInput(f"no HTML document: {error}", place=place, remedy="save the page again") from error
    _refuse_hostile(tree, place)
    return tree


def _refuse_hostile(tree: HtmlElement, place: str) -> None:
    """Refuse a tree that no news page has and that would keep the extraction busy for minutes."""
    depth = elements = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if depth > _DEEPEST or elements > _MOST_ELEMENTS or len(element.attrib) > _MOST_ATTRIBUTES:
            raise MalformedInput(
                f"elements nested deeper than {_DEEPEST}, more than {_MOST_ELEMENTS} elements, "
                f"or more than {_MOST_ATTRIBUTES} attributes on one",
                place=place,
                remedy="give the article as plain text",
            )


def _extracted(tree: HtmlElement) -> Document:
    found = trafilatura.bare_extraction(
        tree,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        include_links=True,
        favor_recall=True,
    )
    return found if isinstance(found, Document) else Document()


def _headlines(tree: HtmlElement, data: StructuredData, document: Document) -> list[str]:
    """Return the titles that the page gives itself, best first.

    The headline of the structured data is best, but for two cases: it carries the name of the site behind the `h1`
    that readers see, or it is written for search engines while `og:title` and `h1` agree on another.
    """
    shown = [clean_line(heading.text_content()) for heading in tree.iterfind(".//h1")]
    given = [title for title in (data.headline, meta(tree, "og:title"), document.title) if title]
    marks = [mark for mark in map(fingerprint, shown) if mark]
    agreed = [title for title in given if fingerprint(title) in marks]
    bare = [h1 for h1 in shown if any(len(h1) > 9 and fingerprint(t).startswith(fingerprint(h1)) for t in given)]
    return list(dict.fromkeys([*agreed, *bare, *given, *shown[:1]]))


def _teaser(tree: HtmlElement, data: StructuredData) -> str | None:
    """Return the description that readers see on the page: one for search engines only, or a caption, is none."""
    seen = fingerprint("".join(tree.xpath(_SEEN_OUTSIDE_FIGURES)))
    for description in (data.description, meta(tree, "og:description"), meta(tree, "description")):
        mark = fingerprint(description or "")
        if len(mark) >= _SHORTEST_TEASER and mark in seen:
            return description
    return None


def _body(tree: HtmlElement, document: Document) -> Iterator[Line]:
    """Yield the paragraphs of the body, those that are a link as a whole marked as such."""
    links = {fingerprint(anchor.text_content()) for anchor in tree.iterfind(".//a")}
    lines = [line for line in _lines(document.body) if line.text.strip()]
    if len(lines) == 1 and "\n" in lines[0].text.strip():
        # All text of a page that has no paragraphs, a line for each element: trafilatura's last resort.
        unlinked = "\n".join("" if fingerprint(line) in links else line for line in lines[0].text.splitlines())
        lines = [Line(paragraph) for paragraph in paragraphs(unlinked)]
    for line in lines:
        yield Line(line.text, len(line.text)) if fingerprint(line.text) in links else line


def _lines(element: etree._Element) -> Iterator[Line]:
    """Yield the paragraphs of trafilatura's body: an element that holds others yields theirs."""
    pieces, linked = [element.text or ""], 0
    for child in element:
        if child.tag in _PARAGRAPH_TAGS or child.tag in _SKIPPED_TAGS:
            yield Line("".join(pieces), linked)
            pieces, linked = [], 0
            if child.tag not in _SKIPPED_TAGS:
                yield from _lines(child)
        elif child.tag == "lb":
            pieces.append(" ")
        else:
            words = "".join(child.itertext())
            pieces.append(words)
            if child.tag == "ref":  # one without words stood around a block, whose words now follow it
                linked += len(words) or len(child.tail or "")
        pieces.append(child.tail or "")
    yield Line("".join(pieces), linked)


def _canonical_url(tree: HtmlElement) -> str | None:
    for href in [*tree.xpath("//link[@rel='canonical']/@href"), meta(tree, "og:url") or ""]:
        if href.startswith(("http://", "https://")):
            return str(href)
    return None
