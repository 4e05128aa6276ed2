"""Time every stage but the engine: processor milliseconds for a sample of some 400 words, stage by stage.

    python -m benchmarks.stages_speed [--rounds N] [--profile] [--record]

The sample's translation was made once by the compact model and is kept in `recorded/`; `--record` makes it anew. A
recorded translator gives it to the real translate stage, so that all its checks run and no model does. Nothing that
one round learned of the article helps the next: caches that hold parsed text are emptied in between; tables,
patterns and what is known of single words stay. Processor time, because wall time counts what else the machine does.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import json
import pstats
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from depesche.brief import Brief, build_brief
from depesche.config import load_config
from depesche.engines import Generation
from depesche.extractive import ExtractiveSummarizer
from depesche.ingest import ingest_file
from depesche.kept import forget
from depesche.pipeline import Pipeline
from depesche.read import read_article
from depesche.translate import translate
from depesche.verify import verify

EXAMPLES = Path(__file__).parents[1] / "examples"
RECORDED = Path(__file__).parent / "recorded"
SAMPLES = ("wirtschaft.txt", "wissenschaft.json")
ROUNDS = 15
_WARM_UP = 2
_Value = TypeVar("_Value")


class RecordedTranslator:
    """Says for each sentence what a model said once; asked again it has nothing else to say."""

    batch_parity = True

    def __init__(self, sentences: dict[str, list[str]]) -> None:
        self._sentences = sentences

    def translate(self, sentences: Sequence[str]) -> list[list[Generation]]:
        """Return the recorded hypotheses."""
        return [[Generation(one, 1, finished=True) for one in self._sentences[text]] for text in sentences]

    def again(self, sentences: Sequence[str], required: Sequence[Sequence[str]]) -> list[list[Generation]]:  # noqa: ARG002 - the stage says what it wants kept
        """Return nothing."""
        return [[] for _ in sentences]


class Stopwatch:
    """Processor milliseconds of each stage of one round."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}

    def __call__(self, stage: str, run: Callable[[], _Value]) -> _Value:
        """Run one stage and keep its time."""
        begin = time.process_time()
        value = run()
        self.stages[stage] = (time.process_time() - begin) * 1000
        return value


def brief_of(path: Path, translator: RecordedTranslator, watch: Stopwatch) -> Brief:
    """Take one article all the way, by the same stage functions as the pipeline."""
    article = watch("ingest", lambda: ingest_file(path))
    source = watch("read", lambda: read_article(article))
    translations = watch("translate", lambda: translate([source], translator))
    drafts = watch("summarize", lambda: ExtractiveSummarizer().summarize(translations))
    verified = watch("verify", lambda: verify(translations[0], drafts[0]))
    return watch("brief", lambda: build_brief(verified, models=(), prompts=(), config_sha256="", timings={}))


def record(path: Path) -> None:
    """Write down what the configured model says for each sentence of a sample."""
    with Pipeline(load_config()) as pipeline:
        source = pipeline.read(ingest_file(path))
        texts = list(dict.fromkeys(sentence.text for sentence in source.sentences))
        english = [[one.text for one in found] for found in pipeline.translator().translate(texts)]
    RECORDED.mkdir(exist_ok=True)
    text = json.dumps(dict(zip(texts, english, strict=True)), ensure_ascii=False, indent=1)
    (RECORDED / f"{path.stem}.json").write_text(text + "\n", "utf-8")


def measure(path: Path, rounds: int) -> list[dict[str, float]]:
    """Return the stage times of each round but those that fill tables."""
    translator = RecordedTranslator(json.loads((RECORDED / f"{path.stem}.json").read_text("utf-8")))
    measured = []
    for _ in range(rounds + _WARM_UP):
        forget()
        gc.collect()
        watch = Stopwatch()
        brief_of(path, translator, watch)
        measured.append(watch.stages)
    return measured[_WARM_UP:]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--profile", action="store_true", help="print where the time goes instead")
    parser.add_argument("--record", action="store_true", help="translate the samples anew, with the model")
    options = parser.parse_args()
    paths = [EXAMPLES / name for name in SAMPLES]
    if options.record:
        for path in paths:
            record(path)
    if options.profile:
        profiler = cProfile.Profile()
        for path in paths:
            measure(path, 1)
            profiler.runcall(measure, path, options.rounds)
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)
        return
    print("| sample | words | " + " | ".join(("ingest", "read", "translate", "summarize", "verify", "brief", "all")))
    print("|---|--:|" + "--:|" * 7)
    for path in paths:
        rounds = measure(path, options.rounds)
        medians = [statistics.median(r[stage] for r in rounds) for stage in rounds[0]]
        total = statistics.median(sum(r.values()) for r in rounds)
        words = len(ingest_file(path).text.split())
        print(f"| {path.name} | {words} | " + " | ".join(f"{ms:.1f}" for ms in (*medians, total)) + " |")


if __name__ == "__main__":
    main()
