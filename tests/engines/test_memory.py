"""Memory that was freed goes back to the system."""

from __future__ import annotations

import sys

import psutil
import pytest

from depesche.engines.memory import give_memory_back


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's own way")
def test_what_was_freed_is_given_back() -> None:
    process = psutil.Process()
    blocks = [bytes(4_000) for _ in range(30_000)]  # 120 MB on the heap, not mapped one by one
    anchor = bytes(4_000)  # above them all, so that the heap cannot shrink from its end
    full = process.memory_info().rss
    del blocks
    give_memory_back()
    assert process.memory_info().rss < full - 60_000_000
    assert len(anchor) == 4_000
