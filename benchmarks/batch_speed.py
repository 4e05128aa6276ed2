"""The folder job against the obvious loop and against one sentence at a time: the same articles, in turns, in one run.

python -m benchmarks.batch_speed ARTICLES.jsonl [--articles 8] [--rounds 2] [--beams N]

Three ways to brief the first articles of a JSONL file, without a summarizing model, each from the start of a process:

- `batch`: one `depesche batch` over the folder, an empty cache of answers;
- `loop`: `depesche brief FILE` for each file, what a shell loop does;
- `single`: one process with the models loaded once that gives them one sentence at a time.

Prints wall seconds and processor seconds of each round, the ratio of wall seconds to `batch`, round by round, and
whether all three wrote the same English.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from depesche.brief import build_brief
from depesche.config import load_config
from depesche.engines import Generation
from depesche.extractive import ExtractiveSummarizer
from depesche.ingest import ingest_file
from depesche.pipeline import Pipeline
from depesche.translate import ModelTranslator, translate
from depesche.verify import verify

English = list[list[str]]
"""The English sentences of each article."""
WAYS = ("batch", "loop", "single")


@dataclass(frozen=True)
class OneAtATime:
    """A translator that gives its model one sentence a call."""

    translator: ModelTranslator
    batch_parity: bool = True

    def translate(self, sentences: Sequence[str]) -> list[list[Generation]]:
        """Return the renderings of each sentence."""
        return [self.translator.translate([sentence])[0] for sentence in sentences]

    def again(self, sentences: Sequence[str], required: Sequence[Sequence[str]]) -> list[list[Generation]]:
        """Return what the model says when told what must be there."""
        pairs = zip(sentences, required, strict=True)
        return [self.translator.again([sentence], [terms])[0] for sentence, terms in pairs]


def write_single(articles: Path, out: Path) -> None:
    """Brief every file of a folder, one sentence a call."""
    out.mkdir()
    with Pipeline(load_config()) as pipeline:
        translator = OneAtATime(pipeline.translator())
        for path in sorted(articles.iterdir()):
            (translation,) = translate([pipeline.read(ingest_file(path))], translator)
            (draft,) = ExtractiveSummarizer().summarize([translation])
            brief = build_brief(verify(translation, draft), models=(), prompts=(), config_sha256="", timings={})
            (out / f"{path.name}.json").write_text(brief.model_dump_json(), "utf-8")


def run_way(way: str, articles: Path, out: Path) -> None:
    """Brief the folder in one of the three ways; raises `CalledProcessError` when a command fails."""
    depesche = [sys.executable, "-m", "depesche"]
    if way == "batch":
        subprocess.run([*depesche, "batch", str(articles), "--out", str(out), "--quiet"], check=True)
    elif way == "loop":
        out.mkdir()
        for path in sorted(articles.iterdir()):
            command = [*depesche, "brief", str(path), "--out", str(out / f"{path.name}.json")]
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    else:
        subprocess.run([sys.executable, __file__, "--single", str(articles), str(out)], check=True)


def english(out: Path) -> English:
    """Return the English sentences of every brief of a folder, in the order of their names."""
    paths = sorted(path for path in out.glob("*.json") if path.is_file())
    briefs: list[dict[str, Any]] = [json.loads(path.read_text("utf-8")) for path in paths]
    return [[sentence["english"] for sentence in brief["sentences"]] for brief in briefs]


def timed(run: Callable[[], None]) -> tuple[float, float]:
    """Return the wall and the processor seconds of child processes that a call starts and waits for."""
    begin, before = time.monotonic(), _spent()
    run()
    return time.monotonic() - begin, _spent() - before


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("single_out", type=Path, nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("--articles", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--beams", type=int, help="translate.beams; default: the model's own")
    parser.add_argument("--single", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.single:
        write_single(options.source, options.single_out)
        return
    os.environ["DEPESCHE_SUMMARIZE__MODEL"] = "extractive"
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    if options.beams:
        os.environ["DEPESCHE_TRANSLATE__BEAMS"] = str(options.beams)
    wall: dict[str, list[float]] = {way: [] for way in WAYS}
    same = True
    print("| round | way | wall s | processor s | times batch |\n|--:|---|--:|--:|--:|", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        articles = folder / "articles"
        articles.mkdir()
        with options.source.open(encoding="utf-8") as lines:
            for number, line in enumerate(itertools.islice(lines, options.articles)):
                (articles / f"{number:03}.txt").write_text(json.loads(line)["text"], "utf-8")
        for number in range(options.rounds):
            said = []
            for way in WAYS:
                out = folder / f"{way}-{number}"
                seconds, spent = timed(lambda way=way, out=out: run_way(way, articles, out))  # type: ignore[misc]
                wall[way].append(seconds)
                ratio = seconds / wall["batch"][number]
                print(f"| {number + 1} | {way} | {seconds:.1f} | {spent:.1f} | {ratio:.2f} |", flush=True)
                said.append(english(out))
            same = same and said[0] == said[1] == said[2] and len(said[0]) == options.articles
    for way in WAYS[1:]:
        ratios = [one / batch for one, batch in zip(wall[way], wall["batch"], strict=True)]
        print(f"{way}: {median(ratios):.2f} times the folder job's wall time (median of {len(ratios)})")
    print("the same English each way" if same else "the English is NOT the same each way")


if __name__ == "__main__":
    main()
