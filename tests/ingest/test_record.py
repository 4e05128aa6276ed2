from __future__ import annotations

import json

import pytest

from depesche.errors import MalformedInput
from depesche.ingest import ingest_bytes
from depesche.ingest.record import ArticleRecord, parsed_record

BODY = (
    "Die Brauerei Stolzenfels füllt von Mai an kein Bier mehr in Dosen ab. Das spare 600 Tonnen Aluminium im Jahr, "
    "sagte Inhaberin Corinna Stolz am Mittwoch. Betroffen sind 11 der 74 Arbeitsplätze.\n\n"
    "Der Absatz sank zuletzt um 2,4 Prozent."
)


def test_every_field_reaches_the_article() -> None:
    record = {
        "title": "Brauerei gibt Dosen auf",
        "teaser": "Stolzenfels setzt ganz auf Glas.",
        "text": BODY,
        "byline": ["Nils Ahrendt", "Eva Roth"],
        "published": "2026-02-11T10:00:00+01:00",
        "url": "https://zeitung.example/dosen",
        "language": "de",
        "rubrik": "Wirtschaft",
    }
    article = ingest_bytes(json.dumps(record).encode(), name="dosen.json")
    assert article.text == f"Brauerei gibt Dosen auf\n\nStolzenfels setzt ganz auf Glas.\n\n{BODY}"
    assert article.byline == "Nils Ahrendt, Eva Roth"
    assert article.published == "2026-02-11T10:00:00+01:00"
    assert (article.url, article.language_hint) == ("https://zeitung.example/dosen", "de")


def test_text_that_repeats_its_title_has_it_once() -> None:
    record = {"title": "Brauerei gibt Dosen auf", "text": f"Brauerei gibt Dosen auf\n\n{BODY}"}
    assert ingest_bytes(json.dumps(record).encode(), name="a.json").text == f"Brauerei gibt Dosen auf\n\n{BODY}"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('{"title": "x",\n "text": "abc', "a.json:2:10", "Unterminated string"),
        ("[1, 2]", "a.json", "dictionary"),
        ("{}", "a.json", "exactly one of"),
        ('{"text": "a", "html": "b"}', "a.json", "exactly one of"),
        ('{"text": 7}', "a.json", "field text"),
        ('{"text": "a", "byline": [1]}', "a.json", "field byline"),
        ('{"text": "a", "published": "vorgestern"}', "a.json", "field published"),
        ("[" * 100_000, "a.json", "nested too deep"),
        ('{"text": ' + "1" * 10_000 + "}", "a.json", "too long"),
    ],
)
def test_wrong_records_are_refused_with_their_place(text: str, place: str, message: str) -> None:
    with pytest.raises(MalformedInput, match=message) as error:
        parsed_record(text, place="a.json")
    assert error.value.place == place


def test_schema_describes_every_field() -> None:
    properties = ArticleRecord.model_json_schema()["properties"]
    assert set(properties) == {"text", "html", "title", "teaser", "byline", "published", "url", "language"}
    assert all(field["description"] for field in properties.values())
