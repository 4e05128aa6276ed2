"""The order in which the grammar tries its rules at each token of a text; the way from text to figures."""

from __future__ import annotations

from collections.abc import Callable

from depesche.figure import Figure, Kind
from depesche.figures.ages import mark_ages
from depesche.figures.amount import Amount, Scan
from depesche.figures.brackets import share_behind_brackets
from depesche.figures.compounds import read_compound
from depesche.figures.context import attach_modifier, read_changes, share_units, without_counted_on
from depesche.figures.labels import skip_label
from depesche.figures.language import Beginning, Language, load_language
from depesche.figures.numbers import MOST_KNOWN_WORDS
from depesche.figures.reader import read_amount
from depesche.figures.shares import read_every, read_fraction_word, read_part_of
from depesche.figures.special import (
    is_times_word,
    ordinal_word,
    read_magnitude_compound,
    read_multiple,
    read_ordinal,
    read_qualitative,
    read_ranked,
    read_score,
)
from depesche.figures.tokens import MARGIN, Shape, Token, plain_words, sentences_apart
from depesche.kept import kept

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
_ONE_WORD_RULES: tuple[Rule, ...] = (read_multiple, read_ranked, read_compound, read_magnitude_compound)


@kept
def find_figures(text: str, language: str) -> tuple[Figure, ...]:
    """Return the figures that `text` states, in order and without overlap.

    `language` is one of de, en, es, fr. Spans are character offsets into `text`, and `figure.text` is what stands
    there. Raises `LanguageUnsupported` for any other language.
    """
    knowledge = load_language(language)
    figures: list[Figure] = []
    for start, end in sentences_apart(text):
        if _is_worth_reading(text, start, end, knowledge):
            scan = Scan(knowledge.tokenizer(text, start, end), knowledge)
            figures += (scan.figure(amount, text) for amount in read_figures(scan))
    return tuple(figures)


def _is_worth_reading(text: str, start: int, end: int, language: Language) -> bool:
    """Say whether a figure may begin anywhere in a stretch; most sentences say none and need no tokens."""
    words = plain_words(text, start, end)
    if words is None:
        return True
    for index, word in enumerate(words):
        known = language.seen.get(word)
        if known is None:
            known = _remember(Token(word, 0, len(word), Shape.WORD, False, None), language)
        if known is Beginning.FIGURE:
            return True
        follower = words[index + 1].casefold() if index + 1 < len(words) else ""
        if known is Beginning.ARTICLE and follower in language.article_followers:
            return True
    return False


def read_figures(scan: Scan) -> list[Amount]:
    """Return the amounts that the tokens state, finished but for their place in the text."""
    amounts: list[Amount] = []
    at, floor, count = 0, 0, len(scan.tokens) - MARGIN
    tokens, seen = scan.tokens, scan.language.seen
    while at < count:
        # Most tokens are words at which nothing begins; asking here first saves a call for each.
        if seen.get(tokens[at].text) is Beginning.NOTHING or not _begins(scan, at):
            at += 1
            continue
        end = skip_label(scan, at)
        amount = _read(scan, at) if end == at else None
        if amount is None:
            at = max(end, at + 1)
            continue
        attach_modifier(scan, amount, amounts[-1] if amounts else None, floor)
        amounts.append(amount)
        at = floor = amount.last
    amounts = share_behind_brackets(scan, without_counted_on(scan, amounts))
    read_changes(scan, amounts)
    mark_ages(scan, amounts)
    share_units(scan, amounts)
    return amounts


def _read(scan: Scan, at: int) -> Amount | None:
    rules = _WORD_RULES if scan.tokens[at].shape is Shape.WORD else _NUMBER_RULES
    for rule in rules:
        amount = rule(scan, at)
        if amount is not None:
            return _without_compound(scan, amount) if amount.kind is Kind.ORDINAL else amount
    return None


def _without_compound(scan: Scan, ordinal: Amount) -> Amount:
    """End an ordinal before a figure in one word that stands before its noun: "zweite | fünfjährige Amtszeit"."""
    for at in range(ordinal.first + 1, ordinal.last):
        if scan.is_word(at) and read_compound(scan, at) is not None:
            ordinal.last = at
            break
    return ordinal


def _begins(scan: Scan, at: int) -> bool:
    """Say whether a figure or a label may begin at a token; most words are settled here, once for each word."""
    token, language = scan.tokens[at], scan.language
    shape = token.shape
    if shape is Shape.WORD:
        known = language.seen.get(token.text)
        if known is None:
            known = _remember(token, language)
        if known is Beginning.ARTICLE:
            return scan.at(at + 1).key in language.article_followers
        return known is Beginning.FIGURE
    if shape is Shape.NUMBER or shape is Shape.CURRENCY:
        return True
    return token.text in _SIGNS and scan.at(at + 1).glued and scan.at(at + 1).shape in (Shape.NUMBER, Shape.CURRENCY)


def _remember(token: Token, language: Language) -> Beginning:
    if len(language.seen) > MOST_KNOWN_WORDS:
        language.seen.clear()
    beginning = language.seen[token.text] = _word_beginning(token, language)
    return beginning


def _word_beginning(token: Token, language: Language) -> Beginning:
    """Try the rules that read a single word on that word alone, so that they need not run in the text."""
    key = token.key
    if key in language.sets["numbers.articles"] and token.text not in language.prefixes:
        return Beginning.ARTICLE
    alone = Scan([token] + [Token("", token.end, token.end, Shape.BREAK, False, None)] * MARGIN, language)
    head = key.replace("‑", "-").partition("-")[0]
    if (
        key in language.figure_words
        or token.text in language.prefixes
        or language.words.value(key) is not None
        or (head != key and language.words.value(head) is not None)
        or ordinal_word(alone, key) is not None
        or any(rule(alone, 0) is not None for rule in _ONE_WORD_RULES)
        or is_times_word(alone, 0)
    ):
        return Beginning.FIGURE
    return Beginning.NOTHING
