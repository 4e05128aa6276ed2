"""Sentences: where one ends and the next begins, inside one paragraph; the first step of reading an article.

A full stop ends a sentence unless the word before it is an abbreviation or an ordinal, and what a language
knows of these is a table (`languages/*.toml`), not code. Where both readings are open ("Mrd. Die", "am 3. Der")
the next word decides: capitalised function words begin sentences, nouns and names need not.

A sentence may end inside direct speech („A. B.“), but what follows the closing mark in the same sentence
(„…!“, sagte er.) stays with it.

Why not a library: F1 of boundaries on our gold (154 German, 42 English cases, written by the author of the rules;
before any rule was mended by it 148 and 42 of them were right) and on 2,000 lines of newstest2019 joined by fives,
without the headlines, and processor time (`python -m benchmarks.segmenters`):

                      German gold  English gold  newstest   ms / 400 words
    these rules          0.994        1.000        0.991         0.5
    pysbd 0.3.4          0.832        0.950        0.987        20
    syntok 1.4.4         0.855        0.951        0.966         5
    spaCy sentencizer    0.797        0.854        0.922         1
    a regex              0.737        0.752        0.958         0.1
"""

from __future__ import annotations

import re

from depesche.read.tables import LanguageTable, language_table
from depesche.span import Span

_CLOSERS = "“”\"»«›‹’‘')]"
_OPENERS = "„“\"»«›‹‚‘'(["

_TAIL = 40
"""Characters before a full stop that are looked at; no abbreviation is longer."""

_WITH_STOP = re.compile(r"\.[^\W\d_]+[\s,]")
_TERMINATOR = re.compile(
    rf"(?P<mark>\.{{2,}}|…|[.!?]+)(?P<after>(?:[{re.escape(_CLOSERS)}]|\[\d+\])*)(?P<gap>\s+|(?=[A-ZÄÖÜ][a-zäöü]))"
)
_NEXT_WORD = re.compile(rf"[{re.escape(_OPENERS)}\s–—-]*(?P<word>[^\W\d_]+|[\d§])")
_DOTTED = re.compile(r"(?:(?<=\W)|^)(?:[^\W\d_]{1,4}\.[ \u00a0\u202f]?){1,4}$")
_LAST_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*$")
_NUMBER = re.compile(r"(?:(?<=[^\w.,:])|^)(\d{1,3})$")
_ROMAN = re.compile(r"[IVX]+")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)\.?\s*[(„»\"]?$")


def split_sentences(text: str, language: str) -> list[Span]:
    """Return the sentences of one paragraph, as spans of `text` without the white space around them.

    `language` is an ISO 639-1 code; the spans are in order, do not overlap and leave out nothing but white space.
    """
    table = language_table(language)
    spans: list[Span] = []
    start = _skip_space(text, 0)
    for line_end in [*(m.start() for m in re.finditer(r"\n+", text)), len(text)]:
        for match in _TERMINATOR.finditer(text, start, line_end):
            if match.start() >= start and _ends_sentence(text, start, match, line_end, table):
                spans.append(Span(start, match.end("after")))
                start = match.end()
        end = len(text[start:line_end].rstrip()) + start
        if end > start:
            spans.append(Span(start, end))
        start = _skip_space(text, line_end)
    return spans


def _skip_space(text: str, start: int) -> int:
    return len(text) - len(text[start:].lstrip())


def _ends_sentence(text: str, start: int, match: re.Match[str], line_end: int, table: LanguageTable) -> bool:
    following = _NEXT_WORD.match(text, match.end(), line_end)
    if following is None:
        return False
    word = following["word"]
    if word[0].islower():
        return False
    starter = word.lower() in table.starters and word[0].isupper()
    if not match["gap"]:
        return match["mark"] == "." and _is_plain_word(text, match.start(), table)
    before = text[start : match.start()]
    if match["after"] and not _closes_sentence(text, start, match, starter=starter):
        return False
    match match["mark"]:
        case ".":
            return _full_stop_ends(before, word, starter=starter, closed=bool(match["after"]), table=table)
        case "!" | "?":
            return not (before + match["mark"]).endswith(table.marked_names) or starter
        case _:
            return starter or before[-1:].isalpha() or bool(match["after"])


def _is_plain_word(text: str, end: int, table: LanguageTable) -> bool:
    """Say whether a full stop without a space after it follows an ordinary word: "gesagt.Der"."""
    run = re.search(r"\S*$", text[max(0, end - _TAIL) : end])
    if run is None or _WITH_STOP.match(text, end) is None or run.group().lower() in table.never_end:
        return False
    return re.fullmatch(r"[^\W\d_]*[a-zäöüß]{3}", run.group()) is not None


def _closes_sentence(text: str, start: int, match: re.Match[str], *, starter: bool) -> bool:
    """Say whether closing marks after the terminator close the sentence and not something inside it."""
    if ")" in match["after"]:
        opened = text.rfind("(", start, match.start())
        return opened <= start or text[start:opened].strip(_OPENERS + " ") == ""
    opened = max(text.rfind(mark, start, match.start()) for mark in '„»«“"‚‘›‹')
    inside = text[max(opened, start) : match.start()]
    after_colon = text[opened - 2 : opened] == ": "
    is_title = opened > start and match["mark"] != "." and len(inside.split()) <= 3 and not after_colon
    return starter or not is_title


def _full_stop_ends(before: str, word: str, *, starter: bool, closed: bool, table: LanguageTable) -> bool:
    if number := _NUMBER.search(before[-_TAIL:]):
        head = before[: len(before) - len(number[1])]
        return closed or _number_ends(head, number[1], word, starter=starter, table=table)
    before = before[-_TAIL:]
    dotted = _DOTTED.search(before + ".")
    last = _LAST_WORD.search(before)
    candidates = {
        (dotted.group() if dotted else "").replace(" ", "").replace("\u00a0", "").rstrip(".").lower(),
        last.group().lower() if last else "",
    }
    if candidates & table.never_end:
        return closed
    if candidates & table.may_end:
        return starter or closed
    if last is None:
        return True
    token = last.group()
    if len(token) == 1 and token.isalpha():
        return starter or closed
    if _ROMAN.fullmatch(token):
        return starter or closed
    return True


def _number_ends(before: str, number: str, word: str, *, starter: bool, table: LanguageTable) -> bool:
    """Decide "15. November" (goes on), "am 3. Der" (ends), "auf 35. Bundeskanzler" (ends)."""
    if not before.strip(_OPENERS + " "):
        return False  # the number of a list item
    if starter or not table.has_ordinals:
        return True
    if word.lower().startswith(table.ordinal_nouns) or word.isdigit() or before.endswith("("):
        return False
    previous = _WORD_BEFORE.search(before[-_TAIL:])
    if previous is None:
        return False
    return previous[1].lower() not in table.ordinal_determiners and int(number) > 12
