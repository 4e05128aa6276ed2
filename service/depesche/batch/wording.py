"""Durations, speeds, shares and the way on in words, the same in the bar, the log and the report."""

from __future__ import annotations


def say_seconds(seconds: float) -> str:
    """Return a duration in its two greatest units: `35 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`."""
    whole = round(seconds)
    for size, unit, smaller, smaller_unit in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if whole >= size:
            rest = whole % size // smaller
            return f"{whole // size:,} {unit} {rest} {smaller_unit}" if rest else f"{whole // size:,} {unit}"
    return f"{whole} s"


def say_rate(rate: float) -> str:
    """Return a speed with as many digits as mean something: `0.42`, `12.3`, `1,234`."""
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.1f}" if rate >= 10 else f"{rate:.2f}"


def say_share(share: float) -> str:
    """Return a share in per cent that is 0 or 100 only when it is: `91 %`, `<1 %`, `>99 %`."""
    if 0 < share < 0.01:
        return "<1 %"
    if 0.99 < share < 1:
        return ">99 %"
    return f"{100 * share:.0f} %"


def say_duration(seconds: float) -> str:
    """Return the seconds of a stage with three digits at most: `0.4 ms`, `350 ms`, `4.21 s`, `2 min 5 s`."""
    if seconds < 1:
        return f"{1000 * seconds:.1f} ms" if 0 < seconds < 0.01 else f"{1000 * seconds:.0f} ms"
    if seconds < 60:
        return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s"
    return say_seconds(seconds)


def say_way_on(*, force: bool) -> str:
    """Return how to go on with a run that stopped; one that was forced would begin anew."""
    return f"run the same command again{' without --force' if force else ''} to go on"
