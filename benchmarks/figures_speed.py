"""Time the figure grammar: milliseconds for a 400-word article after warm-up, and for the very first call.

    python -m benchmarks.figures_speed [--data FOLDER]

Without a data folder (or DEPESCHE_DATA) the gold sentences are put together into articles; with it, the newspaper
leads of `articles/10kgnad.jsonl.gz` are read as they are. Reports wall clock and processor time: they differ only
where the machine does something else.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.figures_gold import LANGUAGES, gold_lines
from depesche.figures import find_figures
from depesche.kept import forget

ARTICLE_WORDS = 400
ROUNDS = 5
_FIRST_CALL = (
    "import time; start = time.perf_counter(); from depesche.figures import find_figures; loaded = time.perf_counter();"
    "find_figures('{text}', '{language}'); print(loaded - start, time.perf_counter() - loaded)"
)


def articles_of_gold(language: str) -> list[str]:
    """Return articles of at least 400 words made of gold sentences."""
    articles: list[str] = []
    words: list[str] = []
    for line in gold_lines(language):
        words += line["text"].split(" ")
        if len(words) >= ARTICLE_WORDS:
            articles.append(" ".join(words))
            words = []
    return articles


def articles_of_news(folder: Path) -> list[str]:
    """Return the newspaper leads of the data folder."""
    with gzip.open(folder / "articles" / "10kgnad.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def milliseconds(texts: list[str], language: str) -> tuple[float, float]:
    """Return the median wall and processor time for 400 words, in milliseconds."""
    words = sum(len(text.split()) for text in texts)
    for text in texts:
        find_figures(text, language)
    wall, processor = [], []
    for _ in range(ROUNDS):
        forget()
        start, start_processor = time.perf_counter(), time.process_time()
        for text in texts:
            find_figures(text, language)
        wall.append(time.perf_counter() - start)
        processor.append(time.process_time() - start_processor)
    scale = ARTICLE_WORDS / words * 1000
    return statistics.median(wall) * scale, statistics.median(processor) * scale


def first_call(language: str) -> tuple[float, float]:
    """Return the time of the import and of the first call in a fresh process, in milliseconds."""
    code = _FIRST_CALL.format(text="3 Euro", language=language)
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported, called = (float(part) * 1000 for part in result.stdout.split())
    return imported, called


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("DEPESCHE_DATA"))
    arguments = parser.parse_args()
    print("| texts | words | wall ms / 400 words | processor ms / 400 words |")
    print("|---|--:|--:|--:|")
    texts = {f"gold sentences, {language}": (articles_of_gold(language), language) for language in LANGUAGES}
    if arguments.data:
        texts["newspaper leads, de"] = (articles_of_news(Path(arguments.data)), "de")
    for name, (articles, language) in texts.items():
        if not articles:
            continue
        wall, processor = milliseconds(articles, language)
        words = sum(len(article.split()) for article in articles)
        print(f"| {name} | {words} | {wall:.2f} | {processor:.2f} |")
    for language in LANGUAGES:
        imported, called = first_call(language)
        print(
            f"\nfirst use in a fresh process, {language}: import {imported:.0f} ms, first call {called:.0f} ms", end=""
        )
    print()


if __name__ == "__main__":
    main()
