"""GGUF models through llama.cpp (the `xllamacpp` binding): the default engine, on the CPU.

The binding has one way in, llama.cpp's server class, and that class always opens a listener. Ours is a Unix
socket in a private folder (a loopback port where Unix sockets are missing), and either way every route that can do
or tell anything wants a random key that exists in this process only. We use the listener ourselves for one
thing, exact token counts; generation is a plain call.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import tempfile
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import httpx

from depesche.engines.base import Generation, Request, available_threads
from depesche.engines.batches import check_window
from depesche.engines.pauses import between_batches
from depesche.errors import EngineUnavailable, GenerationFailed

if TYPE_CHECKING:
    from depesche.catalogue import InstalledModel

_CONTEXT = 4096
_TEMPERATURE = 0.7
_FIRST_SEED = 20_200_313
_FEWEST = 16
_MOST = 512
"""Fewest and most tokens of a prompt that are evaluated at once."""


class LlamaCppEngine:
    """One GGUF model in memory. Prompts are parsed for special tokens.

    A `<|im_end|>` in a prompt is the chat template's token and not nine characters, so text that comes from
    outside has to be neutralised before it goes into a prompt; that is the prompt layer's work.
    Requests run one after the other: a batch of prompts is not faster on a CPU, and its answers would depend on
    each other. As it is a request has the same answer, to the bit, alone, in any batch and after any other.
    """

    constrains_json = True

    def __init__(self, model: InstalledModel, *, threads: int | None = None, context: int = _CONTEXT) -> None:
        self._name = model.card.name
        self._context = min(context, model.card.window)
        self._key = secrets.token_urlsafe(32)
        self._folder = Path(tempfile.mkdtemp(prefix="depesche-"))  # mode 0700
        self._lock = threading.RLock()  # in a pause the same thread may ask again
        self._server: Any = None
        self._cached: list[int] = []
        self._client: httpx.Client | None = None
        self._remove_folder = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        try:
            self._server = _start(self._parameters(model.path, threads or available_threads()))
        except (RuntimeError, ValueError, MemoryError) as error:
            self.close()
            raise GenerationFailed(
                f"llama.cpp cannot load {model.path.name}: {error}",
                place=f"model {self._name}",
                remedy=f"depesche models verify {self._name}",
            ) from error
        self._client = self._connect()

    @property
    def window(self) -> int:
        """Return how many tokens prompt and output may have together."""
        return self._context

    @property
    def address(self) -> str:
        """Return where llama.cpp listens: `unix://…` or `http://127.0.0.1:…`."""
        return str(self._server.listening_address)

    def count_tokens(self, text: str) -> int:
        """Return the exact number of tokens of `text`, special tokens parsed."""
        return len(self._tokenize(text))

    def generate(self, requests: Sequence[Request]) -> list[list[Generation]]:
        """Run the requests in order; see `Engine.generate`.

        Raises `GenerationFailed` with the number of the request: before anything runs when a prompt is too long,
        else with the answers of the requests before it lost.
        """
        with self._lock:
            prompts = [self._tokenize(request.prompt) for request in requests]
            check_window([len(prompt) for prompt in prompts], self._context - 1, self._name)
            answers: list[list[Generation]] = []
            for prompt, request in zip(prompts, requests, strict=True):
                answers.append(self._answer(len(answers), prompt, request))
                between_batches(len(answers), len(requests))
            return answers

    def close(self) -> None:
        """Free the model and remove the listener."""
        with self._lock:
            client, self._client = self._client, None
            if client is not None:
                client.close()
            self._server = None
            self._remove_folder()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _tokenize(self, text: str) -> list[int]:
        if self._client is None:
            raise self._closed()
        answer = self._client.post("/tokenize", json={"content": text, "add_special": True, "parse_special": True})
        answer.raise_for_status()
        tokens: list[int] = answer.json()["tokens"]
        return tokens

    def _answer(self, number: int, prompt: list[int], request: Request) -> list[Generation]:
        """Return the greedy output and, if asked for, different sampled ones."""
        seeds = range(_FIRST_SEED, _FIRST_SEED + request.outputs(1) - 1)
        found: list[Generation] = []
        for seed in (None, *seeds):
            output = self._complete(number, prompt, request, seed)
            if all(output.text != other.text for other in found):
                found.append(output)
        return found

    def _evaluate(self, number: int, prompt: list[int]) -> bool:
        """Bring the cache to where completing `prompt` evaluates `_FEWEST` to `_MOST` tokens; say if it is used.

        llama.cpp takes over the beginning that `prompt` shares with the cache. Evaluated in portions of that
        size, a token's state has the same bits however the portions were cut; in smaller ones (a prompt sent
        again evaluates one token, a neighbour of the last prompt a few) it has not, and neither have the states
        of generated tokens, which come one by one.
        """
        shared = _shared(prompt, self._cached)
        kept = max(0, min(shared, len(prompt) - _FEWEST)) if len(self._cached) >= _FEWEST else 0
        if kept and (kept < shared or shared == len(self._cached)):
            # Overwrite what follows with tokens that neither prompt has there.
            taken = {tokens[kept] for tokens in (prompt, self._cached) if kept < len(tokens)}
            filler = next(token for token in range(3) if token not in taken)
            self._post(number, {"prompt": [*prompt[:kept], *[filler] * _FEWEST], "n_predict": 0})
        while len(prompt) - kept > _MOST:
            portion = min(_MOST, len(prompt) - kept - _FEWEST)
            body = {"prompt": prompt[: kept + portion], "n_predict": 0, "cache_prompt": kept > 0}
            self._post(number, body)
            kept += portion
        self._cached = prompt
        return kept > 0

    def _complete(self, number: int, prompt: list[int], request: Request, seed: int | None) -> Generation:
        body: dict[str, Any] = {
            "cache_prompt": self._evaluate(number, prompt),
            "prompt": prompt,
            "n_predict": request.max_tokens,
            "stop": list(request.stop),
            "temperature": 0.0 if seed is None else _TEMPERATURE,
            "seed": _FIRST_SEED if seed is None else seed,
        }
        if request.json_schema is not None:
            body["json_schema"] = dict(request.json_schema)
        answer = self._post(number, body)
        choice = answer["choices"][0]
        return Generation(
            text=choice["text"],
            tokens=answer["usage"]["completion_tokens"],
            finished=choice["finish_reason"] == "stop",
        )

    def _post(self, number: int, body: dict[str, Any]) -> dict[str, Any]:
        if self._server is None:
            raise self._closed()
        answer: dict[str, Any] = self._server.handle_completions(body)
        if "error" in answer:
            self._cached = []
            raise GenerationFailed(
                str(answer["error"].get("message", answer["error"])),
                place=f"model {self._name}, request {number}",
                request=number,
            )
        return answer

    def _parameters(self, weights: Path, threads: int) -> Any:
        xllamacpp = _library()
        parameters = xllamacpp.CommonParams()
        parameters.model.path = os.fspath(weights)
        parameters.n_ctx = self._context
        parameters.n_parallel = 1
        parameters.n_ubatch = _MOST
        parameters.n_gpu_layers = 0
        parameters.cpuparams.n_threads = threads
        parameters.cpuparams_batch.n_threads = threads
        parameters.warmup = False
        # Repacked weights and flash attention have kernels of their own for batches of certain sizes. Their rounding
        # depends on how much of a prompt came from the cache and changed words; they are not faster here.
        parameters.no_extra_bufts = True
        parameters.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
        parameters.verbosity = -1  # llama.cpp writes its log to our standard output
        parameters.api_keys = [self._key]
        parameters.ui = False
        parameters.endpoint_slots = False
        parameters.cache_ram_mib = 0
        if hasattr(socket, "AF_UNIX"):
            parameters.hostnames = [os.fspath(self._folder / "llama.sock")]
        return parameters

    def _connect(self) -> httpx.Client:
        scheme, _, place = self.address.partition("://")
        unix = scheme == "unix"
        return httpx.Client(
            transport=httpx.HTTPTransport(uds=place if unix else None),
            base_url="http://localhost" if unix else self.address,
            headers={"Authorization": f"Bearer {self._key}"},
            trust_env=False,
            timeout=60,
        )

    def _closed(self) -> GenerationFailed:
        return GenerationFailed("the engine is closed", place=f"model {self._name}", remedy="load the model again")


def _library() -> Any:
    # llama.cpp's threads meet after every operation of every token. By default they wait there in a busy loop, and as
    # soon as another process wants a core everything takes many times as long. OpenMP reads this when it is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        import xllamacpp
    except ImportError as error:
        raise EngineUnavailable(
            f"xllamacpp does not load: {error}", remedy="pip install --force-reinstall depesche"
        ) from error
    return xllamacpp


def _shared(left: Sequence[int], right: Sequence[int]) -> int:
    """Return how many tokens both begin with."""
    differ = (i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b)
    return next(differ, min(len(left), len(right)))


def _start(parameters: Any) -> Any:
    return _library().Server(parameters)
