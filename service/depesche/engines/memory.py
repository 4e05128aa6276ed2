"""Giving memory back to the system between the calls of a model."""

from __future__ import annotations

import ctypes
import sys


def give_memory_back() -> None:
    """Return to the system what was freed; where the C library is not glibc, do nothing.

    glibc keeps what the heaps of its threads have grown to. A call that decodes many sentences needs some hundred
    megabytes for a while; without this a service that was busy once stays that large. It takes about 0.1 seconds.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
