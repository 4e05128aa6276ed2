"""Which sentence pairs the compact translator learns from: mixes of the data folder, filtered and without doubles.

A filter looks at one pair and returns the reason to leave it out, or None. What a mix takes and what the filters
threw out is written beside the result, so that a run can be judged and repeated.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.recipes.compact.agreement import figures_disagree

from depesche.figures import find_figures


@dataclass(frozen=True, slots=True)
class Pair:
    """A German sentence, its English translation and where they come from (`file:line`, `+` and what was changed)."""

    german: str
    english: str
    origin: str


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a training file: lines `first` to `last` (None: to the end), and how much of them, chosen at random."""

    file: str
    first: int = 0
    last: int | None = None
    part: float = 1.0


# Line 13,500 of wmt_news is about where newstest2013 begins: the years before went through a third language and
# are often loose. The years from 2019 on are English originals with German translations.
MIXES: dict[str, tuple[Share, ...]] = {
    "news": (Share("wmt_news", 13_500), Share("debian_news", part=0.1)),
    "all-news": (Share("wmt_news"), Share("debian_news")),
    "broad": (Share("wmt_news"), Share("debian_news"), Share("business_docs", part=0.4), Share("tatoeba", part=0.6)),
    "all": (Share("wmt_news"), Share("debian_news"), Share("business_docs", part=0.5), Share("tatoeba")),
}
# Whole documents of newstest2018, written in German: the year that no run is trained on, to choose checkpoints by.
HELD_OUT = Share("wmt_news", 29_850, 30_150)

Filter = Callable[[Pair], str | None]

_LISTING = re.compile(
    r"^\W*[a-z0-9][\w.+-]* (?:--|—|–|-) |Fehler ?#|Bug ?#|\\|https?://|\[[a-z]+_[a-z]+\]|!INCLUDE|[<>{}|]"
)
_GERMAN = frozenset(
    [
        "der",
        "die",
        "das",
        "und",
        "ist",
        "nicht",
        "ein",
        "eine",
        "mit",
        "auf",
        "für",
        "von",
        "dem",
        "den",
        "sich",
        "auch",
        "wurde",
        "werden",
        "haben",
    ]
)
_ENGLISH = frozenset(
    [
        "the",
        "and",
        "is",
        "not",
        "with",
        "for",
        "of",
        "that",
        "this",
        "was",
        "have",
        "has",
        "been",
        "which",
        "are",
        "from",
        "they",
        "would",
    ]
)
_WORD = re.compile(r"[^\W\d_]+")


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def length_filter(pair: Pair) -> str | None:
    """Leave out what is empty, longer than any news sentence, or much longer on one side."""
    german, english = len(pair.german), len(pair.english)
    if not 2 <= german <= 500 or not 2 <= english <= 500:
        return "length"
    slack = 12  # short titles may differ a lot
    return "length ratio" if german > 2.0 * english + slack or english > 1.6 * german + slack else None


def copy_filter(pair: Pair) -> str | None:
    """Leave out sentences that stayed as they were."""
    german, english = _words(pair.german), _words(pair.english)
    shared = sum((Counter(german) & Counter(english)).values())
    return "copied" if len(german) >= 6 and shared > 0.7 * min(len(german), len(english) or 1) else None


def language_filter(pair: Pair) -> str | None:
    """Leave out pairs with a side in the wrong language."""
    german, english = set(_words(pair.german)), set(_words(pair.english))
    if len(german & _ENGLISH) > len(german & _GERMAN) + 1:
        return "German side is not German"
    if len(english & _GERMAN) > len(english & _ENGLISH) + 1:
        return "English side is not English"
    return None


def listing_filter(pair: Pair) -> str | None:
    """Leave out package lists, bug numbers, addresses and markup."""
    return "listing or markup" if _LISTING.search(pair.german) or _LISTING.search(pair.english) else None


def figure_filter(pair: Pair) -> str | None:
    """Leave out pairs whose figures disagree: the model must never be taught a wrong figure."""
    return "figures disagree" if figures_disagree(pair.german, pair.english) else None


FILTERS: tuple[Filter, ...] = (length_filter, listing_filter, copy_filter, language_filter, figure_filter)


OWN = Path(__file__).parent / "sentences"
"""Sentences written for this recipe, one file a field: `German TAB English`."""


def read_own(folder: Path = OWN) -> Iterator[Pair]:
    """Read the sentences that were written for this recipe."""
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            german, english = line.split("\t")
            yield Pair(german, english, f"{path.stem}:{number}")


def is_kept_back(pair: Pair) -> bool:
    """Say whether one of our own sentences is among the fiftieth that no run learns: for judging only."""
    return int(hashlib.sha256(pair.german.encode()).hexdigest(), 16) % 50 == 0


BRIEF = "brief:"
"""How the origin of an article with its brief begins: the second task."""


def read_briefs(path: Path) -> Iterator[Pair]:
    """Read articles with their briefs, JSON lines of `text`, `headline`, `summary` and `points` (a list)."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            brief = json.loads(line)
            told = "\n".join([brief["headline"], brief["summary"], *brief["points"]])
            yield Pair(" ".join(brief["text"].split()), told, f"{BRIEF}{number}")


def read_share(data: Path, share: Share, seed: int = 0) -> Iterator[Pair]:
    """Read a share of `data`/mt/train, white space straightened; raises FileNotFoundError with the remedy."""
    path = data / "mt" / "train" / f"{share.file}.de-en.tsv.gz"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: name the data folder with --data or DEPESCHE_DATA")
    chosen = random.Random(f"{seed}/{share.file}/{share.first}")  # noqa: S311
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if share.last is not None and number >= share.last:
                return
            sides = line.rstrip("\n").split("\t")
            if number < share.first or len(sides) != 2 or chosen.random() >= share.part:
                continue
            german, english = (" ".join(side.split()) for side in sides)
            if not german or not english:
                continue
            yield Pair(german, english, f"{share.file}:{number}")


def select(
    pairs: Iterable[Pair], filters: Sequence[Filter], without: Iterable[Pair] = ()
) -> tuple[list[Pair], Counter[str]]:
    """Return the pairs that pass every filter, each German sentence once, and the count of every reason.

    `without` is what must not be learnt: the held-out sentences.
    """
    seen = {pair.german.casefold() for pair in without}
    kept: list[Pair] = []
    reasons: Counter[str] = Counter()
    for pair in pairs:
        key = pair.german.casefold()
        reason = "double" if key in seen else next(filter(None, (check(pair) for check in filters)), None)
        if reason:
            reasons[reason] += 1
            continue
        seen.add(key)
        kept.append(pair)
        reasons["kept"] += 1
    return kept, reasons


def thinned(pairs: Iterable[Pair], plain: float, seed: int) -> list[Pair]:
    """Return all pairs with figures, and the part `plain` of those without."""
    chosen = random.Random(f"{seed}/plain")  # noqa: S311
    return [pair for pair in pairs if chosen.random() < plain or find_figures(pair.german, "de")]


def write_pairs(path: Path, pairs: Iterable[Pair]) -> None:
    """Write pairs as JSON lines."""
    with path.open("w", encoding="utf-8") as lines:
        for pair in pairs:
            lines.write(json.dumps([pair.german, pair.english, pair.origin], ensure_ascii=False) + "\n")


def read_pairs(path: Path) -> list[Pair]:
    """Read what `write_pairs` wrote."""
    with path.open(encoding="utf-8") as lines:
        return [Pair(*json.loads(line)) for line in lines]


def held_out(data: Path) -> list[Pair]:
    """Return the held-out sentences, unfiltered: they are to be like news, not like the training data."""
    return list(read_share(data, HELD_OUT))


def corpus_lines(data: Path) -> Iterator[str]:
    """Yield all German and English text of the data folder but the dev sets: what the vocabulary must cover."""
    for path in sorted((data / "mt" / "train").glob("*.tsv.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield from line.rstrip("\n").split("\t")
    for path in sorted([*(data / "summaries").glob("*.jsonl.gz"), *(data / "articles").glob("*.jsonl.gz")]):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield from (value for value in json.loads(line).values() if isinstance(value, str))
