from __future__ import annotations

import io
import json
import logging
import os
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from depesche.article import Article, ArticleFormat
from depesche.config import IngestConfig
from depesche.errors import (
    EmptyInput,
    IngestError,
    InputTooLarge,
    MalformedInput,
    NotAnArticle,
    TeaserOnly,
    UnknownFormat,
    UnreadableInput,
)
from depesche.ingest import ingest_bytes, ingest_file, ingest_stdin, iter_articles

EXAMPLES = Path(__file__).parents[2] / "examples"
SAMPLES = sorted(
    path for path in EXAMPLES.iterdir() if path.suffix in {".txt", ".md", ".html", ".json"} and path.stem != "README"
)
TITLE = "Stadtrat billigt Haushalt"
BODY = (
    "Der Stadtrat von Kirchlinden hat den Haushalt am Donnerstag mit 27 zu 14 Stimmen beschlossen. "
    "Er sieht Ausgaben von 212 Millionen Euro vor, knapp drei Prozent mehr als im Vorjahr.\n\n"
    "Die Grundsteuer steigt um 40 Punkte. „Das fällt uns nicht leicht“, sagte Kämmerin Ilse Brandau."
)
TEXT = f"{TITLE}\n\n{BODY}"
FORMATS: tuple[ArticleFormat, ...] = ("text", "markdown", "html", "json", "jsonl")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_sample_is_an_article_in_canonical_form(path: Path) -> None:
    article = ingest_file(path)
    assert article.title_span is not None
    assert article.title_span.of(article.text) == article.title
    assert "\n" not in article.text.replace("\n\n", "")
    assert len(article.text.split()) > 80


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_canonical_text_of_a_sample_stays_the_same_when_ingested_again(path: Path) -> None:
    article = ingest_file(path)
    assert ingest_bytes(article.text.encode(), name="noch-einmal.txt").text == article.text


def test_all_formats_of_one_article_have_one_text() -> None:
    page = "".join(f"<p>{line}</p>" for line in BODY.split("\n\n"))
    inputs = {
        "a.txt": TEXT,
        "a.md": f"# {TITLE}\n\n{BODY}",
        "a.html": f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{page}</body></html>",
        "a.json": json.dumps({"title": TITLE, "text": BODY}),
        "b.json": json.dumps({"title": TITLE, "html": page}),
        "a.jsonl": json.dumps({"title": TITLE, "text": BODY}) + "\n",
    }
    articles = {name: ingest_bytes(text.encode(), name=name) for name, text in inputs.items()}
    assert {name: article.text for name, article in articles.items()} == dict.fromkeys(inputs, TEXT)
    assert {article.title for article in articles.values()} == {TITLE}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (TEXT, "text"),
        (f"# {TITLE}\n\n{BODY}", "markdown"),
        (f"---\ntitle: {TITLE}\n---\n{BODY}", "markdown"),
        (f"<!DOCTYPE html>\n<html><body><article><p>{BODY}</p></article></body></html>", "html"),
        (f"<div><p>{BODY}</p><p>{BODY.upper()}</p></div>", "html"),
        (json.dumps({"text": BODY}), "json"),
        (json.dumps({"text": BODY}, indent=2), "json"),
    ],
)
def test_format_is_sniffed_where_the_name_says_nothing(content: str, expected: str) -> None:
    assert ingest_bytes(content.encode(), name="-").origin.format == expected


def test_named_format_wins_over_the_ending() -> None:
    assert ingest_bytes(f"# {TITLE}\n\n{BODY}".encode(), name="a.txt", format="markdown").title == TITLE


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.XML", "a.csv"])
def test_endings_of_other_formats_are_refused(name: str) -> None:
    with pytest.raises(UnknownFormat, match=r"D108.*Remedy"):
        ingest_bytes(TEXT.encode(), name=name)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "-"])
@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", "\u200b\u00a0\n***\n".encode()])
def test_nothing_but_white_space_is_empty(name: str, data: bytes) -> None:
    with pytest.raises(EmptyInput):
        ingest_bytes(data, name=name)


@pytest.mark.parametrize(
    "text",
    [
        "Kurz gemeldet: Der Zug kam pünktlich.",
        "\n".join(f"https://zeitung.example/artikel/{number}" for number in range(60)),
        "\n\n".join(["Politik", "Wirtschaft", "Sport", "Kultur und Leben", "Wetter in der Region"] * 8),
        "\n".join("Verein;Spiele;Tore;Punkte" for _ in range(40)),
    ],
)
def test_links_tables_and_scraps_are_no_article(text: str) -> None:
    with pytest.raises(NotAnArticle):
        ingest_bytes(text.encode(), name="a.txt")


def test_limit_in_config_refuses_larger_input() -> None:
    with pytest.raises(InputTooLarge, match=r"ingest\.max_bytes"):
        ingest_bytes(TEXT.encode(), name="a.html", config=IngestConfig(max_bytes=100))


def test_large_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "gross.txt"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # a sparse terabyte: reading it would not end
    with pytest.raises(InputTooLarge):
        ingest_file(path)


def test_unreadable_inputs_say_why(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "fehlt.txt", "no such file"), (tmp_path, "folder"), (tmp_path / "a\0b", "null")):
        with pytest.raises(UnreadableInput, match=reason):
            ingest_file(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "geheim.txt"
    path.write_text(TEXT, "utf-8")
    path.chmod(0)
    with pytest.raises(UnreadableInput, match="permission"):
        ingest_file(path)


def test_standard_input_is_named_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode("cp1252"))))
    article = ingest_stdin()
    assert (article.text, article.origin.name, article.origin.encoding) == (TEXT, "-", "cp1252")


def test_standard_input_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode() * 10)))
    with pytest.raises(InputTooLarge):
        ingest_stdin(config=IngestConfig(max_bytes=1000))


def test_path_in_a_name_is_shown_and_never_opened(tmp_path: Path) -> None:
    article = ingest_bytes(TEXT.encode(), name="/etc/passwd.txt")
    assert article.origin.name == "/etc/passwd.txt"
    assert article.text == TEXT


# JSONL: many articles, one outcome a line


def lines(*records: object) -> bytes:
    return b"".join(
        (record if isinstance(record, bytes) else json.dumps(record).encode()) + b"\n" for record in records
    )


def test_bad_lines_are_outcomes_among_the_others(tmp_path: Path) -> None:
    path = tmp_path / "woche.jsonl"
    good = {"title": TITLE, "text": BODY}
    path.write_bytes(
        lines(good, b"{kaputt", b"", {"titel": "ohne Text"}, {"text": "zu kurz"}, good, b"\xff\xfe\xfd", b"7")
    )
    outcomes = list(iter_articles(path))
    kinds = [type(outcome).__name__ for outcome in outcomes]
    assert kinds[:2] == ["Article", "MalformedInput"]
    assert kinds[2:5] == ["MalformedInput", "NotAnArticle", "Article"]
    assert all(isinstance(outcome, IngestError) for outcome in outcomes[5:])
    assert len(outcomes) == 7
    assert isinstance(outcomes[4], Article)
    assert outcomes[4].origin.name == f"{path}:6"
    assert isinstance(outcomes[1], MalformedInput)
    assert outcomes[1].place == f"{path}:2:1:2"


def test_line_over_the_limit_is_skipped_and_the_next_is_read() -> None:
    data = lines({"text": BODY * 50}, {"title": TITLE, "text": BODY})
    outcomes = list(iter_articles(io.BytesIO(data), name="w.jsonl", config=IngestConfig(max_bytes=2000)))
    assert isinstance(outcomes[0], InputTooLarge)
    assert isinstance(outcomes[1], Article)


def test_jsonl_file_may_be_larger_than_the_limit_of_a_line() -> None:
    data = lines(*[{"title": TITLE, "text": BODY}] * 20)
    outcomes = list(iter_articles(io.BytesIO(data), name="w.jsonl", config=IngestConfig(max_bytes=2000)))
    assert [type(outcome) for outcome in outcomes] == [Article] * 20


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_jsonl_is_read_in_unicode_encodings(encoding: str) -> None:
    record = json.dumps({"title": TITLE, "text": BODY}, ensure_ascii=False)
    data = f"{record}\r\n{record}\r\n".encode(encoding)
    outcomes = list(iter_articles(io.BytesIO(data), name="w.jsonl"))
    assert [outcome.text for outcome in outcomes if isinstance(outcome, Article)] == [TEXT, TEXT]


def test_stream_without_a_name_is_sniffed_as_lines_of_json() -> None:
    data = lines({"title": TITLE, "text": BODY}, {"title": TITLE, "text": BODY})
    assert len(list(iter_articles(io.BytesIO(data)))) == 2


@pytest.mark.parametrize("content", [TEXT, json.dumps({"title": TITLE, "text": BODY}, indent=1)])
def test_stream_of_one_article_yields_one(content: str) -> None:
    outcomes = list(iter_articles(io.BytesIO(content.encode())))
    assert [outcome.text for outcome in outcomes if isinstance(outcome, Article)] == [TEXT]


def test_iterating_over_a_missing_file_yields_the_error() -> None:
    (outcome,) = iter_articles("gibt-es-nicht.txt")
    assert isinstance(outcome, UnreadableInput)


def test_one_article_is_asked_for_and_many_are_there() -> None:
    data = lines({"text": BODY}, {"text": BODY})
    with pytest.raises(MalformedInput, match="iter_articles"):
        ingest_bytes(data, name="w.jsonl")


# Properties


def outcome_of(data: bytes, chosen: ArticleFormat | None) -> Article | IngestError:
    try:
        return ingest_bytes(data, name="zufall", format=chosen)
    except IngestError as error:
        return error


@settings(max_examples=80, deadline=None)
@given(data=st.binary(max_size=200), format=st.sampled_from([None, *FORMATS]))
def test_random_bytes_raise_nothing_but_ingest_errors(data: bytes, format: ArticleFormat | None) -> None:  # noqa: A002
    outcome = outcome_of(data, format)
    if isinstance(outcome, IngestError):
        assert outcome.place
        assert outcome.code.startswith("D1")


MARKS = (
    "<p>",
    "</p>",
    "<div>",
    "<h1>",
    "<li>",
    "<a>",
    "<script>",
    "<table><td>",
    "<!--",
    "-->",
    "&lt;",
    "&#0;",
    "<br>",
)
SIGNS = ("# ", "\n\n", "\n", "*", "[a](b)", "> ", "- ", "|", "`", "\u00ad")
WORDS = ("Der Umsatz stieg um 3 Prozent. ", "Wort ", "Von Ina Ott")
MARKUP = st.lists(st.sampled_from(MARKS + SIGNS + WORDS), max_size=60).map("".join)


@settings(max_examples=60, deadline=None)
@given(text=MARKUP, format=st.sampled_from(["text", "markdown", "html"]))
def test_ingesting_canonical_text_again_changes_nothing(text: str, format: ArticleFormat) -> None:  # noqa: A002
    config = IngestConfig(min_words=1)
    try:
        article = ingest_bytes(text.encode(), name="zufall", format=format, config=config)
    except IngestError:
        return
    assert ingest_bytes(article.text.encode(), name="a.txt", config=config).text == article.text
    for span, part in ((article.title_span, article.title), (article.teaser_span, article.teaser)):
        assert (span.of(article.text) if span else None) == part


def test_ingest_needs_no_network_and_makes_no_noise(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    with caplog.at_level(logging.DEBUG):
        for path in SAMPLES:
            ingest_file(path)
        with pytest.raises(IngestError):
            ingest_bytes(b"<html><body><img src='http://zeitung.example/x.png'></body></html>", name="a.html")
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert capfd.readouterr() == ("", "")


def test_json_page_behind_a_paywall_is_a_teaser() -> None:
    record = {"title": TITLE, "html": f"<p>{BODY}</p><p>Diesen Artikel jetzt weiterlesen mit Abo+.</p>"}
    with pytest.raises(TeaserOnly):
        ingest_bytes(json.dumps(record).encode(), name="a.json")
