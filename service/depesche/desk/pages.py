"""The desk's pages: templates, the words that they use for values, and what every page knows of its reader.

Every text comes from an article, its file name, a model or an editor. It is escaped without exception, and characters
that steer the direction of a line are made visible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from babel import Locale
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from depesche.batch.visible import STEERING, visible
from depesche.batch.wording import say_seconds
from depesche.brief import BriefFigure
from depesche.desk import assets
from depesche.desk.links import safe_link
from depesche.desk.visitors import Visitor
from depesche.render import say_about, say_day, say_value
from depesche.translation import Method

_METHODS = {
    Method.COPIED: "copied",
    Method.MODEL: "first try of the model",
    Method.HYPOTHESIS: "another try of the model",
    Method.PUT_RIGHT: "a figure or weekday put right in place",
    Method.EXTRACTIVE: "a translated sentence instead of a written one",
}


_HEADERS = {"Referrer-Policy": "same-origin"}
"""Under `no-referrer`, browsers would say of our own forms that their origin is null, and those are refused."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An error as a page shows it."""

    code: str
    title: str
    detail: str
    place: str | None = None
    remedy: str | None = None
    status: int = 500


def render(
    visitor: Visitor, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """Return the page that `template` makes for `visitor`; a token for its forms goes with it."""
    text = _environment().get_template(template).render(desk=visitor, section=values.pop("section", ""), **values)
    answer = HTMLResponse(text, status, {**_HEADERS, **(headers or {})})
    visitor.remember(answer)
    return answer


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("depesche.desk", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = assets.address
    environment.filters |= {
        "about": say_about,
        "counted": say_count,
        "duration": say_seconds,
        "day": say_day,
        "iso": lambda moment: moment.astimezone(UTC).isoformat(timespec="seconds"),
        "language": say_language,
        "literal": _literal,
        "method": lambda method: _METHODS.get(method, str(method)),
        "moment": say_moment,
        "place": say_place,
        "shortened": _shortened,
        "value": _exact,
        "web_address": safe_link,
        "words": lambda name: name.replace("_", " "),
    }
    return environment


def say_count(count: int, noun: str) -> str:
    """Return `1 brief`, `1,200 briefs`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def say_moment(moment: datetime) -> str:
    """Return `10 April 2025, 14:05 UTC`."""
    utc = moment.astimezone(UTC)
    return f"{utc.day} {utc:%B %Y, %H:%M} UTC"


def say_language(code: str) -> str:
    """Return the English name of a language, or its code where CLDR has none."""
    name: str | None = Locale("en").languages.get(code)
    return name or code


def say_place(place: str) -> str:
    """Return a place of a warning as people count: `key_points[0]` is `Key point 1`."""
    name, _, index = place.partition("[")
    number = int(index[:-1]) + 1 if index.endswith("]") and index[:-1].isdigit() else None
    match name:
        case "key_points" if number:
            return f"Key point {number}"
        case "summary" if number:
            return f"Summary, sentence {number}"
        case "sentence" if number:
            return f"Sentence {number}"
    return place.replace("_", " ").capitalize()


def _exact(figure: BriefFigure) -> str:
    """Return the exact value of a figure; the key of one without a number in words: `digits 3`."""
    return figure.quality.replace(":", " ", 1) if figure.quality is not None else say_value(figure)


def _shown(value: object) -> object:
    """Return a text with steering characters made visible; every value goes through here on its way out."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return "\n".join(visible(line.replace("\t", " ")) for line in value.split("\n"))


def _literal(text: str) -> Markup:
    """Return `text` for a form field: as it is, without the steering characters that ingest takes out anyway."""
    text = STEERING.sub(lambda match: match[0] if match[0] in "\n\t" else "", text)
    # HTML drops a line break right behind <textarea>; one more keeps the text's own.
    return Markup("\n") + escape(text)


def _shortened(text: str, limit: int) -> str:
    """Return `text` on one line, cut at a word's end."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    whole_words = line[: limit - 1].rpartition(" ")[0].rstrip(" ,;:–")
    return f"{whole_words} …" if whole_words else f"{line[: limit - 1]}…"
