from __future__ import annotations

import base64
import hashlib
import io
import re
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from rich.console import Console

from depesche.batch.page import link_to, render_page, say_language
from depesche.batch.remedies import REMEDIES, meaning_of, remedy_of
from depesche.batch.report import ReportRow, RunFacts, build_report, print_report, write_report
from depesche.batch.visible import one_line, visible
from depesche.batch.wording import say_duration
from depesche.errors import DepescheError, OutputError

BEGIN = 1_776_333_720.0  # 16 April 2026, 10:02 UTC
RUN = RunFacts(
    begin=BEGIN,
    end=BEGIN + 600,
    out="briefs",
    arguments=("artikel/", "--out", "briefs", "--force"),
    models=("depesche-compact-de-en",),
    config_sha256="ab" * 32,
    cache_hits=30,
    cache_misses=70,
    workers=2,
)
HOSTILE = [
    "<script>alert(1)</script>.txt",
    '" onmouseover="alert(1)',
    "</style><img src=x onerror=alert(1)>",
    "\u202egpj.exe",
    "\u2067a\u2069\u200f.txt",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "a\x00b\x1b[31m\nc",
    "\udcff.txt",
    "\ud800.txt",
    "&lt;&amp;.txt",
    "?q#f%00.txt",
]


def brief(name: str, status: str = "verified", **values: object) -> ReportRow:
    row = ReportRow(
        name, "done", language="de", status=status, seconds={"read": 0.5, "translate": 2.0}, output=f"{name}.json"
    )
    return replace(row, **values)


def failure(name: str, code: str, text: str, **values: object) -> ReportRow:
    return replace(ReportRow(name, "failed", code, text), **values)


class Page(HTMLParser):
    """The tags and the text of a page."""

    VOID = ("meta", "rect", "line")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((tuple(self.open), data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def text(self) -> str:
        return " ".join(" ".join(data for tags, data in self.texts if "style" not in tags).split())


def test_counts_are_those_of_the_rows() -> None:
    rows = [
        *(brief(f"v{n}", figures=3, finished_at=BEGIN + n) for n in range(5)),
        brief("r", "repaired", language="en", finished_at=BEGIN - 86_400),
        brief("f", "flagged", figures=None, finished_at=BEGIN + 600),
        failure("x", "D102", "[D102] x: only a teaser Remedy: fetch the page", finished_at=BEGIN + 300),
        ReportRow("s", "skipped", error_text="a copy", duplicate_of="v1"),
        ReportRow("p", "pending"),
        ReportRow("q", "running"),
    ]
    report = build_report(iter(rows), RUN)
    assert report.total == 11
    assert report.states == {"done": 7, "failed": 1, "skipped": 1, "running": 1, "pending": 1}
    assert report.statuses == {"verified": 5, "repaired": 1, "flagged": 1}
    assert report.languages == (("de", 6), ("en", 1))
    assert report.skip_reasons == (("a copy", 1),)
    assert (report.unfinished, report.duplicates, report.figures, report.this_run) == (2, 1, 15, 7)
    assert [row.name for row in report.flagged] == ["f"]
    assert (report.throughput.width, len(report.throughput.done)) == (10, 60)
    assert (report.throughput.done[0], report.throughput.done[-1], report.throughput.failed[30]) == (5, 1, 1)
    assert [(times.stage, times.articles, times.median) for times in report.stages] == [
        ("read", 7, 0.5),
        ("translate", 7, 2.0),
    ]
    assert (report.article_times.median, report.article_times.total) == (2.5, 17.5)


@pytest.mark.parametrize("seconds", [0, 1, 59, 600, 3601, 86_400, 61 * 86_400, 400 * 86_400])
def test_however_long_a_run_every_article_has_its_column(seconds: int) -> None:
    run = replace(RUN, end=BEGIN + seconds)
    rows = [brief("a", finished_at=BEGIN), brief("b", finished_at=run.end)]
    throughput = build_report(rows, run).throughput
    assert 1 <= len(throughput.done) <= 60
    assert sum(throughput.done) == 2
    assert throughput.begin + throughput.width * len(throughput.done) >= run.end


def test_errors_come_by_frequency_with_the_first_example_by_name_and_its_remedy() -> None:
    rows = [
        failure("z.txt", "D102", "[D102] ordner/z.txt: only a teaser Remedy: fetch the page"),
        failure("b.txt", "D201", "too short"),
        failure("a.txt", "D102", "[D102] ordner/a.txt: nothing but the teaser Remedy: fetch the page"),
        failure("c.txt", None, "ValueError: broken"),
    ]
    first, second, third = build_report(rows, RUN).errors
    assert (first.code, first.count, first.remedy) == ("D102", 2, "fetch the page")
    assert first.examples == (("a.txt", "nothing but the teaser"), ("z.txt", "only a teaser"))
    assert "paywall" in first.meaning
    assert (second.code, second.remedy) == ("D201", remedy_of("D201"))
    assert (third.code, third.examples) == ("without code", (("c.txt", "ValueError: broken"),))
    assert "depesche brief" in third.remedy


def test_every_error_code_of_a_job_has_a_meaning_and_a_remedy() -> None:
    def kinds(kind: type[DepescheError]) -> Iterator[type[DepescheError]]:
        for child in kind.__subclasses__():
            yield child
            yield from kinds(child)

    ours = [kind for kind in kinds(DepescheError) if kind.__module__.startswith("depesche.")]
    # a folder job meets no error of the service, its store or of fetching
    codes = {kind.code for kind in ours if not kind.code.endswith("00") and kind.code[1] not in "89A"}
    assert codes
    assert codes <= set(REMEDIES)
    assert all(meaning_of(code).endswith(".") and "`" not in meaning_of(code) for code in codes)
    assert meaning_of("D307") == "The engine failed."


def many_rows(count: int) -> Iterator[ReportRow]:
    """Yield rows that try to fill the memory: names, languages, codes, stages and reasons all differ."""
    for n in range(count):
        name = f"{n * 7919 % count:08d}.txt"
        yield brief(name, "flagged", language=f"x{n}", headline="H" * 200, finished_at=BEGIN + n % 600)
        yield failure(name, f"D{n}", "e" * 500)
        yield ReportRow(name, "skipped", error_text=f"reason {n}")
        yield brief(name, seconds={f"stage {n}": 0.001 * n})


def test_rows_are_streamed_in_bounded_memory() -> None:
    peaks = []
    for count in (2_000, 20_000):
        tracemalloc.start()
        report = build_report(many_rows(count), RUN, flagged_limit=50)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert report.total == 80_000
    assert [row.name for row in report.flagged] == [f"{n:08d}.txt" for n in range(50)]
    assert max(map(len, (report.languages, report.errors, report.skip_reasons, report.stages))) <= 101
    assert sum(count for _, count in report.languages) == 40_000
    assert sum(group.count for group in report.errors) == 20_000
    # What is kept may differ a little in size; ten times the rows must not need anything like ten times the memory.
    assert peaks[1] < 1.5 * peaks[0]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_texts_are_text_wherever_they_come_in(hostile: str, tmp_path: Path) -> None:
    rows = [
        brief(hostile, "flagged", headline=hostile, language=hostile, seconds={hostile: 1.0}, finished_at=BEGIN + 1),
        *(failure(f"{n}{hostile}", hostile, f"{hostile} Remedy: {hostile}") for n in range(2)),
        ReportRow(hostile, "skipped", error_text=hostile, duplicate_of=hostile),
    ]
    run = replace(RUN, out=hostile, arguments=(hostile,), models=(hostile,), config_sha256=hostile)
    write_report(build_report(rows, run), tmp_path / "report.html")
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    page = Page(html)
    tame = Page(render_page(build_report(_renamed(rows), replace(RUN, arguments=("x",)))))
    assert {tag for tag, _ in page.tags} == {tag for tag, _ in tame.tags}
    assert {name for _, attributes in page.tags for name in attributes} <= {
        name for _, attributes in tame.tags for name in attributes
    } | {"href"}
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", html)
    assert visible(hostile) in page.text() or one_line(hostile) in page.text()
    assert "49" not in [data.strip() for _, data in page.texts]
    assert all(link["href"] is not None and link["href"].startswith(("./", "#")) for link in page.all("a"))


def _renamed(rows: list[ReportRow]) -> list[ReportRow]:
    return [
        replace(
            row,
            name=f"n{n}",
            language="de",
            headline="h",
            error_code=row.error_code and "D101",
            error_text=row.error_text and "t",
            output="o",
            seconds={"read": 1.0} if row.seconds else {},
        )
        for n, row in enumerate(rows)
    ]


@pytest.mark.parametrize(
    "name", ["a.txt.json", "politik/Ä ö.md", "x:y.json", "?#%.json", "a&b<c>\"'.html", "\udce4.md"]
)
def test_a_link_leads_to_the_file_beside_the_report(name: str, tmp_path: Path) -> None:
    url = link_to(name)
    assert url is not None
    assert url.startswith("./")
    assert re.fullmatch(r"[A-Za-z0-9./%_~-]+", url)
    assert unquote(url.removeprefix("./"), errors="surrogateescape") == name
    html = render_page(build_report([brief("a", "flagged", output=name, headline="Kopf")], RUN))
    assert {"href": url} in Page(html).all("a")


@pytest.mark.parametrize("name", [None, "", "/etc/passwd", "../x", "a/../../x", "\ud800"])
def test_nothing_outside_the_output_folder_is_linked(name: str | None) -> None:
    assert link_to(name) is None


def test_the_page_allows_nothing_but_its_own_style_sheet() -> None:
    html = render_page(build_report([brief("a", "flagged")], RUN))
    page = Page(html)
    policy = next(meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    assert not {"script", "img", "link", "iframe", "form", "object"} & {tag for tag, _ in page.tags}
    assert not any("style" in attributes or "src" in attributes for _, attributes in page.tags)


def test_the_page_has_headings_in_order_table_headers_and_words_for_plots() -> None:
    rows = [brief(f"{n}", finished_at=BEGIN + 6 * n) for n in range(100)]
    rows += [failure("x", "D101", "empty", finished_at=BEGIN + 1), ReportRow("s", "skipped", error_text="a copy")]
    page = Page(render_page(build_report([*rows, brief("f", "flagged")], RUN)))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(header.get("scope") in {"col", "row"} for header in page.all("th"))
    assert all(svg.get("aria-label") or svg.get("aria-hidden") == "true" for svg in page.all("svg"))
    labels = [svg["aria-label"] for svg in page.all("svg") if "aria-label" in svg]
    assert "Of 103 articles: 100 verified, 1 flagged, 1 failed, 1 skipped" in labels
    assert any(label and label.startswith("Articles finished per 10 seconds from 10:02:00") for label in labels)
    names = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(names) == len(set(names))
    targets = [link["href"] for link in page.all("a") if str(link["href"]).startswith("#")]
    assert {str(target)[1:] for target in targets} <= set(names)


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([], "No articles"),
        ([brief("a")], "The article has its brief"),
        ([failure("a", "D101", "empty")], "The article failed"),
        ([brief("a"), brief("b")], "All 2 articles have their brief"),
        ([failure("a", "D101", "empty"), failure("b", "D101", "empty")], "All 2 articles failed"),
        ([brief("a"), ReportRow("b", "pending")], "1 of 2 articles have a brief"),
    ],
)
def test_the_title_says_the_outcome(rows: list[ReportRow], title: str) -> None:
    page = Page(render_page(build_report(rows, RUN)))
    assert [data for tags, data in page.texts if tags[-1:] == ("h1",)] == [title]


def test_the_page_says_how_to_go_on_with_the_command_that_was_typed() -> None:
    arguments = ("--retry-failed", "mein ordner", "--out", "briefs", "--force")
    rows = [failure("a", "D101", "empty"), ReportRow("b", "pending")]
    text = Page(render_page(build_report(rows, replace(RUN, arguments=arguments, stopped=True)))).text()
    assert "Stopped early. 1 article is still to do." in text
    assert "takes up what is left. depesche batch 'mein ordner' --out briefs Try" in text
    assert "depesche batch --retry-failed 'mein ordner' --out briefs List" in text
    assert "depesche batch errors briefs" in text
    assert "Nothing is left to do." in Page(render_page(build_report([brief("a")], RUN))).text()


def test_long_lists_are_cut_and_say_so() -> None:
    rows = [brief(f"{n:04d}", "flagged", headline=f"Headline {n}") for n in range(1200)]
    page = Page(render_page(build_report(rows, RUN, flagged_limit=100)))
    assert "70 more flagged briefs" in page.text()
    assert "Listed are the first 100 of 1,200 by name." in page.text()
    assert "Headline 99" in page.text()
    assert "Headline 100" not in page.text()


def test_the_same_rows_in_another_order_make_the_same_page() -> None:
    rows = [
        row
        for n in range(40)
        for row in (brief(f"{n}", "flagged"), failure(f"f{n}", f"D10{n % 3}", str(n)), ReportRow(f"p{n}", "pending"))
    ]
    assert render_page(build_report(rows, RUN, flagged_limit=7)) == render_page(
        build_report(reversed(rows), RUN, flagged_limit=7)
    )


def test_a_report_that_cannot_be_written_is_a_coded_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="D601"):
        write_report(build_report([], RUN), tmp_path / "missing" / "report.html")


def test_the_terminal_shows_the_short_form() -> None:
    rows = [
        *(brief(f"{n}", finished_at=BEGIN + n) for n in range(96)),
        *(brief(f"f{n:02d}\x1b[2J[red]", "flagged", headline="Kopf\nzeile") for n in range(12)),
        failure("x\u202e", "D102", "[D102] x: a [bold]teaser Remedy: fetch it"),
    ]
    stream = io.StringIO()
    print_report(build_report(rows, RUN), Console(file=stream, width=100))
    text = stream.getvalue()
    assert "108 of 109 articles have a brief in 10 min, 9.60 articles a minute" in text
    assert re.search(r"verified +96 +88 %", text)
    assert r"f09\x1b[2J[red].json  Kopf zeile" in text
    assert "f10" not in text
    assert "and 2 more, see report.html" in text
    assert r"x\u202e: x: a [bold]teaser" in text
    assert "fetch it" in text
    assert "30 of 100 (30 %)" in text
    assert "depesche batch --retry-failed artikel/ --out briefs" in text
    assert not set(text) & {"\x1b", "\u202e"}


def test_an_empty_job_is_shown_as_one() -> None:
    stream = io.StringIO()
    print_report(build_report([], replace(RUN, end=BEGIN)), Console(file=stream, width=100))
    assert stream.getvalue().startswith("No articles in 0 s\n")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 ms"), (0.0004, "0.4 ms"), (0.35, "350 ms"), (4.214, "4.21 s"), (42.14, "42.1 s"), (125, "2 min 5 s")],
)
def test_stage_times_have_three_digits_at_most(seconds: float, text: str) -> None:
    assert say_duration(seconds) == text


@pytest.mark.parametrize(
    ("code", "name"), [("de", "German"), ("de-AT", "Austrian German"), ("und", "undetermined"), ("q<>", "q<>")]
)
def test_languages_have_their_english_names(code: str, name: str) -> None:
    assert say_language(code) == name


def test_text_is_cut_in_the_middle_and_joiners_stay() -> None:
    assert visible("a" * 90 + "z" * 10, 31) == "a" * 20 + "…" + "z" * 10
    assert visible("می\u200cخواهم") == "می\u200cخواهم"
    assert one_line("a\n\tb") == "a b"
