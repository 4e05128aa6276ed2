"""Before the work of a folder job: the output folder is opened, and every article is entered in the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from depesche.batch.entries import Wanted
from depesche.batch.files import path_of
from depesche.batch.folder_ledger import FolderLedger
from depesche.batch.folders import find_roots
from depesche.batch.inputs import Item, find_items
from depesche.batch.outputs import JOB_FOLDER
from depesche.batch.remote import is_remote
from depesche.batch.remote_inputs import find_remote_items
from depesche.errors import BadArguments, OutputFull, OutputInUse

_ITEMS_AT_ONCE = 500


def open_folder(out: Path) -> None:
    """Make the output folder what a job needs. Raises `OutputInUse`, `OutputFull`."""
    if out.exists() and not out.is_dir():
        raise OutputInUse("a file, not a folder", place=str(out), remedy="name another --out")
    try:
        (out / JOB_FOLDER).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputFull(
            error.strerror or str(error), place=str(out), remedy="make room, or choose an --out that can be written to"
        ) from error


def check_arguments(arguments: Sequence[str | Path], ours: Sequence[Path], *, watching: bool = False) -> None:
    """See that the arguments name articles, and none of them a place in `ours`, the folders that a job writes to.

    Nothing is made or fetched for that; an address is looked up later. Raises `BadArguments`.
    """
    if any(is_remote(str(argument)) for argument in arguments):
        return
    for root in find_roots(arguments, watching=watching):
        if folder := next((folder for folder in ours if Path(root.path).is_relative_to(folder.resolve())), None):
            raise BadArguments(
                f"lies in {folder}, where briefs or bad articles are written: it would be taken for our own",
                place=root.path,
                remedy="name an --out and a --quarantine apart from the articles, or in a folder among them",
            )


def register_all(
    arguments: Sequence[str | Path],
    ours: Sequence[Path],
    ledger: FolderLedger,
    wanted: Wanted,
    ignored: Counter[str],
) -> Iterator[tuple[int, int]]:
    """Enter every article, some hundreds at a time; yield each time how many there are so far, and are to be done.

    What lies in the folders `ours`, those of the briefs and of the quarantine, is no article, even where they lie
    among the articles. What else is passed over is counted in `ignored`.
    """
    total = to_do = 0
    items = _found(arguments, ours, ignored)
    while part := list(islice(items, _ITEMS_AT_ONCE)):
        to_do += ledger.register(part, wanted)
        total += len(part)
        yield total, to_do


def _found(arguments: Sequence[str | Path], ours: Sequence[Path], ignored: Counter[str]) -> Iterator[tuple[Item, str]]:
    remote = [str(argument) for argument in arguments if is_remote(str(argument))]
    if not remote:
        return with_stats(find_items(arguments, ignored=ignored), ours)
    if len(arguments) > 1:
        raise BadArguments(
            "an address stands alone", place=remote[0], remedy="name the folder above, or run one job for each"
        )
    return find_remote_items(remote[0], ignored)


def with_stats(items: Iterable[Item], ours: Sequence[Path], *, at_once: bool = True) -> Iterator[tuple[Item, str]]:
    """Yield each item with a word that changes when its file does; leave out what lies in the folders `ours`.

    With `at_once` the many items of one file share the word; without, items come over time and each is looked at.
    """
    folders = [folder.resolve() for folder in ours]
    path, stat, is_ours = "", "", False
    for item in items:
        if item.path != path or not at_once:
            path, stat = item.path, file_stat(item.path)
            real = Path(path_of(path)).resolve()
            is_ours = any(real.is_relative_to(folder) for folder in folders)
        if not is_ours:
            yield item, stat


def file_stat(path: str) -> str:
    """Return size and times of a file, as an item names it, as one word; empty where it cannot be told.

    The time of the last change of its entry is among them: unlike that of its content, programs cannot set it back.
    """
    try:
        found = Path(path_of(path)).stat()
    except OSError:
        return ""
    return f"{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}"
