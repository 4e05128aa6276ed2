"""Uploads as the articles of a job: JSON Lines, a JSON list, zip archives, single files.

Everything is read from files on disk, a piece at a time, by the code that reads them for the folder job, and with its
rules: a bad line or member is a failed article beside the others; names are safe whatever an archive calls its members.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Literal

from depesche.article import ArticleFormat
from depesche.batch.archives import ArchiveLimits, ZipArchive
from depesche.batch.folders import kind_of
from depesche.batch.inputs import Item, archive_items, line_items, read_member
from depesche.batch.lines import Line, read_line
from depesche.batch.names import bounded, safe_parts
from depesche.batch.unpacking import reader_of
from depesche.config import Config, IngestConfig
from depesche.errors import ArchiveRefused, BadRequest, BodyTooLarge, DepescheError, IngestError, InputTooLarge
from depesche.ingest.formats import format_of_name
from depesche.jobs.views import BadArticle, JobArticle

Taken = Iterator[JobArticle | BadArticle]
UploadKind = Literal["lines", "list", "zip", "file"]
LONGEST_LIST = 32 << 20
"""Bytes of a JSON list, which is held in memory whole, unlike everything else here."""
_HIGHEST_RATIO = 100
"""Unpacked to packed bytes of an archive; news pages and JSON reach 5 to 30."""
_UNPACKED = 4
"""Times `serve.max_job_bytes` that an archive may unpack to."""
_MEMBERS = 4
"""Times `serve.max_job_articles` that an archive may have members: there are images and folders among them."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What was uploaded: a file on disk, opened for reading; it may be closed when its articles were read."""

    stream: BinaryIO
    kind: UploadKind
    name: str = ""


def kind_of_file(name: str) -> UploadKind:
    """Return what a file is by the ending of its name."""
    if name.lower().endswith(".zip"):
        return "zip"
    return "lines" if kind_of(name) == "jsonl" else "file"


def articles_of(uploads: Sequence[Upload], config: Config, passed_over: Counter[str]) -> Taken:
    """Yield the articles of an upload. Those of several files have names that begin with the name of theirs.

    What an archive holds beside articles (images, links, hidden files) is counted in `passed_over`.
    Raises `ArchiveRefused` for an archive that is broken or beyond the limits, `BadRequest` for a list that is none,
    and `BodyTooLarge` for one that is too long.
    """
    if len(uploads) == 1 and uploads[0].kind != "file":
        yield from _articles((), uploads[0], config, passed_over)
        return
    safe = safe_parts([upload.name for upload in uploads])
    if len(safe) < len(uploads):
        raise BadRequest("two files of one name", place="body", remedy="give each file its own name")
    for upload in uploads:
        yield from _articles((safe[upload.name],), upload, config, passed_over)


def _articles(parts: tuple[str, ...], upload: Upload, config: Config, passed_over: Counter[str]) -> Taken:
    if upload.kind == "lines":
        return _of_lines(parts, upload.stream, config.ingest)
    if upload.kind == "zip":
        return _of_archive(parts, upload, config, passed_over)
    if upload.kind == "list":
        return _of_list(upload.stream)
    return iter([_of_file(bounded(parts), upload, config.ingest)])


def _of_lines(parts: tuple[str, ...], stream: BinaryIO, config: IngestConfig) -> Taken:
    read_at = reader_of(stream)
    for item in line_items(parts, "", None, read_at):
        try:
            line = Line(item.line or 0, item.offset or 0)
            yield JobArticle(item.name, read_line(read_at, line, config.max_bytes, place=item.name), "jsonl")
        except IngestError as error:
            yield BadArticle(item.name, error)


def _of_list(stream: BinaryIO) -> Taken:
    data = stream.read(LONGEST_LIST + 1)
    if len(data) > LONGEST_LIST:
        raise BodyTooLarge(f"a list of more than {LONGEST_LIST} bytes", remedy="send it as application/x-ndjson")
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadRequest("no JSON that can be read", place="body", remedy='send [{"text": "…"}, …]') from error
    listed = value.get("articles") if isinstance(value, dict) else value
    if not isinstance(listed, list):
        raise BadRequest("no list of articles", place="body", remedy='send [{"text": "…"}, …] or {"articles": […]}')
    for number, record in enumerate(listed, start=1):
        # Lone surrogates, which JSON can write and UTF-8 cannot, stay escaped.
        text = json.dumps(record, ensure_ascii=False)
        yield JobArticle(f"{number:06d}", _encoded(text, record), "json")


def _encoded(text: str, record: object) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(record).encode()


def _of_archive(parts: tuple[str, ...], upload: Upload, config: Config, passed_over: Counter[str]) -> Taken:
    serve = config.serve
    limits = ArchiveLimits(
        members=_MEMBERS * serve.max_job_articles,
        total_bytes=_UNPACKED * serve.max_job_bytes,
        ratio=_HIGHEST_RATIO,
    )
    with ZipArchive(upload.stream, upload.name or "archive", limits) as archive:
        for item in archive_items(parts, "", archive, passed_over):
            yield _of_member(archive, item, config.ingest)


def _of_member(archive: ZipArchive, item: Item, config: IngestConfig) -> JobArticle | BadArticle:
    try:
        data, chosen = read_member(archive, item.member or "", item, config)
    except (IngestError, ArchiveRefused) as error:
        error.place = item.name  # names inside an archive are no text for a terminal
        return BadArticle(item.name, error)
    return JobArticle(item.name, data, chosen)


def _of_file(name: str, upload: Upload, config: IngestConfig) -> JobArticle | BadArticle:
    try:
        chosen: ArticleFormat | None = format_of_name(name)
        data = upload.stream.read(config.max_bytes + 1)
        if len(data) > config.max_bytes:
            raise InputTooLarge(f"more than {config.max_bytes} bytes", place=name)
    except DepescheError as error:
        return BadArticle(name, error)
    return JobArticle(name, data, chosen)
