"""What each error code means and what to do about it, for whoever finds a hundred of them in the morning.

An error carries its own remedy, which knows more; these stand in where only the code was kept.
"""

from __future__ import annotations

from collections.abc import Iterator

from depesche.errors import DepescheError

REMEDIES = {
    "D101": "look at what wrote the file: it is empty",
    "D102": "fetch the page with a subscription, or give the whole text",
    "D103": "keep images, archives and other binary files out of the folder",
    "D104": "give each article alone, or raise ingest.max_bytes",
    "D105": "give the article itself, not a page of links, or lower ingest.min_words",
    "D106": "save the file as UTF-8",
    "D107": "mend the record; depesche schema article describes its shape",
    "D108": "give .txt, .md, .html, .json or .jsonl",
    "D109": "check that the file is still there and may be read, then run with --retry-failed",
    "D201": "name the language in the article's language field, or lower read.min_confidence",
    "D202": "choose a translation model for this language: depesche models list",
    "D301": "depesche models list shows the models there are",
    "D302": "depesche models pull fetches the model",
    "D303": "depesche models pull --force fetches the model again",
    "D304": "check the network, or put the model into the models folder by hand",
    "D305": "models/README.md describes every field of a card",
    "D306": "install the library that the message names; if it is there: depesche models verify",
    "D307": "run with --retry-failed; if it fails again: depesche models verify",
    "D308": "mend the prompt file that the message names",
    "D309": "cut the article's longest sentence, or choose a model with a larger window",
    "D401": "depesche config shows every setting with its meaning",
    "D501": "read the warnings of the brief",
    "D601": "check that the output folder exists, may be written and has space",
    "D701": "check the arguments: depesche batch --help",
    "D702": "unpack the archive yourself and give the folder",
    "D703": "choose another --out, or wait for the other job",
    "D704": "make room or name another --out, then run the same command again",
    "D705": "run with --retry-failed; with fewer --workers if memory was short",
    "D706": "give ray more CPUs",
    "D707": "install the optional library that the message names",
    "D708": "report the bug with the message; the other articles are not touched by it",
}


def remedy_of(code: str) -> str:
    """Return the general remedy for an error code."""
    return REMEDIES.get(code, "run with --retry-failed; if it fails again, run depesche brief on the article")


def meaning_of(code: str) -> str:
    """Return in one sentence what an error code means."""
    return next((doc for known, doc in _meanings(DepescheError) if known == code), "An error without a code of ours.")


def _meanings(kind: type[DepescheError]) -> Iterator[tuple[str, str]]:
    if kind is not DepescheError:
        sentence, stop, _ = (kind.__doc__ or "").partition("\n")[0].replace("`", "").partition(". ")
        yield kind.code, sentence + stop.strip()
    for child in kind.__subclasses__():
        yield from _meanings(child)
