"""A real Chromium before a real service: how both are started, and what a test asks of a page."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE = 120
PATIENCE_OF_PAGES = 60_000
"""Milliseconds: Chromium's own half a minute is not enough on a machine that has other things to do."""


@contextmanager
def served(folder: Path, *options: str) -> Iterator[str]:
    """Run `served.py` and give its address once it is ready."""
    script = Path(__file__).with_name("served.py")
    with (folder / "log").open("wb") as log:
        # The same modules as here: those of the tests are on our path only.
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        process = subprocess.Popen(
            [sys.executable, str(script), str(folder), *options], stdout=log, stderr=log, env=environment
        )
    try:
        address = folder / "address"
        end = time.monotonic() + _PATIENCE
        while not (address.exists() and _is_ready(address.read_text())):
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < end, "the service did not start"
            time.sleep(0.1)
        yield address.read_text()
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _is_ready(address: str) -> bool:
    """Say whether the service has loaded its models."""
    return httpx.get(f"{address}/readyz", timeout=_PATIENCE).status_code == 200


@dataclass(slots=True)
class Watched:
    """A page whose errors and requests are kept; what breaks the policy of the pages shows up as an error."""

    page: Any
    address: str
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def watch(self) -> None:
        host = urlsplit(self.address).netloc
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.errors.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on(
            "request",
            lambda request: self.outside.append(request.url) if urlsplit(request.url).netloc != host else None,
        )

    def id_of_job(self) -> str:
        """Return the id of a job that the service has."""
        jobs = self.page.request.get(f"{self.address}/v1/jobs").json()
        return str(jobs["items"][0]["id"])

    def go(self, path: str) -> Any:
        return self.page.goto(self.address + path)


def overflow(page: Any) -> int:
    """Return by how many pixels a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
