r"""Sentence pairs as batches of token numbers, in an order that the seed and the pass alone decide.

A row reads `<bos>` German `\nEnglish:` English `<eos>`; the loss looks at the English and `<eos>`. The second task of
the same weights has another cue: `<bos>` English article `\nBrief:` brief `<eos>`.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

CUE = "\nEnglish:"
BRIEF_CUE = "\nBrief:"


@dataclass(frozen=True, slots=True)
class Row:
    """One pair as token numbers; the first `prompt` of them are given, the rest are to be learnt."""

    ids: tuple[int, ...]
    prompt: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows padded to one width; `wanted` marks the tokens to be learnt, `tokens` counts all but the padding."""

    ids: Tensor
    wanted: Tensor
    tokens: int


class Encoder:
    """Turns sentences into token numbers with the trimmed tokenizer."""

    def __init__(self, folder: Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        vocabulary = self.tokenizer.get_vocab()
        self.bos, self.eos, self.pad = (vocabulary[token] for token in ("<bos>", "<eos>", "<pad>"))

    def prompts(self, german: Sequence[str], cue: str = CUE) -> list[list[int]]:
        """Return the prompt of each German sentence (or of each article, with the other cue)."""
        encoded = self.tokenizer.encode_batch_fast([text + cue for text in german], add_special_tokens=False)
        return [[self.bos, *one.ids] for one in encoded]

    def rows(self, pairs: Sequence[tuple[str, str]], longest: int, cue: str = CUE) -> list[Row]:
        """Return the pairs as rows, without those of more than `longest` tokens."""
        prompts = self.prompts([german for german, _ in pairs], cue)
        english = self.tokenizer.encode_batch_fast([f" {text}" for _, text in pairs], add_special_tokens=False)
        rows = (
            Row((*prompt, *answer.ids, self.eos), len(prompt)) for prompt, answer in zip(prompts, english, strict=True)
        )
        return [row for row in rows if len(row.ids) <= longest]

    def batch(self, rows: Sequence[Row]) -> Batch:
        """Pad rows to one width, a multiple of eight."""
        width = -(-max(len(row.ids) for row in rows) // 8) * 8
        ids = torch.full((len(rows), width), self.pad, dtype=torch.long)
        wanted = torch.zeros((len(rows), width), dtype=torch.bool)
        for number, row in enumerate(rows):
            ids[number, : len(row.ids)] = torch.tensor(row.ids)
            wanted[number, row.prompt : len(row.ids)] = True
        return Batch(ids, wanted, sum(len(row.ids) for row in rows))


def grouped(rows: Iterable[Row], batch_tokens: int) -> list[list[Row]]:
    """Cut rows, in the order given, into groups that fill at most `batch_tokens` tokens when padded."""
    groups: list[list[Row]] = []
    widest = 0
    for row in rows:
        widest = max(widest, len(row.ids))
        if not groups or widest * (len(groups[-1]) + 1) > batch_tokens:
            groups.append([])
            widest = len(row.ids)
        groups[-1].append(row)
    return groups


def one_pass(rows: Sequence[Row], batch_tokens: int, seed: int, number: int) -> Iterator[list[Row]]:
    """Yield the groups of pass `number`: shuffled, similar lengths together, and the groups shuffled again.

    Lengths are sorted inside pools of some sixty batches only: the mix of origins stays even from pool to pool. In
    fewer batches a pool has too few rows of each length, and padding fills them: with four it was half of a batch.
    """
    pool = max(2_000, batch_tokens // 2)
    order = random.Random(f"{seed}/{number}")  # noqa: S311
    shuffled = order.sample(rows, len(rows))
    for start in range(0, len(shuffled), pool):
        groups = grouped(sorted(shuffled[start : start + pool], key=lambda row: len(row.ids)), batch_tokens)
        order.shuffle(groups)
        yield from groups
