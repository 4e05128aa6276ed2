from __future__ import annotations

import json

import pytest

from depesche.article import Article
from depesche.errors import IngestError, MalformedInput, NotAnArticle, TeaserOnly
from depesche.ingest import ingest_bytes

TITLE = "Fähre nach Norderoog fällt bis Ostern aus"
TEASER = "Ein Schaden am Ruder legt das einzige Schiff still, die Insulaner fühlen sich im Stich gelassen."
BODY = [
    "Die Fähre zwischen Husum und der Hallig Norderoog verkehrt bis Ostern nicht. Das teilte die Reederei am Freitag "
    "mit.",
    "Nach Angaben des Betriebsleiters Uwe Carstens ist das Ruder auf einer Länge von 1,4 Metern gerissen. Die "
    "Reparatur koste mindestens 380.000 Euro, sagte er. Ersatz sei nicht zu bekommen.",
    "Auf der Hallig leben 43 Menschen. „Wir haben Vorräte für vier Wochen, dann wird es ernst“, sagte Inselwirtin "
    "Maren Ketels. Sie fordert, dass der Kreis einen Kutter chartert.",
]
LONG = [
    *BODY,
    *(
        f"Am {day}. März warteten {day + 40} Gäste auf dem Festland, ohne zu wissen, wie es weiterging."
        for day in range(1, 9)
    ),
]


def page(
    body: list[str], *, head: str = "", before: str = "", after: str = "", data: dict[str, object] | None = None
) -> Article:
    structured = f'<script type="application/ld+json">{json.dumps(data)}</script>' if data else ""
    text = "".join(f"<p>{line}</p>" for line in body)
    html = (
        f'<!DOCTYPE html><html lang="de"><head><title>{TITLE} | Inselbote</title>{head}{structured}</head><body>'
        f"<nav><a href='/'>Start</a> <a href='/abo'>Jetzt abonnieren</a></nav><article><h1>{TITLE}</h1>{before}{text}"
        f"{after}</article><footer><p>© Inselbote</p></footer></body></html>"
    )
    return ingest_bytes(html.encode(), name="faehre.html")


def test_page_yields_title_body_and_facts() -> None:
    article = page(
        BODY,
        head='<link rel="canonical" href="https://inselbote.example/faehre">',
        before=f"<p class='intro'>{TEASER}</p>",
        data={
            "@type": ["NewsArticle"],
            "headline": TITLE,
            "description": TEASER,
            "author": [{"@type": "Person", "name": "Geeske Paulsen"}, "Ole Brodersen"],
            "datePublished": "2026-03-06T14:05:00+01:00",
        },
    )
    assert article.text == "\n\n".join([TITLE, TEASER, *BODY])
    assert (article.title, article.teaser) == (TITLE, TEASER)
    assert article.byline == "Geeske Paulsen, Ole Brodersen"
    assert article.published == "2026-03-06T14:05:00+01:00"
    assert article.url == "https://inselbote.example/faehre"
    assert article.language_hint == "de"


@pytest.mark.parametrize(
    "headline", [f"{TITLE} | Inselbote", f"{TITLE} - inselbote.example", TITLE.replace("ä", "&auml;")]
)
def test_name_of_the_site_and_entities_are_no_part_of_the_title(headline: str) -> None:
    assert page(BODY, data={"@type": "NewsArticle", "headline": headline}).title == TITLE


def test_description_that_no_reader_sees_is_no_teaser() -> None:
    article = page(
        BODY, data={"@type": "NewsArticle", "description": "Alle Infos zur Fähre: Preise, Zeiten, Tickets 2026"}
    )
    assert article.teaser is None
    assert "Tickets" not in article.text


def test_caption_given_as_description_is_no_teaser() -> None:
    caption = "Die Fähre liegt seit Freitag im Husumer Hafen fest, hier mit Kapitän Broder Lass."
    article = page(
        BODY,
        before=f"<figure><img src='x.jpg'><figcaption>{caption}</figcaption></figure>",
        data={"@type": "NewsArticle", "description": caption},
    )
    assert article.text == "\n\n".join([TITLE, *BODY])


@pytest.mark.parametrize(
    "furniture",
    [
        "<p>Lesen Sie auch: <a href='/sturm'>Sturm über der Nordsee</a></p>",
        "<ul><li>Wetter: <a href='/eis'>Eisgang vor Föhr erwartet</a></li><li><a href='/zug'>Zugausfälle</a></li></ul>",
        "<p>Anzeige</p>",
        "<p>Unser Newsletter: hier kostenlos anmelden und nichts verpassen.</p>",
        "<p>Empfohlener redaktioneller Inhalt</p><p>An dieser Stelle finden Sie einen externen Inhalt von Y.</p>",
        "<p>Foto: Inselbote/Paulsen</p>",
        "<p>06.03.2026, 14:05 Uhr</p>",
        "<p>Von Geeske Paulsen</p>",
        f"<h2>{TITLE}</h2>",
        f"<blockquote>{BODY[2][31:82]}</blockquote>",
        "<script>document.write('Werbung')</script><style>p { color: red }</style>",
        "<noscript>Bitte JavaScript einschalten</noscript><template>Vorlage</template><!-- Kommentar -->",
    ],
)
def test_furniture_of_the_page_leaves_the_text(furniture: str) -> None:
    assert page(BODY, before=furniture).text == "\n\n".join([TITLE, *BODY])


@pytest.mark.parametrize(
    "line",
    [
        "Werbung für den Tourismus brachte dem Kreis im vorigen Jahr 2,1 Millionen Euro ein.",
        "Mehr dazu zu sagen, lehnte die Reederei am Samstag ab; sie verwies auf 18 laufende Verfahren.",
        "<a href='/kreis'>Der Kreis</a> prüft nun einen Zuschuss von bis zu 90.000 Euro.",
        "Mit Material von 200 Tonnen Stein war der Anleger im Vorjahr befestigt worden.",
    ],
)
def test_sentences_that_only_begin_like_furniture_stay(line: str) -> None:
    assert line.rsplit(">", 1)[-1] in page([*BODY, line]).text


@pytest.mark.parametrize(
    "data",
    [
        {"@type": "NewsArticle", "isAccessibleForFree": False},
        {"@type": "NewsArticle", "isAccessibleForFree": "False"},
        {"@graph": [{"@type": "WebPage"}, {"@type": "ReportageNewsArticle", "isAccessibleForFree": False}]},
        {"@type": "NewsArticle", "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False}},
    ],
)
def test_short_page_that_declares_a_paywall_is_a_teaser(data: dict[str, object]) -> None:
    with pytest.raises(TeaserOnly):
        page(BODY[:2], data=data)


@pytest.mark.parametrize(
    "phrase",
    [
        "Diesen Artikel weiterlesen mit Insel+",
        "Jetzt Artikel freischalten: 4 Wochen für 1 Euro",
        "Dieser Artikel ist nur für Abonnenten sichtbar.",
        "Lesen Sie weiter mit einem Probeabo",
    ],
)
def test_short_page_that_shows_a_paywall_is_a_teaser(phrase: str) -> None:
    with pytest.raises(TeaserOnly):
        page(BODY[:2], after=f"<div class='paywall'><p>{phrase}</p></div>")


def test_long_page_behind_a_declared_paywall_is_an_article() -> None:
    assert page(LONG, data={"@type": "NewsArticle", "isAccessibleForFree": False}).title == TITLE


def test_short_page_beside_an_offer_of_subscription_is_an_article() -> None:
    assert page(BODY).text.endswith(BODY[-1])


def test_page_with_nothing_but_its_teaser_is_a_teaser() -> None:
    teaser = f"{TEASER} Die Reederei hofft auf Hilfe vom Land und vom Kreis, bisher ohne Antwort, und wartet weiter ab."
    with pytest.raises(TeaserOnly):
        page([teaser], data={"@type": "NewsArticle", "description": teaser})


def test_page_of_links_is_no_article() -> None:
    links = "".join(f"<li><a href='/{n}'>Meldung Nummer {n} aus dem Kreis Husum am Freitag</a></li>" for n in range(80))
    with pytest.raises(NotAnArticle):
        ingest_bytes(f"<html><body><h1>Übersicht</h1><ul>{links}</ul></body></html>".encode(), name="a.html")


# Hostile pages


def outcome(html: str) -> Article | IngestError:
    try:
        return ingest_bytes(html.encode(), name="feind.html")
    except IngestError as error:
        return error


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "table><tr><td", "ul><li", "span"])
def test_page_nested_beyond_measure_is_refused(tag: str) -> None:
    assert isinstance(outcome("<html><body>" + f"<{tag}>" * 20_000 + BODY[0]), MalformedInput)


def test_page_of_too_many_elements_or_attributes_is_refused() -> None:
    assert isinstance(outcome("<html><body>" + "<a>l</a>" * 16_000), MalformedInput)
    attributes = " ".join(f"a{n}=1" for n in range(600))
    assert isinstance(outcome(f"<html><body><p {attributes}>{BODY[0]}</p>"), MalformedInput)


def test_entities_are_neither_expanded_nor_read_from_files() -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{lol}]>'
    bomb = f"{doctype}<html><body><p>&l11; {' '.join(BODY)}</p></body></html>"
    found = outcome(bomb)
    assert isinstance(found, IngestError) or len(found.text) < 2 * len(bomb)
    spy = f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><html><body><p>&f; {" ".join(BODY)}</p></body></html>'
    read = outcome(spy)
    assert isinstance(read, IngestError) or "root:" not in read.text


@pytest.mark.parametrize(
    "data", ["[" * 50_000, '{"@type": ', '{"@type": [[["NewsArticle"]]], "author": 7}', "null", ""]
)
def test_broken_structured_data_is_passed_over(data: str) -> None:
    text = "".join(f"<p>{line}</p>" for line in BODY)
    head = f'<head><script type="application/ld+json">{data}</script></head>'
    found = outcome(f"<html>{head}<body><h1>{TITLE}</h1>{text}</body></html>")
    assert isinstance(found, Article)
    assert found.title == TITLE


def test_one_huge_line_is_read() -> None:
    found = outcome("<html><body><p>" + "Der Deich hält, sagt der Deichgraf. " * 1_000 + "</p></body></html>")
    assert isinstance(found, Article)
    assert len(found.text) > 30_000
