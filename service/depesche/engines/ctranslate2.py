"""Models converted for CTranslate2: Marian, T5, BART and others with an encoder, Gemma, Llama and others without.

The installed model's folder holds `model.bin`, `config.json`, the vocabulary, and the tokenizer files (see
`tokenization`). `generation_config.json`, where the model brings one, gives beams and penalties. Models of the
Hub are converted once, with torch, by `convert_to_ctranslate2`; running them needs no torch.
"""

from __future__ import annotations

import struct
import threading
import time
import warnings
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from depesche.engines.base import Generation, Request, available_threads
from depesche.engines.batches import check_window, cut_at_stop, decoding_bound, pack
from depesche.engines.memory import give_memory_back
from depesche.engines.pauses import between_batches
from depesche.engines.tokenization import TOKENIZER_FILES, Tokenizer, load_tokenizer, read_settings
from depesche.errors import EngineUnavailable, GenerationFailed

if TYPE_CHECKING:
    from depesche.catalogue import InstalledModel

_BUDGET = 4_096
"""Tokens, of all beams, in a batch: some ten sentences with four beams. More are hardly faster (from about 30 rows on a
core has enough to do), and the next pause is further away. Of the compact translator 150 MB of decoder states."""
_ENCODER_BEAMS = 4
_LONG_CALL = 5.0
"""Seconds after which a call has needed so much memory that it is worth giving it back."""
_BATCHES_AHEAD = 1
"""Batches handed over beyond one for each thread: enough that none waits, and few, for those cannot be taken back."""


class CTranslate2Engine:
    """One converted model, int8 on the CPU.

    Deterministic, and the same alone as in any batch and on any number of cores: a batch holds prompts of one length
    only, and is computed by one thread, as many batches at a time as there are threads. In padded batches a third of
    the compact translator's sentences came out otherwise than alone: activations are rounded to int8, and what
    padding changes in the last bit of a floating-point sum then changes words.
    """

    constrains_json = False

    def __init__(
        self,
        model: InstalledModel,
        *,
        threads: int | None = None,
        budget: int = _BUDGET,
        compute_type: str = "int8",
    ) -> None:
        library = _library()
        self._name = model.card.name
        self._window = model.card.window
        threads = threads or available_threads()
        self._budget = budget
        self._lock = threading.RLock()  # in a pause the same thread may ask again
        self._ahead = threads + _BATCHES_AHEAD
        folder = model.path.parent
        self._has_encoder = _has_encoder(model.path)
        settings = read_settings(folder, "config.json")
        self._eos: str = settings.get("eos_token") or "</s>"
        self._tokenizer: Tokenizer = load_tokenizer(folder, settings, encodes_source=self._has_encoder)
        self._decoding = _decoding_options(read_settings(folder, "generation_config.json"), self._has_encoder)
        kind = library.Translator if self._has_encoder else library.Generator
        try:
            self._model: Any = kind(
                str(folder),
                device="cpu",
                compute_type=compute_type,
                inter_threads=threads,
                intra_threads=1,
            )
        except (RuntimeError, ValueError) as error:
            raise GenerationFailed(
                f"CTranslate2 cannot load {folder.name}: {error}",
                place=f"model {self._name}",
                remedy=f"depesche models verify {self._name}",
            ) from error

    @property
    def window(self) -> int:
        """Return how many tokens prompt and output may have together (with an encoder: the input)."""
        return self._window

    def count_tokens(self, text: str) -> int:
        """Return the exact number of tokens of `text`, those at its beginning and end included."""
        return len(self._tokenizer.encode(text))

    def generate(self, requests: Sequence[Request]) -> list[list[Generation]]:
        """Run the requests in batches of similar length; see `Engine.generate`.

        Raises `GenerationFailed`: before anything runs when a prompt is too long (the error has its number), or
        with the numbers of the batch that CTranslate2 failed on.
        """
        prompts = [self._tokenizer.encode(request.prompt) for request in requests]
        lengths = [len(prompt) for prompt in prompts]
        check_window(lengths, self._window, self._name)
        answers: dict[int, list[Generation]] = {}
        begin = time.monotonic()
        with self._lock:
            beams = self._decoding["beam_size"]
            batches = list(pack(requests, lengths, self._budget, beams=beams, equal_lengths=True))
            running: deque[list[Any]] = deque()
            for number, batch in enumerate(batches):
                for following in batches[number + len(running) : number + self._ahead]:
                    running.append(self._start([prompts[i] for i in following], requests[following[0]], following))
                for i, tokens in zip(batch, self._outputs(running.popleft(), batch), strict=True):
                    answers[i] = self._finish(tokens, requests[i])
                between_batches(len(answers), len(requests))
        if time.monotonic() - begin > _LONG_CALL:
            give_memory_back()
        return [answers[i] for i in range(len(requests))]

    def close(self) -> None:
        """Free the model."""
        with self._lock:
            self._model = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self, prompts: list[list[str]], settings: Request, numbers: list[int]) -> list[Any]:
        """Hand a batch to the threads; return for each prompt a result to wait for."""
        if self._model is None:
            raise GenerationFailed("the engine is closed", place=f"model {self._name}", remedy="load the model again")
        recommended = self._decoding["beam_size"]
        options = {
            **self._decoding,
            "beam_size": settings.width(recommended),
            "num_hypotheses": settings.outputs(recommended),
            "end_token": self._end_tokens(settings),
            "return_end_token": True,
            "asynchronous": True,
        }
        bound = decoding_bound(settings.max_tokens)
        try:
            started: list[Any]
            if self._has_encoder:
                # max_input_length=0: CTranslate2 would cut a long input without a word; we have checked
                started = self._model.translate_batch(prompts, max_input_length=0, max_decoding_length=bound, **options)
            else:
                started = self._model.generate_batch(
                    prompts, max_length=bound, include_prompt_in_result=False, **options
                )
        except (RuntimeError, ValueError, MemoryError) as error:
            raise self._failed(error, numbers) from error
        return started

    def _outputs(self, started: list[Any], numbers: list[int]) -> list[list[list[str]]]:
        """Wait for a batch; return for every prompt the tokens of its hypotheses, best first, with the end token."""
        try:
            results = [one.result() for one in started]
        except (RuntimeError, ValueError, MemoryError) as error:
            raise self._failed(error, numbers) from error
        return [result.hypotheses if self._has_encoder else result.sequences for result in results]

    def _failed(self, error: Exception, numbers: list[int]) -> GenerationFailed:
        return GenerationFailed(
            str(error),
            place=f"model {self._name}, requests {', '.join(map(str, numbers))}",
            request=numbers[0] if len(numbers) == 1 else None,
        )

    def _end_tokens(self, request: Request) -> list[str]:
        """Return the tokens that end an output: the model's own, and without an encoder the stops that are one token.

        Such a stop ends decoding early. In the beam search of an encoder-decoder model it would make short
        outputs out of better long ones, so there stops are only cut off afterwards.
        """
        stops = () if self._has_encoder else request.stop
        tokens = (self._tokenizer.single(stop) for stop in stops)
        return [self._eos, *(token for token in tokens if token is not None)]

    def _finish(self, hypotheses: list[list[str]], request: Request) -> list[Generation]:
        """Return the hypotheses as text, cut at `max_tokens` and at the stops, without doubles."""
        end_tokens = self._end_tokens(request)
        found: list[Generation] = []
        for tokens in hypotheses:
            ended = bool(tokens) and tokens[-1] in end_tokens
            kept = tokens[:-1] if ended else tokens
            text, stopped = cut_at_stop(self._tokenizer.decode(kept[: request.max_tokens]), request.stop)
            finished = stopped or (ended and len(kept) <= request.max_tokens)
            if all(text != other.text for other in found):
                found.append(Generation(text, min(len(kept), request.max_tokens), finished))
        return found


def _library() -> Any:
    try:
        import ctranslate2
    except ImportError as error:
        raise EngineUnavailable(
            f"ctranslate2 does not load: {error}", remedy="pip install --force-reinstall ctranslate2"
        ) from error
    return ctranslate2


def _has_encoder(weights: Path) -> bool:
    """Say whether the model has an encoder: the name of its specification stands at the head of `model.bin`.

    The layout is that of `ModelSpec._serialize` in ctranslate2/specs/model_spec.py: version (uint32), length of
    the name (uint16, its final NUL included), name.
    """
    with weights.open("rb") as file:
        head = file.read(6)
        name = file.read(struct.unpack("<IH", head)[1]) if len(head) == 6 else b""
    match name.rstrip(b"\0"):
        case b"TransformerSpec":
            return True
        case b"TransformerDecoderSpec":
            return False
    raise GenerationFailed(
        "not a CTranslate2 model that generates text", place=str(weights), remedy="convert it: see models/README.md"
    )


def _decoding_options(published: dict[str, Any], has_encoder: bool) -> dict[str, Any]:
    """Return CTranslate2's decoding options for what the model's publisher recommends (Hub's names of settings).

    Where the publisher says nothing of beams the Hub's rule is one; a model that has no such file at all gets four
    if it has an encoder.
    """
    return {
        "beam_size": published.get("num_beams") or (_ENCODER_BEAMS if has_encoder and not published else 1),
        "length_penalty": published.get("length_penalty") or 1.0,
        "repetition_penalty": published.get("repetition_penalty") or 1.0,
        "no_repeat_ngram_size": published.get("no_repeat_ngram_size") or 0,
        "min_decoding_length" if has_encoder else "min_length": published.get("min_length") or 0,
    }


def convert_to_ctranslate2(source: Path, target: Path, *, quantization: str = "int8") -> None:
    """Convert the Hub model in the folder `source` into a new folder `target`, tokenizer files included.

    Needs the extra `transformers` (torch reads the weights); the result runs without. Raises `EngineUnavailable`.
    """
    library = _library()
    try:
        import torch  # noqa: F401 - the converter wants both
        import transformers  # noqa: F401
    except ImportError as error:
        raise EngineUnavailable(
            f"converting a model needs torch: {error}", remedy='pip install "depesche[transformers]"'
        ) from error
    copied = [name for name in TOKENIZER_FILES if (source / name).is_file()]
    converter = library.converters.TransformersConverter(str(source), copy_files=copied)
    with warnings.catch_warnings():
        # The Marian tokenizer recommends a package for a method that is not used here.
        warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
        converter.convert(str(target), quantization=quantization)
