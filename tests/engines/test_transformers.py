"""Hub models with torch, on tiny real models with random weights: Marian, BART, T5, Llama, Gemma.

Without the extra `transformers` only the first test runs: the rest is skipped with that reason. With it:
pip install -e ".[dev,transformers]" && pytest tests/engines
"""

from __future__ import annotations

import importlib.util
import json
import sys
import warnings
from pathlib import Path

import pytest
import sentencepiece
import tokenizers
from tiny_models import SENTENCES, installed

from depesche.engines import Request
from depesche.engines.ctranslate2 import CTranslate2Engine, convert_to_ctranslate2
from depesche.engines.transformers import TransformersEngine
from depesche.errors import EngineUnavailable, GenerationFailed, SentenceTooLong

needs_torch = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None or importlib.util.find_spec("transformers") is None,
    reason="needs torch: pip install 'depesche[transformers]'",
)
SIZES = {"vocab_size": 400, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
ENCODER_DECODER = {"vocab_size": 400, "d_model": 32, "max_position_embeddings": 128}
ENCODER_DECODER |= {f"{side}_layers": 2 for side in ("encoder", "decoder")}
ENCODER_DECODER |= {f"{side}_attention_heads": 2 for side in ("encoder", "decoder")}
ENCODER_DECODER |= {f"{side}_ffn_dim": 64 for side in ("encoder", "decoder")}
TOKENS = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}


def test_without_torch_the_error_says_what_to_install(marian, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(EngineUnavailable, match=r"pip install \"depesche\[transformers\]\""):
        TransformersEngine(marian)


def _build(architecture: str):
    import transformers as t

    match architecture:
        case "bart":
            # The published configurations say this, and the converter reads it.
            older = {"normalize_before": False, "normalize_embedding": True}
            config = t.BartConfig(**ENCODER_DECODER, **TOKENS, **older, decoder_start_token_id=2)
            return t.BartForConditionalGeneration(config)
        case "t5":
            sizes = {"vocab_size": 400, "d_model": 32, "d_kv": 16, "d_ff": 64, "num_layers": 2, "num_heads": 2}
            return t.T5ForConditionalGeneration(t.T5Config(**sizes, **TOKENS, decoder_start_token_id=0))
        case "llama":
            return t.LlamaForCausalLM(t.LlamaConfig(**SIZES, **TOKENS, intermediate_size=64))
        case "gemma":
            sizes = {
                **SIZES,
                "intermediate_size": 64,
                "num_key_value_heads": 1,
                "head_dim": 16,
                "query_pre_attn_scalar": 16,
            }
            return t.Gemma3ForCausalLM(
                # CTranslate2 attends to the whole of a prompt that is longer than the sliding window
                t.Gemma3TextConfig(**sizes, **TOKENS, sliding_window=96, tie_word_embeddings=False)
            )
    raise AssertionError(architecture)


def _tokenizer(*, has_encoder: bool):
    import transformers

    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE(unk_token="<unk>"))  # noqa: S106 - a token of the model
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<pad>", "<s>", "</s>", "<unk>"],
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.post_processor = tokenizers.processors.TemplateProcessing(
        single="$A </s>" if has_encoder else "<s> $A", special_tokens=[("<s>", 1), ("</s>", 2)]
    )
    names = {
        f"{name}_token": f"<{mark}>" for name, mark in [("pad", "pad"), ("bos", "s"), ("eos", "/s"), ("unk", "unk")]
    }
    return transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names)


def _save_marian(folder: Path) -> None:
    """Save a Marian model as OPUS-MT has it: two SentencePiece models, one vocabulary, `<pad>` at its end."""
    import transformers as t

    for side in ("source", "target"):
        options = {"vocab_size": 160, "hard_vocab_limit": False, "bos_id": -1, "minloglevel": 2}
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(SENTENCES), model_prefix=str(folder / side), **options
        )
        (folder / f"{side}.model").rename(folder / f"{side}.spm")
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
    vocabulary = [pieces.id_to_piece(i) for i in range(pieces.get_piece_size())]
    ids = {piece: i for i, piece in enumerate(["</s>", *(p for p in vocabulary if p != "</s>"), "<pad>"])}
    (folder / "vocab.json").write_text(json.dumps(ids), encoding="utf-8")
    files = [folder / name for name in ("source.spm", "target.spm", "vocab.json")]
    with warnings.catch_warnings(action="ignore"):  # it recommends a package that it can do without
        t.MarianTokenizer(*(str(file) for file in files)).save_pretrained(folder)
    sizes = {**ENCODER_DECODER, "vocab_size": len(ids)}
    tokens = {"pad_token_id": len(ids) - 1, "bos_token_id": 0, "eos_token_id": 0}
    tokens["decoder_start_token_id"] = tokens["pad_token_id"]
    config = t.MarianConfig(**sizes, **tokens, scale_embedding=True, activation_function="swish")
    model = t.MarianMTModel(config)
    model.generation_config.bad_words_ids = [[tokens["pad_token_id"]]]
    _save(model, folder)


def _save(model, folder: Path) -> None:
    for parameter in model.parameters():
        if parameter.dim() > 1:
            parameter.data.normal_(0, 0.3)
    model.get_input_embeddings().weight.data[model.config.pad_token_id] = 0  # as training leaves it
    model.save_pretrained(folder)


@pytest.fixture(scope="session", params=["marian", "bart", "t5", "llama", "gemma"])
def hub_folder(request, tmp_path_factory) -> Path:
    """A model folder as the Hub has it."""
    import torch

    torch.manual_seed(3)
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "marian":
        _save_marian(folder)
        return folder
    model = _build(request.param)
    _save(model, folder)
    _tokenizer(has_encoder=model.config.is_encoder_decoder).save_pretrained(folder)
    return folder


@pytest.fixture
def hub_model(hub_folder):
    return installed(hub_folder, "model.safetensors", engine="transformers", window=96)


def requests_of(sentences, **settings):
    return [Request(sentence, max_tokens=12, **settings) for sentence in sentences]


@needs_torch
def test_a_batch_gives_what_its_requests_give_alone_and_in_their_order(hub_model):
    with TransformersEngine(hub_model, threads=1, device="cpu") as engine:
        together = engine.generate(requests_of(SENTENCES))
        alone = [engine.generate([request])[0] for request in requests_of(SENTENCES)]
    assert together == alone
    assert len({answer[0].text for answer in together}) > 1
    assert all(answer[0].tokens <= 12 for answer in together)


@needs_torch
def test_small_batches_give_what_large_ones_give_and_hypotheses_differ(hub_model):
    request = Request(SENTENCES[0], max_tokens=64, hypotheses=3)
    with TransformersEngine(hub_model, threads=1, device="cpu") as large:
        answers = large.generate([request, *requests_of(SENTENCES)])
    with TransformersEngine(hub_model, threads=1, device="cpu", budget=1) as small:
        assert small.generate([request, *requests_of(SENTENCES)]) == answers
    assert 1 < len(answers[0]) <= 3
    assert len({generation.text for generation in answers[0]}) == len(answers[0])


@needs_torch
def test_without_a_beam_there_is_one_hypothesis_unless_more_are_searched_for(hub_model):
    with TransformersEngine(hub_model, threads=1, device="cpu") as engine:
        beams = engine._beams
        (answer,) = engine.generate([Request(SENTENCES[0], max_tokens=64, hypotheses=8, beam_only=True)])
        (alone,) = engine.generate([Request(SENTENCES[0], max_tokens=64)])
    assert answer[:1] == alone
    assert len(answer) <= beams


@needs_torch
def test_output_ends_before_a_stop(hub_model):
    with TransformersEngine(hub_model, threads=1, device="cpu") as engine:
        (plain,) = engine.generate(requests_of(SENTENCES[:1]))[0]
        mark = plain.text[5:7]
        (stopped,) = engine.generate(requests_of(SENTENCES[:1], stop=(mark,)))[0]
    assert stopped.text == plain.text[: plain.text.find(mark)]
    assert stopped.finished


@needs_torch
def test_a_prompt_beyond_the_window_is_named_and_a_closed_engine_says_so(hub_model):
    engine = TransformersEngine(hub_model, threads=1, device="cpu")
    with pytest.raises(SentenceTooLong, match="request 1") as caught:
        engine.generate(requests_of([SENTENCES[0], " ".join(SENTENCES * 3)]))
    assert caught.value.request == 1
    engine.close()
    engine.close()
    with pytest.raises(GenerationFailed, match="closed"):
        engine.generate(requests_of(SENTENCES[:1]))


@needs_torch
def test_a_folder_without_a_model_is_refused(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(GenerationFailed, match="cannot load"):
        TransformersEngine(installed(tmp_path, "model.safetensors", engine="transformers", window=96), device="cpu")


@needs_torch
def test_a_converted_model_says_what_the_published_one_says(hub_model, tmp_path):
    convert_to_ctranslate2(hub_model.folder, tmp_path / "converted", quantization="float32")
    converted = installed(tmp_path / "converted", "model.bin", engine="ctranslate2", window=96)
    with TransformersEngine(hub_model, threads=1, device="cpu") as published:
        expected = published.generate(requests_of(SENTENCES))
    with CTranslate2Engine(converted, threads=1, compute_type="float32") as engine:
        found = engine.generate(requests_of(SENTENCES))
    assert [answer[0].text for answer in found] == [answer[0].text for answer in expected]
