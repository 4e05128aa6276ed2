"""What a language knows about figures: CLDR's part and its table in `languages/`, compiled once at first use."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, Generic, TypeVar

from depesche.errors import LanguageUnsupported
from depesche.figure import Direction, Kind, Modifier
from depesche.figures import cldr
from depesche.figures.numbers import NumberWords, words_below_hundred
from depesche.figures.tokens import MARGIN, Token, Tokenizer
from depesche.figures.units import Unit, measures

LANGUAGES = ("de", "en", "es", "fr")

Meaning = TypeVar("Meaning")


class Phrases(Generic[Meaning]):
    """Words and phrases with what they mean, looked up at a token; the longest one wins."""

    def __init__(self, entries: Iterable[tuple[str, Meaning]], tokenizer: Tokenizer, *, exact: bool = False) -> None:
        self._exact = exact
        self._by_first: dict[str, list[tuple[tuple[str, ...], Meaning]]] = {}
        self._by_last: dict[str, list[tuple[tuple[str, ...], Meaning]]] = {}
        for phrase, meaning in entries:
            words = tuple(t.text if exact else t.key for t in tokenizer(phrase)[:-MARGIN])
            self._by_first.setdefault(words[0], []).append((words, meaning))
            self._by_last.setdefault(words[-1], []).append((words, meaning))
        for table in (self._by_first, self._by_last):
            for choices in table.values():
                choices.sort(key=lambda choice: -len(choice[0]))

    def match(self, tokens: Sequence[Token], at: int) -> tuple[Meaning, int] | None:
        """Return the meaning of the longest phrase that begins at a token, and where it ends."""
        token = tokens[at]
        for words, meaning in self._by_first.get(token.text if self._exact else token.key, ()):
            end = at + len(words)
            if len(words) == 1 or self._words(tokens[at:end]) == words:
                return meaning, end
        return None

    def match_before(self, tokens: Sequence[Token], end: int) -> tuple[Meaning, int] | None:
        """Return the meaning of the longest phrase that ends right before a token, and where it begins."""
        if end <= 0:
            return None
        token = tokens[end - 1]
        for words, meaning in self._by_last.get(token.text if self._exact else token.key, ()):
            start = end - len(words)
            if start >= 0 and (len(words) == 1 or self._words(tokens[start:end]) == words):
                return meaning, start
        return None

    def meaning(self, word: str) -> Meaning | None:
        """Return the meaning of a phrase of one word, or None."""
        return next((meaning for words, meaning in self._by_first.get(word, ()) if words == (word,)), None)

    def first_words(self) -> Iterator[str]:
        """Yield the first word of every phrase."""
        return iter(self._by_first)

    def _words(self, tokens: Sequence[Token]) -> tuple[str, ...]:
        return tuple(t.text for t in tokens) if self._exact else tuple(t.key for t in tokens)


class Beginning(IntEnum):
    """What may begin at a word; most words of a text are `NOTHING`."""

    NOTHING = 0
    FIGURE = 1
    ARTICLE = 2
    """A figure where the word behind it makes it more than the article."""


class WordSets(dict[str, frozenset[str]]):
    """The lists of a language's table by "section.name"; a list that a language does not need is empty."""

    def __missing__(self, name: str) -> frozenset[str]:
        return frozenset()


@dataclass(frozen=True, slots=True)
class Language:
    """Everything that the grammar asks a language."""

    code: str
    table: Mapping[str, Any]
    tokenizer: Tokenizer
    words: NumberWords
    magnitudes: Phrases[Decimal]
    plural_magnitudes: Phrases[str]
    several: Phrases[str]
    magnitude_phrases: Phrases[str]
    modifiers: Phrases[Modifier]
    modifiers_after: Phrases[Modifier]
    unit_symbols: Phrases[Unit]
    unit_names: Phrases[Unit]
    fractions: Phrases[Fraction]
    multiples: Phrases[Decimal]
    per: Phrases[str]
    joins: Phrases[str]
    averages: Phrases[str]
    ordinals: Mapping[str, Decimal]
    sets: WordSets
    label_phrases: Phrases[bool]
    digits: Phrases[int]
    suffixes: Mapping[str, str]
    compound_magnitudes: Mapping[str, str]
    figure_words: frozenset[str]
    prefixes: frozenset[str]
    article_followers: frozenset[str]
    and_half: tuple[tuple[str, ...], ...]
    """The words of "and a half"."""
    seen: dict[str, Beginning] = field(default_factory=dict, compare=False)
    _directions: dict[str, Direction | None] = field(default_factory=dict, compare=False)

    def direction(self, word: str) -> Direction | None:
        """Return which way a case-folded word says that something moves, or None."""
        if word not in self._directions:
            changes = self.sets
            way = None
            for name, direction in (("changes.up", Direction.UP), ("changes.down", Direction.DOWN)):
                if word in changes[name] or word.startswith(tuple(w for w in changes[name] if len(w) > 4)):
                    way = direction
            self._directions[word] = way
        return self._directions[word]

    @property
    def nouns_are_capitalised(self) -> bool:
        """Say whether a capital letter marks a noun, as in German."""
        return bool(self.table.get("nouns_are_capitalised", False))


@cache
def load_language(code: str) -> Language:
    """Return the compiled language; raises `LanguageUnsupported` for any but de, en, es and fr."""
    if code not in LANGUAGES:
        raise LanguageUnsupported(
            f"no figure grammar for language {code!r}",
            place="find_figures",
            remedy=f"use one of {', '.join(LANGUAGES)}, or add languages/{code}.toml",
        )
    source = files(__package__).joinpath("languages", f"{code}.toml").read_text(encoding="utf-8")
    return _compile(code, tomllib.loads(source))


def _compile(code: str, table: Mapping[str, Any]) -> Language:
    names = cldr.names(code)
    tokenizer = Tokenizer(names.symbols, _abbreviations(table), dotted_dates=table.get("dotted_dates", False))

    def phrases(entries: Iterable[tuple[str, Any]], *, exact: bool = False) -> Phrases[Any]:
        return Phrases(entries, tokenizer, exact=exact)

    magnitudes = [*names.magnitudes.items(), *_inverted(table["magnitudes"], Decimal)]
    modifiers = [(phrase, Modifier(name)) for name, words in table["modifiers"].items() for phrase in words]
    after = [(p, Modifier(name)) for name, words in table.get("modifiers_after", {}).items() for p in words]
    sets = _sets(table)
    tables = {
        "unit_symbols": phrases(_unit_symbols(), exact=True),
        "unit_names": phrases([*_table_units(table["units"]), *_cldr_units(names, table)]),
        "magnitudes": phrases(magnitudes),
        "plural_magnitudes": phrases(_inverted(table["plural_magnitudes"], str)),
        "several": phrases(_inverted(table["several"], str)),
        "magnitude_phrases": phrases(_inverted(table.get("magnitude_phrases", {}), str)),
        "fractions": phrases(_inverted(table["fractions"], Fraction)),
        "multiples": phrases(_inverted(table["multiples"], Decimal)),
        "digits": phrases(_with_endings(table.get("digits", {})).items()),
        "label_phrases": phrases([(p, True) for p in table["labels"]["phrases"]]),
    }
    ordinals = _ordinals(table)
    return Language(
        code=code,
        table=table,
        tokenizer=tokenizer,
        words=_number_words(table["numbers"]),
        unit_symbols=tables["unit_symbols"],
        unit_names=tables["unit_names"],
        magnitudes=tables["magnitudes"],
        plural_magnitudes=tables["plural_magnitudes"],
        several=tables["several"],
        magnitude_phrases=tables["magnitude_phrases"],
        fractions=tables["fractions"],
        multiples=tables["multiples"],
        digits=tables["digits"],
        label_phrases=tables["label_phrases"],
        modifiers=phrases(modifiers),
        modifiers_after=phrases(after),
        per=phrases([(p, p) for p in table["rates"]["per"]]),
        joins=phrases([(p, p) for p in table["ranges"]["joins"]]),
        averages=phrases([(p, p) for p in table["changes"].get("averages", ())]),
        ordinals=ordinals,
        sets=sets,
        suffixes=table.get("suffixes", {}).get("measures", {}),
        compound_magnitudes=dict(_inverted(table.get("compound_magnitudes", {}), str)),
        figure_words=_figure_words(table, sets, tables, ordinals),
        prefixes=_prefixes(table),
        article_followers=_article_followers(sets, tables),
        and_half=tuple(tuple(phrase.split()) for phrase in table["fraction_words"].get("and_half", ())),
    )


_FIGURES_BEGIN = (
    "numbers.articles",
    "numbers.minus",
    "numbers.plus",
    "fraction_words.half",
    "fraction_words.every",
    "ordinals.rank_before",
)
_PHRASES_BEGIN = ("plural_magnitudes", "several", "magnitude_phrases", "fractions", "multiples", "digits")
_LABELS_BEGIN = ("labels.decade_words", "labels.half_hours")


def _figure_words(
    table: Mapping[str, Any], sets: WordSets, tables: Mapping[str, Phrases[Any]], ordinals: Mapping[str, Decimal]
) -> frozenset[str]:
    """Return the words at which a figure or a label may begin, beside number words and compounds."""
    words = set(ordinals)
    for name in _PHRASES_BEGIN:
        words.update(tables[name].first_words())
    for name in (*_FIGURES_BEGIN, *_LABELS_BEGIN):
        words |= sets[name]
    words.update(name for names in table["units"]["money"].values() for name in names if name.endswith("."))
    return frozenset(words)


def _article_followers(sets: WordSets, tables: Mapping[str, Phrases[Any]]) -> frozenset[str]:
    """Return the words after "ein" or "a" that make it a number; before any other it is the article."""
    words: set[str] = set()
    for name in ("magnitudes", "fractions", "unit_names", "unit_symbols"):
        words.update(tables[name].first_words())
    lists = ("fraction_words.half", "fraction_words.of", "numbers.few", "numbers.article_adjectives")
    for name in (*lists, "numbers.article_joins"):
        words |= sets[name]
    return frozenset(word.casefold() for word in words)


def _abbreviations(table: Mapping[str, Any]) -> set[str]:
    return {word for word in _strings(table) if len(word) > 2 and word.endswith(".") and " " not in word}


def _strings(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for child in node.values():
            yield from _strings(child)
    elif isinstance(node, list):
        for child in node:
            yield from _strings(child)


def _prefixes(table: Mapping[str, Any]) -> frozenset[str]:
    """Return the words, in their case, that may stand before an amount of money: codes and the letters of signs."""
    written = [word for words in table["units"].get("money_thousands", {}).values() for word in words]
    letters = {re.split(r"[^A-Za-z]", sign)[0] for sign in (*cldr.SIGNS, *written)} - {""}
    return frozenset(letters | cldr.currency_codes())


def _inverted(section: Mapping[str, list[str]], meaning: Any) -> Iterator[tuple[str, Any]]:
    for key, words in section.items():
        value = meaning(key)
        for word in words:
            yield word, value


def _number_words(section: Mapping[str, Any]) -> NumberWords:
    words = words_below_hundred(section["zero"], section["units"], section["teens"], section["tens"], section["pairs"])
    words |= {word: Decimal(value) for word, value in section.get("words", {}).items()}
    return NumberWords(
        below_hundred={spelling: value for word, value in words.items() for spelling in _spellings(word)},
        hundreds=frozenset(section["hundred"]),
        thousands=frozenset(section["thousand"]),
        glue=tuple(section["glue"]),
        glued=section["glued"],
        endings={ending: Decimal(value) for ending, value in section.get("endings", {}).items()},
    )


_PLAIN_VOWELS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def _spellings(word: str) -> set[str]:
    folded = word.casefold()
    return {folded, folded.translate(_PLAIN_VOWELS)}


def _unit_symbols() -> Iterator[tuple[str, Unit]]:
    for measure in measures().values():
        for sign in measure.written:
            yield sign, Unit(measure.kind, measure.symbol)
    for code in cldr.currency_codes():
        yield code, Unit(Kind.MONEY, code)
    for sign, code in cldr.SIGNS.items():
        yield sign, Unit(Kind.MONEY, code)


def _cldr_units(names: cldr.Names, table: Mapping[str, Any]) -> Iterator[tuple[str, Unit]]:
    endings = table.get("inflections", [""])
    for name, symbol in names.units.items():
        for ending in endings:
            yield name + ending, Unit(measures()[symbol].kind, symbol)
    for name, code in names.currencies.items():
        yield name, Unit(Kind.MONEY, code)


def _table_units(section: Mapping[str, Mapping[str, list[str]]]) -> Iterator[tuple[str, Unit]]:
    factors = {"money_cents": Decimal("0.01"), "money_thousands": Decimal(1000)}
    for part, entries in section.items():
        if part in ("nouns_only", "only_scaled", "never", "not_before"):
            continue
        kind = Kind(part.removesuffix("_cents").removesuffix("_thousands").removesuffix("_multiples"))
        for key, words in entries.items():
            number, _, symbol = key.rpartition(" ")
            unit = Unit(kind, symbol, Decimal(number) if number else factors.get(part, Decimal(1)))
            for word in words:
                yield word, unit


def _ordinals(table: Mapping[str, Any]) -> dict[str, Decimal]:
    section = table["ordinals"]
    endings = section.get("endings", [""])
    return {stem.casefold() + ending: Decimal(value) for stem, value in section["stems"].items() for ending in endings}


def _with_endings(section: Mapping[str, Any]) -> dict[str, int]:
    return {
        prefix + stem.casefold() + ending: value
        for stem, value in section.get("stems", {}).items()
        for prefix in ("", *section.get("prefixes", ()))
        for ending in section.get("endings", [""])
    }


def _sets(table: Mapping[str, Any]) -> WordSets:
    """Collect every list of words in the table under "section.name"."""
    sets = WordSets()

    def collect(prefix: str, node: Mapping[str, Any]) -> None:
        for name, child in node.items():
            if isinstance(child, Mapping):
                collect(f"{prefix}{name}.", child)
            elif isinstance(child, list):
                sets[prefix + name] = frozenset(str(word).casefold() for word in child)

    collect("", table)
    return sets
