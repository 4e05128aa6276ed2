"""Quality of translation on newstest2019 and 2020, beside what public systems made of the very same sentences.

    python -m benchmarks.translation --data FOLDER [--limit 200] [--model NAME]

FOLDER (or DEPESCHE_DATA) holds `mt/dev/newstest*.de-en.tsv.gz` and `mt/dev/public_systems/`. Prints BLEU and chrF
(sacrebleu, default settings) and the share of source figures that the English says with value, unit and modifier:
as the model wrote it first, and after mending. Our translations are kept in runs/ as they come, so a stopped run
goes on where it was; delete the file to begin anew.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sacrebleu

from depesche.article import Article, Origin
from depesche.config import load_config
from depesche.figures import find_figures
from depesche.figures.compare import Outcome, compare_figures
from depesche.pipeline import Pipeline
from depesche.read import split_sentences
from depesche.source import Detection, Paragraph, Sentence, Source
from depesche.span import Span
from depesche.translate import ModelTranslator, translate

SETS = {"newstest2019": "wmt19", "newstest2020": "wmt20"}
SYSTEMS = ("google", "microsoft", "bergamot-base", "bergamot-base-memory", "bergamot-tiny")
FAITHFUL = {Outcome.KEPT, Outcome.REWORDED}
BATCH = 10


@dataclass(frozen=True)
class Segment:
    """One line of a test set."""

    german: str
    reference: str


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("DEPESCHE_DATA"))
    parser.add_argument("--limit", type=int, default=200, help="segments of each set, from its beginning")
    parser.add_argument("--model", help="translation model; default: the configured one")
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--no-model", action="store_true", help="only the public systems")
    options = parser.parse_args()
    if options.data is None or not (options.data / "mt" / "dev").is_dir():
        sys.exit("no data: name the folder that holds mt/dev with --data or DEPESCHE_DATA")
    config = load_config(translate={"model": options.model} if options.model else {})
    model = config.translate.model
    for name, prefix in SETS.items():
        segments = read_set(options.data, name)[: options.limit]
        rows = [(system, read_system(options.data, prefix, system)[: options.limit]) for system in SYSTEMS]
        if not options.no_model:
            with Pipeline(config) as pipeline:
                done = run_model(pipeline, segments, options.runs / f"translation.{model}.{name}.jsonl")
            rows.append((f"{model}, first output", [record["first"] for record in done]))
            rows.append((f"{model}, mended", [record["english"] for record in done]))
            report_flags(done)
        print_table(name, segments, rows)


def read_set(data: Path, name: str) -> list[Segment]:
    """Return the German and English lines of a test set."""
    lines = read_lines(data / f"mt/dev/{name}.de-en.tsv.gz")
    return [Segment(*line.split("\t")) for line in lines]


def read_system(data: Path, prefix: str, system: str) -> list[str]:
    """Return what a public system made of a test set; some were kept with HTML's entities."""
    return [html.unescape(line) for line in read_lines(data / f"mt/dev/public_systems/{prefix}.{system}.en.gz")]


def read_lines(path: Path) -> list[str]:
    """Return the lines of a compressed text file."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return stream.read().splitlines()


def source_of(german: str) -> Source:
    """Return one line of a test set as a source of one paragraph, known to be German."""
    article = Article(text=german, origin=Origin("segment", "text", "utf-8", ""))
    sentences = [Sentence(i, span, span.of(german), 0, "de") for i, span in enumerate(split_sentences(german, "de"))]
    detection = Detection("de", 1.0)
    figures = [figure.shifted(s.span.start) for s in sentences for figure in find_figures(s.text, "de")]
    return Source(
        article=article,
        detection=detection,
        paragraphs=(Paragraph(0, Span(0, len(german)), "body", detection),),
        sentences=tuple(sentences),
        figures=tuple(figures),
        quotations=(),
    )


def run_model(pipeline: Pipeline, segments: Sequence[Segment], path: Path) -> list[dict[str, Any]]:
    """Translate `segments`, adding to the records that `path` has already; show how far it got."""
    path.parent.mkdir(exist_ok=True)
    done = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
    begin, before = time.perf_counter(), len(done)
    with path.open("a", encoding="utf-8") as stream:
        while len(done) < len(segments):
            part = segments[len(done) : len(done) + BATCH]
            for record in translate_records(pipeline.translator(), part):
                stream.write(json.dumps(record, ensure_ascii=False) + "\n")
                done.append(record)
            stream.flush()
            seconds = (time.perf_counter() - begin) / (len(done) - before)
            left = seconds * (len(segments) - len(done))
            print(f"\r{len(done)}/{len(segments)}, {left:.0f} s left   ", end="", file=sys.stderr)
    return done[: len(segments)]


def translate_records(translator: ModelTranslator, segments: Sequence[Segment]) -> Iterator[dict[str, Any]]:
    """Yield for each segment its first and its final translation, with findings and seconds."""
    begin = time.perf_counter()
    translations = translate([source_of(segment.german) for segment in segments], translator)
    seconds = (time.perf_counter() - begin) / len(segments)
    for segment, translation in zip(segments, translations, strict=True):
        yield {
            "german": segment.german,
            "first": " ".join(one.attempts[0].text for one in translation.sentences),
            "english": " ".join(one.text for one in translation.sentences),
            "statuses": [one.status for one in translation.sentences],
            "findings": [f"{f.code}: {f.detail}" for one in translation.sentences for f in one.findings],
            "seconds": round(seconds, 3),
        }


def survival(german: str, english: str) -> tuple[int, int, int]:
    """Return how many figures the German has, how many of them the English says faithfully, and how many it adds."""
    source = find_figures(german, "de")
    comparison = compare_figures(source, find_figures(english, "en"), source_text=german, target_text=english)
    faithful = {m.source.span for m in comparison.matches if m.source and m.outcome in FAITHFUL}
    broken = {m.source.span for m in comparison.matches if m.source and m.outcome not in FAITHFUL}
    return len(source), len(faithful - broken), len(comparison.invented)


def report_flags(done: Sequence[dict[str, Any]]) -> None:
    """Print how the sentences ended and how long they took."""
    statuses = [status for record in done for status in record["statuses"]]
    seconds = sum(record["seconds"] for record in done)
    counts = {status: statuses.count(status) for status in ("verified", "repaired", "flagged")}
    print(f"\nsentences: {len(statuses)}, {counts}, {len(statuses) / seconds:.2f} sentences/s", file=sys.stderr)


def print_table(name: str, segments: Sequence[Segment], rows: Sequence[tuple[str, list[str]]]) -> None:
    """Print one set's table; the reference stands last, as what a person made of the figures."""
    references = [segment.reference for segment in segments]
    print(f"\n{name}, first {len(segments)} segments")
    print(f"{'system':40} {'BLEU':>6} {'chrF':>6} {'figures':>8} {'kept':>6} {'share':>7} {'added':>6}")
    for system, hypotheses in [*rows, ("reference", references)]:
        counts = [survival(s.german, h) for s, h in zip(segments, hypotheses, strict=True)]
        total, kept, added = (sum(column) for column in zip(*counts, strict=True))
        bleu = sacrebleu.corpus_bleu(hypotheses, [references]).score
        chrf = sacrebleu.corpus_chrf(hypotheses, [references]).score
        print(f"{system:40} {bleu:6.1f} {chrf:6.1f} {total:8} {kept:6} {kept / max(1, total):7.2%} {added:6}")


if __name__ == "__main__":
    main()
