"""What worker processes do for a folder job: read an article before the model's turn, finish its brief after it.

These functions are the whole of what runs in a worker. They never raise for what an article holds: an error is part
of what they return, so that one article never stops another.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from depesche.batch.entries import Claim, Outcome
from depesche.batch.inputs import Item, content_sha256, read_item
from depesche.batch.likeness import NOTHING, sign
from depesche.batch.outputs import HIDDEN_TREE, Folder, TreeFormat, TreeWriter, Writer, read_output
from depesche.batch.settings import STORE
from depesche.brief import Brief
from depesche.config import Config
from depesche.errors import DepescheError, UnexpectedFailure
from depesche.ingest import ingest_bytes
from depesche.pipeline import Drafted, Imprint, finish, read_checked
from depesche.source import Source


@dataclass(frozen=True, slots=True)
class Readings:
    """What reading made of an article: a source, or the error in its place.

    `unchanged` says that the outputs that lie there are made of these bytes under these settings; there is no source
    then. `formats` are those to write: what is wanted, and what an earlier run wrote, so that nothing there gets old.
    """

    item: Item
    content_sha256: str | None = None
    source: Source | None = None
    error: DepescheError | None = None
    unchanged: bool = False
    formats: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    near_of: str | None = None


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every task in a worker needs; made once a worker."""

    config: Config
    imprint: Imprint
    out: Folder
    formats: tuple[str, ...]
    quarantine: Path | None = None


_workshop: Workshop | None = None


def begin_worker(workshop: Workshop) -> None:
    """Prepare this process for the tasks below."""
    global _workshop
    _workshop = workshop


def read(claim: Claim) -> Readings:
    """Read an article, unless its bytes are those of the brief that lies there."""
    shop = _shop()
    item = claim.item
    begin = time.perf_counter()
    content = None
    formats = tuple(dict.fromkeys((*shop.formats, *claim.outputs)))
    try:
        data, chosen = read_item(item, shop.config.ingest)
        content = content_sha256(data)
        if (content, shop.imprint.sha256) == (claim.content_sha256, claim.config_sha256):
            return Readings(item, content, unchanged=True, formats=formats, near_of=claim.near_of)
        article = ingest_bytes(data, name=item.name, format=chosen, config=shop.config.ingest)
        source = read_checked(article, shop.config)
    except DepescheError as error:
        return Readings(item, content, error=error)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one article is its own affair
        return Readings(item, content, error=unexpected(error, item.name))
    seconds = {"read": round(time.perf_counter() - begin, 4)}
    return Readings(item, content, source, formats=formats, seconds=seconds, near_of=claim.near_of)


def sign_article(claim: Claim) -> bytes:
    """Return the signature by which articles that say nearly the same are found; that of what cannot be read is empty.

    What is wrong with an article is told when its turn comes.
    """
    config = _shop().config.ingest
    try:
        data, chosen = read_item(claim.item, config)
        return sign(ingest_bytes(data, name=claim.item.name, format=chosen, config=config).text)
    except Exception:  # noqa: BLE001 - as above
        return NOTHING


def write(reading: Readings, drafted: Drafted) -> Outcome | DepescheError:
    """Verify a draft, write the brief in every format, and return what the ledger is to know of it."""
    shop = _shop()
    name = reading.item.name
    try:
        begin = time.perf_counter()
        brief = finish(drafted.translation, drafted.draft, shop.imprint, {})
        brief = brief.model_copy(update={"near_duplicate_of": reading.near_of})
        verified = time.perf_counter()
        outputs = _write_all(brief, reading)
        written = time.perf_counter()
    except DepescheError as error:
        return error
    except Exception as error:  # noqa: BLE001 - as above
        return unexpected(error, name)
    seconds = {"verify": round(verified - begin, 4), "write": round(written - verified, 4)}
    return _outcome(reading, brief, outputs, {**reading.seconds, **drafted.seconds, **seconds})


def copy(reading: Readings, twin: str, outputs: Mapping[str, str]) -> Outcome | DepescheError | None:
    """Write the brief of an article from that of `twin`, of the same bytes: another article, or itself.

    Returns None where that brief cannot be used: it must lie among `outputs` as JSON and be what was written.
    """
    shop = _shop()
    name = reading.item.name
    begin = time.perf_counter()
    path = outputs.get("json") or outputs.get(STORE)
    try:
        brief = Brief.model_validate_json(read_output(shop.out, path)) if path else None
    except (OSError, ValueError):
        return None
    if brief is None or brief.id != brief.identity() or brief.article.sha256 != reading.content_sha256:
        return None
    own = {"article": brief.article.model_copy(update={"name": name}), "near_duplicate_of": reading.near_of}
    brief = brief.model_copy(update=own)
    try:
        written = _write_all(brief, reading)
    except DepescheError as error:
        return error
    except Exception as error:  # noqa: BLE001 - as above
        return unexpected(error, name)
    seconds = {**reading.seconds, "write": round(time.perf_counter() - begin, 4)}
    return _outcome(reading, brief, written, seconds, duplicate_of=twin if twin != name else None)


def set_aside(item: Item) -> None:
    """Copy the bytes of a bad article to the quarantine, under its name inside the job. What is unreadable stays away.

    Raises `OSError` where the copy cannot be written.
    """
    shop = _shop()
    try:
        data, _ = read_item(item, shop.config.ingest)
    except DepescheError:
        return
    if shop.quarantine is not None:
        path = shop.quarantine / item.name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
        part.write_bytes(data)
        part.replace(path)


def failure(item: Item, error: DepescheError, config_sha256: str, reading: Readings | None = None) -> Outcome:
    """Return what the ledger is to know of an article that failed."""
    return Outcome(
        item.name,
        "failed",
        content_sha256=reading.content_sha256 if reading else None,
        config_sha256=config_sha256,
        error_code=error.code,
        error_text=str(error).encode("utf-8", "replace").decode(),
        seconds=reading.seconds if reading else {},
    )


def unexpected(error: BaseException, name: str) -> UnexpectedFailure:
    """Return an error that nobody foresaw as one of ours, with the place in the program where it arose."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    where = f" ({Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno})" if at else ""
    return UnexpectedFailure(
        f"{type(error).__name__}: {error}{where}"[:500], place=name, remedy="report this, with the article if you may"
    )


def _write_all(brief: Brief, reading: Readings) -> dict[str, str]:
    out, name = _shop().out, reading.item.name
    return {format: _writer(out, format).write(name, brief) for format in reading.formats}  # noqa: A001


def _outcome(
    reading: Readings, brief: Brief, outputs: Mapping[str, str], seconds: Mapping[str, float], **more: Any
) -> Outcome:
    return Outcome(
        name=reading.item.name,
        state="done",
        content_sha256=reading.content_sha256,
        config_sha256=_shop().imprint.sha256,
        format=brief.article.format,
        language=brief.article.language,
        status=brief.status,
        seconds=seconds,
        outputs=outputs,
        brief_id=brief.id,
        headline=brief.headline.text,
        figures=len(brief.figures),
        **more,
    )


def _writer(out: Folder, name: str) -> Writer:
    if name == STORE:
        return TreeWriter(out, "json", below=HIDDEN_TREE)
    formats: dict[str, TreeFormat] = {"json": "json", "md": "md", "html": "html"}
    return TreeWriter(out, formats[name])


def _shop() -> Workshop:
    if _workshop is None:
        raise RuntimeError("begin_worker was not called")
    return _workshop
