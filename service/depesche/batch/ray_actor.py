"""What a Ray actor does for a folder job: it holds the models, and briefs one batch of articles after another.

Nothing that an article holds makes a call raise: one raised row would abort the whole Ray job. What came of each
article is a row of the answer. An article that takes its actor down twice when it is alone has failed (D705).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any, Literal

import pyarrow as pa
import ray

from depesche.batch import stages
from depesche.batch.entries import Claim, Outcome
from depesche.batch.flight import draft_each
from depesche.batch.inputs import Item
from depesche.batch.outputs import remove_output
from depesche.batch.stages import Readings, Workshop
from depesche.errors import DepescheError, ModelError, OutputFull, WorkerDied
from depesche.pipeline import Pipeline

Kind = Literal["outcome", "unchanged", "given back", "stop"]
Row = tuple[Kind, Any]
"""What came of an article; its name, where there is no outcome; code and text of the error that stops the job."""

_SUSPECT = 2
"""Deaths of an actor: at a batch, after which its articles are done one by one; at one alone, after which it failed."""


class Witness:
    """The one actor that knows what the others are at, also after their death, and whether the job is to stop."""

    def __init__(self) -> None:
        self._begun: Counter[str] = Counter()
        self._stopping = False

    def begin(self, key: str) -> tuple[int, bool]:
        """Note that work begins; return how often it was begun and not ended before, and whether to stop."""
        self._begun[key] += 1
        return self._begun[key] - 1, self._stopping

    def end(self, key: str) -> None:
        """Note that work has ended."""
        del self._begun[key]

    def stop(self) -> None:
        """Let all work that has not begun be given back."""
        self._stopping = True


class BriefMaker:
    """The callable for `map_batches`: a table of claims in, a table of rows out."""

    def __init__(self, workshop: Workshop, witness: Any) -> None:
        stages.begin_worker(workshop)
        self._shop = workshop
        self._witness = witness
        self._pipeline = Pipeline(workshop.config)

    def __call__(self, table: pa.Table) -> pa.Table:
        """Brief the articles of a batch."""
        claims = [unpacked(text) for text in table.column("claim").to_pylist()]
        try:
            rows = self._watched(claims)
        except Exception as error:  # noqa: BLE001 - what escapes here would abort the job without a word to the ledger
            rows = _stopped(claims, stages.unexpected(error, claims[0].item.name))
        plain = ((kind, asdict(what) if isinstance(what, Outcome) else what) for kind, what in rows)
        return pa.table({"row": [json.dumps(row) for row in plain]})

    def _watched(self, claims: Sequence[Claim]) -> list[Row]:
        key = "batch:" + claims[0].item.name
        deaths, stopping = ray.get(self._witness.begin.remote(key))
        if stopping:
            rows: list[Row] = [("given back", claim.item.name) for claim in claims]
        elif deaths < _SUSPECT:
            rows = self._brief(claims)
        else:
            rows = [row for claim in claims for row in self._alone(claim)]
        ray.get(self._witness.end.remote(key))
        return rows

    def _alone(self, claim: Claim) -> list[Row]:
        key = "article:" + claim.item.name
        deaths, _ = ray.get(self._witness.begin.remote(key))
        if deaths < _SUSPECT:
            rows = self._brief([claim])
        else:
            error = WorkerDied(
                f"the process that worked on it alone died {deaths} times",
                place=claim.item.name,
                remedy="see what ends the process (memory, a model's library); then --retry-failed",
            )
            rows = [self._failed(claim.item, error)]
        ray.get(self._witness.end.remote(key))
        return rows

    def _brief(self, claims: Sequence[Claim]) -> list[Row]:
        rows: list[Row] = []
        ready: list[tuple[Claim, Readings]] = []
        for claim in claims:
            reading = stages.read(claim)
            if reading.unchanged and set(reading.formats) <= set(claim.outputs):
                rows.append(("unchanged", claim.item.name))
                continue
            if reading.unchanged:  # a format is missing
                copied = stages.copy(reading, claim.item.name, claim.outputs)
                if copied is not None:
                    rows.append(self._row(claim, reading, copied))
                    continue
                reading = stages.read(replace(claim, content_sha256=None))
            if reading.error is not None:
                rows.append(self._row(claim, reading, reading.error))
            else:
                ready.append((claim, reading))
        return [*rows, *self._finish(ready)]

    def _finish(self, ready: Sequence[tuple[Claim, Readings]]) -> Iterator[Row]:
        try:
            drafts = draft_each(self._pipeline, [reading.source for _, reading in ready if reading.source is not None])
        except ModelError as error:  # a model that cannot be had: no article would fare better
            yield from _stopped([claim for claim, _ in ready], error)
            return
        for (claim, reading), drafted in zip(ready, drafts, strict=True):
            made = drafted if isinstance(drafted, DepescheError) else stages.write(reading, drafted)
            yield self._row(claim, reading, made)

    def _row(self, claim: Claim, reading: Readings, made: Outcome | DepescheError) -> Row:
        if isinstance(made, OutputFull):
            return "stop", (claim.item.name, str(made))
        if isinstance(made, DepescheError):
            return self._failed(claim.item, made, reading)
        for path in set(claim.outputs.values()) - set(made.outputs.values()):
            remove_output(self._shop.out, path)  # of bytes or settings that are no longer these
        return "outcome", made

    def _failed(self, item: Item, error: DepescheError, reading: Readings | None = None) -> Row:
        if self._shop.quarantine is not None:
            with suppress(OSError):  # a copy that cannot be written is no reason to stop
                stages.set_aside(item)
        return "outcome", stages.failure(item, error, self._shop.imprint.sha256, reading)


def packed(claim: Claim) -> str:
    """Return a claim as text for a column."""
    return json.dumps(asdict(claim))


def unpacked(text: str) -> Claim:
    """Return the claim that `packed` was given."""
    fields = json.loads(text)
    return Claim(**{**fields, "item": Item(**fields["item"])})


def _stopped(claims: Sequence[Claim], error: DepescheError) -> list[Row]:
    return [("stop", (claim.item.name, str(error))) for claim in claims]
