"""Articles at an address that fsspec reaches, as the items of a job: the names are those of a local copy.

One address is a job: a folder, a JSONL file or one article. Archives are not read over a network; each is an item
whose reading says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from depesche.batch.folders import Ignored, Kind, is_known, kind_of
from depesche.batch.inputs import Item, line_items
from depesche.batch.names import bounded, safe_parts
from depesche.batch.remote import Entry, entries_of, entry_of, open_remote
from depesche.batch.unpacking import reader_of
from depesche.errors import BadArguments, UnreadableInput


def find_remote_items(address: str, ignored: Ignored) -> Iterator[tuple[Item, str]]:
    """Yield every article at an address with a word that changes when its file does, one folder in memory at a time.

    Raises `BadArguments` before the first item.
    """
    root = entry_of(address.rstrip("/"))
    if root is None:
        raise BadArguments("nothing lies at this address", place=address, remedy="check it; globs need a local folder")
    if not root.is_folder:
        kind = kind_of(root.name)
        parts = safe_parts([root.name], folder=kind != "file")
        yield from _items((parts[root.name],), root, kind)
        return
    yield from _walk(root.address, (), ignored)


def _walk(address: str, parts: tuple[str, ...], ignored: Ignored) -> Iterator[tuple[Item, str]]:
    try:
        found = [entry for entry in entries_of(address) if _is_taken(entry, ignored)]
    except UnreadableInput:
        yield Item(bounded(parts), address), ""
        return
    kinds: dict[str, Kind | None] = {one.name: None if one.is_folder else kind_of(one.name) for one in found}
    named = safe_parts((name for name, kind in kinds.items() if kind != "file"), folder=True)
    named |= safe_parts(name for name, kind in kinds.items() if kind == "file")
    for entry in found:
        below = (*parts, named[entry.name])
        kind = kinds[entry.name]
        if kind is None:
            yield from _walk(entry.address, below, ignored)
        else:
            yield from _items(below, entry, kind)


def _is_taken(entry: Entry, ignored: Ignored) -> bool:
    if entry.name.startswith(".") or not entry.name:
        ignored["hidden"] += 1
        return False
    return entry.is_folder or is_known(entry.name, ignored)


def _items(parts: tuple[str, ...], entry: Entry, kind: Kind) -> Iterator[tuple[Item, str]]:
    whole = Item(bounded(parts), entry.address)
    if kind != "jsonl":
        yield whole, entry.stat
        return
    try:
        read_at = reader_of(open_remote(entry.address, place=entry.address))
        for item in line_items(parts, entry.address, None, read_at):
            yield item, entry.stat
    except UnreadableInput:
        yield whole, entry.stat
