"""Articles of a folder job that say nearly the same, agency copy with another first line say: found before the work.

Before, so that the outcome does not depend on which of two is finished first: a link goes from an article to one that
was there before it, or that came with it and has the smaller name. Articles are compared by the share of their runs of
three words that they have in common (MinHash: Broder 1997); candidates come from bands of the signature (locality-
sensitive hashing: Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3) that lie in the ledger, so
that a million of them cost no memory.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from hashlib import blake2b

import numpy as np
from datasketch import MinHash
from sqlalchemy import delete, insert, or_, select, update

from depesche.batch.entries import Claim
from depesche.batch.folder_ledger import FolderLedger
from depesche.batch.ledger import CHANGED, as_claim
from depesche.batch.schema import articles, bands

ALIKE = 0.8
"""Share of the runs of three words from which on two articles say nearly the same."""
_PERMUTATIONS = 64
_BANDS = 16
_ROWS = _PERMUTATIONS // _BANDS
_WORDS_A_RUN = 3
_AT_ONCE = 500
_WORD = re.compile(r"\w+")
NOTHING = b""
"""The signature of what cannot be read or has no words: it is like nothing else."""


def sign(text: str) -> bytes:
    """Return the MinHash signature of `text`: 64 little-endian 32-bit numbers; the same on every machine."""
    words = _WORD.findall(text.lower())
    runs = {" ".join(words[i : i + _WORDS_A_RUN]) for i in range(max(1, len(words) - _WORDS_A_RUN + 1))}
    if not words:
        return NOTHING
    hashed = MinHash(num_perm=_PERMUTATIONS, seed=1)
    hashed.update_batch([run.encode("utf-8", "surrogatepass") for run in sorted(runs)])
    return np.asarray(hashed.hashvalues, dtype="<u4").tobytes()


def similarity(one: bytes, other: bytes) -> float:
    """Return the share of their runs of words that two signed texts are estimated to have in common, 0 to 1."""
    if not one or not other:
        return 0.0
    return float(np.mean(np.frombuffer(one, "<u4") == np.frombuffer(other, "<u4")))


class Likenesses:
    """What the ledger knows of who is like whom."""

    def __init__(self, ledger: FolderLedger) -> None:
        self._ledger = ledger
        self._mine = articles.c.job == ledger.job

    def wake(self) -> None:
        """Give their turn to articles that were not done because they are like one that changed, failed or is gone.

        Such a one has no signature, or no row.
        """
        first = articles.alias()
        signed = select(first.c.name).where(
            first.c.job == articles.c.job, first.c.name == articles.c.near_of, first.c.signature.is_not(None)
        )
        with self._ledger.database.transaction() as connection:
            connection.execute(
                update(articles)
                .where(self._mine, articles.c.state.in_(("skipped", "pending")))
                .where(articles.c.near_of.is_not(None), ~signed.exists())
                .values(state="pending", signature=None, near_of=None, updated=time.time())
            )

    def unsigned(self) -> Iterator[list[Claim]]:
        """Yield, some hundreds at a time, the articles that are to be done and have no signature yet."""
        last = ""
        while True:
            with self._ledger.database.transaction(write=False) as connection:
                rows = connection.execute(
                    select(articles)
                    .where(self._mine, articles.c.signature.is_(None))
                    .where(or_(articles.c.state == "pending", articles.c.stat.startswith(CHANGED)))
                    .where(articles.c.name > last)
                    .order_by(articles.c.name)
                    .limit(_AT_ONCE)
                ).all()
            if not rows:
                return
            last = rows[-1].name
            yield [as_claim(row) for row in rows]

    def link(self, signatures: Sequence[tuple[str, bytes]]) -> int:
        """Enter signatures, given in order of name, and whom each article is like; return how many are like another."""
        found = 0
        with self._ledger.database.transaction() as connection:
            names = [name for name, _ in signatures]
            same_job = bands.c.job == self._ledger.job
            connection.execute(delete(bands).where(same_job, bands.c.name.in_(names)))
            for name, signature in signatures:
                keys = _keys(signature)
                candidates = connection.execute(
                    select(articles.c.name, articles.c.signature)
                    .where(self._mine)
                    .where(articles.c.name.in_(select(bands.c.name).where(same_job, bands.c.key.in_(keys))))
                    .order_by(articles.c.name)
                ).all()
                near = next((row.name for row in candidates if similarity(row.signature, signature) >= ALIKE), None)
                connection.execute(
                    update(articles)
                    .where(self._mine, articles.c.name == name)
                    .values(signature=signature, near_of=near)
                )
                found += near is not None
                if near is None and keys:  # what is like another is found by way of that one
                    connection.execute(
                        insert(bands), [{"job": self._ledger.job, "key": key, "name": name} for key in keys]
                    )
        return found

    def skip(self, config_sha256: str) -> int:
        """Enter that what is like another article and still to be done is not done; return how many that are.

        `config_sha256` is that of the run: the next one with the same leaves it at that.
        """
        with self._ledger.database.transaction() as connection:
            skipped = connection.execute(
                update(articles)
                .where(self._mine, articles.c.state == "pending")
                .where(articles.c.near_of.is_not(None), articles.c.output.is_(None))
                .values(state="skipped", updated=time.time(), error_text="nearly the same as " + articles.c.near_of)
                .values(config_sha256=config_sha256)
            )
            return skipped.rowcount


def _keys(signature: bytes) -> list[int]:
    """Return a number for each band of a signature: two texts alike share one with near certainty."""
    size = _ROWS * 4
    parts = [signature[start : start + size] for start in range(0, len(signature), size)]
    hashes = (blake2b(bytes([band]) + part, digest_size=8).digest() for band, part in enumerate(parts))
    return [int.from_bytes(digest, "little", signed=True) for digest in hashes]
