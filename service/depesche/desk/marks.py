"""Marks in a text: stretches of it as elements that can be lit up, however they nest and overlap.

The desk's pages are made of this: figures inside quotations inside sentences, in German and in English.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markupsafe import Markup, escape

from depesche.batch.visible import STEERING
from depesche.span import Span

MarkKind = Literal["sentence", "quotation", "doubt", "figure"]
_OUTERMOST_FIRST: dict[MarkKind, int] = {"sentence": 0, "quotation": 1, "doubt": 2, "figure": 3}


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a text that can be lit up together with everything else of the same `key`.

    `span` refers to the text that is marked. `id` is the element's, on its first piece only. With `target`, the id
    of its counterpart on the page, the stretch is a link, unless it lies inside one.
    """

    span: Span
    key: str
    kind: MarkKind
    id: str | None = None
    target: str | None = None


@dataclass(slots=True)
class _Open:
    mark: Mark
    is_link: bool


def mark_up(text: str, marks: Iterable[Mark], window: Span | None = None) -> Markup:
    """Return the part of `text` in `window` (all of it) as HTML, with an element around each stretch.

    The text is not changed, and always escaped; only a character that would steer the direction of a line is shown as
    U+FFFD, one for one (canonical text has none, a model's might). Elements nest as the spans do; where two spans
    cross, the one that began later is cut in two pieces. Spans that reach beyond the window are cut there; empty ones
    show nothing.
    """
    if window is None:
        window = Span(0, len(text))
    inside = [cut for mark in marks if (cut := _cut(mark, window))]
    inside.sort(key=lambda mark: (mark.span.start, -mark.span.end, _OUTERMOST_FIRST[mark.kind]))
    edges = sorted({window.start, window.end, *(edge for one in inside for edge in (one.span.start, one.span.end))})
    pieces: list[str] = []
    stack: list[_Open] = []
    following = 0
    for begin, end in itertools.pairwise(edges):
        pieces += _close(stack, begin)
        while following < len(inside) and inside[following].span.start == begin:
            pieces.append(_open(stack, inside[following]))
            following += 1
        pieces.append(str(escape(_disarmed(text[begin:end]))))
    pieces += ["</a>" if one.is_link else "</span>" for one in reversed(stack)]
    return Markup("".join(pieces))  # noqa: S704 - every piece was escaped above


def _disarmed(text: str) -> str:
    return STEERING.sub(lambda match: match[0] if match[0] in "\n\t" else "\ufffd", text)


def _cut(mark: Mark, window: Span) -> Mark | None:
    start, end = max(mark.span.start, window.start), min(mark.span.end, window.end)
    if start >= end:
        return None
    # The id goes with the beginning of the stretch; a second element of the same id would be no valid HTML.
    return replace(mark, span=Span(start, end), id=mark.id if start == mark.span.start else None)


def _close(stack: list[_Open], at: int) -> Sequence[str]:
    """Return the tags that end what ends at `at`, and take up again what has to be closed for it."""
    lowest = next((n for n, one in enumerate(stack) if one.mark.span.end == at), None)
    if lowest is None:
        return ()
    closed, stack[lowest:] = stack[lowest:], []
    tags = ["</a>" if one.is_link else "</span>" for one in reversed(closed)]
    going_on = [replace(one.mark, id=None) for one in closed if one.mark.span.end > at]
    return [*tags, *(_open(stack, mark) for mark in going_on)]


def _open(stack: list[_Open], mark: Mark) -> str:
    is_link = mark.target is not None and not any(one.is_link for one in stack)
    stack.append(_Open(mark, is_link))
    attributes = Markup(' class="{}" data-mark="{}"').format(mark.kind, mark.key)
    if mark.id is not None:
        attributes += Markup(' id="{}"').format(mark.id)
    if is_link:
        return str(Markup('<a{} href="#{}">').format(attributes, mark.target))
    return str(Markup("<span{}>").format(attributes))
