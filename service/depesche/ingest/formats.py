"""Which format an input is in: by the ending of its name, else by its first characters."""

from __future__ import annotations

import re
from pathlib import PurePath

from depesche.article import ArticleFormat
from depesche.errors import UnknownFormat

_ENDINGS: dict[str, ArticleFormat] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
# Endings of formats that we know of and don't read: sniffing those as text would yield a brief of markup.
_REFUSED = frozenset(
    {".csv", ".doc", ".docx", ".eml", ".epub", ".mht", ".mhtml", ".odt", ".pdf", ".rss", ".rtf", ".tsv", ".xls"}
    | {".xlsx", ".xml", ".yaml", ".yml"}
)

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|article|main|div|p|h1)\b",
    re.IGNORECASE | re.DOTALL,
)
_MARKDOWN = re.compile(r"(?:---\n(?:[\w-]+:.*\n)+---\n|\s*# \S|(?:.*\n)?.*\n={3,}\n)|\n#{2,4} \S|\]\(https?://")
_SNIFFED_CHARACTERS = 4096


def format_of_name(name: str) -> ArticleFormat | None:
    """Return the format that the ending of a file name says, or None when it says nothing.

    Raises `UnknownFormat` for the ending of a format that ingest cannot read.
    """
    ending = PurePath(name).suffix.lower()
    if ending in _REFUSED:
        raise UnknownFormat(
            f"{ending} is no format that ingest reads",
            place=name,
            remedy="give .txt, .md, .html, .json or .jsonl",
        )
    return _ENDINGS.get(ending)


def sniffed_format(text: str) -> ArticleFormat:
    """Return the format that the first characters of `text` say; plain text when they say nothing."""
    head = text[:_SNIFFED_CHARACTERS]
    if head.lstrip().startswith("{"):
        lines = [line for line in text.splitlines() if line.strip()]
        is_lines = len(lines) > 1 and all(
            line.lstrip().startswith("{") and line.rstrip().endswith("}") for line in lines
        )
        return "jsonl" if is_lines else "json"
    if _HTML.match(head):
        return "html"
    return "markdown" if _MARKDOWN.match(head) or _MARKDOWN.search(head) else "text"
