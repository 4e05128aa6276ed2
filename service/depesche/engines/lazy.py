"""An engine that is loaded when it is first asked for something: what never translates never pays for a translator."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from depesche.engines.base import Engine, Generation, Request
from depesche.errors import EngineUnavailable, GenerationFailed


class LazyEngine:
    """Stands for the engine that `load` returns. Safe to ask from several threads."""

    def __init__(self, load: Callable[[], Engine]) -> None:
        self._load = load
        self._engine: Engine | None = None
        self._closed = False
        self._lock = threading.Lock()

    def load(self) -> Engine:
        """Return the engine, loaded now if it was not.

        Raises what loading raises, but `EngineUnavailable` for weights that do not load: no article is to blame.
        """
        with self._lock:
            if self._closed:
                raise GenerationFailed("the engine is closed", remedy="load the model again")
            if self._engine is None:
                try:
                    self._engine = self._load()
                except GenerationFailed as error:
                    raise EngineUnavailable(error.message, place=error.place, remedy=error.remedy) from error
            return self._engine

    @property
    def window(self) -> int:
        """Return how many tokens prompt and output may have together; see `Engine.window`."""
        return self.load().window

    @property
    def constrains_json(self) -> bool:
        """Say whether a JSON schema is enforced while decoding."""
        return self.load().constrains_json

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of `text`."""
        return self.load().count_tokens(text)

    def generate(self, requests: Sequence[Request]) -> list[list[Generation]]:
        """Run the requests; without any, nothing is loaded."""
        return self.load().generate(requests) if requests else []

    def close(self) -> None:
        """Free the engine if there is one."""
        with self._lock:
            self._closed = True
            engine, self._engine = self._engine, None
        if engine is not None:  # it waits for what it is asked now, which may in a pause ask for this one's lock
            engine.close()
