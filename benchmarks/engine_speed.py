"""How fast the llama.cpp engine runs the small models, and what other settings would bring.

    python -m benchmarks.engine_speed [--models NAME …] [--runs 3] [--sentences 8]

Every measurement is a process of its own: load the model, translate the same sentences, report. The settings take
turns (all of them once, then all of them again), so that a busy minute of the machine falls on all; the table has the
medians. Wall-clock time wants an idle machine. The column "same" says whether the answers are those of the first
row: settings that answer differently when they are merely run in another way cannot promise a reproducible brief.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from depesche.catalogue import ensure_model
from depesche.config import load_config
from depesche.engines import Generation, Request
from depesche.engines.llamacpp import LlamaCppEngine
from depesche.prompts import load_prompt

SENTENCES = [
    "Die Reederei Petersen & Söhne hat ihre Prognose für das laufende Jahr am Mittwoch um 4,5 Prozent gesenkt.",
    "„Wir haben die Nachfrage im Frühjahr überschätzt“, sagte Vorstandschefin Mareike Lohse in Flensburg.",
    "Der Umsatz ging im zweiten Quartal um 38 Millionen auf 1,12 Milliarden Euro zurück.",
    "Betroffen sind rund 2.400 Beschäftigte an sechs Standorten, mehr als die Hälfte davon in Schleswig-Holstein.",
    "Die Gewerkschaft kündigte für Freitag eine Kundgebung vor dem Rathaus an.",
    "An der Börse verlor die Aktie bis zum Mittag knapp sieben Prozent.",
    "Analysten hatten nach den schwachen Zahlen aus Asien im Mai mit einem noch stärkeren Rückgang gerechnet.",
    "Über einen Verkauf der Werft in Husum soll der Aufsichtsrat bis zum 30. September entscheiden.",
]
SETTINGS: dict[str, dict[str, Any]] = {
    "one call for all": {},
    "one call each": {"apart": True},
    "one thread": {"threads": 1},
    "llama.cpp's defaults": {"defaults": True},
    "4 slots": {"slots": 4},
}


class Variant(LlamaCppEngine):
    """The engine under other settings of llama.cpp."""

    slots = 1
    defaults = False

    def _parameters(self, *arguments: Any) -> Any:
        parameters = super()._parameters(*arguments)
        if self.defaults:
            parameters.no_extra_bufts = False
            parameters.flash_attn_type = type(parameters)().flash_attn_type
        parameters.n_parallel = self.slots
        return parameters

    def generate(self, requests: Sequence[Request]) -> list[list[Generation]]:
        if self.slots == 1:
            return super().generate(requests)
        body = {"prompt": [request.prompt for request in requests], "n_predict": requests[0].max_tokens}
        body |= {"stop": list(requests[0].stop), "temperature": 0.0, "cache_prompt": True}
        choices = self._server.handle_completions(body)["choices"]
        texts = [choice["text"] for choice in sorted(choices, key=lambda choice: choice["index"])]
        return [[Generation(text, self.count_tokens(text) + 1, finished=True)] for text in texts]


def measure(name: str, setting: str, sentences: int) -> dict[str, Any]:
    """Return what one run of `setting` costs; called in a process of its own."""
    options = SETTINGS[setting]
    model = ensure_model(name, load_config())
    Variant.slots, Variant.defaults = options.get("slots", 1), options.get("defaults", False)
    prompt = load_prompt("translate")
    requests = [
        Request(prompt.render(model.card.template, sentence=text), prompt.max_tokens, stop=("\n",))
        for text in SENTENCES[:sentences]
    ]
    started = time.perf_counter()
    with Variant(model, threads=options.get("threads")) as engine:
        loaded, cpu = time.perf_counter(), time.process_time()
        calls = [[request] for request in requests] if options.get("apart") else [requests]
        answers = [answer[0] for call in calls for answer in engine.generate(call)]
        seconds, cpu = time.perf_counter() - loaded, time.process_time() - cpu
    texts = "\n".join(answer.text for answer in answers)
    return {
        "load": loaded - started,
        "seconds": seconds,
        "cpu": cpu,
        "sentences": len(answers) / seconds,
        "tokens": sum(answer.tokens for answer in answers) / seconds,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "answers": hashlib.sha256(texts.encode()).hexdigest(),
    }


def _measure_apart(name: str, setting: str, sentences: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.engine_speed", "--measure", name, setting, str(sentences)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, Any] = json.loads(result.stdout)
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--models", nargs="+", default=["qwen2.5-coder-1.5b", "qwen2.5-coder-0.5b", "smollm2-135m"])
    parser.add_argument("--settings", nargs="+", choices=SETTINGS, default=list(SETTINGS))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--sentences", type=int, default=len(SENTENCES))
    parser.add_argument("--measure", nargs=3, metavar=("MODEL", "SETTING", "SENTENCES"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        name, setting, sentences = arguments.measure
        print(json.dumps(measure(name, setting, int(sentences))))
        return
    columns = ["model", "setting", "load s", "sentences/s", "tokens/s", "wall s", "CPU s", "peak GB", "same"]
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for name in arguments.models:
        runs: dict[str, list[dict[str, Any]]] = {setting: [] for setting in arguments.settings}
        for _ in range(arguments.runs):
            for setting, measured in runs.items():
                measured.append(_measure_apart(name, setting, arguments.sentences))
        first = runs[arguments.settings[0]][0]["answers"]
        for setting, measured in runs.items():
            keys = ("load", "sentences", "tokens", "seconds", "cpu", "memory")
            middle = [statistics.median(run[key] for run in measured) for key in keys]
            same = "yes" if all(run["answers"] == first for run in measured) else "no"
            cells = [name, setting, *(f"{value:.2f}" for value in middle), same]
            print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
