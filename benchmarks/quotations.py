"""How well quotations are found: the German Wikinews articles with gold quotations, and what they cost in time.

    python -m benchmarks.quotations --data DIR        (or the folder in DEPESCHE_DATA)

`DIR/articles/wikinews_de` holds the *.json files of uhh-lt/german-news-quotation-attribution-2024. A gold quotation has
`type`, `quote` (spans `charBegin`, `charEnd` into `text`, marks included), `speaker` (spans) and `speaker_text`. The
articles before `--held-out` were looked at while the rules were written (000–017 from the start, 018–026 after the
first measurement), the others not. Later work looked at the other articles too, but for the part that the hash of the
file name picks ("kept back"); its mistakes are never printed.

Direct speech is scored by exact span. A speaker is right where the name found (resolved, else as written) shares its
name words with the gold speaker, or is the same words of the text. Indirect speech is scored by overlap (at least half
of both), because the gold sets, by its annotators' choice, commas and cues now inside and now outside of the clause.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from depesche.quotation import Quotation, QuotationKind
from depesche.quotes import find_quotations
from depesche.read.sentences import split_sentences
from depesche.span import Span

INDIRECT = ("Indirect", "IndirectFreeIndirect", "FreeIndirect", "Reported")
_LINE = re.compile(r"\S(?:.*\S)?")
_NAME = re.compile(r"\b[A-ZÄÖÜ][\w’'-]{2,}")
_GENERIC = {
    "Der",
    "Die",
    "Das",
    "Ein",
    "Eine",
    "Angaben",
    "Ansicht",
    "Meinung",
    "Auffassung",
    "Sprecher",
    "Seiner",
    "Nach",
}


@dataclass
class Score:
    gold: int = 0
    found: int = 0
    matched: int = 0
    speakers: int = 0
    by_type: Counter[str] = field(default_factory=Counter)
    type_gold: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        return self.matched / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.matched / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def speaker(self) -> float:
        return self.speakers / self.matched if self.matched else 0.0


def read(text: str) -> tuple[Quotation, ...]:
    paragraphs = [Span(*match.span()) for match in _LINE.finditer(text)]
    sentences = [s.shifted(p.start) for p in paragraphs for s in split_sentences(p.of(text), "de")]
    return find_quotations(text, paragraphs, sentences, "de")


def gold_span(quotation: dict[str, Any]) -> Span:
    return Span(quotation["quote"][0]["charBegin"], quotation["quote"][-1]["charEnd"])


def names(words: str) -> set[str]:
    return {re.sub(r"s$", "", name) for name in _NAME.findall(words)} - _GENERIC


def speaker_right(quotation: Quotation, gold: dict[str, Any], found: Iterable[Quotation]) -> bool:
    spans = [Span(s["charBegin"], s["charEnd"]) for s in gold["speaker"]]
    if not spans:
        return quotation.speaker is None and quotation.resolved_speaker is None
    ours = quotation.speaker_span
    if ours is not None and any(ours.overlaps(span) or 0 <= span.start - ours.end <= 2 for span in spans):
        return True  # the same words, or the noun where the gold has the relative pronoun after it
    name = quotation.resolved_speaker or quotation.speaker
    # The gold may name an earlier pronoun: right if that pronoun stands for the same name.
    voices = [q for q in found if q.speaker_span is not None and any(q.speaker_span.overlaps(span) for span in spans)]
    if name is not None and any(name == (voice.resolved_speaker or voice.speaker) for voice in voices):
        return True
    said = f"{quotation.speaker or ''} {quotation.resolved_speaker or ''}"
    return bool(names(said) & names(gold["speaker_text"]))


def score_direct(
    text: str, gold: list[dict[str, Any]], found: Iterable[Quotation], score: Score, *, show: bool
) -> None:
    direct = {q.span: q for q in found if q.kind is QuotationKind.DIRECT}
    expected = {gold_span(q): q for q in gold if q["type"] == "Direct"}
    inner = {Span(span.start + 1, span.end - 1): q for span, q in expected.items()}
    score.gold += len(inner)
    score.found += len(direct)
    for span, quotation in direct.items():
        if span in inner:
            score.matched += 1
            right = speaker_right(quotation, inner[span], found)
            score.speakers += right
            if show and not right:
                print(
                    "  speaker:",
                    repr(quotation.text[:50]),
                    "|",
                    quotation.speaker,
                    "|",
                    quotation.resolved_speaker,
                    "| gold:",
                    inner[span]["speaker_text"],
                )
        elif show:
            print("  not gold:", repr(text[max(0, span.start - 60) : span.end + 30]), "|", quotation.speaker)
    if show:
        for span in inner.keys() - direct.keys():
            print("  missed:", repr(text[max(0, span.start - 60) : span.end + 40]))


def score_indirect(gold: list[dict[str, Any]], found: Iterable[Quotation], score: Score) -> None:
    indirect = runs([q for q in found if q.kind is QuotationKind.INDIRECT])
    expected = [q for q in gold if q["type"] in INDIRECT]
    score.gold += len(expected)
    score.found += len(indirect)
    score.type_gold.update(q["type"] for q in expected)
    taken: set[int] = set()
    for quotation in indirect:
        best = max(
            ((overlap(quotation.span, gold_span(q)), i) for i, q in enumerate(expected) if i not in taken),
            default=(0.0, -1),
        )
        if best[0] >= 0.5:
            taken.add(best[1])
            score.matched += 1
            score.by_type[expected[best[1]]["type"]] += 1
            score.speakers += speaker_right(quotation, expected[best[1]], indirect)


def runs(indirect: list[Quotation]) -> list[Quotation]:
    """Join sentences in which one speaker goes on without a cue, as the gold does."""
    joined: list[Quotation] = []
    for quotation in indirect:
        last = joined[-1] if joined else None
        free = quotation.cue is None and quotation.speaker is None
        if last and free and last.cue is None and last.speaker is None and quotation.span.start - last.span.end <= 2:
            joined[-1] = replace(last, span=Span(last.span.start, quotation.span.end))
        else:
            joined.append(quotation)
    return joined


def covered_characters(gold: list[dict[str, Any]], found: Iterable[Quotation]) -> tuple[int, int, int]:
    """Return gold, found and shared characters of reported speech of any kind."""
    said: set[int] = set()
    for quotation in gold:
        for part in quotation["quote"]:
            said.update(range(part["charBegin"], part["charEnd"]))
    ours: set[int] = set()
    for q in found:
        if q.kind in (QuotationKind.DIRECT, QuotationKind.INDIRECT):
            ours.update(range(q.span.start, q.span.end))
    return len(said), len(ours), len(said & ours)


def overlap(one: Span, other: Span) -> float:
    shared = min(one.end, other.end) - max(one.start, other.start)
    return max(0, shared) / (max(one.end, other.end) - min(one.start, other.start))


def is_kept_back(name: str) -> bool:
    """Say whether an article belongs to the quarter whose mistakes nobody looks at."""
    return int(hashlib.sha256(f"{name}.json".encode()).hexdigest(), 16) % 3 == 0


def articles(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.glob("*.json")):
        yield path.stem, json.loads(path.read_text(encoding="utf-8"))


@dataclass
class Tally:
    """What one set of articles scored."""

    direct: Score = field(default_factory=Score)
    indirect: Score = field(default_factory=Score)
    characters: Counter[str] = field(default_factory=Counter)

    def add(self, article: dict[str, Any], found: tuple[Quotation, ...], *, show: bool) -> None:
        score_direct(article["text"], article["quotations"], found, self.direct, show=show)
        score_indirect(article["quotations"], found, self.indirect)
        counts = covered_characters(article["quotations"], found)
        self.characters.update(dict(zip(("gold", "found", "both"), counts, strict=True)))

    def cells(self) -> Iterator[str]:
        for score in (self.direct, self.indirect):
            yield str(score.gold)
            yield from (f"{x:.3f}" for x in (score.precision, score.recall, score.f1, score.speaker))
        for whole in ("found", "gold"):
            yield f"{self.characters['both'] / max(self.characters[whole], 1):.3f}"


HEADER = (
    *("set", "direct gold", "P", "R", "F1 exact", "speaker"),
    *("indirect gold", "P", "R", "F1 overlap", "speaker", "characters P", "characters R"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("DEPESCHE_DATA"), help="folder of outside data")
    parser.add_argument("--held-out", default="027", help="first article that was not looked at")
    parser.add_argument("--show", action="store_true", help="print the mistakes in the articles that are not kept back")
    options = parser.parse_args()
    if options.data is None:
        parser.error("name the folder of outside data with --data or DEPESCHE_DATA")
    tallies = {"looked at": Tally(), "held out": Tally(), "kept back": Tally(), "all": Tally()}
    seconds, characters = 0.0, 0
    for name, article in articles(Path(options.data) / "articles" / "wikinews_de"):
        start = time.process_time()
        found = read(article["text"])
        seconds += time.process_time() - start
        characters += len(article["text"])
        tuned = name < options.held_out
        tallies["looked at" if tuned else "held out"].add(article, found, show=options.show and not is_kept_back(name))
        if is_kept_back(name):
            tallies["kept back"].add(article, found, show=False)
        tallies["all"].add(article, found, show=False)
    print("| " + " | ".join(HEADER) + " |")
    print("|" + "---|" * len(HEADER))
    for label, tally in tallies.items():
        print("| " + " | ".join((label, *tally.cells())) + " |")
    scores = tallies["all"].indirect
    print("indirect found by type:", ", ".join(f"{t} {scores.by_type[t]}/{n}" for t, n in scores.type_gold.items()))
    print(f"{1000 * seconds / characters * 2800:.2f} ms of processor time for 2,800 characters (about 400 words)")


if __name__ == "__main__":
    main()
