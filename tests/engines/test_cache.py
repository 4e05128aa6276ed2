"""The cache of answers, in front of a tiny real model."""

from __future__ import annotations

import dataclasses
import sqlite3
from contextlib import closing

import pytest
from tiny_models import SENTENCES

from depesche.engines import Generation, Request
from depesche.engines.cache import CachedEngine, GenerationCache
from depesche.engines.ctranslate2 import CTranslate2Engine

REQUESTS = [Request(sentence, max_tokens=12) for sentence in SENTENCES]


class Counting:
    """A real engine that counts what it is asked."""

    def __init__(self, engine: CTranslate2Engine) -> None:
        self.engine = engine
        self.asked: list[str] = []
        self.window, self.constrains_json, self.count_tokens = engine.window, False, engine.count_tokens

    def generate(self, requests):
        self.asked += [request.prompt for request in requests]
        return self.engine.generate(requests)

    def close(self):
        self.engine.close()


@pytest.fixture
def parity(llama):
    card = llama.card.model_copy(
        update={"promises": llama.card.promises.model_copy(update={"batch_parity": True, "deterministic": True})}
    )
    return dataclasses.replace(llama, card=card)


@pytest.fixture
def engine(llama):
    with CTranslate2Engine(llama, threads=1) as plain:
        yield Counting(plain)


def test_what_was_answered_once_is_not_asked_again_by_the_next_process_either(engine, parity, tmp_path):
    plain = engine.engine.generate(REQUESTS)
    for expected_hits in (0, len(REQUESTS)):
        cache = GenerationCache(tmp_path / "cache.sqlite", max_bytes=1_000_000)
        assert CachedEngine(engine, parity, cache).generate(REQUESTS) == plain
        assert cache.counts.hits == expected_hits
        cache.close()
    assert engine.asked == SENTENCES


def test_requests_that_are_alike_go_to_the_model_once(engine, parity, tmp_path):
    cached = CachedEngine(engine, parity, GenerationCache(tmp_path / "cache.sqlite", max_bytes=1_000_000))
    first, second = cached.generate([REQUESTS[0], REQUESTS[0]])
    assert first == second
    assert engine.asked == SENTENCES[:1]


@pytest.mark.parametrize(
    "change", [{"max_tokens": 5}, {"stop": ("u",)}, {"hypotheses": 2}, {"beam_only": True}, {"beams": 1}]
)
def test_another_request_for_the_same_sentence_is_another_answer(engine, parity, tmp_path, change):
    cached = CachedEngine(engine, parity, GenerationCache(tmp_path / "cache.sqlite", max_bytes=1_000_000))
    cached.generate(REQUESTS[:1])
    changed = dataclasses.replace(REQUESTS[0], **change)
    assert cached.generate([changed]) == engine.engine.generate([changed])
    assert len(engine.asked) == 2


def test_other_weights_get_other_answers(engine, parity, tmp_path):
    cache = GenerationCache(tmp_path / "cache.sqlite", max_bytes=1_000_000)
    CachedEngine(engine, parity, cache).generate(REQUESTS[:1])
    CachedEngine(engine, dataclasses.replace(parity, sha256="1" * 64), cache).generate(REQUESTS[:1])
    assert len(engine.asked) == 2


def test_the_least_recently_used_answers_make_room(tmp_path):
    cache = GenerationCache(tmp_path / "cache.sqlite", max_bytes=20_000)
    keys = [number.to_bytes(32, "big") for number in range(200)]
    for key in keys:
        cache.put({key: [Generation("x" * 80, 20, finished=True)]})
        assert cache.get(keys[:1])  # used all the time
    kept = cache.get(keys)
    assert keys[0] in kept
    assert keys[-1] in kept
    assert keys[1] not in kept
    assert 50 < len(kept) < 110


def test_a_file_that_is_no_cache_is_begun_anew(tmp_path):
    path = tmp_path / "cache.sqlite"
    path.write_bytes(b"no database, but long enough to be looked at as one\n" * 40)
    cache = GenerationCache(path, max_bytes=1_000_000)
    cache.put({b"k": [Generation("text", 1, finished=True)]})
    assert cache.get([b"k"]) == {b"k": [Generation("text", 1, finished=True)]}
    assert cache.counts.failures == 0


def test_a_file_that_others_have_locked_is_not_begun_anew(tmp_path, monkeypatch):
    monkeypatch.setattr("depesche.engines.cache.LOCK_SECONDS", 0.1)
    path = tmp_path / "cache.sqlite"
    with closing(sqlite3.connect(path)) as holder:
        holder.execute("CREATE TABLE of_others (word TEXT)")
        holder.execute("BEGIN EXCLUSIVE")
        cache = GenerationCache(path, max_bytes=1_000_000)
        assert cache.counts.failures == 1
        holder.rollback()
        assert path.exists()
        assert holder.execute("SELECT count(*) FROM of_others").fetchone() == (0,)


def test_a_cache_that_cannot_be_written_costs_no_answer(engine, parity, tmp_path):
    cache = GenerationCache(tmp_path / "cache.sqlite", max_bytes=1_000_000)
    cache.close()
    assert CachedEngine(engine, parity, cache).generate(REQUESTS) == engine.engine.generate(REQUESTS)
    assert cache.counts.failures > 0


def test_a_cache_that_cannot_be_opened_costs_no_answer_and_keeps_none(engine, parity, tmp_path):
    (tmp_path / "file").write_text("no folder")
    cache = GenerationCache(tmp_path / "file" / "cache.sqlite", max_bytes=1_000_000)
    assert CachedEngine(engine, parity, cache).generate(REQUESTS) == engine.engine.generate(REQUESTS)
    assert cache.get([b"k"]) == {}
    assert cache.counts.failures > 0


def test_a_model_without_batch_parity_is_refused(engine, llama, tmp_path):
    cache = GenerationCache(tmp_path / "cache.sqlite", max_bytes=1_000_000)
    with pytest.raises(ValueError, match="does not promise"):
        CachedEngine(engine, llama, cache)
