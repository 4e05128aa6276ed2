"""The llama.cpp engine: its listener, and that a request's answer depends on nothing but the request.

The tests marked end_to_end load SmolLM2-135M (93 MB, pulled on first use).
"""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from tiny_models import SENTENCES, installed

from depesche.catalogue import ensure_model
from depesche.config import load_config
from depesche.engines import Request, load_engine
from depesche.engines.llamacpp import LlamaCppEngine, _shared
from depesche.errors import GenerationFailed, SentenceTooLong

INSTRUCTION = "<|im_start|>system\nYou write news briefs. Keep every number.<|im_end|>\n<|im_start|>user\n"
END = "<|im_end|>\n<|im_start|>assistant\n"


def request_of(sentence, **settings):
    return Request(INSTRUCTION + sentence + END, **{"max_tokens": 8, **settings})


REQUESTS = [request_of(sentence) for sentence in SENTENCES[:4]]


@pytest.mark.parametrize(
    ("left", "right", "count"),
    [([], [1], 0), ([1, 2], [1, 2], 2), ([1, 2, 3], [1, 2], 2), ([1, 2, 3], [1, 5, 3], 1), ([4], [5], 0)],
)
def test_shared_beginning(left, right, count):
    assert _shared(left, right) == _shared(right, left) == count


def test_a_file_that_is_no_gguf_is_refused_and_leaves_nothing_behind(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    weights = tmp_path / "model.gguf"
    weights.write_bytes(b"GGUF but not really")
    with pytest.raises(GenerationFailed, match="cannot load"):
        LlamaCppEngine(installed(tmp_path, weights.name, engine="llamacpp", window=64))
    assert list(tmp_path.iterdir()) == [weights]
    assert capfd.readouterr() == ("", "")


@pytest.fixture(scope="module")
def model():
    return ensure_model("smollm2-135m", load_config())


@pytest.fixture(scope="module")
def engine(model):
    with load_engine(model, threads=1) as engine:
        yield engine


@pytest.fixture(scope="module")
def cold(model):
    """The answers of an engine that has seen nothing before."""
    answers = []
    for request in REQUESTS:
        with LlamaCppEngine(model, threads=1) as fresh:
            answers += fresh.generate([request])
    return answers


@pytest.mark.end_to_end
def test_answers_are_the_same_cold_alone_in_a_batch_backwards_and_again(engine, cold):
    assert engine.generate(REQUESTS) == cold
    assert engine.generate(REQUESTS[::-1])[::-1] == cold
    assert [engine.generate([request])[0] for request in REQUESTS] == cold
    assert engine.generate([REQUESTS[2]] * 3) == [cold[2]] * 3
    assert len({answer[0].text for answer in cold}) > 1


@pytest.mark.end_to_end
def test_a_prompt_that_goes_on_from_the_last_answer_is_as_if_cold(model, engine):
    first = Request("In the year 2020 the town of Weimar counted its inhabitants, and found that there were", 8)
    second = replace(first, prompt=first.prompt + engine.generate([first])[0][0].text)
    warm = engine.generate([second])
    with LlamaCppEngine(model, threads=1) as fresh:
        assert fresh.generate([second]) == warm


@pytest.mark.end_to_end
def test_a_long_prompt_is_the_same_cold_and_after_one_that_shares_half_of_it(model, engine):
    text = " ".join(SENTENCES * 6)
    long, half = request_of(text), request_of(text[: len(text) // 2])
    assert engine.count_tokens(long.prompt) > 1024
    _, warm = engine.generate([half, long])
    with LlamaCppEngine(model, threads=1) as fresh:
        assert fresh.generate([long]) == [warm]


@pytest.mark.end_to_end
def test_the_first_hypothesis_is_the_greedy_one_and_the_others_are_reproducible(engine, cold):
    (answer,) = engine.generate([replace(REQUESTS[0], hypotheses=3)])
    assert answer[0] == cold[0][0]
    assert 1 < len(answer) <= 3
    assert len({generation.text for generation in answer}) == len(answer)
    assert engine.generate([replace(REQUESTS[0], hypotheses=3)]) == [answer]
    assert engine.generate([replace(REQUESTS[0], hypotheses=3, beam_only=True)]) == cold[:1]


@pytest.mark.end_to_end
def test_output_follows_a_json_schema(engine):
    import json

    schema = {
        "type": "object",
        "properties": {"town": {"type": "string", "maxLength": 12}, "people": {"type": "integer"}},
        "required": ["town", "people"],
        "additionalProperties": False,
    }
    (answer,) = engine.generate([request_of("Weimar hat 65.000 Einwohner.", max_tokens=60, json_schema=schema)])
    assert engine.constrains_json
    assert set(json.loads(answer[0].text)) == {"town", "people"}


@pytest.mark.end_to_end
def test_output_ends_before_a_stop_or_at_max_tokens(engine):
    (plain,) = engine.generate([REQUESTS[0]])[0]
    assert (plain.tokens, plain.finished) == (8, False)
    mark = plain.text[4:7]
    (stopped,) = engine.generate([replace(REQUESTS[0], stop=(mark,))])[0]
    assert stopped.text == plain.text[: plain.text.find(mark)]
    assert stopped.finished


@pytest.mark.end_to_end
def test_a_prompt_beyond_the_window_is_named_before_anything_runs(engine, cold):
    with pytest.raises(SentenceTooLong, match="request 1") as caught:
        engine.generate([REQUESTS[0], request_of("viel zu lang " * engine.window)])
    assert caught.value.request == 1
    assert engine.generate(REQUESTS[:1]) == cold[:1]


@pytest.mark.end_to_end
def test_special_tokens_are_parsed(engine):
    assert engine.count_tokens("<|im_end|>") == 1


@pytest.mark.end_to_end
def test_the_listener_answers_nobody_without_the_key_and_is_gone_after_close(model):
    engine = LlamaCppEngine(model, threads=1)
    scheme, _, path = engine.address.partition("://")
    assert scheme == "unix"
    assert stat.S_IMODE(Path(path).parent.stat().st_mode) == 0o700
    with httpx.Client(transport=httpx.HTTPTransport(uds=path), base_url="http://localhost") as stranger:
        for headers in ({}, {"Authorization": "Bearer guess"}):
            for route, body in [("/completion", {"prompt": "Hallo"}), ("/tokenize", {"content": "Hallo"})]:
                assert stranger.post(route, json=body, headers=headers).status_code == 401
            for route in ("/props", "/slots", "/metrics", "/v1/models"):
                assert stranger.get(route, headers=headers).status_code == 401
    engine.close()
    engine.close()
    assert not Path(path).parent.exists()
    with pytest.raises(GenerationFailed, match="closed"):
        engine.generate(REQUESTS[:1])
    with pytest.raises(GenerationFailed, match="closed"):
        engine.count_tokens("Hallo")


@pytest.mark.end_to_end
def test_nothing_is_written_to_standard_output(model, capfd):
    with LlamaCppEngine(model, threads=1) as engine:
        engine.generate(REQUESTS[:1])
    assert capfd.readouterr() == ("", "")
