"""What was found in a text of a sentence or so, remembered however many stages ask for it.

A sentence is looked at when it is read, translated, checked, mended, chosen and verified; what stands in it stays the
same. Longer texts are looked at anew each time, so that what is remembered stays small.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, update_wrapper
from typing import Concatenate, ParamSpec, TypeVar, cast

_TEXTS, _LONGEST = 4_096, 2_000
"""Texts that each function remembers, a batch of articles with their translations, and how long one may be."""

_Found = TypeVar("_Found")
_Asked = ParamSpec("_Asked")
_memories: list[Callable[[], None]] = []


def remembered(find: Callable[_Asked, _Found]) -> Callable[_Asked, _Found]:
    """Return `find`, a function of something small, so that it remembers its last answers, which must be immutable."""
    ask = lru_cache(maxsize=_TEXTS)(find)
    _memories.append(ask.cache_clear)
    return cast("Callable[_Asked, _Found]", ask)


def kept(find: Callable[Concatenate[str, _Asked], _Found]) -> Callable[Concatenate[str, _Asked], _Found]:
    """Return `find`, a function of a text, so that it remembers its last answers, which must be immutable."""
    remember = remembered(find)

    def ask(text: str, /, *more: _Asked.args, **named: _Asked.kwargs) -> _Found:
        return remember(text, *more, **named) if len(text) <= _LONGEST else find(text, *more, **named)

    update_wrapper(ask, find)
    return ask


def forget() -> None:
    """Forget everything, as a benchmark must before it looks at an article again."""
    for clear in _memories:
        clear()
