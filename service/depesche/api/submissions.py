"""What a request submits: an article as the body itself, or as the one file of a form."""

from __future__ import annotations

from email.message import Message
from typing import TYPE_CHECKING

from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from depesche.api.briefing import Submitted
from depesche.article import ArticleFormat
from depesche.config import ServeConfig
from depesche.errors import BadRequest, UnsupportedMedia

if TYPE_CHECKING:
    from starlette.datastructures import UploadFile

FORMATS: dict[str, ArticleFormat] = {
    "text/plain": "text",
    "text/markdown": "markdown",
    "text/html": "html",
    "application/json": "json",
}
FORM = "multipart/form-data"
_REMEDY = f"send {', '.join(FORMATS)} or {FORM} with one file"


async def read_submission(request: Request, config: ServeConfig, *, name: str | None) -> Submitted:
    """Return the article that a request submits; `name` wins over the file's own.

    Raises `UnsupportedMedia`, `BadRequest`, `BodyTooLarge` and `RequestTimeout`.
    """
    kind = media_type(request.headers.get("content-type"))
    if kind == FORM:
        return await _from_form(request, config, name)
    if kind is not None and kind not in FORMATS:
        raise UnsupportedMedia(f"{kind} is nothing that can be briefed", place="Content-Type", remedy=_REMEDY)
    data = await request.body()
    return Submitted(data, name or "-", FORMATS[kind] if kind else None)


def media_type(header: str | None) -> str | None:
    """Return the media type in a Content-Type header, without parameters; None without a header."""
    if not header:
        return None
    message = Message()
    message["content-type"] = header
    return message.get_content_type()


async def _from_form(request: Request, config: ServeConfig, name: str | None) -> Submitted:
    parser = MultiPartParser(
        request.headers, request.stream(), max_files=1, max_fields=8, max_part_size=config.max_body_bytes
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise BadRequest("no form with one file in it", place="body", remedy=_REMEDY) from error
    try:
        files: list[UploadFile] = [value for _, value in form.multi_items() if not isinstance(value, str)]
        if len(files) != 1:
            raise BadRequest("no form with one file in it", place="body", remedy=_REMEDY)
        filename = (files[0].filename or "").replace("\\", "/").rpartition("/")[2]
        return Submitted(await files[0].read(), name or filename or "-")
    finally:
        await form.close()
