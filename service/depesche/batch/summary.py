"""What came of a folder job: counts, times and examples, gathered from the ledger's rows one by one.

Memory does not grow with the rows: counters with a bounded number of keys, quantile sketches, and the first few names.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from depesche.batch.quantiles import Quantiles
from depesche.batch.remedies import meaning_of, remedy_of
from depesche.batch.tally import STATUSES
from depesche.batch.visible import one_line

FLAGGED_LIMIT = 500
STATES = ("done", "failed", "skipped", "running", "pending")

_EXAMPLES_A_CODE = 20
_KEYS = 100
_OTHER = "other"
_MOST_COLUMNS = 60
# Widths of a column in the plot of throughput, in seconds: what people count time in.
_WIDTHS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What the ledger knows of one article, in plain values."""

    name: str
    state: str
    """pending, running, done, failed or skipped."""
    error_code: str | None = None
    error_text: str | None = None
    """`str(error)` or the message alone; why, for an article that was skipped."""
    language: str | None = None
    status: str | None = None
    """verified, repaired or flagged; None without a brief."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Seconds by stage, in the order of the stages."""
    output: str | None = None
    """The brief's file, a POSIX path relative to the output folder."""
    headline: str | None = None
    figures: int | None = None
    finished_at: float | None = None
    """Seconds since the epoch."""
    duplicate_of: str | None = None
    near_of: str | None = None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What there is to know of the run that ends here. Times are seconds since the epoch."""

    begin: float
    end: float
    out: str
    """The output folder as the user named it."""
    arguments: tuple[str, ...] = ()
    """What was typed after `depesche batch`, `--out` and all."""
    models: tuple[str, ...] = ()
    config_sha256: str = ""
    cache_hits: int = 0
    """Sentences whose translation was known."""
    cache_misses: int = 0
    workers: int = 1
    stopped: bool = False
    """Whether the run stopped before all articles were finished."""


@dataclass(frozen=True, slots=True)
class ErrorGroup:
    """All failures with one code."""

    code: str
    count: int
    meaning: str
    remedy: str
    examples: tuple[tuple[str, str], ...]
    """Names and messages of the first articles in order of name."""


@dataclass(frozen=True, slots=True)
class StageTimes:
    """Seconds that one stage took by article."""

    stage: str
    articles: int
    median: float
    p95: float
    longest: float
    total: float


@dataclass(frozen=True, slots=True)
class Throughput:
    """Articles finished in this run, by column of `width` seconds from `begin` (seconds since the epoch)."""

    begin: float
    width: int
    done: tuple[int, ...]
    """Briefs, and articles skipped."""
    failed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the report shows. Texts are as they came in: whoever shows them makes them safe."""

    run: RunFacts
    states: Mapping[str, int]
    statuses: Mapping[str, int]
    languages: tuple[tuple[str, int], ...]
    skip_reasons: tuple[tuple[str, int], ...]
    flagged: tuple[ReportRow, ...]
    """The first in order of name."""
    errors: tuple[ErrorGroup, ...]
    """The most frequent first."""
    stages: tuple[StageTimes, ...]
    article_times: StageTimes
    """All stages of an article together."""
    throughput: Throughput
    this_run: int
    """Articles that this run finished; the others were finished before or are not finished."""
    duplicates: int
    near_duplicates: int
    figures: int

    @property
    def total(self) -> int:
        """Number of articles."""
        return sum(self.states.values())

    @property
    def unfinished(self) -> int:
        """Number of articles that a next run would take up."""
        return self.states["pending"] + self.states["running"]


def build_report(rows: Iterable[ReportRow], run: RunFacts, *, flagged_limit: int = FLAGGED_LIMIT) -> Report:
    """Return the report on all articles of an output folder after the run `run`; at most `flagged_limit` are listed."""
    collector = _Collector(run, flagged_limit)
    for row in rows:
        collector.add(row)
    return collector.report()


Kept = TypeVar("Kept")


class _First(Generic[Kept]):
    """The first `limit` of any number of things, in order of name."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._names: list[str] = []
        self._kept: dict[str, Kept] = {}

    def add(self, name: str, thing: Kept) -> None:
        if len(self._names) == self._limit and (not self._names or name >= self._names[-1]):
            return
        at = bisect_left(self._names, name)
        if at == len(self._names) or self._names[at] != name:
            self._names.insert(at, name)
        self._kept[name] = thing
        if len(self._names) > self._limit:
            del self._kept[self._names.pop()]

    def things(self) -> tuple[Kept, ...]:
        return tuple(self._kept[name] for name in self._names)


class _Collector:
    """Takes row after row."""

    def __init__(self, run: RunFacts, flagged_limit: int) -> None:
        self._run = run
        self._states: Counter[str] = Counter(dict.fromkeys(STATES, 0))
        self._statuses: Counter[str] = Counter(dict.fromkeys(STATUSES, 0))
        self._languages: Counter[str] = Counter()
        self._skip_reasons: Counter[str] = Counter()
        self._errors: Counter[str] = Counter()
        self._examples: dict[str, _First[tuple[str, str]]] = {}
        self._flagged: _First[ReportRow] = _First(flagged_limit)
        self._stages: dict[str, Quantiles] = {}
        self._whole = Quantiles()
        self._width = _column_width(run.end - run.begin)
        columns = max(1, math.ceil((run.end - run.begin) / self._width))
        self._done, self._failed = [0] * columns, [0] * columns
        self._duplicates = self._near_duplicates = self._figures = 0

    def add(self, row: ReportRow) -> None:
        self._states[row.state] += 1
        self._duplicates += row.duplicate_of is not None
        self._near_duplicates += row.near_of is not None and row.duplicate_of is None
        if row.language:
            _count(self._languages, row.language[:35])  # the longest tag that RFC 5646 asks software to carry
        if row.state in {"done", "failed", "skipped"}:
            self._count_moment(row)
        if row.state == "done":
            self._add_brief(row)
        elif row.state == "failed":
            self._add_failure(row)
        elif row.state == "skipped":
            _count(self._skip_reasons, one_line(row.error_text or "no reason given", 100))

    def _add_brief(self, row: ReportRow) -> None:
        self._figures += row.figures or 0
        if row.status is not None:
            self._statuses[row.status] += 1
        if row.status == "flagged":
            self._flagged.add(row.name, row)
        if row.seconds:
            for stage, seconds in row.seconds.items():
                if len(self._stages) < _KEYS or stage in self._stages:
                    self._stages.setdefault(stage, Quantiles()).add(seconds)
            self._whole.add(sum(row.seconds.values()))

    def _add_failure(self, row: ReportRow) -> None:
        code = _count(self._errors, row.error_code or "without code")
        examples = self._examples.setdefault(code, _First(_EXAMPLES_A_CODE))
        examples.add(row.name, (row.name, row.error_text or ""))

    def _count_moment(self, row: ReportRow) -> None:
        if row.finished_at is None or not self._run.begin <= row.finished_at <= self._run.end:
            return
        column = min(int((row.finished_at - self._run.begin) // self._width), len(self._done) - 1)
        (self._failed if row.state == "failed" else self._done)[column] += 1

    def report(self) -> Report:
        return Report(
            run=self._run,
            states=dict(self._states),
            statuses=dict(self._statuses),
            languages=_ranked(self._languages),
            skip_reasons=_ranked(self._skip_reasons),
            flagged=self._flagged.things(),
            errors=tuple(self._group(code, count) for code, count in _ranked(self._errors)),
            stages=tuple(_times(stage, sketch) for stage, sketch in self._stages.items()),
            article_times=_times("whole article", self._whole),
            throughput=Throughput(self._run.begin, self._width, tuple(self._done), tuple(self._failed)),
            this_run=sum(self._done) + sum(self._failed),
            duplicates=self._duplicates,
            near_duplicates=self._near_duplicates,
            figures=self._figures,
        )

    def _group(self, code: str, count: int) -> ErrorGroup:
        examples = [(name, *_message_and_remedy(code, name, text)) for name, text in self._examples[code].things()]
        return ErrorGroup(
            code,
            count,
            meaning_of(code),
            next((remedy for _, _, remedy in examples if remedy), None) or remedy_of(code),
            tuple((name, message) for name, message, _ in examples),
        )


def _count(counter: Counter[str], key: str) -> str:
    """Count `key`, or "other" where there are too many keys already; return what was counted."""
    if key not in counter and len(counter) >= _KEYS:
        key = _OTHER
    counter[key] += 1
    return key


def _ranked(counter: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counter.items(), key=lambda item: (-item[1], item[0])))


def _times(stage: str, sketch: Quantiles) -> StageTimes:
    return StageTimes(stage, sketch.count, sketch.quantile(0.5), sketch.quantile(0.95), sketch.maximum, sketch.total)


def _column_width(seconds: float) -> int:
    """Return the least width in seconds, of those that people count in, that needs no more than 60 columns."""
    for width in _WIDTHS:
        if seconds / width <= _MOST_COLUMNS:
            return width
    return math.ceil(seconds / (_WIDTHS[-1] * _MOST_COLUMNS)) * _WIDTHS[-1]


def _message_and_remedy(code: str, name: str, text: str) -> tuple[str, str]:
    """Split what `str(DepescheError)` makes, `[code] place: message. Remedy: …`; a place that repeats `name` goes."""
    message, _, remedy = text.removeprefix(f"[{code}] ").partition(" Remedy: ")
    place, colon, rest = message.partition(": ")
    return (rest if colon and place.endswith(name) else message), remedy
