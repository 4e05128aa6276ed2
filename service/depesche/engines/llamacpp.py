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
from depesche.errors import EngineUnavailable, GenerationFailed

if TYPE_CHECKING:
    from depesche.catalogue import InstalledModel

_CONTEXT = 4096
_TEMPERATURE = 0.7
_FIRST_SEED = 20_200_313


class LlamaCppEngine:
    """One GGUF model in memory. Prompts are parsed for special tokens.

    A `<|im_end|>` in a prompt is the chat template's token and not nine characters, so text that comes from
    outside has to be neutralised before it goes into a prompt; that is the prompt layer's work.
    Requests run one after the other: the seeds are fixed, and a batch gives what its requests give alone.
    """

    constrains_json = True

    def __init__(self, model: InstalledModel, *, threads: int | None = None, context: int = _CONTEXT) -> None:
        self._name = model.card.name
        self._context = context
        self._key = secrets.token_urlsafe(32)
        self._folder = Path(tempfile.mkdtemp(prefix="depesche-"))  # mode 0700
        self._lock = threading.Lock()
        self._server: Any = None
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
        client = self._client
        if client is None:
            raise self._closed()
        response = client.post("/tokenize", json={"content": text, "parse_special": True})
        response.raise_for_status()
        return len(response.json()["tokens"])

    def generate(self, requests: Sequence[Request]) -> list[list[Generation]]:
        """Run the requests in order; see `Engine.generate`.

        Raises `GenerationFailed` that names the number of the request; the others are lost with it.
        """
        with self._lock:
            return [self._answer(number, request) for number, request in enumerate(requests)]

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

    def _answer(self, number: int, request: Request) -> list[Generation]:
        """Return the greedy output and, if asked for, different sampled ones."""
        found = [self._complete(number, request, seed=None)]
        for seed in range(_FIRST_SEED, _FIRST_SEED + request.hypotheses - 1):
            sampled = self._complete(number, request, seed=seed)
            if all(sampled.text != other.text for other in found):
                found.append(sampled)
        return found

    def _complete(self, number: int, request: Request, *, seed: int | None) -> Generation:
        if self._server is None:
            raise self._closed()
        body: dict[str, Any] = {
            "prompt": request.prompt,
            "n_predict": request.max_tokens,
            "stop": list(request.stop),
            "temperature": 0.0 if seed is None else _TEMPERATURE,
            "seed": _FIRST_SEED if seed is None else seed,
            "cache_prompt": True,
        }
        if request.json_schema is not None:
            body["json_schema"] = dict(request.json_schema)
        answer = self._server.handle_completions(body)
        if "error" in answer:
            raise GenerationFailed(
                f"request {number}: {answer['error'].get('message', answer['error'])}",
                place=f"model {self._name}",
                remedy="split the text: prompt and output have to fit the window together",
            )
        choice = answer["choices"][0]
        return Generation(
            text=choice["text"],
            tokens=answer["usage"]["completion_tokens"],
            finished=choice["finish_reason"] == "stop",
        )

    def _parameters(self, weights: Path, threads: int) -> Any:
        xllamacpp = _library()
        parameters = xllamacpp.CommonParams()
        parameters.model.path = os.fspath(weights)
        parameters.n_ctx = self._context
        parameters.n_parallel = 1
        parameters.n_gpu_layers = 0
        parameters.cpuparams.n_threads = threads
        parameters.cpuparams_batch.n_threads = threads
        parameters.warmup = False
        # The next two make every row of a batch come out the same whatever else is in the batch: a prefix from the
        # cache, a cold one and a neighbour's prompt then change no bit. Repacked weights and flash attention have
        # kernels of their own for larger batches, and rounding there turned words. They are not faster here.
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
    try:
        import xllamacpp
    except ImportError as error:
        raise EngineUnavailable(
            f"xllamacpp does not load: {error}", remedy="pip install --force-reinstall depesche"
        ) from error
    return xllamacpp


def _start(parameters: Any) -> Any:
    return _library().Server(parameters)
