"""A real `depesche serve` in a process of its own, and raw connections to it: for what only sockets show."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

SERVICE = Path(__file__).parents[2] / "service"


@dataclass
class RealServer:
    """The process, where it listens, and what it says."""

    process: subprocess.Popen[str]
    url: str
    said: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def wait_until_ready(self) -> None:
        until = time.monotonic() + 240
        while httpx.get(f"{self.url}/readyz", timeout=60).status_code != 200:
            assert time.monotonic() < until, self.said
            time.sleep(0.05)

    def end(self) -> int:
        """Ask the process to end; return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(120)


def sqlite(folder: Path) -> str:
    """Return the URL of a file in `folder`."""
    return f"sqlite:///{folder / 'store.sqlite'}"


def settings(store: str, **serve: Any) -> dict[str, str]:
    """Return the environment of a service: no file of settings of this machine counts."""
    given = {"rate_per_minute": 0, **serve}
    return {
        **os.environ,
        "PYTHONPATH": str(SERVICE),
        "DEPESCHE_SUMMARIZE__MODEL": "extractive",
        "DEPESCHE_ENGINE__THREADS": "1",
        "DEPESCHE_STORE__URL": store,
        **{f"DEPESCHE_SERVE__{name.upper()}": str(value) for name, value in given.items()},
    }


@contextmanager
def serving(
    folder: Path, *arguments: str, ready: bool = True, store: str | None = None, **serve: Any
) -> Iterator[RealServer]:
    """Start `depesche serve` on a free port, over `store` or a file of its own, and end it afterwards."""
    command = [sys.executable, "-m", "depesche", "serve", "--port", "0", *arguments]
    process = subprocess.Popen(
        command,
        env=settings(store or sqlite(folder), **serve),
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    listener = None
    try:
        first = process.stdout.readline()
        found = re.search(r"http://\S+", first)
        assert found, first + process.stdout.read()
        server = RealServer(process, found[0])
        listener = threading.Thread(target=lambda: server.said.extend(process.stdout or ()), daemon=True)
        listener.start()
        if ready:
            server.wait_until_ready()
        yield server
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(30)
        if listener is not None:
            listener.join(30)
        process.stdout.close()
