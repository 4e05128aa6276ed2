"""From what ships back to a model that can be trained: the int8 weights of `model.bin`, multiplied out again.

So no other copy of the weights has to be kept. The trimmed base gives the architecture and the tokenizer.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import torch
from models.recipes.compact import model as network
from torch import Tensor
from transformers import AutoTokenizer

# Numbers of types in model.bin (ctranslate2/specs/model_spec.py). numpy has no bfloat16: the upper half of a float32.
_TYPES = ("float32", "int8", "int16", "int32", "float16", "bfloat16")
_NORMS = {
    "input_layer_norm": "input_layernorm",
    "post_attention_layer_norm": "post_attention_layernorm",
    "pre_feedforward_layer_norm": "pre_feedforward_layernorm",
    "post_feedforward_layer_norm": "post_feedforward_layernorm",
    "self_attention/q_norm": "self_attn.q_norm",
    "self_attention/k_norm": "self_attn.k_norm",
}
_LINEARS = {
    "self_attention/linear_0": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "self_attention/linear_1": ("self_attn.o_proj",),
    "ffn/linear_0": ("mlp.gate_proj",),
    "ffn/linear_0_noact": ("mlp.up_proj",),
    "ffn/linear_1": ("mlp.down_proj",),
}


def restore(shipped: Path, base: Path, target: Path) -> None:
    """Write the weights of the CTranslate2 model in `shipped` as a Hugging Face folder that `train --base` takes.

    `base` is the trimmed base that they were made from. Raises ValueError where the two do not fit.
    """
    variables = read_variables(shipped / "model.bin")
    model = network.load(base)
    own = dict(model.named_parameters())
    names: dict[str, tuple[str, ...]] = {"decoder/embeddings/weight": ("model.embed_tokens.weight",)}
    names["decoder/layer_norm/gamma"] = ("model.norm.weight",)
    for layer in range(len(model.model.layers)):
        here, there = f"decoder/layer_{layer}", f"model.layers.{layer}"
        names |= {f"{here}/{norm}/gamma": (f"{there}.{name}.weight",) for norm, name in _NORMS.items()}
        for linear, parts in _LINEARS.items():
            names[f"{here}/{linear}/weight"] = tuple(f"{there}.{part}.weight" for part in parts)
    if {part for parts in names.values() for part in parts} != own.keys() or not names.keys() <= variables.keys():
        raise ValueError(f"{shipped} was not made from {base}")
    with torch.no_grad():
        for name, parts in names.items():
            rows = [own[part].shape[0] for part in parts]
            weights = multiplied_out(variables, name)
            if weights.shape != (sum(rows), *own[parts[0]].shape[1:]):
                raise ValueError(f"{shipped} was not made from {base}: {name} has another shape")
            for part, weight in zip(parts, weights.split(rows), strict=True):
                own[part].copy_(weight)
    model.save_pretrained(target)
    AutoTokenizer.from_pretrained(base).save_pretrained(target)


def multiplied_out(variables: dict[str, np.ndarray], name: str) -> Tensor:
    """Return a variable in float32; int8 ones are divided by the scale of their row."""
    values = torch.from_numpy(variables[name].astype("float32"))
    scale = variables.get(f"{name}_scale")
    return values if scale is None else values / torch.from_numpy(scale)[:, None]


def read_variables(path: Path) -> dict[str, np.ndarray]:
    """Return the variables of a model.bin by name; equal ones are written once, the others as their aliases."""
    data = path.read_bytes()
    at = 0

    def take(layout: str) -> int:
        nonlocal at
        (value,) = struct.unpack_from(f"<{layout}", data, at)
        at += struct.calcsize(f"<{layout}")
        return int(value)

    def take_name() -> str:
        nonlocal at
        length = take("H")
        at += length
        return data[at - length : at - 1].decode()  # a NUL ends it

    take("I"), take_name(), take("I")  # version, kind of model, revision
    variables = {}
    for _ in range(take("I")):
        name = take_name()
        shape = [take("I") for _ in range(take("B"))]
        kind, size = _TYPES[take("B")], take("I")
        raw = np.frombuffer(data, "uint8", size, at)
        if kind == "bfloat16":
            values = (raw.view("uint16").astype("uint32") << 16).view("float32")
        else:
            values = raw.view(kind).copy()
        variables[name] = values.reshape(shape)
        at += size
    for _ in range(take("I")):
        alias = take_name()
        variables[alias] = variables[take_name()]
    return variables
