"""Text to the tokens of a converted model and back, by whichever tokenizer files lie beside its weights.

CTranslate2 takes and gives tokens as strings. OPUS-MT and other Marian models come with two SentencePiece models, most
others with a `tokenizer.json`, older T5, Llama and Gemma models with one SentencePiece model.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from depesche.errors import GenerationFailed

_ONE_SENTENCEPIECE = ("spiece.model", "tokenizer.model", "sentencepiece.bpe.model")
TOKENIZER_FILES = ("source.spm", "target.spm", "tokenizer.json", *_ONE_SENTENCEPIECE, "generation_config.json")
"""What has to lie beside converted weights, as far as the model has it."""


class Tokenizer(Protocol):
    """Text to tokens for the model's input, tokens of its output to text."""

    def encode(self, text: str) -> list[str]:
        """Return the tokens of `text` with those that the model wants at its beginning and end."""
        ...

    def decode(self, tokens: Sequence[str]) -> str:
        """Return the text of `tokens` without special tokens."""
        ...

    def single(self, text: str) -> str | None:
        """Return the one token of the output that is `text`, or None where it is none or several."""
        ...


class SentencePieceTokenizer:
    """A SentencePiece model for each side; begin and end tokens are the caller's to name."""

    def __init__(self, source: Path, target: Path, *, begin: Sequence[str], end: Sequence[str]) -> None:
        import sentencepiece

        self._source = sentencepiece.SentencePieceProcessor(model_file=str(source))
        self._target = sentencepiece.SentencePieceProcessor(model_file=str(target))
        self._begin = list(begin)
        self._end = list(end)

    def encode(self, text: str) -> list[str]:
        """Return the pieces of `text` between the begin and end tokens."""
        return [*self._begin, *self._source.encode(text, out_type=str), *self._end]

    def decode(self, tokens: Sequence[str]) -> str:
        """Return the text of the pieces; control tokens such as `</s>` and `<pad>` are left out."""
        control = {"<s>", "</s>", "<pad>", "<unk>", *self._begin, *self._end}
        return str(self._target.decode([token for token in tokens if token not in control]))

    def single(self, text: str) -> str | None:
        """Return `text` where it is a piece of the target's vocabulary, control pieces included."""
        known = self._target.piece_to_id(text) != self._target.unk_id()
        return text if known else None


class JsonTokenizer:
    """A `tokenizer.json`, which knows its special tokens itself."""

    def __init__(self, path: Path) -> None:
        import tokenizers

        self._tokenizer = tokenizers.Tokenizer.from_file(str(path))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def encode(self, text: str) -> list[str]:
        """Return the tokens of `text`; a begin token that a chat template wrote already isn't doubled."""
        tokens: list[str] = self._tokenizer.encode(text).tokens
        return tokens[1:] if len(tokens) > 1 and tokens[0] == tokens[1] and text.startswith(tokens[0]) else tokens

    def decode(self, tokens: Sequence[str]) -> str:
        """Return the text of `tokens` without special tokens."""
        ids = (self._tokenizer.token_to_id(token) for token in tokens)
        return str(self._tokenizer.decode([i for i in ids if i is not None], skip_special_tokens=True))

    def single(self, text: str) -> str | None:
        """Return the one token that `text` is, or None."""
        tokens: list[str] = self._tokenizer.encode(text, add_special_tokens=False).tokens
        return tokens[0] if len(tokens) == 1 else None


def load_tokenizer(folder: Path, settings: dict[str, Any], *, encodes_source: bool) -> Tokenizer:
    """Return the tokenizer of the model in `folder`, whose CTranslate2 configuration is `settings`.

    `encodes_source` says that the model has an encoder, whose input ends with the end token. Raises
    `GenerationFailed` when there are no tokenizer files or they don't load.
    """
    added = bool(settings.get("add_source_eos"))  # CTranslate2 appends it itself
    end = [settings.get("eos_token") or "</s>"] if encodes_source and not added else []
    begin = [] if encodes_source else [settings.get("bos_token") or "<s>"]
    try:
        if (source := folder / "source.spm").is_file():
            return SentencePieceTokenizer(source, folder / "target.spm", begin=begin, end=end)
        if (path := folder / "tokenizer.json").is_file():
            return JsonTokenizer(path)
        for name in _ONE_SENTENCEPIECE:
            if (path := folder / name).is_file():
                return SentencePieceTokenizer(path, path, begin=begin, end=end)
    except Exception as error:
        raise GenerationFailed(f"the tokenizer does not load: {error}", place=str(folder)) from error
    names = ", ".join(("source.spm + target.spm", "tokenizer.json", *_ONE_SENTENCEPIECE))
    raise GenerationFailed("no tokenizer beside the model", place=str(folder), remedy=f"put one of {names} there")


def read_settings(folder: Path, name: str) -> dict[str, Any]:
    """Return the JSON object in `folder/name`, empty when there is no such file. Raises `GenerationFailed`."""
    path = folder / name
    if not path.is_file():
        return {}
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise GenerationFailed(f"not JSON: {error}", place=str(path)) from error
    return settings if isinstance(settings, dict) else {}
