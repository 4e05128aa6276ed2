"""Which sentence splitter reads German news best: F1 of boundaries and time, on the gold in tests/gold.

    python -m benchmarks.segmenters [--lines FILE]

`FILE` is plain German text with one sentence a line, such as the source side of newstest; five lines at a time are
joined to a paragraph and split again, headlines without a full stop left out. Some of its lines hold two sentences, so
that precision there is too low by the same amount for everybody.

Candidates that are not installed are left out; `pip install pysbd syntok spacy` brings them all. A boundary is the
offset at which a sentence ends; the end of a case's last sentence is no boundary, for anybody finds it.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from depesche.read.sentences import split_sentences

GOLD = Path(__file__).parents[1] / "tests" / "gold"
LANGUAGES = ("de", "en")
JOIN = 5
ENDS = (".", "!", "?", "“", "”", '"', "«")
Splitter = Callable[[str], list[str]]


def depesche(language: str) -> Splitter:
    return lambda text: [span.of(text) for span in split_sentences(text, language)]


def regex(_language: str) -> Splitter:
    boundary = re.compile(r"(?<=[.!?…])[“”\"»«’)]*\s+(?=[„“\"»«(]*[A-ZÄÖÜ0-9])")
    return lambda text: boundary.split(text)


def pysbd(language: str) -> Splitter:
    segmenter: Any = import_module("pysbd").Segmenter(language=language, clean=False)
    return lambda text: list(segmenter.segment(text))


def syntok(_language: str) -> Splitter:
    segmenter: Any = import_module("syntok.segmenter")

    def split(text: str) -> list[str]:
        found = []
        for paragraph in segmenter.analyze(text):
            for sentence in paragraph:
                tokens = list(sentence)
                found.append(text[tokens[0].offset : tokens[-1].offset + len(tokens[-1].value)])
        return found

    return split


def spacy(language: str) -> Splitter:
    pipeline: Any = import_module("spacy").blank(language)
    pipeline.add_pipe("sentencizer")
    return lambda text: [sentence.text for sentence in pipeline(text).sents]


CANDIDATES: dict[str, Callable[[str], Splitter]] = {
    "depesche": depesche,
    "pysbd": pysbd,
    "syntok": syntok,
    "spacy": spacy,
    "regex": regex,
}


def cases(language: str) -> Iterator[tuple[str, list[str]]]:
    for line in (GOLD / f"sentences.{language}.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        yield case["text"], case["sentences"]


def boundaries(text: str, sentences: list[str]) -> set[int]:
    """Return the ends of all sentences but the last, as offsets into `text` without its white space."""
    ends, position = set(), 0
    for sentence in sentences:
        position += len("".join(sentence.split()))
        ends.add(position)
    return ends - {len("".join(text.split()))}


def joined(path: Path) -> Iterator[tuple[str, list[str]]]:
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.rstrip().endswith(ENDS)]
    for start in range(0, len(lines), JOIN):
        yield " ".join(lines[start : start + JOIN]), lines[start : start + JOIN]


def score(split: Splitter, gold_cases: Iterable[tuple[str, list[str]]]) -> tuple[float, float, float, float]:
    """Return precision, recall and F1 of boundaries, and the share of cases without a mistake."""
    right = found = expected = whole = total = 0
    for text, sentences in gold_cases:
        ours, gold = boundaries(text, split(text)), boundaries(text, sentences)
        right += len(ours & gold)
        found += len(ours)
        expected += len(gold)
        whole += ours == gold
        total += 1
    precision, recall = right / max(found, 1), right / max(expected, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9), whole / total


def milliseconds(split: Splitter, paragraphs: list[str]) -> float:
    """Return the processor time for 2,800 characters, about 400 words."""
    split(paragraphs[0])
    start = time.process_time()
    for paragraph in paragraphs:
        split(paragraph)
    return 1000 * (time.process_time() - start) / sum(map(len, paragraphs)) * 2800


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=Path, help="German text with one sentence a line")
    options = parser.parse_args()
    sets = [(f"gold {language}", language, list(cases(language))) for language in LANGUAGES]
    if options.lines:
        sets.append(("lines de", "de", list(joined(options.lines))))
    print("| candidate | set | precision | recall | F1 | cases right | ms / 400 words |")
    print("|---|---|---|---|---|---|---|")
    for name, make in CANDIDATES.items():
        if name not in {"depesche", "regex"} and find_spec(name) is None:
            continue
        for label, language, gold_cases in sets:
            split = make(language)
            numbers = " | ".join(f"{number:.3f}" for number in score(split, gold_cases))
            print(f"| {name} | {label} | {numbers} | {milliseconds(split, [text for text, _ in gold_cases]):.2f} |")


if __name__ == "__main__":
    main()
