"""What a form of the desk sends: fields, and at most one file; never more, larger or slower than allowed."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.datastructures import UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from depesche.api.submissions import FORM, media_type
from depesche.config import ServeConfig
from depesche.errors import BadRequest, UnsupportedMedia

_MOST_FIELDS = 16
_URLENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form by name, and its file with the name it has, if one was chosen."""

    fields: dict[str, str] = field(default_factory=dict)
    file: tuple[str, bytes] | None = None

    def get(self, name: str) -> str:
        """Return a field without white space around it; empty where it is missing."""
        return self.fields.get(name, "").strip()


async def read_form(request: Request, config: ServeConfig) -> Form:
    """Return the form that a request sends.

    Raises `UnsupportedMedia`, `BadRequest`, `BodyTooLarge` and `RequestTimeout`.
    """
    kind = media_type(request.headers.get("content-type"))
    if kind not in {FORM, _URLENCODED}:
        raise UnsupportedMedia("this page takes forms only", place="Content-Type", remedy="send the page's own form")
    parser = _parser(request, kind, config.max_body_bytes)
    try:
        data = await parser.parse()
    except (MultiPartException, KeyError, UnicodeError) as error:
        raise BadRequest("no form that can be read", place="body", remedy="send the page's own form") from error
    fields: dict[str, str] = {}
    file: tuple[str, bytes] | None = None
    try:
        for name, value in data.multi_items():
            if isinstance(value, UploadFile):
                if value.filename:
                    file = (value.filename.replace("\\", "/").rpartition("/")[2], await value.read())
            else:
                fields[name] = value.replace("\r\n", "\n").replace("\0", "")
    finally:
        await data.close()
    return Form(fields, file)


def _parser(request: Request, kind: str | None, limit: int) -> FormParser | MultiPartParser:
    stream = request.stream()
    if kind == FORM:
        return MultiPartParser(request.headers, stream, max_files=1, max_fields=_MOST_FIELDS, max_part_size=limit)
    return FormParser(request.headers, stream, max_fields=_MOST_FIELDS, max_part_size=limit)
