"""How fast the translators are: the compact one, the 1.5B model, and transformers with the compact one's own weights.

    python -m benchmarks.translator_speed [--same-weights FOLDER] [--runs 3]

FOLDER holds the compact weights as transformers reads them (`python -m models.recipes.compact restore` makes it); it
needs the extra `transformers`. Two loads: the sentences of one short sample article, and fifty sentences of several,
each in one call of the engine. Every measurement is a process of its own, and the variants take turns, so that a busy
minute of the machine falls on all; the table has the medians. Wall-clock time wants an idle machine.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from depesche.catalogue import InstalledModel, ensure_model
from depesche.config import load_config
from depesche.engines import Request, load_engine
from depesche.ingest import ingest_bytes
from depesche.prompts import load_prompt
from depesche.read import read_article

EXAMPLES = Path(__file__).parent.parent / "examples"
ARTICLE = "agentur.txt"
OTHERS = ("wirtschaft.txt", "politik.md", "schweiz.txt")
MANY = 50
COMPACT, LARGE = "compact-de-en", "qwen2.5-coder-1.5b"
VARIANTS: dict[str, tuple[str, int | None]] = {
    "compact int8, CTranslate2, 4 beams": (COMPACT, None),
    "compact int8, CTranslate2, greedy": (COMPACT, 1),
    "1.5B Q4_K_M, llama.cpp, greedy": (LARGE, 1),
    "compact float32, transformers, greedy": (f"{COMPACT}/transformers", 1),
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--same-weights", type=Path, help="folder with the compact weights for transformers")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--measure", choices=VARIANTS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.measure, arguments.same_weights)))
        return
    names = [name for name, (model, _) in VARIANTS.items() if arguments.same_weights or "/" not in model]
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for _ in range(arguments.runs):
        for name, measured in runs.items():
            measured.append(_measure_apart(name, arguments.same_weights))
    few, many = (len(sentences) for sentences in loads())
    columns = ["translator", "load s"]
    columns += [f"{count} sentences: {unit}/s" for count in (few, many) for unit in ("sentences", "tokens")]
    columns += ["CPU s of the two", "peak GB"]
    print(f"| {' | '.join(columns)} |\n|---|{'--:|' * (len(columns) - 1)}")
    for name, measured in runs.items():
        middle = [statistics.median(run[key] for run in measured) for key in measured[0]]
        print(f"| {name} | {' | '.join(f'{value:.2f}' for value in middle)} |")


def loads() -> tuple[list[str], list[str]]:
    """Return the sentences of one article, and those of several."""
    config = load_config()
    found = []
    for name in (ARTICLE, *OTHERS):
        article = ingest_bytes((EXAMPLES / name).read_bytes(), name=name, config=config.ingest)
        found.append([sentence.text for sentence in read_article(article, config.read).sentences])
    few, *others = found
    return few, [sentence for sentences in others for sentence in sentences][:MANY]


def measure(name: str, same_weights: Path | None) -> dict[str, float]:
    """Return what one variant costs; called in a process of its own."""
    title, beams = VARIANTS[name]
    model = _model(title, same_weights)
    prompt = load_prompt(model.card.prompt or "translate")
    template = model.card.template
    few, many = (
        [
            Request(prompt.render(template, sentence=text), prompt.max_tokens, stop=("\n",), beams=beams)
            for text in sentences
        ]
        for sentences in loads()
    )
    begin = time.perf_counter()
    with load_engine(model) as engine:
        row = {"load": time.perf_counter() - begin}
        cpu = time.process_time()
        for count, requests in (("few", few), ("many", many)):
            row |= _timed(engine, requests, count)
        row["cpu"] = time.process_time() - cpu
    row["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return row


def _timed(engine: Any, requests: Sequence[Request], label: str) -> dict[str, float]:
    begin = time.perf_counter()
    answers = engine.generate(requests)
    seconds = time.perf_counter() - begin
    tokens = sum(hypotheses[0].tokens for hypotheses in answers)
    return {f"{label} sentences": len(requests) / seconds, f"{label} tokens": tokens / seconds}


def _model(title: str, same_weights: Path | None) -> InstalledModel:
    name, _, engine = title.partition("/")
    model = ensure_model(name, load_config())
    if not engine:
        return model
    if same_weights is None:
        sys.exit("no weights for transformers: name their folder with --same-weights")
    (weights,) = same_weights.glob("*.safetensors")
    return replace(model, card=model.card.model_copy(update={"engine": engine}), folder=same_weights, files=(weights,))


def _measure_apart(name: str, same_weights: Path | None) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.translator_speed", "--measure", name]
    command += ["--same-weights", str(same_weights)] if same_weights else []
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(result.stdout)
    return measured


if __name__ == "__main__":
    main()
