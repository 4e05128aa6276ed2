"""Packing: which requests share a batch, and where an output ends.

A batch is padded to its longest member, so requests are sorted by length and a batch is closed when its padded
size would pass the budget: memory stays bounded however many requests come. Requests share a batch only if they
are decoded under the same settings, which are a function of the request alone; so a request has the same bound,
beams and stops in every company it comes in. Where an engine promises that company changes nothing at all, requests
share a batch only with those of exactly their length (`equal_lengths`): nothing is padded, and every row is computed
in the shapes that it has alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from depesche.engines.base import Request
from depesche.errors import SentenceTooLong

_SMALLEST_BOUND = 64


def decoding_bound(max_tokens: int) -> int:
    """Return the bound that a request is decoded with: `max_tokens` rounded up to 64 times a power of two.

    With the exact `max_tokens` hardly two requests could share a batch. What is too much is cut off afterwards.
    """
    bound = _SMALLEST_BOUND
    while bound < max_tokens:
        bound *= 2
    return bound


def pack(
    requests: Sequence[Request], lengths: Sequence[int], budget: int, *, beams: int, equal_lengths: bool = False
) -> Iterator[list[int]]:
    """Yield batches of indices of `requests`, longest first, each at most `budget` padded tokens.

    `lengths` are the tokens of the prompts. Prompt and decoding bound count once for each beam of the search, which has
    the `beams` recommended for the model unless a request wants fewer, or more hypotheses. A request that is larger
    than the budget is a batch of its own.
    """

    def settings(i: int) -> tuple[int, int, int, tuple[str, ...]]:
        request = requests[i]
        return decoding_bound(request.max_tokens), request.outputs(beams), request.width(beams), request.stop

    batch: list[int] = []
    for i in sorted(range(len(requests)), key=lambda i: (settings(i), -lengths[i])):
        if batch:
            longest, request = lengths[batch[0]], requests[i]
            size = (longest + decoding_bound(request.max_tokens)) * request.width(beams)
            strange = settings(i) != settings(batch[0]) or (equal_lengths and lengths[i] != longest)
            if strange or size * (len(batch) + 1) > budget:
                yield batch
                batch = []
        batch.append(i)
    if batch:
        yield batch


def cut_at_stop(text: str, stop: Sequence[str]) -> tuple[str, bool]:
    """Return `text` up to the first of `stop`, and whether there was one."""
    ends = [at for mark in stop if (at := text.find(mark)) >= 0]
    return (text[: min(ends)], True) if ends else (text, False)


def check_window(lengths: Sequence[int], window: int, model: str) -> None:
    """Raise `SentenceTooLong` for the first request that does not fit; nothing has run by then."""
    for number, length in enumerate(lengths):
        if length > window:
            raise SentenceTooLong(
                f"the prompt has {length} tokens and the window {window}",
                place=f"model {model}, request {number}",
                remedy="cut the text into shorter sentences, or choose a model with a larger window",
                request=number,
            )
