"""Tiny real models with random weights, written without torch: Marian's architecture and Llama's, and a reader.

They translate nothing; they show that batches, bounds, stops and tokenizers work as they do with real weights.
"""

from __future__ import annotations

from pathlib import Path

import ctranslate2.specs as specs
import numpy as np
import pytest
import sentencepiece
import tokenizers
from tiny_models import SENTENCES, installed

WIDTH, INNER, LAYERS, HEADS = 32, 64, 2, 2


class _Weights:
    """Random weights from one seed; `scale` is large enough that outputs differ from token to token."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)

    def linear(self, spec: specs.common_spec.LinearSpec, inputs: int, outputs: int) -> None:
        spec.weight = self._matrix(outputs, inputs)
        spec.bias = self._matrix(1, outputs)[0]

    def embeddings(self, spec: specs.common_spec.EmbeddingsSpec, size: int) -> None:
        spec.weight = self._matrix(size, WIDTH)

    def norm(self, spec: specs.common_spec.LayerNormSpec) -> None:
        spec.gamma = np.ones(WIDTH, dtype=np.float32)
        if hasattr(spec, "beta"):
            spec.beta = np.zeros(WIDTH, dtype=np.float32)

    def layer(self, layer: specs.model_spec.LayerSpec) -> None:
        own = layer.self_attention
        self.norm(own.layer_norm)
        self.linear(own.linear[0], WIDTH, 3 * WIDTH)
        self.linear(own.linear[1], WIDTH, WIDTH)
        if hasattr(layer, "attention"):
            self.norm(layer.attention.layer_norm)
            for spec, outputs in zip(layer.attention.linear, (WIDTH, 2 * WIDTH, WIDTH), strict=True):
                self.linear(spec, WIDTH, outputs)
        self.norm(layer.ffn.layer_norm)
        self.linear(layer.ffn.linear_0, WIDTH, INNER)
        if hasattr(layer.ffn, "linear_0_noact"):
            self.linear(layer.ffn.linear_0_noact, WIDTH, INNER)
        self.linear(layer.ffn.linear_1, INNER, WIDTH)

    def _matrix(self, rows: int, columns: int) -> np.ndarray:
        return self._random.normal(0, 0.4, (rows, columns)).astype(np.float32)


def _positions(length: int) -> np.ndarray:
    """Return the sinusoids of Vaswani et al. 2017, section 3.5, in Marian's order (sines, then cosines)."""
    rates = 1 / 10_000 ** (2 * np.arange(WIDTH // 2) / WIDTH)
    angles = np.arange(length)[:, None] * rates[None, :]
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)


@pytest.fixture(scope="session")
def marian_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A converted Marian model: post-norm, sinusoidal positions, two SentencePiece models."""
    folder = tmp_path_factory.mktemp("marian-tiny")
    text = folder / "sentences.txt"
    text.write_text("\n".join(SENTENCES), encoding="utf-8")
    for side in ("source", "target"):
        sentencepiece.SentencePieceTrainer.train(
            input=str(text),
            model_prefix=str(folder / side),
            vocab_size=160,
            hard_vocab_limit=False,
            bos_id=-1,
            minloglevel=2,
        )
        (folder / f"{side}.model").rename(folder / f"{side}.spm")
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
    vocabulary = [pieces.id_to_piece(i) for i in range(pieces.get_piece_size())]

    spec = specs.TransformerSpec.from_config(LAYERS, HEADS, pre_norm=False, activation=specs.Activation.SWISH)
    weights = _Weights(seed=1)
    weights.embeddings(spec.encoder.embeddings[0], len(vocabulary))
    weights.embeddings(spec.decoder.embeddings, len(vocabulary))
    weights.linear(spec.decoder.projection, WIDTH, len(vocabulary))
    for side_spec in (spec.encoder, spec.decoder):
        side_spec.position_encodings.encodings = _positions(512)
        for layer in side_spec.layer:
            weights.layer(layer)
    spec.decoder.start_from_zero_embedding = True
    spec.config.decoder_start_token = "</s>"  # noqa: S105 - a token of the model
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder))
    return folder


@pytest.fixture(scope="session")
def llama_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A converted Llama model: no encoder, rotary positions, gated feed-forward, a byte-level `tokenizer.json`."""
    folder = tmp_path_factory.mktemp("llama-tiny")
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<s>", "</s>", "<|im_end|>"],
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.post_processor = tokenizers.processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", tokenizer.token_to_id("<s>"))]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    vocabulary = [tokenizer.id_to_token(i) for i in range(tokenizer.get_vocab_size())]

    spec = specs.TransformerDecoderModelSpec.from_config(
        LAYERS,
        HEADS,
        activation=specs.Activation.SWISH,
        ffn_glu=True,
        rms_norm=True,
        rotary_dim=0,
        rotary_interleave=False,
        num_heads_kv=HEADS,
    )
    weights = _Weights(seed=2)
    weights.embeddings(spec.decoder.embeddings, len(vocabulary))
    weights.linear(spec.decoder.projection, WIDTH, len(vocabulary))
    weights.norm(spec.decoder.layer_norm)
    for layer in spec.decoder.layer:
        weights.layer(layer)
    spec.decoder.scale_embeddings = False
    spec.register_vocabulary(vocabulary)
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder))
    return folder


@pytest.fixture
def marian(marian_folder: Path):
    return installed(marian_folder, "model.bin", engine="ctranslate2", window=64)


@pytest.fixture
def llama(llama_folder: Path):
    return installed(llama_folder, "model.bin", engine="ctranslate2", window=96)
