from __future__ import annotations

import pytest

from depesche.ingest import ingest_bytes
from depesche.ingest.markdown import read_markdown

BODY = (
    "Die Stadtwerke Lauenau senken zum 1. April den Gaspreis um 8,5 Prozent. Eine Familie spart damit rund 170 Euro im "
    "Jahr, wie Geschäftsführer Piet Harmsen am Montag sagte."
)


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("Der **Gaspreis** sinkt um *8,5* Prozent.", "Der Gaspreis sinkt um 8,5 Prozent."),
        ("Laut [Stadtwerken](https://lauenau.example/a_b) sinkt er.", "Laut Stadtwerken sinkt er."),
        ("Der Preis ![Bild](x.png) sinkt.", "Der Preis  sinkt."),
        ("Tarif `Basis 24` sinkt.", "Tarif Basis 24 sinkt."),
        ("5 \\* 3 und M&uuml;ll", "5 * 3 und Müll"),
        ("Kosten < 20 Euro & Gebühr > 3 Euro", "Kosten < 20 Euro & Gebühr > 3 Euro"),
        ("Er<br>sagte<script>alert(1)</script> nichts", "Ersagte nichts"),
        ("Zeile eins\nZeile zwei", "Zeile eins\nZeile zwei"),
        ("> „Endlich“, sagt Harmsen.", "„Endlich“, sagt Harmsen."),
    ],
)
def test_marks_vanish_and_words_stay(marked: str, plain: str) -> None:
    assert read_markdown(marked).paragraphs == (plain,)


def test_headings_lists_and_quotations_are_paragraphs() -> None:
    parts = read_markdown("# Gas wird billiger\n\nText.\n\n## Was das heißt\n\n- Erstens\n- Zweitens\n\n> Zitat\n")
    assert parts.title == "Gas wird billiger"
    assert parts.paragraphs == ("Text.", "Was das heißt", "Erstens", "Zweitens", "Zitat")


@pytest.mark.parametrize(
    "block",
    [
        "```\nkosten = 3\n```",
        "    kosten = 3",
        "| Tarif | Preis |\n|---|---|\n| Basis | 24 |",
        "<script>\nlade()\n\nzeige()\n</script>",
        "<style>p { color: red }</style>",
        "<!-- nicht\n\nzeigen -->",
    ],
)
def test_code_tables_scripts_and_comments_are_no_prose(block: str) -> None:
    assert read_markdown(f"{block}\n\n{BODY}").paragraphs == (BODY,)


def test_raw_html_blocks_give_their_text() -> None:
    paragraphs = read_markdown(f"<div class='x'><p>{BODY}</p></div>").paragraphs
    assert [line.strip() for line in paragraphs if line.strip()] == [BODY]


def test_front_matter_gives_the_facts() -> None:
    article = ingest_bytes(
        f'---\ntitle: "Gas wird billiger"\nauthor: Wiebke Lorenz\ndate: 2026-03-09\nurl: https://lauenau.example/gas\n'
        f"lang: de\nlayout: post\n---\n\n{BODY}\n".encode(),
        name="gas.md",
    )
    assert article.title == "Gas wird billiger"
    assert (article.byline, article.published) == ("Wiebke Lorenz", "2026-03-09")
    assert (article.url, article.language_hint) == ("https://lauenau.example/gas", "de")
    assert article.text == f"Gas wird billiger\n\n{BODY}"


@pytest.mark.parametrize("mark", ["**", "*", "_", "__"])
def test_emphasised_paragraph_below_the_title_is_the_teaser(mark: str) -> None:
    parts = read_markdown(f"# Gas wird billiger\n\n{mark}Die Stadtwerke senken den Preis.{mark}\n\n{BODY}")
    assert parts.teaser == "Die Stadtwerke senken den Preis."
    assert parts.paragraphs == (BODY,)


def test_paragraph_that_only_begins_with_emphasis_is_body() -> None:
    parts = read_markdown(f"# Gas wird billiger\n\n**Lauenau.** {BODY}")
    assert parts.teaser is None
    assert parts.paragraphs == (f"Lauenau. {BODY}",)
