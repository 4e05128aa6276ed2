"""Names of articles inside a job: safe as paths below the output folder, whatever the input is called.

A name is kept as it is wherever it can be. A part of it that would leave the folder, steer a terminal, be too long or
be refused by some file system is changed and gets `~` and the first 8 hex digits of the SHA-256 of the original part,
as in `nul.txt` → `_nul~e5bf1cd6.txt`. Of parts of one folder that some file systems take for one (`Kita.txt` and
`kita.txt`; NFC and NFD), all but the first in order get the same ending. So names are a function of the input's names
alone: the next run, and another machine, come to the same ones.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

MAX_PART_BYTES = 180
"""Bytes of one part: leaves room for `.json` below the 255 that file systems allow."""
MAX_NAME_BYTES = 900
"""Bytes of a whole name, below what PATH_MAX and Windows' long paths leave for the output folder itself."""
_KEPT_BYTES = 400

_SUFFIX_DIGITS = (8, 16, 32, 64)
_LOOKS_SUFFIXED = re.compile(r"~[0-9a-f]{8,64}(?:\.[^.]*)?\Z")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|\Z)", re.IGNORECASE)
_FORBIDDEN = frozenset('<>:"|?*\\/')
# Shown as nothing, so that two names look alike, and skipped by case-insensitive file systems when they compare.
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]")
_CATEGORIES_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# What the job itself writes at the top of the output folder, and the endings of single briefs.
_OWN_FOLDER_NAMES = frozenset({"briefs.jsonl", "briefs.parquet", "figures.parquet"})
_OUTPUT_ENDINGS = (".json", ".md", ".html")
_OWN_FILE_STEMS = frozenset({"report"})


def folded(name: str) -> str:
    """Return what a file system that knows neither case nor normal form compares `name` by."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


def encodable(name: str) -> str:
    r"""Return `name` with bytes that are no UTF-8, which Python shows as lone surrogates, written as `\\udce9`."""
    return name.encode("utf-8", "backslashreplace").decode()


def safe_parts(names: Iterable[str], *, folder: bool = False) -> dict[str, str]:
    """Return for each different name of one folder the part of a path that stands for it; no two fold to one."""
    taken: set[str] = set()
    parts: dict[str, str] = {}
    for name in sorted(set(names)):
        parts[name] = part = _free_part(name, taken, folder=folder)
        taken.add(folded(part))
    return parts


def bounded(parts: Sequence[str]) -> str:
    """Return the parts joined by `/`; the middle of a very long name is replaced by a hash of the whole."""
    name = "/".join(parts)
    if len(name.encode()) <= MAX_NAME_BYTES:
        return name
    kept: list[str] = []
    for part in parts[:-1]:
        if len("/".join([*kept, part]).encode()) > _KEPT_BYTES:
            break
        kept.append(part)
    return "/".join([*kept, "~" + _digest(name)[:32], parts[-1]])


def _free_part(name: str, taken: set[str], *, folder: bool) -> str:
    plain = unicodedata.normalize("NFC", name)
    clean = _cleaned(plain)
    changed = clean != plain or len(clean.encode()) > MAX_PART_BYTES or _is_owned(plain, folder=folder)
    if not changed and folded(plain) not in taken:
        return plain
    for digits in _SUFFIX_DIGITS:
        part = _suffixed(clean, "~" + _digest(name)[:digits], folder=folder)
        if folded(part) not in taken:
            break
    return part


def _cleaned(name: str) -> str:
    """Return `name` without anything that any file system, shell or terminal may take amiss; the same if fine."""
    clean = "".join(
        "_" if char in _FORBIDDEN or unicodedata.category(char) in _CATEGORIES_REFUSED else char
        for char in _INVISIBLE.sub("_", name)
    )
    if clean.startswith((".", " ")):
        clean = "_" + clean[1:]
    if clean.endswith((".", " ")):
        clean = clean[:-1] + "_"
    if _RESERVED.match(clean):
        clean = "_" + clean
    return clean or "_"


def _is_owned(name: str, *, folder: bool) -> bool:
    """Say whether a name could be mistaken for one that this job makes: a suffixed one, a brief or a report."""
    if _LOOKS_SUFFIXED.search(name):
        return True
    low = folded(name)
    return low.endswith(_OUTPUT_ENDINGS) or low in _OWN_FOLDER_NAMES if folder else low in _OWN_FILE_STEMS


def _suffixed(clean: str, suffix: str, *, folder: bool) -> str:
    """Return `clean` with `suffix` before its ending; a folder has none, and must not end as a brief does."""
    ending = "" if folder else PurePosixPath(clean).suffix
    if len(ending.encode()) > 16:
        ending = ""
    stem = clean[: len(clean) - len(ending)]
    return _cut(stem, MAX_PART_BYTES - len(suffix) - len(ending.encode())) + suffix + ending


def _cut(text: str, size: int) -> str:
    """Return the longest start of `text` of at most `size` bytes."""
    data = text.encode()
    return text if len(data) <= size else data[:size].decode("utf-8", "ignore")


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
