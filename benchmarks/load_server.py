"""A real `depesche serve` for the load benchmark, in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

SERVICE = Path(__file__).parents[1] / "service"
_STARTING = 600


@dataclass(frozen=True)
class LoadedServer:
    """Where the server listens, and its process."""

    url: str
    pid: int


@contextmanager
def start_server(folder: Path, name: str, settings: dict[str, Any]) -> Iterator[LoadedServer]:
    """Start a server with these `serve` settings, wait until it is ready, and end it afterwards."""
    path = os.pathsep.join([str(SERVICE), *filter(None, [os.environ.get("PYTHONPATH")])])
    given = {"rate_per_minute": 0, "port": 0, "log_format": "json", "deadline_seconds": 170, **settings}
    environment = {
        **os.environ,
        "PYTHONPATH": path,
        "DEPESCHE_SUMMARIZE__MODEL": "extractive",
        "DEPESCHE_STORE__URL": f"sqlite:///{(folder / f'{name}.sqlite').resolve()}",
        **{f"DEPESCHE_SERVE__{key.upper()}": str(value) for key, value in given.items()},
    }
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "depesche", "serve"], env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            yield LoadedServer(_wait_until_ready(process), process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(120)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(process: subprocess.Popen[str]) -> str:
    line = process.stdout.readline() if process.stdout else ""
    found = re.search(r"http://\S+", line)
    if found is None:
        raise RuntimeError(f"the server did not start: {line!r}; see its log")
    until = time.monotonic() + _STARTING
    while httpx.get(f"{found[0]}/readyz", timeout=60).status_code != httpx.codes.OK:
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError("the server did not get ready; see its log")
        time.sleep(0.2)
    return found[0]
