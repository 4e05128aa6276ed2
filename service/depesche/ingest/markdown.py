"""Markdown to the parts of an article: first-level heading, paragraphs, list items, a front matter of plain lines.

Marks vanish and the words stay: link and emphasis texts, list items (one paragraph each), block quotations. Code,
tables, images and the contents of `<script>` and `<style>` are no prose and go. The front matter is `key: value`
lines between `---`; `title`, `teaser`/`description`, `author`/`byline`, `date`/`published`, `url`, `lang`/`language`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from depesche.ingest.canonical import Parts, has_content

_FRONT_MATTER = re.compile(r"---[ \t]*\n((?:[^\n]{0,2000}\n){0,40}?)---[ \t]*(?:\n|$)")
_ENTRY = re.compile(r"^([A-Za-z_-]+):[ \t]+(.+)$", re.MULTILINE)
_KEYS = {
    "title": "title",
    "teaser": "teaser",
    "description": "teaser",
    "byline": "byline",
    "author": "byline",
    "date": "published",
    "published": "published",
    "url": "url",
    "lang": "language",
    "language": "language",
}
_HIDDEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_BLOCK_TAG = re.compile(r"</?(?:p|div|li|ul|ol|br|h[1-6]|blockquote|section|article|tr)\b[^<>]*>", re.IGNORECASE)

_PARSER = MarkdownIt("commonmark").enable("table")


def read_markdown(text: str) -> Parts:
    """Return the parts of a Markdown article. A paragraph below the title that is wholly emphasised is the teaser."""
    matter, text = _front_matter(text.lstrip("\ufeff\n"))
    title, teaser = matter.get("title"), matter.get("teaser")
    paragraphs: list[str] = []
    heading_seen = False
    for level, token in _blocks(_PARSER.parse(_without_hidden(text))):
        line = _plain(token)
        if level == 1 and not heading_seen and not paragraphs:
            title, heading_seen = line, True
        elif teaser is None and not paragraphs and _is_emphasised(token):
            teaser = line
        else:
            paragraphs += line.split("\n\n")
    return Parts(
        paragraphs=tuple(paragraphs),
        title=title,
        teaser=teaser,
        byline=matter.get("byline"),
        published=matter.get("published"),
        url=matter.get("url"),
        language=matter.get("language"),
    )


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, text
    entries = {key.lower(): value.strip().strip("\"'") for key, value in _ENTRY.findall(match[1])}
    return {_KEYS[key]: value for key, value in entries.items() if key in _KEYS and value}, text[match.end() :]


def _without_hidden(text: str) -> str:
    return _HIDDEN.sub("", text) if "<" in text else text


def _blocks(tokens: list[Token]) -> Iterator[tuple[int, Token]]:
    """Yield the heading level (0 for none) and the token of each block with words, tables left out."""
    level = 0
    in_table = False
    for token in tokens:
        if token.type in ("table_open", "table_close"):
            in_table = token.nesting == 1
        elif token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "heading_close":
            level = 0
        elif token.type in ("inline", "html_block") and not in_table:
            yield level, token


def _plain(token: Token) -> str:
    if token.type == "html_block":
        return _TAG.sub("", _BLOCK_TAG.sub("\n\n", token.content))
    pieces = []
    for child in token.children or []:
        if child.type in ("text", "code_inline", "text_special"):
            pieces.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            pieces.append("\n")
    return "".join(pieces)


def _is_emphasised(token: Token) -> bool:
    """Say whether all words of a paragraph stand inside one emphasis."""
    children = [child for child in token.children or [] if child.type != "text" or has_content(child.content)]
    if len(children) < 3 or children[0].type not in ("strong_open", "em_open"):
        return False
    closing = next(i for i, child in enumerate(children) if child.level == children[0].level and child.nesting == -1)
    return closing == len(children) - 1
