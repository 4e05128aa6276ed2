# ruff: noqa: A002 - `format` is what the field, the file and the flag are called
"""Ingest: bytes of a file, a page, a JSON record or standard input to an `Article`; the first stage.

    article = ingest_file("artikel.html")
    for outcome in iter_articles("woche.jsonl"):     # an Article, or the error that says why there is none
        ...

Every failure is an `IngestError` with a code, a place and a remedy; a bad line of a JSONL file is an outcome among
the others and never stops them. Nothing in an article is ever opened, fetched or run.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from depesche.article import Article, ArticleFormat, Origin
from depesche.config import IngestConfig
from depesche.errors import IngestError, MalformedInput
from depesche.ingest.admission import admit, refuse_empty
from depesche.ingest.canonical import Parts, assemble
from depesche.ingest.decoding import decode
from depesche.ingest.formats import format_of_name, sniffed_format
from depesche.ingest.markdown import read_markdown
from depesche.ingest.plain import paragraphs
from depesche.ingest.reading import check_size, open_file, read_file, read_lines, read_stream

__all__ = ["ingest_bytes", "ingest_file", "ingest_stdin", "iter_articles"]

STANDARD_INPUT = "-"


def ingest_bytes(
    data: bytes, *, name: str, format: ArticleFormat | None = None, config: IngestConfig | None = None
) -> Article:
    """Return the one article in `data`. Raises `IngestError`.

    `name` is a path, a URL or "-": it is shown in errors and provenance and never opened. The format is `format`,
    else what the ending of `name` says, else what the content looks like.
    """
    config = config or IngestConfig()
    check_size(len(data), config, place=name)
    text, encoding = decode(data, place=name)
    refuse_empty(text, place=name)
    chosen = format or format_of_name(name) or sniffed_format(text)
    parts, paywalled = _read(text, chosen, name)
    origin = Origin(name=name, format=chosen, encoding=encoding, sha256=hashlib.sha256(data).hexdigest())
    return admit(assemble(parts, origin), config, paywalled=paywalled)


def ingest_file(
    path: str | Path, *, format: ArticleFormat | None = None, config: IngestConfig | None = None
) -> Article:
    """Return the article in a file, refusing one over the limit before it is read. Raises `IngestError`."""
    config = config or IngestConfig()
    data = read_file(Path(path), config, name=str(path))
    return ingest_bytes(data, name=str(path), format=format, config=config)


def ingest_stdin(*, format: ArticleFormat | None = None, config: IngestConfig | None = None) -> Article:
    """Return the article on standard input, named "-". Raises `IngestError`."""
    config = config or IngestConfig()
    data = read_stream(sys.stdin.buffer, config, name=STANDARD_INPUT)
    return ingest_bytes(data, name=STANDARD_INPUT, format=format, config=config)


def iter_articles(
    source: str | Path | BinaryIO,
    *,
    name: str | None = None,
    format: ArticleFormat | None = None,
    config: IngestConfig | None = None,
) -> Iterator[Article | IngestError]:
    """Yield, in order, each article of a file or an open binary stream, or the error that stands in its place.

    A .jsonl file has an article a line, named "file:line", and is read line by line however large it is; every other
    format has one article. Nothing is raised for what an input holds.
    """
    config = config or IngestConfig()
    try:
        if isinstance(source, str | Path):
            name = name or str(source)
            if (format or format_of_name(name)) != "jsonl":
                yield ingest_bytes(read_file(Path(source), config, name=name), name=name, format=format, config=config)
                return
            with open_file(Path(source), name=name) as stream:
                yield from _lines(stream, name, config)
        else:
            yield from _stream(source, name or STANDARD_INPUT, format, config)
    except IngestError as error:
        yield error


def _stream(
    stream: BinaryIO, name: str, format: ArticleFormat | None, config: IngestConfig
) -> Iterator[Article | IngestError]:
    chosen = format or format_of_name(name)
    start = b"" if chosen else stream.readline(config.max_bytes + 1)
    if chosen == "jsonl" or (start.startswith(b"{") and start.rstrip().endswith(b"}")):
        yield from _lines(stream, name, config, first=start)
        return
    data = read_stream(stream, config, name=name, start=start)
    yield ingest_bytes(data, name=name, format=format, config=config)


def _lines(stream: BinaryIO, name: str, config: IngestConfig, *, first: bytes = b"") -> Iterator[Article | IngestError]:
    for place, line in read_lines(stream, config, name=name, first=first):
        if isinstance(line, IngestError):
            yield line
            continue
        try:
            yield ingest_bytes(line, name=place, format="jsonl", config=config)
        except IngestError as error:
            yield error


def _read(text: str, chosen: ArticleFormat, name: str) -> tuple[Parts, bool]:
    """Return what the reader of the chosen format finds, and whether it met a paywall."""
    if chosen == "text":
        return Parts(paragraphs=paragraphs(text)), False
    if chosen == "markdown":
        return read_markdown(text), False
    # The two below load the HTML parser; plain text need not wait for that.
    if chosen == "html":
        from depesche.ingest.html import read_html

        return read_html(text, place=name)
    from depesche.ingest.record import read_record

    lines = [line for line in text.splitlines() if line.strip()]
    if chosen == "jsonl" and len(lines) > 1:
        raise MalformedInput(
            f"{len(lines)} articles, where one was asked for", place=name, remedy="iterate over them: iter_articles"
        )
    return read_record(text, place=name)
