"""Who works on a folder job: a process, named so that another one can tell whether it is still alive."""

from __future__ import annotations

import os
import platform
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

LONGEST_SILENCE = 120.0
"""Seconds without a heartbeat after which a process on another machine counts as dead."""


@dataclass(frozen=True, slots=True)
class Owner:
    """One process. `boot` and `started` tell it from a later one that got the same number.

    `boot` names, beside the run of the system, the numbering that the process has its number from: containers of one
    machine have their own, and may all go by one host name.
    """

    owner: str
    host: str
    boot: str
    pid: int
    started: str


def this_process() -> Owner:
    """Return this process as an owner, under a name that no other has had."""
    pid = os.getpid()
    return Owner(f"{pid}-{secrets.token_hex(6)}", platform.node(), _boot(), pid, _started(pid))


def is_alive(owner: Owner, heartbeat: float) -> bool:
    """Say whether `owner` lives: by its process where we can see it, else by its heartbeat (seconds of the epoch)."""
    boot, _, space = owner.boot.partition(" ")
    our_boot, _, our_space = _boot().partition(" ")
    if owner.host != platform.node() or (boot == our_boot and space not in {our_space, ""}):
        return time.time() - heartbeat < LONGEST_SILENCE
    if boot != our_boot:
        return False
    try:
        os.kill(owner.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, but there
        pass
    return owner.started == _started(owner.pid)


def _boot() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:  # no Linux: the number of the process has to do
        return ""


def _started(pid: int) -> str:
    """Return when a process began, in ticks since boot: field 22 of /proc/PID/stat (proc_pid_stat(5))."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace").rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    except (OSError, IndexError):
        return ""
