"""The Ray cluster that a folder job runs on: connected to or started, and refused where it is too small to finish.

An actor that fits on no node waits for ever, and Ray says nothing. So the room is counted before anything begins:
each actor must have its CPUs and GPUs on one node. The articles are handed to Ray ready made; with a stage that
reads them, as in `ray.data.read_parquet`, one CPU more is needed, and without it Ray Data 2.60 hangs as well.
"""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from depesche.engines.base import available_threads
from depesche.errors import BadArguments, LibraryMissing, TooFewProcessors


@dataclass(frozen=True, slots=True)
class RaySettings:
    """Where a Ray job runs, and what each of its actors gets."""

    address: str | None = None
    """Of a running cluster, `auto` for that of this machine; by default Ray is started here, on loopback."""
    actors: int | None = None
    """By default as many as fit."""
    cpus_per_actor: int = 1
    gpus_per_actor: float = 0.0


@contextmanager
def cluster(settings: RaySettings) -> Iterator[int]:
    """Connect to the cluster, or start one here; give the number of actors.

    Raises `TooFewProcessors`, `LibraryMissing`, and `BadArguments` for an address at which there is no cluster.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if settings.address is None:
        os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")  # the one switch for loopback only
    ray = import_ray()
    ours = not ray.is_initialized()
    if ours:
        _connect(ray, settings)
    try:
        yield _count_actors(ray.nodes(), settings)
    finally:
        if ours:
            ray.shutdown()


def import_ray() -> Any:
    """Return Ray with Ray Data. Raises `LibraryMissing`."""
    try:
        importlib.import_module("ray.data")
        return importlib.import_module("ray")
    except ImportError as error:
        raise LibraryMissing(
            f"--executor ray needs Ray Data: {error}", remedy="pip install 'depesche[ray]', on every node"
        ) from error


def _connect(ray: Any, settings: RaySettings) -> None:
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if settings.address is None:
        options |= {"address": "local", "num_cpus": available_threads(), "include_dashboard": False}
    else:
        options |= {"address": settings.address}
    try:
        ray.init(**options)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise BadArguments(
            str(error)[:300], place=settings.address or "ray", remedy="name a running cluster by --ray-address, or none"
        ) from error


def _count_actors(nodes: list[dict[str, Any]], settings: RaySettings) -> int:
    """Return how many actors the job is to have."""
    room = sum(_room(node["Resources"], settings) for node in nodes if node["Alive"])
    wanted = settings.actors or max(1, room)
    if room < wanted:
        cpus = sum(node["Resources"].get("CPU", 0) for node in nodes if node["Alive"])
        gpus = f" and {settings.gpus_per_actor:g} GPUs" if settings.gpus_per_actor else ""
        raise TooFewProcessors(
            f"{wanted} actors of {settings.cpus_per_actor} CPUs{gpus} each, and the cluster of {cpus:g} CPUs has room "
            f"for {room}: Ray would wait for ever",
            remedy="add nodes, or lower --ray-actors, --ray-cpus-per-actor or --ray-gpus-per-actor",
        )
    return wanted


def _room(resources: dict[str, float], settings: RaySettings) -> int:
    room = int(resources.get("CPU", 0) // settings.cpus_per_actor)
    if not settings.gpus_per_actor:
        return room
    gpus, share = resources.get("GPU", 0), settings.gpus_per_actor
    # Ray shares one GPU among several actors, and gives an actor no parts of two
    return min(room, int(gpus) * int(1 / share) if share < 1 else int(gpus // share))
