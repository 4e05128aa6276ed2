"""A real PostgreSQL for tests: one private cluster a test session, one database a test.

`store_url` runs a test twice, on a SQLite file and on PostgreSQL, each with the tables of a store and nothing in them.
Where no PostgreSQL is installed (Debian: the package `postgresql`), the second one is skipped with that reason.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from depesche.store import open_store

_USER = "depesche"
_SETTINGS = {
    "fsync": "off",  # a test's data need not survive the machine
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
    "lc_messages": "C",
}
_END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


@dataclass
class Cluster:
    """A running PostgreSQL that nobody else uses."""

    programs: Path
    port: int
    password: str
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{_USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str) -> None:
        """Run one statement outside of every database that a test uses."""
        import psycopg

        url = self.url("postgres").replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """Make a database like the template, an empty one; yield its URL, and drop it whoever is still connected."""
        name = f"test_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def private_cluster() -> Iterator[Cluster]:
    """Start a PostgreSQL of one's own, and end it. Raises `LookupError` where none can be started."""
    programs = _programs()
    if programs is None:
        raise LookupError("PostgreSQL is not installed (no initdb on the path or in /usr/lib/postgresql)")
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="depesche-pg-"))
    try:
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        with _running(programs, folder, user) as cluster:
            yield cluster
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """The cluster of this test session."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(private_cluster())
        except LookupError as error:
            pytest.skip(str(error))
        yield cluster


@pytest.fixture(scope="session")
def postgres_template(postgres_cluster: Cluster) -> str:
    """The name of a database with the tables of a store, for others to be copied from."""
    postgres_cluster.run("CREATE DATABASE migrated")
    open_store(postgres_cluster.url("migrated")).close()
    return "migrated"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the tables of a store, for others to be copied from."""
    path = tmp_path_factory.mktemp("template") / "store.sqlite"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def postgres_url(postgres_cluster: Cluster, postgres_template: str) -> Iterator[str]:
    """The URL of a PostgreSQL database with an empty store, gone after the test."""
    with postgres_cluster.database(postgres_template) as url:
        yield url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a SQLite file with an empty store."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'store.sqlite')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database with an empty store, of each kind in turn."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


def _programs() -> Path | None:
    """Return the folder of initdb and postgres: Debian has them off the path, a folder for each version."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(versions, key=lambda folder: float(folder.parent.name), default=None)


def _unprivileged() -> pwd.struct_passwd | None:
    """Return who is to run PostgreSQL, which refuses to run as root; None where this process may run it itself."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise LookupError("there is no unprivileged user to run PostgreSQL as")


@contextmanager
def _running(programs: Path, folder: Path, user: pwd.struct_passwd | None) -> Iterator[Cluster]:
    as_user: dict[str, Any] = {"cwd": folder, "env": {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}}
    if user is not None:
        as_user |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    password = secrets.token_hex(16)
    (folder / "password").write_text(password)
    # German rules of sorting, so that a query which counts on the order of bytes fails here and not at a user's.
    order = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=de", "--encoding=UTF8"]
    access = [f"--username={_USER}", "--auth=scram-sha-256", "--pwfile=password"]
    subprocess.run(
        [programs / "initdb", "--pgdata=data", "--no-sync", *order, *access], check=True, capture_output=True, **as_user
    )
    process, port = _start(programs, folder, as_user)
    with process:
        assert process.stderr is not None
        reader = threading.Thread(target=process.stderr.read, daemon=True)  # or it would stop when the pipe is full
        reader.start()
        try:
            yield Cluster(programs, port, password)
        finally:
            process.send_signal(signal.SIGINT)  # "fast shutdown"
            process.wait(30)
            reader.join()


def _start(programs: Path, folder: Path, as_user: dict[str, Any]) -> tuple[subprocess.Popen[str], int]:
    """Return a server that takes connections, and its port: another one where somebody was quicker to take it."""
    options = [f"-c{name}={value}" for name, value in _SETTINGS.items()]
    said: list[str] = []
    for _ in range(3):
        port = _free_port()
        process = subprocess.Popen(
            [programs / "postgres", "-D", "data", "-k", folder, "-p", str(port), *options],
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_end_with_parent,
            **as_user,
        )
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line)
            if "ready to accept connections" in line:
                return process, port
        with process:  # it has ended
            pass
        if "Address already in use" not in "".join(said):
            break
    raise RuntimeError("PostgreSQL did not start: " + "".join(said))


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGINT)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
