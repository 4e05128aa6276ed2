"""Moves scale from activations into weights before int8 conversion (SmoothQuant, Xiao et al. 2023, equation 4).

int8 rounds each activation vector by its largest channel, and a few channels are many times larger than the rest. A
channel of the input of `W` is divided by `s` and the column of `W` multiplied by it: the same product, an easier
rounding. The division costs nothing where what comes before is linear in that channel: the gain of a norm, the value
projection before the output projection, the up projection before the down projection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import torch
from models.recipes.compact import model as network
from models.recipes.compact.batches import Encoder, Row
from torch import Tensor, nn
from transformers import AutoTokenizer, PreTrainedModel

STRENGTH = 0.65
"""How much of an activation's range goes into the weights: 0 none, 1 all (alpha in the paper; README.md has others)."""
_SMALLEST = 1e-5


def smooth(folder: Path, rows: Sequence[Row], first_layer: int, strength: float = STRENGTH) -> None:
    """Smooth the Hugging Face model in `folder`, in place, from layer `first_layer` on.

    `rows` are training rows to measure activations on. The model computes the same as before but for rounding.
    """
    model = network.load(folder)
    encoder = Encoder(folder)
    peaks = measure(model, encoder, rows, first_layer)
    with torch.no_grad():
        for layer, of_layer in zip(list(model.model.layers)[first_layer:], peaks, strict=True):
            _smooth_layer(layer, of_layer, strength)
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(folder).save_pretrained(folder)


def measure(
    model: PreTrainedModel, encoder: Encoder, rows: Sequence[Row], first_layer: int, batch_rows: int = 16
) -> list[dict[str, Tensor]]:
    """Return for each layer from `first_layer` on the largest absolute input of each channel, by projection."""
    layers = list(model.model.layers)[first_layer:]
    peaks: list[dict[str, Tensor]] = [{} for _ in layers]
    with ExitStack() as hooks, torch.no_grad():
        for layer, of_layer in zip(layers, peaks, strict=True):
            for name, projection in _projections(layer):
                hook = projection.register_forward_pre_hook(_keeping_peak(of_layer, name))
                hooks.callback(hook.remove)
        # Rows of about one length: padding would be measured, too.
        ordered = sorted(rows, key=lambda row: len(row.ids))
        for start in range(0, len(ordered), batch_rows):
            batch = encoder.batch(ordered[start : start + batch_rows])
            model.model(input_ids=batch.ids, use_cache=False)
    return peaks


def _projections(layer: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    for part in (layer.self_attn, layer.mlp):
        for name in network.PROJECTIONS:
            if hasattr(part, name):
                yield name, getattr(part, name)


def _keeping_peak(peaks: dict[str, Tensor], name: str) -> Callable[[nn.Module, tuple[Tensor]], None]:
    def keep(_: nn.Module, inputs: tuple[Tensor]) -> None:
        peak = inputs[0].detach().abs().flatten(0, -2).amax(0)
        peaks[name] = torch.maximum(peaks[name], peak) if name in peaks else peak

    return keep


def _smooth_layer(layer: nn.Module, peaks: dict[str, Tensor], strength: float) -> None:
    attention, mlp = layer.self_attn, layer.mlp
    for norm, inputs in (
        (layer.input_layernorm, (attention.q_proj, attention.k_proj, attention.v_proj)),
        (layer.pre_feedforward_layernorm, (mlp.gate_proj, mlp.up_proj)),
    ):
        peak = peaks["q_proj" if inputs[0] is attention.q_proj else "gate_proj"]
        scale = _scale(peak, torch.stack([one.weight.abs().amax(0) for one in inputs]).amax(0), strength)
        norm.weight.copy_((1 + norm.weight) / scale - 1)  # Gemma's norms multiply by 1 + weight
        for one in inputs:
            one.weight.mul_(scale)

    # Query heads share the channels of their key-value head: one scale for all of them.
    width = attention.head_dim
    shared = attention.v_proj.out_features // width

    def by_value_channel(channels: Tensor) -> Tensor:
        return channels.view(shared, -1, width).amax(1).flatten()

    scale = _scale(by_value_channel(peaks["o_proj"]), by_value_channel(attention.o_proj.weight.abs().amax(0)), strength)
    attention.v_proj.weight.div_(scale[:, None])
    groups = attention.o_proj.in_features // (shared * width)
    attention.o_proj.weight.mul_(scale.view(shared, 1, width).expand(shared, groups, width).reshape(-1))

    scale = _scale(peaks["down_proj"], mlp.down_proj.weight.abs().amax(0), strength)
    mlp.up_proj.weight.div_(scale[:, None])
    mlp.down_proj.weight.mul_(scale)


def _scale(activations: Tensor, weights: Tensor, strength: float) -> Tensor:
    """Return max|X|^alpha / max|W|^(1 - alpha) for each channel."""
    return activations.clamp(min=_SMALLEST) ** strength / weights.clamp(min=_SMALLEST) ** (1 - strength)
