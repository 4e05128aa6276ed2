"""Memory of the service while it is loaded: sampled, kept as CSV, drawn as SVG."""

from __future__ import annotations

import asyncio
import csv
import time
from collections.abc import Awaitable
from pathlib import Path

import httpx
import psutil

from benchmarks.load_server import LoadedServer

_EVERY = 5.0
_WIDTH, _HEIGHT, _EDGE = 800, 320, 60
_WARM = 0.2
"""Share of the time after which memory is compared: before, caches fill and pools grow."""


async def soak(server: LoadedServer, load: Awaitable[object], out: Path, seconds: float) -> None:
    """Run `load` and write memory and briefs every five seconds to soak.csv, then draw soak.svg."""
    task = asyncio.ensure_future(load)
    process, begin = psutil.Process(server.pid), time.monotonic()
    samples: list[tuple[float, float, int]] = []
    with (out / "soak.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["seconds", "resident_megabytes", "briefs"])
        async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
            while not task.done():
                briefs = await _briefs(client)
                sample = (round(time.monotonic() - begin, 1), round(process.memory_info().rss / 1e6, 2), briefs)
                samples.append(sample)
                writer.writerow(sample)
                file.flush()
                await asyncio.wait({task}, timeout=_EVERY)
    await task
    (out / "soak.svg").write_text(_drawn(samples), "utf-8")
    print(_said(samples, seconds, getattr(task.result(), "statuses", {})))


async def _briefs(client: httpx.AsyncClient) -> int:
    try:
        lines = (await client.get("/metrics")).text.splitlines()
    except httpx.HTTPError:
        return -1
    return sum(int(float(line.rpartition(" ")[2])) for line in lines if line.startswith("depesche_briefs_total"))


def _said(samples: list[tuple[float, float, int]], seconds: float, statuses: dict[str, int]) -> str:
    warm = [sample for sample in samples if sample[0] >= _WARM * seconds] or samples
    half = max(1, len(warm) // 2)
    early = sum(megabytes for _, megabytes, _ in warm[:half]) / half
    late = sum(megabytes for _, megabytes, _ in warm[-half:]) / half
    most = max(megabytes for _, megabytes, _ in samples)
    return (
        f"{samples[-1][0]:.0f} seconds, {samples[-1][2]} briefs, answers {dict(statuses)}\n"
        f"resident memory: {samples[0][1]:.0f} MB at the start, {most:.0f} MB at most; after warming up "
        f"{early:.1f} MB in the first half and {late:.1f} MB in the second ({(late / early - 1):+.1%})"
    )


def _drawn(samples: list[tuple[float, float, int]]) -> str:
    """Return the curve of the resident memory as SVG."""
    longest, most = max(samples[-1][0], 1.0), max(megabytes for _, megabytes, _ in samples) * 1.1
    right, low = _WIDTH - _EDGE, _HEIGHT - _EDGE

    def x(seconds: float) -> float:
        return round(_EDGE + (right - _EDGE) * seconds / longest, 1)

    def y(megabytes: float) -> float:
        return round(low - (low - 20) * megabytes / most, 1)

    curve = " ".join(f"{x(seconds)},{y(megabytes)}" for seconds, megabytes, _ in samples)
    marks = [
        f'<line x1="{_EDGE}" x2="{right}" y1="{y(most * n / 4)}" y2="{y(most * n / 4)}" stroke="#ddd"/>'
        f'<text x="{_EDGE - 8}" y="{y(most * n / 4) + 4}" text-anchor="end">{most * n / 4:.0f}</text>'
        for n in range(5)
    ]
    marks += [
        f'<text x="{x(longest * n / 4)}" y="{low + 18}" text-anchor="middle">{longest * n / 4 / 60:.1f}</text>'
        for n in range(5)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'font-family="sans-serif" font-size="12">'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>{"".join(marks)}'
        f'<polyline points="{curve}" fill="none" stroke="#15507d" stroke-width="1.5"/>'
        f'<text x="{_EDGE}" y="14">resident memory, MB ({samples[-1][2]} briefs)</text>'
        f'<text x="{right}" y="{low + 40}" text-anchor="end">minutes</text></svg>\n'
    )
