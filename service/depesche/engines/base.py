"""The one interface that every engine has, and the choice of engine for a model card."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from depesche.catalogue import InstalledModel


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to generate.

    `prompt` is the finished text for the model (chat template applied, or the bare source sentence for an
    encoder-decoder model). `max_tokens` bounds the new tokens. Generation stops at the model's end token or
    before any of `stop`. `json_schema` constrains the output where the engine can (`Engine.constrains_json`).
    `hypotheses` > 1 asks for the n best (beam) or n different (seeded sampling) outputs; with `beam_only`, for no more
    than the beam search finds for the first one anyway, so that the others cost nothing. `beams` bounds that search; 1
    is greedy, and None leaves it as wide as the model's publisher recommends.
    """

    prompt: str
    max_tokens: int
    stop: tuple[str, ...] = ()
    json_schema: Mapping[str, Any] | None = None
    hypotheses: int = 1
    beam_only: bool = False
    beams: int | None = None

    def outputs(self, recommended: int) -> int:
        """Return how many outputs an engine shall give whose model is recommended with so many beams."""
        return min(self.hypotheses, self._bounded(recommended)) if self.beam_only else self.hypotheses

    def width(self, recommended: int) -> int:
        """Return how many beams the search of such an engine has: one for each output at the least."""
        return max(self._bounded(recommended), self.outputs(recommended))

    def _bounded(self, recommended: int) -> int:
        return recommended if self.beams is None else min(recommended, self.beams)


@dataclass(frozen=True, slots=True)
class Generation:
    """One output: its text, its tokens, and whether it ended by itself (not by `max_tokens`)."""

    text: str
    tokens: int
    finished: bool


class Engine(Protocol):
    """A loaded model. Deterministic: the same requests give the same generations, alone or in a batch.

    Where an engine can't promise the latter its card says so.
    """

    @property
    def window(self) -> int:
        """Return how many tokens prompt and output may have together (encoder-decoder: the input)."""
        ...

    @property
    def constrains_json(self) -> bool:
        """Say whether `Request.json_schema` is enforced while decoding."""
        ...

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens that `text` has for this model (an estimate from above is allowed)."""
        ...

    def generate(self, requests: Sequence[Request]) -> list[list[Generation]]:
        """Run all requests, sorted and packed as suits the engine; answers come in the order of the requests.

        Each answer has 1 to `hypotheses` generations, best first. Raises `GenerationFailed`, and whatever the caller's
        pause between two batches raises (see `pauses`).
        """
        ...

    def close(self) -> None:
        """Free the model. Calling it twice is fine."""
        ...


def available_threads() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux: honours taskset and cpusets
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def load_engine(model: InstalledModel, *, threads: int | None = None) -> Engine:
    """Load `model` with the engine that its card names; `threads` defaults to the cores this process may use.

    Raises `EngineUnavailable` when the library is missing and `GenerationFailed` when the weights don't load.
    """
    match model.card.engine:
        case "llamacpp":
            from depesche.engines.llamacpp import LlamaCppEngine

            return LlamaCppEngine(model, threads=threads)
        case "ctranslate2":
            from depesche.engines.ctranslate2 import CTranslate2Engine

            return CTranslate2Engine(model, threads=threads)
        case "transformers":
            from depesche.engines.transformers import TransformersEngine

            return TransformersEngine(model, threads=threads)
