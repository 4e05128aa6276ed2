"""What people read of a brief says what the brief says, and nothing in an article or its name can steer the page."""

from __future__ import annotations

import re
from functools import cache

import pytest
from markdown_it import MarkdownIt

from depesche.brief import Brief, build_brief
from depesche.extractive import ExtractiveSummarizer
from depesche.ingest import ingest_bytes
from depesche.read import read_article
from depesche.render import Format, render
from depesche.translate import translate
from depesche.verify import verify
from stand_ins import ScriptedTranslator

FORMATS: tuple[Format, ...] = ("md", "html", "text")
TITLE, FIRST, SECOND = (
    "Stadtrat stimmt für neues Freibad",
    "Der Stadtrat von Altenfurt hat am Montag mit großer Mehrheit für ein neues Freibad gestimmt.",
    "Der Bau soll 12 Millionen Euro kosten und in drei Jahren fertig sein, wie die Verwaltung mitteilte.",
)
SECOND_EN = "The building is to cost 12 million euros and be finished in three years, the administration said."


@cache
def brief_with(first_english: str, name: str = "artikel.txt") -> Brief:
    article = ingest_bytes(f"{TITLE}\n\n{FIRST} {SECOND}".encode(), name=name)
    english = {TITLE: "City council votes for new pool", FIRST: first_english, SECOND: SECOND_EN}
    translations = translate([read_article(article)], ScriptedTranslator(english))
    (draft,) = ExtractiveSummarizer().summarize(translations)
    return build_brief(verify(translations[0], draft), models=(), prompts=(), config_sha256="0" * 64, timings={})


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_name_cannot_steer_terminal_or_page(kind: Format) -> None:
    text = render(
        brief_with("The council voted on Monday for a pool.", "a\x1b[31mrot\x07\u202etxt.exe\n# oben\x9b2J"), kind
    )
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert "\n# oben" not in text


@pytest.mark.parametrize(
    "english",
    [
        "1. The council of Altenfurt voted on Monday for a pool.",
        "17) The council of Altenfurt voted on Monday for a pool.",
        "- The council of Altenfurt voted on Monday for a pool.",
        "+ The council of Altenfurt voted on Monday for a pool.",
        "    The council of Altenfurt voted on Monday for a pool.",
        "> The council of Altenfurt voted on Monday for a pool.",
        "~~~ The council of Altenfurt voted on Monday for a pool.",
        "The council &lt;of&gt; Altenfurt voted on Monday & today for ~~no~~ a pool.",
    ],
)
def test_markdown_shows_a_claim_letter_for_letter(english: str) -> None:
    brief = brief_with(english)
    claims = [claim.text for claim in (*brief.summary, *brief.key_points)]
    assert english.strip() in {claim.strip() for claim in claims}
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(render(brief, "md"))
    shown = ["".join(child.content or "" for child in token.children or ()) for token in tokens]
    assert any(english.strip() in line for line in shown)
    assert not {token.type for token in tokens} & {"ordered_list_open", "blockquote_open", "code_block", "fence"} - (
        {"blockquote_open"} if brief.status == "flagged" else set()
    )


def test_the_html_original_keeps_its_marks() -> None:
    text = render(brief_with("The council of Altenfurt voted on Monday for a pool."), "html")
    assert re.search(r'<mark id="f\d+">12 Millionen Euro</mark>', text)
