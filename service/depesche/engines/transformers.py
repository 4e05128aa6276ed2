"""Models of the Hub as they are published, through transformers and torch: an optional extra, on CPU or GPU.

transformers 5 has no translation and no summarization pipeline, so this calls `generate` itself. A GGUF file is
unpacked into torch tensors, which takes its full size in memory: `llamacpp` runs it better, this one can train it.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Self

from depesche.engines.base import Generation, Request, available_threads
from depesche.engines.batches import check_window, cut_at_stop, decoding_bound, pack
from depesche.engines.pauses import between_batches
from depesche.errors import EngineUnavailable, GenerationFailed

if TYPE_CHECKING:
    from depesche.catalogue import InstalledModel

_BUDGET = 32_768
"""Padded tokens, of all beams, in a batch."""


class TransformersEngine:
    """One model of the Hub, in float32 on the CPU and in bfloat16 on a GPU.

    Outputs come from greedy or beam search, whichever the model's own `generation_config.json` asks for, and so
    are deterministic on one device. Padding is masked but still takes part in floating-point sums, so a near tie
    may fall the other way in another batch; the card says so (`promises.batch_parity`).
    """

    constrains_json = False

    def __init__(
        self,
        model: InstalledModel,
        *,
        threads: int | None = None,
        budget: int = _BUDGET,
        device: str | None = None,
    ) -> None:
        torch, transformers = _libraries()
        torch.set_num_threads(threads or available_threads())
        self._torch = torch
        self._name = model.card.name
        self._window = model.card.window
        self._budget = budget
        self._lock = threading.RLock()  # in a pause the same thread may ask again
        self._device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        try:
            self._load(transformers, model)
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            raise GenerationFailed(
                f"transformers cannot load {model.folder.name}: {error}",
                place=f"model {self._name}",
                remedy=f"depesche models verify {self._name}",
            ) from error

    def _load(self, transformers: Any, model: InstalledModel) -> None:
        options: dict[str, Any] = {"local_files_only": True}
        if model.path.suffix == ".gguf":
            options["gguf_file"] = model.path.name
        config = transformers.AutoConfig.from_pretrained(model.folder, **options)
        self._has_encoder = bool(config.is_encoder_decoder)
        side = {} if self._has_encoder else {"padding_side": "left"}  # the output follows the prompt
        with warnings.catch_warnings():
            # The Marian tokenizer recommends a package for a method that it does not use itself.
            warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
            self._tokenizer: Any = transformers.AutoTokenizer.from_pretrained(model.folder, **options, **side)
        if self._tokenizer.pad_token is None:
            self._tokenizer.pad_token = self._tokenizer.eos_token
        kind = transformers.AutoModelForSeq2SeqLM if self._has_encoder else transformers.AutoModelForCausalLM
        precision = self._torch.bfloat16 if self._device.startswith("cuda") else self._torch.float32
        loaded = kind.from_pretrained(model.folder, dtype=precision, **options)
        self._model: Any = loaded.to(self._device).eval()
        settings = self._model.generation_config
        settings.max_length = None  # the bound of each batch stands alone
        # Sampling is for chat: the same sentence has to come out the same.
        settings.update(do_sample=False, temperature=None, top_p=None, top_k=None)
        self._beams: int = settings.num_beams or 1

    @property
    def window(self) -> int:
        """Return how many tokens prompt and output may have together (with an encoder: the input)."""
        return self._window

    def count_tokens(self, text: str) -> int:
        """Return the exact number of tokens of `text`, those at its beginning and end included."""
        return len(self._tokenizer(text)["input_ids"])

    def generate(self, requests: Sequence[Request]) -> list[list[Generation]]:
        """Run the requests in batches of similar length; see `Engine.generate`.

        Raises `GenerationFailed`: before anything runs when a prompt is too long (the error has its number), or
        with the numbers of the batch that torch failed on.
        """
        lengths = [self.count_tokens(request.prompt) for request in requests]
        check_window(lengths, self._window, self._name)
        answers: dict[int, list[Generation]] = {}
        with self._lock:
            for batch in pack(requests, lengths, self._budget, beams=self._beams):
                outputs = self._run([requests[i].prompt for i in batch], requests[batch[0]], batch)
                for i, hypotheses in zip(batch, outputs, strict=True):
                    answers[i] = self._finish(hypotheses, requests[i])
                between_batches(len(answers), len(requests))
        return [answers[i] for i in range(len(requests))]

    def close(self) -> None:
        """Free the model."""
        with self._lock:
            self._model = None
            if self._device.startswith("cuda"):
                self._torch.cuda.empty_cache()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, prompts: list[str], settings: Request, numbers: list[int]) -> list[list[list[int]]]:
        """Return for every prompt the new token ids of its hypotheses, best first."""
        if self._model is None:
            raise GenerationFailed("the engine is closed", place=f"model {self._name}", remedy="load the model again")
        inputs = self._tokenizer(prompts, return_tensors="pt", padding=True)
        inputs.pop("token_type_ids", None)
        start = 1 if self._has_encoder else inputs["input_ids"].shape[1]  # decoder start token, or the prompt
        n = settings.outputs(self._beams)
        beams = settings.width(self._beams)
        # In a beam search an early end would prefer short outputs; there stops are only cut off afterwards.
        criteria = [self._stops(settings.stop, start)] if settings.stop and beams == 1 else None
        try:
            with self._torch.inference_mode():
                outputs = self._model.generate(
                    **inputs.to(self._device),
                    max_new_tokens=decoding_bound(settings.max_tokens),
                    num_beams=beams,
                    num_return_sequences=n,
                    eos_token_id=sorted(self._end_ids(settings)) or None,
                    stopping_criteria=criteria,
                )
        except (RuntimeError, ValueError, IndexError) as error:  # torch's out-of-memory errors are RuntimeErrors
            raise GenerationFailed(
                str(error),
                place=f"model {self._name}, requests {', '.join(map(str, numbers))}",
                request=numbers[0] if len(numbers) == 1 else None,
            ) from error
        sequences = outputs[:, start:].tolist()
        return [sequences[i * n : (i + 1) * n] for i in range(len(prompts))]

    def _stops(self, stop: Sequence[str], start: int) -> Callable[..., Any]:
        """Return what says, row by row, whether the output, which begins at `start`, has one of `stop` in it.

        transformers' own `stop_strings` would also find one that begins in the prompt.
        """

        def stopped(ids: Any, _scores: Any, **_: Any) -> Any:
            texts = self._tokenizer.batch_decode(ids[:, start:], skip_special_tokens=True)
            rows = [any(mark in text for mark in stop) for text in texts]
            return self._torch.tensor(rows, dtype=self._torch.bool, device=ids.device)

        return stopped

    def _end_ids(self, request: Request) -> set[int]:
        """Return the ids that end an output: the model's own and those of the stops that are special tokens."""
        ends = self._model.generation_config.eos_token_id
        special = self._tokenizer.get_added_vocab()
        stops = () if self._has_encoder else request.stop
        own = ends if isinstance(ends, list) else [ends]
        return {token for token in own if token is not None} | {special[mark] for mark in stops if mark in special}

    def _finish(self, hypotheses: list[list[int]], request: Request) -> list[Generation]:
        """Return the hypotheses as text, cut at the end token, `max_tokens` and the stops, without doubles."""
        end_ids = self._end_ids(request)
        padding = self._tokenizer.pad_token_id
        found: list[Generation] = []
        for ids in hypotheses:
            end = next((i for i, token in enumerate(ids) if token in end_ids), None)
            kept = [token for token in ids[:end] if token != padding]
            text = self._tokenizer.decode(kept[: request.max_tokens], skip_special_tokens=True)
            text, stopped = cut_at_stop(text, request.stop)
            finished = stopped or (end is not None and len(kept) <= request.max_tokens)
            if all(text != other.text for other in found):
                found.append(Generation(text, min(len(kept), request.max_tokens), finished))
        return found


def _libraries() -> tuple[Any, Any]:
    try:
        import torch
        import transformers
    except ImportError as error:
        raise EngineUnavailable(
            f"this model needs torch and transformers: {error}", remedy='pip install "depesche[transformers]"'
        ) from error
    logging: Any = transformers.logging
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    return torch, transformers
