"""From a checkpoint to what ships: the adapter as a small file, and the merged model as CTranslate2 int8."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from ctranslate2.converters import TransformersConverter
from models.recipes.compact import model as network
from models.recipes.compact.train import Settings
from safetensors.torch import save_file
from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing
from torch import Tensor
from transformers import AutoTokenizer

PART_BYTES = 45 * 1024 * 1024


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint on the CPU; no code of it is run."""
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def averaged(paths: list[Path], which: str = "average") -> tuple[Settings, dict[str, Tensor]]:
    """Return the settings, and the mean of the weights (`weights` or `average`) of checkpoints of one run."""
    states = [read_checkpoint(path) for path in paths]
    weights = {name: torch.stack([state[which][name].float() for state in states]).mean(0) for name in states[0][which]}
    return Settings(**states[0]["settings"]), weights


def save_weights(weights: dict[str, Tensor], path: Path, facts: dict[str, str]) -> str:
    """Write weights in bfloat16 with `facts` in the header, to go on from (`train --start-from`); return the sha256."""
    save_file({name: tensor.to(torch.bfloat16).contiguous() for name, tensor in weights.items()}, path, facts)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def merge(base: Path, settings: Settings, weights: dict[str, Tensor], target: Path) -> None:
    """Write the base with the trained weights as a Hugging Face folder."""
    model = network.load(base)
    if settings.full:
        network.unfreeze(model, settings.frozen_layers)
    else:
        network.add_adapters(model, settings.rank, settings.alpha, settings.frozen_layers)
    own = network.trainable(model)
    if own.keys() != weights.keys():
        raise ValueError("the weights do not fit the base and the settings of the checkpoint")
    for name, tensor in weights.items():
        own[name].data.copy_(tensor)
    network.merge_adapters(model)
    model.save_pretrained(target)
    AutoTokenizer.from_pretrained(base).save_pretrained(target)


def convert(merged: Path, target: Path, quantization: str = "int8") -> None:
    """Convert a Hugging Face folder for CTranslate2; the tokenizer travels along as tokenizer.json."""
    TransformersConverter(str(merged)).convert(str(target), quantization=quantization, force=True)
    tokenizer = Tokenizer.from_file(str(merged / "tokenizer.json"))
    begin = ("<bos>", tokenizer.token_to_id("<bos>"))
    tokenizer.post_processor = TemplateProcessing(single="<bos> $A", pair="<bos> $A $B", special_tokens=[begin])
    tokenizer.save(str(target / "tokenizer.json"), pretty=False)


def write_parts(model: Path, target: Path) -> dict[str, object]:
    """Cut model.bin into parts of at most 45 MiB; return the sha256 of each and of the whole, as a card wants them."""
    target.mkdir(parents=True, exist_ok=True)
    whole = model.read_bytes()
    parts = []
    for number, start in enumerate(range(0, len(whole), PART_BYTES), 1):
        part = target / f"{model.name}.part{number}"
        part.write_bytes(whole[start : start + PART_BYTES])
        parts.append({"name": part.name, "sha256": hashlib.sha256(part.read_bytes()).hexdigest()})
    facts: dict[str, object] = {"name": model.name, "bytes": len(whole), "parts": parts}
    facts["sha256"] = hashlib.sha256(whole).hexdigest()
    (target / "parts.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    return facts
