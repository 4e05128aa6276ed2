"""The brief for people: Markdown, HTML and plain text; the JSON is the brief itself.

Every text in a brief comes from an article, its file name or a model. So nothing is written with characters that
steer a terminal or the direction of writing, HTML is escaped without exception, and Markdown is disarmed: no tag,
link, image, list or heading in an article survives as one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from depesche.brief import Brief, BriefFigure

Format = Literal["json", "md", "html", "text"]

_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|!~])|(&)(?=[#\w]+;)")
_MARKDOWN_BLOCK = re.compile(r"^(\d{1,9})([.)])(?=\s|$)|^([-+=])")
"""What makes a list or a heading, but only where a line begins."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_FIGURES_SHOWN = 12


def render(brief: Brief, format: Format) -> str:  # noqa: A002 - the flag's name
    """Return `brief` in `format`, ending in a line break."""
    if format == "json":
        return brief.to_json() + "\n"
    template = _environment(format == "html").get_template(f"brief.{format}.j2")
    values = {"brief": brief, "figures_shown": _FIGURES_SHOWN, "original": _marked_original(brief)}
    text = template.render(values)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


@cache
def _environment(html: bool) -> Environment:
    environment = Environment(
        loader=PackageLoader("depesche", "templates"),
        autoescape=html,  # noqa: S701 - off for Markdown and text only, which have their own filters
        undefined=StrictUndefined,
        finalize=printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "md": _markdown,
        "day": say_day,
        "value": say_value,
        "about": say_about,
        "words": _spaced,
    }
    return environment


def say_value(figure: BriefFigure) -> str:
    """Return the exact value of a figure for a table: `1500000000 EUR`, `30 – 40 %`, `digits:3`."""
    if figure.quality is not None:
        number = figure.quality
    elif figure.low is not None:
        number = f"{_grouped(figure.low)} – {_grouped(figure.high or '')}"
    else:
        number = _grouped(figure.value or "")
    return f"{number} {figure.unit}" if figure.unit else number


def say_about(figure: BriefFigure) -> str:
    """Return whom and what a figure is about: `Nordwind, revenue, 2025`; German words where English has none."""
    about = figure.about
    parts = (about.subject, about.measure, about.period) if about else ()
    return ", ".join(part.english or part.german for part in parts if part)


def _grouped(number: str) -> str:
    sign, digits = ("−", number[1:]) if number.startswith("-") else ("", number)
    whole, _, fraction = digits.partition(".")
    grouped = f"{int(whole or 0):,}"
    return f"{sign}{grouped}.{fraction}" if fraction else sign + grouped


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def printable(value: object) -> object:
    """Return a text without control characters and on one line; every value goes through here on its way out."""
    if not isinstance(value, str):
        return value
    text = _CONTROL.sub("", value).replace("\n", " ")
    return Markup(text) if isinstance(value, Markup) else text  # noqa: S704 - as safe as it came


def _markdown(text: str) -> str:
    """Return `text` so that Markdown shows it letter for letter, wherever in a line it stands."""
    inline = _MARKDOWN_SPECIAL.sub(r"\\\g<0>", str(printable(text)).strip())
    return _MARKDOWN_BLOCK.sub(lambda match: f"{match[1] or ''}\\{match[2] or match[3]}", inline)


def say_day(published: str) -> str:
    """Return an ISO date as `10 April 2025`; anything else as it is."""
    try:
        day = date.fromisoformat(published[:10])
    except ValueError:
        return published
    return f"{day.day} {day:%B %Y}"


def _marked_original(brief: Brief) -> Sequence[Markup]:
    """Return the German paragraphs as HTML, each figure in a `mark` that carries its id."""
    marks = sorted((figure.span.start, figure.span.end, figure.id) for figure in brief.figures)
    text, pieces, at = brief.article.text, [Markup()], 0
    for start, end, name in marks:
        pieces += [escape(text[at:start]), Markup('<mark id="{}">{}</mark>').format(name, text[start:end])]
        at = end
    pieces.append(escape(text[at:]))
    return Markup().join(pieces).split("\n\n")
