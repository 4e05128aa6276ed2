"""`--watch`: articles as they arrive, each when its file is complete.

A file is complete when its size and time of change have stood still for the settle time, or when the last thing that
happened to it was no writing but a renaming, as of those who write under another name first. What had arrived before
comes first; a job that was stopped in between is told of it again, and its ledger knows what is done. A file that
changes comes again.

The system tells of changes (watchfiles). Where it cannot (too many folders for it, network drives: `polling`) the
folders are looked through now and then, as they are anyway for changes that the system did not tell of.
"""

from __future__ import annotations

import logging
import os
import stat
import threading
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path, PurePath

from watchfiles import watch

from depesche.batch.folders import Ignored, Root, find_files, find_roots
from depesche.batch.inputs import Item, items_of

_LOG = logging.getLogger("depesche.batch")


def watch_items(
    arguments: Sequence[str | Path],
    *,
    stop: threading.Event,
    settle: float = 2.0,
    rescan: float = 60.0,
    polling: bool = False,
    ignored: Ignored | None = None,
) -> Iterator[Item]:
    """Yield the articles that are there and then those that arrive, until `stop` is set.

    `settle` and `rescan` are seconds: how long a file must stand still, and how often all folders are looked through
    (every `settle` with `polling`). An article comes again when its file changes; so do all of a JSONL file that
    grows. Raises `BadArguments` as `find_items` does.
    """
    watched = [_Watched(root, settle) for root in find_roots(arguments, watching=True)]
    ignored = Counter() if ignored is None else ignored
    folders = [one.root.path for one in watched if one.root.is_folder]
    changes = _polled(settle, stop) if polling or not folders else _told(folders, settle, stop)
    next(changes, None)  # from here on nothing is missed, so that what is there can be listed
    for one in watched:
        yield from one.all_there(ignored)
    last = time.monotonic()
    for changed in changes:
        look_through = changed is None or time.monotonic() - last >= rescan
        for one in watched:
            one.see(changed or [])
            yield from one.settled()
            if look_through:
                yield from one.all_there(Counter())
        last = time.monotonic() if look_through else last


class Arrivals:
    """Which files are complete; `now` is monotonic time, in seconds."""

    def __init__(self, settle: float) -> None:
        self._settle = settle
        self._known: dict[int, int] = {}  # hashes of path and look: a million files may be known
        self._pending: dict[str, tuple[_Look, float]] = {}

    def see(self, path: str, now: float) -> bool:
        """Look at a file that may be new or changed; say whether it is complete, which is said once a change."""
        found = _regular(path)
        if found is None:
            self._pending.pop(path, None)
            return False
        look = (found.st_ino, found.st_size, found.st_mtime_ns)
        if self._known.get(hash(path)) == hash(look):
            return False
        before, since = self._pending.get(path, (look, now - max(0.0, time.time() - found.st_mtime)))
        since = since if before == look else now
        # A writing sets both times to the same; renaming, linking and setting attributes only the second one.
        renamed = found.st_size > 0 and found.st_ctime_ns > found.st_mtime_ns
        if now - since < self._settle and not renamed:
            self._pending[path] = look, since
            return False
        self._pending.pop(path, None)
        self._known[hash(path)] = hash(look)
        return True

    def settled(self, now: float) -> list[str]:
        """Return the files, in order, that have become complete."""
        return [path for path in sorted(self._pending) if self.see(path, now)]


_Look = tuple[int, int, int]
"""Inode, size and time of change: what stands still when a file is complete."""


def _regular(path: str) -> os.stat_result | None:
    try:
        found = os.lstat(path)
    except (OSError, ValueError):
        return None
    return found if stat.S_ISREG(found.st_mode) else None


class _Watched:
    """An argument with what has arrived in it."""

    def __init__(self, root: Root, settle: float) -> None:
        self.root = root
        self._arrivals = Arrivals(settle)
        self._complete: set[str] = set()

    def all_there(self, ignored: Ignored) -> Iterator[Item]:
        """Look at every file there is and yield the articles of those that are complete and new."""
        for found in find_files(self.root, ignored):
            if self._arrivals.see(found.path, time.monotonic()):
                yield from items_of(found, ignored)

    def see(self, changed: Sequence[str]) -> None:
        """Look at the files that changed, and at those in folders that came whole; at nothing hidden."""
        if not self.root.is_folder:
            self._see(self.root.path)
        for path in changed:
            inside = path.removeprefix(self.root.path + os.sep)
            if inside == path or any(part.startswith(".") for part in PurePath(inside).parts):
                continue
            if Path(path).is_dir() and not Path(path).is_symlink():
                wanted = _Leading([path])
                for found in find_files(self.root, Counter(), lambda one, wanted=wanted: one in wanted):  # type: ignore[misc]
                    self._see(found.path)
            else:
                self._see(path)

    def settled(self) -> Iterator[Item]:
        """Yield the articles of the files that have become complete, listing only the folders that lead to them."""
        paths = self._complete | set(self._arrivals.settled(time.monotonic()))
        self._complete = set()
        if paths:
            wanted = _Leading(paths)
            for found in find_files(self.root, Counter(), lambda one: one in wanted):
                yield from items_of(found, Counter())

    def _see(self, path: str) -> None:
        if self._arrivals.see(path, time.monotonic()):
            self._complete.add(path)


class _Leading:
    """The paths given, what leads to them, and what is below them."""

    def __init__(self, paths: Collection[str]) -> None:
        self._paths = frozenset(paths)
        self._above = frozenset(str(above) for path in paths for above in PurePath(path).parents)

    def __contains__(self, path: str) -> bool:
        return path in self._above or path in self._paths or any(str(p) in self._paths for p in PurePath(path).parents)


def _told(folders: Sequence[str], settle: float, stop: threading.Event) -> Iterator[list[str] | None]:
    """Yield paths as the system tells of them, a few times in a settle time; poll where the system cannot tell."""
    tick = max(1, int(settle * 250))
    try:
        for changes in watch(
            *folders,
            watch_filter=None,
            debounce=tick,
            step=min(50, tick),
            rust_timeout=tick,
            yield_on_timeout=True,
            stop_event=stop,
            ignore_permission_denied=True,
        ):
            yield sorted({path for _, path in changes})
    except (OSError, RuntimeError) as error:
        _LOG.warning("the system does not tell of changes (%s); the folders are looked through instead", error)
        yield from _polled(settle, stop)


def _polled(settle: float, stop: threading.Event) -> Iterator[None]:
    """Yield once a settle time, which asks for everything to be looked through."""
    while True:
        yield None
        if stop.wait(settle):
            return
