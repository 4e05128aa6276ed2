"""The report as one HTML page that is complete in itself: no script, no request, plots as inline SVG.

Names, headlines and messages are hostile: Jinja escapes every text, `visible` disarms what steers the direction of a
line, links are quoted and relative, and the page's policy forbids all but its own style sheet, which it names by hash.
"""

from __future__ import annotations

import base64
import hashlib
import math
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version as installed_version
from importlib.resources import files
from pathlib import PurePosixPath
from urllib.parse import quote

from babel import Locale
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from depesche.batch.summary import Report, RunFacts, StageTimes, Throughput
from depesche.batch.visible import one_line, visible
from depesche.batch.wording import say_duration, say_rate, say_seconds, say_share
from depesche.source import UNDETERMINED

_OPEN_ITEMS = 30
_LANGUAGES_SHOWN = 20
_FEWEST_COLUMNS = 3
_FEWEST_ARTICLES = 5
_LEAST_WIDTH = 6.0
_NEVER_REPEATED = {"--retry-failed", "--force"}
_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
_MEANINGS = {
    "verified": ("Verified", "nothing had to be mended"),
    "repaired": ("Repaired", "mended and traced"),
    "flagged": ("Flagged", "read before use"),
    "failed": ("Failed", "no brief, reasons below"),
    "skipped": ("Skipped", "left out on purpose"),
    "unfinished": ("Unfinished", "the next run takes them"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do next."""

    why: str
    command: str


@dataclass(frozen=True, slots=True)
class _Bar:
    kind: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class _Tile:
    kind: str
    label: str
    count: int
    share: str
    meaning: str


@dataclass(frozen=True, slots=True)
class _Column:
    label: str
    done: int
    failed: int
    done_height: float
    failed_height: float


@dataclass(frozen=True, slots=True)
class _Chart:
    columns: Sequence[_Column]
    top: int
    step: str
    labels: tuple[str, str, str]
    text: str
    any_failed: bool


@dataclass(frozen=True, slots=True)
class _StageBar:
    times: StageTimes
    median: float
    p95: float
    share: str


@dataclass(frozen=True, slots=True)
class _Language:
    name: str
    count: int
    share: str
    width: float


@dataclass(frozen=True, slots=True)
class _Page:
    """What the template shows besides the report itself."""

    title: str
    rate: str
    outcome_text: str
    outcome_bars: Sequence[_Bar]
    tiles: Sequence[_Tile]
    steps: Sequence[Step]
    chart: _Chart | None
    stage_bars: Sequence[_StageBar]
    languages: Sequence[_Language]
    facts: Sequence[tuple[str, str]]
    command: str


def render_page(report: Report) -> str:
    """Return the HTML page; its links are relative to the output folder."""
    style = files("depesche").joinpath("templates/report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            run=report.run,
            page=_page(report),
            style=Markup(style),  # noqa: S704 - our own file, and escaping would change its hash
            policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
            open_items=_OPEN_ITEMS,
            generator=f"depesche {installed_version('depesche')}",
        )
        .strip()
        + "\n"
    )


def say_title(report: Report) -> str:
    """Return the outcome in one sentence."""
    done, failed, total = report.states["done"], report.states["failed"], report.total
    if not total:
        return "No articles"
    if failed == total:
        return "The article failed" if total == 1 else f"All {total:,} articles failed"
    if done == total:
        return "The article has its brief" if total == 1 else f"All {total:,} articles have their brief"
    return f"{done:,} of {total:,} articles have a brief"


def next_steps(report: Report) -> list[Step]:
    """Return what to do about what is unfinished and what failed, as commands."""
    steps = []
    if report.unfinished:
        steps.append(Step("Finish the job: the same command takes up what is left.", _command(report.run)))
    if report.states["failed"]:
        steps.append(Step("Try what failed once more:", _command(report.run, "--retry-failed")))
        errors = shlex.join(("depesche", "batch", "errors", report.run.out))
        steps.append(Step("List every failure:", errors))
    return steps


def link_to(output: str | None) -> str | None:
    """Return the relative URL of an output file, or None where there is none inside the output folder."""
    if not output or PurePosixPath(output).is_absolute() or ".." in PurePosixPath(output).parts:
        return None
    try:
        name = output.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # no file can have this name
        return None
    # "./" first: a colon in the first name must not make a scheme of it.
    return "./" + quote(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("depesche", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "shown": visible,
        "prose": one_line,
        "link": link_to,
        "iso": lambda time: _utc(time).isoformat(timespec="seconds"),
        "moment": _say_moment,
        "short": say_duration,
        "long": say_seconds,
    }
    return environment


def _page(report: Report) -> _Page:
    counts = {
        **report.statuses,
        "failed": report.states["failed"],
        "skipped": report.states["skipped"],
        "unfinished": report.unfinished,
    }
    outcome = ", ".join(f"{count:,} {kind}" for kind, count in counts.items() if count)
    return _Page(
        title=say_title(report),
        rate=_rate(report),
        outcome_text=f"Of {report.total:,} articles: {outcome}",
        outcome_bars=list(_outcome_bars(counts)),
        tiles=list(_tiles(counts)),
        steps=next_steps(report),
        chart=_chart(report.throughput),
        stage_bars=_stage_bars(report),
        languages=_languages(report.languages),
        facts=list(run_facts(report)),
        command=_typed(report.run.arguments),
    )


def _rate(report: Report) -> str:
    seconds = report.run.end - report.run.begin
    return say_rate(60 * report.this_run / seconds) if report.this_run and seconds > 0 else ""


def _outcome_bars(counts: dict[str, int]) -> Iterator[_Bar]:
    """Yield the parts of the bar of outcomes, 1000 wide with gaps of 2; none is too thin to be seen."""
    present = {kind: count for kind, count in counts.items() if count}
    if not present:
        return
    total = sum(present.values())
    widths = {kind: max(1000 * count / total, _LEAST_WIDTH) for kind, count in present.items()}
    scale = (1000 - 2 * (len(widths) - 1)) / sum(widths.values())
    x = 0.0
    for kind, width in widths.items():
        yield _Bar(kind, round(x, 2), round(width * scale, 2))
        x += width * scale + 2


def _tiles(counts: dict[str, int]) -> Iterator[_Tile]:
    total = sum(counts.values())
    for kind, count in counts.items():
        label, meaning = _MEANINGS[kind]
        if count or kind != "unfinished":
            share = f"{say_share(count / total)} · " if count else ""
            yield _Tile(kind, label, count, share, meaning)


def _chart(throughput: Throughput) -> _Chart | None:
    """Return the plot of throughput, or None where there is too little to plot."""
    sums = [done + failed for done, failed in zip(throughput.done, throughput.failed, strict=True)]
    if len(sums) < _FEWEST_COLUMNS or sum(sums) < _FEWEST_ARTICLES:
        return None
    top = _round_top(max(sums))
    starts = [throughput.begin + n * throughput.width for n in range(len(sums) + 1)]
    labels = [_axis_label(start, throughput) for start in starts]
    columns = [
        _Column(labels[n], done, failed, round(100 * done / top, 2), round(100 * failed / top, 2))
        for n, (done, failed) in enumerate(zip(throughput.done, throughput.failed, strict=True))
    ]
    best = sums.index(max(sums))
    step = _say_step(throughput.width)
    text = (
        f"Articles finished {step} from {labels[0]} to {labels[-1]} UTC: "
        f"{sum(sums) / len(sums):,.1f} on average, at most {max(sums):,} from {labels[best]}."
    )
    ends = (labels[0], _axis_label((starts[0] + starts[-1]) / 2, throughput), labels[-1])
    return _Chart(columns, top, step, ends, text, any(throughput.failed))


def _round_top(most: int) -> int:
    """Return the least of 2, 4, 6, 8, 10, 20, 40 … that is not below `most`: its half is whole."""
    size: int = 10 ** int(math.log10(most))
    return next(step * size for step in (1, 2, 4, 6, 8, 10) if step * size >= most and step * size % 2 == 0)


def _say_step(width: int) -> str:
    size, unit = next(step for step in _UNITS if width >= step[0])
    return f"per {unit}" if width == size else f"per {width // size} {unit}s"


def _axis_label(time: float, throughput: Throughput) -> str:
    moment = _utc(time)
    if throughput.width * len(throughput.done) > 86400:
        return f"{moment.day} {moment:%b %H:%M}"
    return f"{moment:%H:%M:%S}" if throughput.width < 60 else f"{moment:%H:%M}"


def _stage_bars(report: Report) -> list[_StageBar]:
    longest = max((times.p95 for times in report.stages), default=0.0) or 1.0
    total = sum(times.total for times in report.stages) or 1.0
    return [
        _StageBar(
            times,
            round(1000 * min(times.median / longest, 1.0), 1),
            round(1000 * times.p95 / longest, 1),
            say_share(times.total / total),
        )
        for times in report.stages
    ]


def _languages(languages: Sequence[tuple[str, int]]) -> list[_Language]:
    total = sum(count for _, count in languages) or 1
    shown = list(languages[:_LANGUAGES_SHOWN])
    if rest := sum(count for _, count in languages[_LANGUAGES_SHOWN:]):
        shown.append(("others", rest))
    return [
        _Language(say_language(code), count, say_share(count / total), round(1000 * count / total, 1))
        for code, count in shown
    ]


def say_language(code: str) -> str:
    """Return the English name of a language, or its code where CLDR has none."""
    if code == UNDETERMINED:
        return "undetermined"
    name = Locale("en").languages.get(code.replace("-", "_")) or Locale("en").languages.get(code.partition("-")[0])
    return name or code


def run_facts(report: Report) -> Iterator[tuple[str, str]]:
    """Yield what is worth knowing about the run, label and value."""
    run = report.run
    yield "Articles finished by this run", f"{report.this_run:,} of {report.total:,}"
    yield "Figures checked", f"{report.figures:,}"
    if report.duplicates:
        yield "Copies of other articles", f"{report.duplicates:,}"
    if lookups := run.cache_hits + run.cache_misses:
        share = say_share(run.cache_hits / lookups)
        yield "Sentences known from the cache", f"{run.cache_hits:,} of {lookups:,} ({share})"
    if run.models:
        yield "Models", ", ".join(run.models)
    yield "Workers", f"{run.workers:,}"
    if run.config_sha256:
        yield "Configuration", run.config_sha256[:12]


def _command(run: RunFacts, *flags: str) -> str:
    kept = tuple(argument for argument in run.arguments if argument not in _NEVER_REPEATED)
    return _typed((*flags, *kept))


def _typed(arguments: Sequence[str]) -> str:
    return shlex.join(("depesche", "batch", *arguments))


def _say_moment(time: float, after: float | None = None) -> str:
    """Return `16 April 2026, 10:02`; the hour alone on the day of `after`."""
    moment = _utc(time)
    if after is not None and moment.date() == _utc(after).date():
        return f"{moment:%H:%M}"
    return f"{moment.day} {moment:%B %Y, %H:%M}"


def _utc(time: float) -> datetime:
    return datetime.fromtimestamp(time, UTC)
