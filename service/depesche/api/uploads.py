"""The body of a request that makes a job, on disk: memory stays flat whatever its size, and what breaks off is gone."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, cast

import anyio.to_thread
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from depesche.api.submissions import FORM, media_type
from depesche.errors import BadRequest, NotReady, UnsupportedMedia
from depesche.jobs import Upload, UploadKind, kind_of_file

KINDS: dict[str, UploadKind] = {
    "application/json": "list",
    "application/x-ndjson": "lines",
    "application/jsonl": "lines",
    "application/x-jsonlines": "lines",
    "application/zip": "zip",
    "application/x-zip-compressed": "zip",
}
_REMEDY = f"send {', '.join(KINDS)}, or {FORM} with files"
_CHUNK = 1 << 20
_MOST_FILES = 100


@dataclass(frozen=True, slots=True)
class Received:
    """What came with a request, and the sha256 of it all."""

    uploads: tuple[Upload, ...]
    sha256: str


class _OnDisk(MultiPartParser):
    """Keeps files on disk from 64 kB on."""

    spool_max_size = 1 << 16


@asynccontextmanager
async def receive_upload(request: Request) -> AsyncIterator[Received]:
    """Give what a request uploads, until the block ends.

    Raises `UnsupportedMedia`, `BadRequest`, and `NotReady` where there is no room for it on disk.
    """
    kind = media_type(request.headers.get("content-type"))
    if kind == FORM:
        async with AsyncExitStack() as stack:
            try:
                received = await _from_form(request, stack)
            except OSError as error:
                raise _no_room(error) from error
            yield received
        return
    if kind not in KINDS:
        raise UnsupportedMedia(f"{kind or 'no type'} is nothing to make a job of", place="Content-Type", remedy=_REMEDY)
    with tempfile.TemporaryFile(prefix="depesche-") as file:
        try:
            sha256 = await _receive(request, cast(BinaryIO, file))
        except OSError as error:
            raise _no_room(error) from error
        yield Received((Upload(cast(BinaryIO, file), KINDS[kind]),), sha256)


async def _receive(request: Request, file: BinaryIO) -> str:
    """Write the body to `file`, and go to its beginning; return its sha256."""
    digest = hashlib.sha256()
    pieces: list[bytes] = []
    async for piece in request.stream():
        pieces.append(piece)
        if sum(map(len, pieces)) >= _CHUNK:
            await anyio.to_thread.run_sync(_write, file, digest, b"".join(pieces))
            pieces = []
    await anyio.to_thread.run_sync(_write, file, digest, b"".join(pieces))
    file.flush()
    file.seek(0)
    return digest.hexdigest()


def _no_room(error: OSError) -> NotReady:
    return NotReady(
        f"the upload cannot be kept on disk: {error.strerror}", remedy="come again when there is room, or send less"
    )


async def _from_form(request: Request, stack: AsyncExitStack) -> Received:
    parser = _OnDisk(request.headers, request.stream(), max_files=_MOST_FILES, max_fields=8)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise BadRequest(f"no form with 1 to {_MOST_FILES} files in it", place="body", remedy=_REMEDY) from error
    stack.push_async_callback(form.close)
    files = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
    if not files:
        raise BadRequest("no file in the form", place="body", remedy=_REMEDY)
    uploads = tuple(Upload(file.file, kind_of_file(_name(file)), _name(file)) for file in files)
    return Received(uploads, await anyio.to_thread.run_sync(_sha256, uploads))


def _name(file: UploadFile) -> str:
    """Return the name of an uploaded file without folders, which some clients send along."""
    return (file.filename or "").replace("\\", "/").rpartition("/")[2] or "article"


def _write(file: BinaryIO, digest: hashlib._Hash, data: bytes) -> None:
    digest.update(data)
    file.write(data)


def _sha256(uploads: tuple[Upload, ...]) -> str:
    digest = hashlib.sha256()
    for upload in uploads:
        digest.update(hashlib.sha256(upload.name.encode("utf-8", "surrogatepass")).digest())
        own = hashlib.sha256()
        for chunk in iter(partial(upload.stream.read, _CHUNK), b""):
            own.update(chunk)
        digest.update(own.digest())
        upload.stream.seek(0)
    return digest.hexdigest()
