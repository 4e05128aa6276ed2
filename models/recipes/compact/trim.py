"""First step of the recipe: cut the base model's vocabulary down to what German and English news need.

The base spends 168 of its 268 million parameters on 262,144 tokens of a hundred languages. A token stays when our
text uses it at least `min_count` times, together with every shorter token that byte-pair merging passes through on
the way to it, the bytes (for anything that is cut) and the special tokens. Kept tokens are numbered in their old
order, so that the result depends on the text and on nothing else.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerFast

SPECIAL = ("<pad>", "<eos>", "<bos>", "<unk>")


def load_base(base: Path) -> tuple[PreTrainedModel, Tokenizer]:
    """Load model and tokenizer from a GGUF file or from a Hugging Face folder, in float32."""
    if base.is_dir():
        where: dict[str, Any] = {"pretrained_model_name_or_path": base}
    else:
        where = {"pretrained_model_name_or_path": base.parent, "gguf_file": base.name}
    tokenizer = AutoTokenizer.from_pretrained(**where).backend_tokenizer
    return AutoModelForCausalLM.from_pretrained(**where, dtype=torch.float32), tokenizer


def count_tokens(tokenizer: Tokenizer, lines: Iterable[str], batch: int = 5_000) -> Counter[str]:
    """Count how often each token occurs in `lines`."""
    counts: Counter[int] = Counter()
    for chunk in _chunks(lines, batch):
        for encoding in tokenizer.encode_batch_fast(chunk, add_special_tokens=False):
            counts.update(encoding.ids)
    names = {number: token for token, number in tokenizer.get_vocab().items()}
    return Counter({names[number]: count for number, count in counts.items()})


def _chunks(lines: Iterable[str], size: int) -> Iterator[list[str]]:
    chunk: list[str] = []
    for line in lines:
        chunk.append(line)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def steps_to(token: str, ranks: dict[tuple[str, str], int]) -> Iterator[str]:
    """Yield every piece that byte-pair merging makes on its way from single characters to `token`."""
    pieces = list(token)
    yield from pieces
    while len(pieces) > 1:
        best = min(range(len(pieces) - 1), key=lambda i: ranks.get((pieces[i], pieces[i + 1]), 1 << 60))
        if (pieces[best], pieces[best + 1]) not in ranks:
            return
        pieces[best : best + 2] = [pieces[best] + pieces[best + 1]]
        yield pieces[best]


def trimmed_tokenizer(state: dict[str, Any], counts: Counter[str], min_count: int) -> tuple[dict[str, Any], list[int]]:
    """Return the tokenizer's JSON cut to the kept tokens, and the old number of each kept token in new order."""
    vocab: dict[str, int] = state["model"]["vocab"]
    merges = [tuple(merge) for merge in state["model"]["merges"]]
    ranks = {merge: rank for rank, merge in enumerate(merges)}
    kept = {f"<0x{byte:02X}>" for byte in range(256)} | set(SPECIAL)
    for token, count in counts.items():
        if count >= min_count:
            kept.update((token, *steps_to(token, ranks)))
    ordered = sorted((token for token in kept if token in vocab), key=vocab.__getitem__)
    new = {token: number for number, token in enumerate(ordered)}
    model = state["model"] | {
        "vocab": new,
        "merges": [[a, b] for a, b in merges if a in new and b in new and a + b in new],
    }
    added = [token | {"id": new[token["content"]]} for token in state["added_tokens"] if token["content"] in SPECIAL]
    return state | {"model": model, "added_tokens": added}, [vocab[token] for token in ordered]


def trim(base: Path, lines: Iterable[str], target: Path, min_count: int = 6) -> int:
    """Write the trimmed model with its tokenizer to the folder `target`; return the size of the vocabulary."""
    model, tokenizer = load_base(base)
    state = json.loads(tokenizer.to_str())
    trimmed, old_numbers = trimmed_tokenizer(state, count_tokens(tokenizer, lines), min_count)
    trimmed["post_processor"] = None  # the recipe writes <bos> itself, so that every engine sees the same tokens

    embedding = model.get_input_embeddings().weight.data[old_numbers].clone()
    model.resize_token_embeddings(len(old_numbers), mean_resizing=False)
    model.get_input_embeddings().weight.data.copy_(embedding)
    model.tie_weights()
    numbers = trimmed["model"]["vocab"]
    for config in (model.config, model.generation_config):
        config.pad_token_id, config.eos_token_id, config.bos_token_id = (numbers[t] for t in SPECIAL[:3])
    # CTranslate2 attends to all that came before, in every layer: so shall training on rows beyond Gemma's 512 tokens.
    model.config.sliding_window = 1024
    if hasattr(model.config, "quantization_config"):  # what was read is whole numbers no more: it may be saved
        del model.config.quantization_config
        model.hf_quantizer = None

    target.mkdir(parents=True, exist_ok=True)
    model.to(torch.bfloat16).save_pretrained(target)
    names = dict(zip(("pad_token", "eos_token", "bos_token", "unk_token"), SPECIAL, strict=True))
    fast = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(json.dumps(trimmed)), clean_up_tokenization_spaces=False, **names
    )
    fast.save_pretrained(target)
    return len(old_numbers)
