"""CTranslate2 models with and without an encoder, on tiny real models with random weights."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tiny_models import SENTENCES, installed

from depesche.engines import Request, load_engine
from depesche.engines.batches import pack
from depesche.engines.ctranslate2 import CTranslate2Engine, convert_to_ctranslate2
from depesche.engines.pauses import pausing
from depesche.errors import EngineUnavailable, GenerationFailed, SentenceTooLong


@pytest.fixture(params=["marian", "llama"])
def model(request):
    return request.getfixturevalue(request.param)


def requests_of(sentences, **settings):
    return [Request(sentence, max_tokens=12, **settings) for sentence in sentences]


def test_every_request_gets_one_answer_of_at_most_max_tokens(model):
    with load_engine(model, threads=1) as engine:
        answers = engine.generate(requests_of(SENTENCES))
    assert [len(answer) for answer in answers] == [1] * len(SENTENCES)
    for (generation,) in answers:
        assert generation.tokens <= 12
        assert generation.finished or generation.tokens == 12
    assert len({answer[0].text for answer in answers}) > 1


def test_the_same_requests_give_the_same_answers_again(model):
    with CTranslate2Engine(model, threads=1) as engine:
        assert engine.generate(requests_of(SENTENCES)) == engine.generate(requests_of(SENTENCES))


def test_a_batch_gives_what_its_requests_give_alone_and_in_their_order(model):
    with CTranslate2Engine(model, threads=2) as engine:
        together = engine.generate(requests_of(SENTENCES))
        alone = [engine.generate([request])[0] for request in requests_of(SENTENCES)]
        backwards = engine.generate(requests_of(SENTENCES[::-1]))[::-1]
    assert together == alone == backwards


def test_small_batches_give_what_large_ones_give(model):
    with CTranslate2Engine(model, threads=1) as large, CTranslate2Engine(model, threads=1, budget=1) as small:
        assert large.generate(requests_of(SENTENCES)) == small.generate(requests_of(SENTENCES))


def test_one_thread_gives_what_three_give(model):
    with CTranslate2Engine(model, threads=1) as one, CTranslate2Engine(model, threads=3) as three:
        assert one.generate(requests_of(SENTENCES)) == three.generate(requests_of(SENTENCES))


def test_a_batch_holds_prompts_of_one_length():
    lengths = [3, 5, 3, 5, 4, 3]
    batches = list(pack(requests_of(SENTENCES[:6]), lengths, budget=10_000, beams=1, equal_lengths=True))
    assert sorted(sorted(batch) for batch in batches) == [[0, 2, 5], [1, 3], [4]]


def test_hypotheses_differ_from_each_other(model):
    with CTranslate2Engine(model, threads=1) as engine:
        (answer,) = engine.generate([Request(SENTENCES[0], max_tokens=64, hypotheses=3)])
    assert 1 < len(answer) <= 3
    assert len({generation.text for generation in answer}) == len(answer)


def test_the_hypotheses_of_a_beam_begin_with_the_answer_alone_and_are_no_more_than_the_beam(marian):
    path = marian.folder / "generation_config.json"
    path.write_text(json.dumps({"num_beams": 3}), encoding="utf-8")
    try:
        with CTranslate2Engine(marian, threads=2) as engine:
            alone = engine.generate(requests_of(SENTENCES))
            beam = engine.generate(requests_of(SENTENCES, hypotheses=8, beam_only=True))
            searched = engine.generate(requests_of(SENTENCES, hypotheses=3))
    finally:
        path.unlink()
    assert [answer[:1] for answer in beam] == alone
    assert beam == searched
    assert any(len(answer) > 1 for answer in beam)


def test_fewer_beams_than_the_publisher_recommends_can_be_asked_for_and_not_more(marian):
    path = marian.folder / "generation_config.json"
    path.write_text(json.dumps({"num_beams": 3}), encoding="utf-8")
    searched = {}
    try:
        with CTranslate2Engine(marian, threads=2) as engine:
            for beams in (None, 1, 2, 3, 8):
                searched[beams] = engine.generate(requests_of(SENTENCES, hypotheses=8, beam_only=True, beams=beams))
    finally:
        path.unlink()
    with CTranslate2Engine(marian, threads=2) as engine:
        for beams in (1, 2):
            assert searched[beams] == engine.generate(requests_of(SENTENCES, hypotheses=beams, beams=1))
    assert searched[8] == searched[3] == searched[None]


def test_without_a_beam_there_is_one_hypothesis_unless_more_are_searched_for(llama):
    with CTranslate2Engine(llama, threads=1) as engine:
        answers = engine.generate(requests_of(SENTENCES, hypotheses=3, beam_only=True))
        assert answers == engine.generate(requests_of(SENTENCES))


def test_output_ends_before_a_stop(model):
    with CTranslate2Engine(model, threads=1) as engine:
        (plain,) = engine.generate(requests_of(SENTENCES[:1]))[0]
        mark = plain.text[5:7]
        (stopped,) = engine.generate(requests_of(SENTENCES[:1], stop=(mark,)))[0]
    assert stopped.text == plain.text[: plain.text.find(mark)]
    assert stopped.finished


def test_a_prompt_beyond_the_window_is_named_before_anything_runs(model):
    with CTranslate2Engine(model, threads=1) as engine:
        long = " ".join(SENTENCES * 3)
        assert engine.count_tokens(long) > engine.window
        with pytest.raises(SentenceTooLong, match="request 1") as caught:
            engine.generate(requests_of([SENTENCES[0], long]))
    assert caught.value.request == 1


def test_a_closed_engine_says_so(model):
    engine = CTranslate2Engine(model, threads=1)
    engine.close()
    engine.close()
    with pytest.raises(GenerationFailed, match="closed"):
        engine.generate(requests_of(SENTENCES[:1]))


def test_no_requests_give_no_answers(model):
    with CTranslate2Engine(model, threads=1) as engine:
        assert engine.generate([]) == []


def test_marian_input_ends_with_the_end_token(marian):
    with CTranslate2Engine(marian, threads=1) as engine:
        assert engine._tokenizer.encode("Nein.")[-1] == "</s>"


def test_llama_input_begins_with_one_begin_token(llama):
    with CTranslate2Engine(llama, threads=1) as engine:
        assert engine._tokenizer.encode("<s>Nein.") == engine._tokenizer.encode("Nein.")
        assert engine._tokenizer.encode("Nein.")[0] == "<s>"


def test_llama_stops_at_a_stop_that_is_one_token(llama):
    with CTranslate2Engine(llama, threads=1) as engine:
        assert engine._end_tokens(Request("", 1, stop=("<|im_end|>", "zwei Zeichen"))) == ["</s>", "<|im_end|>"]


def test_the_publishers_decoding_settings_are_used(marian):
    path = marian.folder / "generation_config.json"
    path.write_text(json.dumps({"num_beams": 6, "no_repeat_ngram_size": 3, "min_length": 5}), encoding="utf-8")
    try:
        with CTranslate2Engine(marian, threads=1) as engine:
            options = engine._decoding
    finally:
        path.unlink()
    assert (options["beam_size"], options["no_repeat_ngram_size"], options["min_decoding_length"]) == (6, 3, 5)


def test_a_file_that_is_no_model_is_refused(marian, tmp_path):
    (tmp_path / "model.bin").write_bytes(b"\x06\x00\x00\x00\x05\x00none\x00")
    with pytest.raises(GenerationFailed, match="not a CTranslate2 model"):
        CTranslate2Engine(installed(tmp_path, "model.bin", engine="ctranslate2", window=64))


def test_a_model_without_tokenizer_is_refused(marian, tmp_path):
    for name in ("model.bin", "config.json"):
        (tmp_path / name).write_bytes((marian.folder / name).read_bytes())
    with pytest.raises(GenerationFailed, match="no tokenizer"):
        CTranslate2Engine(installed(tmp_path, "model.bin", engine="ctranslate2", window=64))


def test_converting_without_torch_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    with pytest.raises(EngineUnavailable, match=r"depesche\[transformers\]"):
        convert_to_ctranslate2(tmp_path, tmp_path / "out")


def test_in_a_pause_the_same_engine_may_be_asked_and_nothing_changes(llama):
    requests = [Request(sentence, max_tokens=12) for sentence in SENTENCES]
    heard, within = [], []
    with CTranslate2Engine(llama, threads=1) as engine:
        plain = engine.generate(requests)

        def pause(done, total):
            heard.append((done, total))
            if not within:
                with pausing(lambda *_: None):
                    within.extend(engine.generate(requests))

        with pausing(pause):
            assert engine.generate(requests) == plain
    assert within == plain
    assert heard[-1] == (len(requests), len(requests))
    assert [done for done, _ in heard] == sorted({done for done, _ in heard})


def test_who_gives_up_in_a_pause_gets_what_it_raised_and_the_engine_goes_on(llama):
    requests = [Request(sentence, max_tokens=12) for sentence in SENTENCES]

    def give_up(_done, _total):
        raise KeyboardInterrupt

    with CTranslate2Engine(llama, threads=2) as engine:
        with pausing(give_up), pytest.raises(KeyboardInterrupt):
            engine.generate(requests)
        assert len(engine.generate(requests)) == len(requests)


def test_the_beams_of_the_engine_count_for_the_size_of_a_batch():
    requests = [Request("Satz", max_tokens=64)] * 12
    for beams, size in ((1, 10), (4, 2)):
        assert len(next(pack(requests, [36] * 12, budget=1_000, beams=beams))) == size
    greedy = [replace(request, beams=1) for request in requests]
    assert len(next(pack(greedy, [36] * 12, budget=1_000, beams=4))) == 10
