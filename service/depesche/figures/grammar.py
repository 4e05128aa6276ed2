"""The order in which the grammar tries its rules at each token of a text; the way from text to figures."""

from __future__ import annotations

from collections.abc import Callable

from depesche.figure import Figure
from depesche.figures.ages import mark_ages
from depesche.figures.amount import Amount, Scan
from depesche.figures.compounds import read_compound
from depesche.figures.context import attach_modifier, read_changes, share_units
from depesche.figures.labels import skip_label
from depesche.figures.language import Language, load_language
from depesche.figures.reader import read_amount
from depesche.figures.special import (
    read_every,
    read_fraction_word,
    read_magnitude_compound,
    read_multiple,
    read_ordinal,
    read_part_of,
    read_qualitative,
    read_ranked,
    read_score,
)
from depesche.figures.tokens import Shape, Token

Rule = Callable[[Scan, int], Amount | None]

_SIGNS = frozenset("+-−–")
_NUMBER_RULES: tuple[Rule, ...] = (
    read_score,
    read_ordinal,
    read_multiple,
    read_compound,
    read_part_of,
    read_amount,
)
_WORD_RULES: tuple[Rule, ...] = (
    read_every,
    read_qualitative,
    read_multiple,
    read_ordinal,
    read_ranked,
    read_fraction_word,
    read_compound,
    read_magnitude_compound,
    read_part_of,
    read_amount,
)
_MOST_KNOWN_WORDS = 50_000


def find_figures(text: str, language: str) -> tuple[Figure, ...]:
    """Return the figures that `text` states, in order and without overlap.

    `language` is one of de, en, es, fr. Spans are character offsets into `text`, and `figure.text` is what stands
    there. Raises `LanguageUnsupported` for any other language.
    """
    knowledge = load_language(language)
    scan = Scan(knowledge.tokenizer(text), knowledge)
    amounts: list[Amount] = []
    at, floor, count = 0, 0, len(scan.tokens) - 1
    while at < count:
        token = scan.tokens[at]
        if not _may_begin(token, knowledge):
            at += 1
            continue
        end = skip_label(scan, at)
        if end > at:
            at = end
            continue
        amount = _read(scan, at)
        if amount is None:
            at += 1
            continue
        attach_modifier(scan, amount, floor)
        amounts.append(amount)
        at = floor = amount.last
    read_changes(scan, amounts)
    mark_ages(scan, amounts)
    share_units(scan, amounts)
    return tuple(scan.figure(amount, text) for amount in amounts)


def _read(scan: Scan, at: int) -> Amount | None:
    rules = _WORD_RULES if scan.tokens[at].shape is Shape.WORD else _NUMBER_RULES
    for rule in rules:
        amount = rule(scan, at)
        if amount is not None:
            return amount
    return None


def _may_begin(token: Token, language: Language) -> bool:
    """Say whether a figure or a label may begin at a token; most words of a text are settled here."""
    shape = token.shape
    if shape is Shape.WORD:
        known = language.seen.get(token.text)
        if known is None:
            if len(language.seen) > _MOST_KNOWN_WORDS:
                language.seen.clear()
            known = language.seen[token.text] = language.may_begin(token)
        return known
    return shape is Shape.NUMBER or shape is Shape.CURRENCY or token.text in _SIGNS
