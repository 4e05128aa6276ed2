"""The network as the recipe trains it: the trimmed base, whole or with low-rank adapters, and its loss on the English.

`W x` becomes `W x + (alpha / rank) B A x` in every projection of the upper layers (LoRA, Hu et al. 2021). B starts at
zero, so that training starts at the base; merged, the adapter costs nothing at run time.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModelForCausalLM, PreTrainedModel

PROJECTIONS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


class LowRank(nn.Module):
    """A frozen linear projection with a trainable low-rank correction."""

    def __init__(self, base: nn.Linear, rank: int, alpha: float) -> None:
        super().__init__()
        self.base = base
        self.scale = alpha / rank
        self.a = nn.Parameter(torch.empty(rank, base.in_features))
        self.b = nn.Parameter(torch.zeros(base.out_features, rank))
        nn.init.kaiming_uniform_(self.a, a=math.sqrt(5))

    def forward(self, x: Tensor) -> Tensor:
        """Project `x` with the base weight and the correction."""
        return self.base(x) + self.scale * functional.linear(functional.linear(x, self.a), self.b)

    def merged(self) -> nn.Linear:
        """Return the base projection with the correction added to its weight."""
        self.base.weight.data += self.scale * (self.b.data @ self.a.data).to(self.base.weight.dtype)
        return self.base


def load(folder: Path, attention: str | None = None) -> PreTrainedModel:
    """Load the trimmed model in float32, all of it frozen."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation=attention)
    return model.requires_grad_(requires_grad=False)


def fuse_norms(model: PreTrainedModel) -> None:
    """Let one kernel compute each norm: on a GPU the eight of Gemma's own code take most of the time."""

    def fused(norm: Any, x: Tensor) -> Tensor:
        return functional.rms_norm(x, x.shape[-1:], (1 + norm.weight).to(x.dtype), norm.eps)

    for part in model.modules():
        if type(part).__name__ == "Gemma3RMSNorm":
            part.forward = functools.partial(fused, part)


def lower_frozen(model: PreTrainedModel) -> None:
    """Round frozen projections to bfloat16, as every step under autocast would; the embedding keeps its precision."""
    for part in model.model.layers.modules():
        if isinstance(part, nn.Linear) and not part.weight.requires_grad:
            part.to(torch.bfloat16)


def _upper_layers(model: PreTrainedModel, frozen_layers: int) -> Iterator[nn.Module]:
    yield from list(model.model.layers)[frozen_layers:]


def add_adapters(model: PreTrainedModel, rank: int, alpha: float, frozen_layers: int) -> None:
    """Put a low-rank correction on every projection above the lowest `frozen_layers` layers."""
    for layer in _upper_layers(model, frozen_layers):
        for part in (layer.self_attn, layer.mlp):
            for name in PROJECTIONS:
                if hasattr(part, name):
                    setattr(part, name, LowRank(getattr(part, name), rank, alpha))


def merge_adapters(model: PreTrainedModel) -> None:
    """Fold every correction into its projection, in place."""
    for layer in model.model.layers:
        for part in (layer.self_attn, layer.mlp):
            for name in PROJECTIONS:
                projection = getattr(part, name, None)
                if isinstance(projection, LowRank):
                    setattr(part, name, projection.merged())


def unfreeze(model: PreTrainedModel, frozen_layers: int) -> None:
    """Train every weight above the lowest `frozen_layers` layers; the embedding stays as it is."""
    for layer in _upper_layers(model, frozen_layers):
        layer.requires_grad_(requires_grad=True)
    model.model.norm.requires_grad_(requires_grad=True)


def add_dropout(model: PreTrainedModel, chance: float) -> None:
    """Drop numbers of what every attention and MLP block adds to its input, while training (Vaswani et al. 2017, 5.4).

    Gemma has no dropout of its own; several passes over some ten thousand sentences want it.
    """

    def drop(block: nn.Module, _: object, output: Tensor) -> Tensor:
        return functional.dropout(output, chance, block.training)

    for layer in model.model.layers:
        layer.post_attention_layernorm.register_forward_hook(drop)
        layer.post_feedforward_layernorm.register_forward_hook(drop)


def trainable(model: PreTrainedModel) -> dict[str, nn.Parameter]:
    """Return the weights that training changes, by name."""
    return {name: weight for name, weight in model.named_parameters() if weight.requires_grad}


def english_loss(model: PreTrainedModel, ids: Tensor, wanted: Tensor, smoothing: float = 0.0) -> Tensor:
    """Return the mean cross-entropy of the wanted tokens, with label smoothing (Szegedy et al. 2016).

    `wanted[i, j]` is true where token `j` of row `i` is English and must be predicted. Rows are padded on the right
    and attention looks left only, so that no mask is needed. Only positions with a wanted successor go through the
    output layer: it is more than half of the cost of a token.
    """
    hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state
    before = wanted[:, 1:]
    return _OutputLoss.apply(hidden[:, :-1][before], model.lm_head.weight, ids[:, 1:][before], smoothing)


class _OutputLoss(torch.autograd.Function):
    """The frozen output layer and the cross-entropy in one, some rows at a time.

    The output layer gets no gradient, so that the gradient of its input can be had at once, while the logits of these
    few rows are there: those of a whole batch (50 million numbers) never are.
    """

    ROWS = 256
    ROWS_ON_GPU = 8_192

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor, smoothing: float) -> Tensor:
        """Return the mean cross-entropy of `targets`; the tensors are (rows, width), (tokens, width), (rows,).

        With `smoothing` a target is a distribution: that share of it is spread evenly over all tokens.
        """
        device = hidden.device.type
        dtype = torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else None
        weight, lowered = weight.to(dtype or weight.dtype), hidden.to(dtype or hidden.dtype)
        evenly = weight.float().mean(0).to(weight.dtype)
        total = torch.zeros((), device=hidden.device)
        gradient = torch.empty_like(hidden)
        size = _OutputLoss.ROWS if device == "cpu" else _OutputLoss.ROWS_ON_GPU
        with torch.autocast(device, enabled=False):
            for start in range(0, len(hidden), size):
                rows = slice(start, start + size)
                logits, right = lowered[rows] @ weight.T, targets[rows, None]
                normalizer = torch.logsumexp(logits.float(), 1, keepdim=True)
                aim = (1 - smoothing) * logits.gather(1, right)
                chances = torch.exp(logits - normalizer).to(weight.dtype)
                slope = chances @ weight - (1 - smoothing) * weight[targets[rows]]
                if smoothing:
                    aim = aim + smoothing * (lowered[rows] @ evenly)[:, None]
                    slope = slope - smoothing * evenly
                total += (normalizer - aim).sum()
                gradient[rows] = slope
        ctx.save_for_backward(gradient)
        return total / len(hidden)

    @staticmethod
    def backward(ctx: Any, upper: Tensor) -> tuple[Tensor, None, None, None]:
        """Return the gradient of `hidden`."""
        (gradient,) = ctx.saved_tensors
        return upper / len(gradient) * gradient, None, None, None
