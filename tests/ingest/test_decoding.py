from __future__ import annotations

import codecs

import pytest

from depesche.errors import BinaryInput, UndecodableText
from depesche.ingest import ingest_bytes
from depesche.ingest.decoding import decode

TEXT = (
    "Größte Werft streicht 1.200 Stellen\n\n"
    "„Das ist bitter“, sagte Bürgermeisterin Jördis Öhlmann am Freitag – und kündigte Hilfe an.\n\n"
    "Rund 35 Millionen € sollen fließen. Die Löhne stiegen um 3,5 Prozent, die Überstunden sanken um ein Fünftel."
)
LATIN = TEXT.replace("„", '"').replace("“", '"').replace("–", "-").replace("€", "Euro")


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("utf-32-be", codecs.BOM_UTF32_BE),
        ("utf-32-le", b""),
        ("cp1252", b""),
    ],
)
def test_one_text_in_every_encoding_is_one_article(encoding: str, mark: bytes, line_end: str) -> None:
    data = mark + TEXT.replace("\n", line_end).encode(encoding)
    article = ingest_bytes(data, name="werft.txt")
    assert article.text == ingest_bytes(TEXT.encode(), name="werft.txt").text == TEXT
    assert article.title == "Größte Werft streicht 1.200 Stellen"
    assert article.origin.encoding == encoding


@pytest.mark.parametrize("encoding", ["iso-8859-1", "iso-8859-15", "cp1252", "utf-8"])
def test_latin_encodings_agree_on_umlauts(encoding: str) -> None:
    assert ingest_bytes(LATIN.encode(encoding), name="werft.txt").text == LATIN


def test_euro_sign_of_iso_8859_15_is_a_euro_sign() -> None:
    text = "Die Karte kostet künftig 58 € im Monat und damit 9 € mehr als bisher."
    assert decode(text.encode("iso-8859-15"), place="-") == (text, "iso8859-15")


@pytest.mark.parametrize("label", ["windows-1252", "iso-8859-1", "ISO-8859-1", "latin1", "us-ascii"])
def test_labels_mean_what_browsers_take_them_for(label: str) -> None:
    page = f'<html><head><meta charset="{label}"></head><body><p>„Öl“ – 5 €</p></body></html>'
    assert decode(page.encode("cp1252"), place="-") == (page, "cp1252")


def test_bytes_win_over_a_wrong_label() -> None:
    page = '<html><head><meta charset="iso-8859-1"></head><body><p>„Öl“ – 5 €</p></body></html>'
    assert decode(page.encode("utf-8"), place="-") == (page, "utf-8")


@pytest.mark.parametrize("label", ["hex", "rot13", "undefined", "zlib", "gibt-es-nicht", "utf-7"])
def test_labels_of_no_charset_are_passed_over(label: str) -> None:
    page = f'<meta charset="{label}"><p>Größe</p>'
    assert decode(page.encode("cp1252"), place="-") == (page, "cp1252")


def test_broken_utf8_is_refused_with_its_place() -> None:
    data = TEXT.encode() + b" und \xff dann"
    with pytest.raises(UndecodableText, match=f"byte {len(TEXT.encode()) + 5}"):
        decode(data, place="werft.txt")


def test_odd_number_of_bytes_is_no_utf16() -> None:
    with pytest.raises(UndecodableText):
        decode(codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le") + b"x", place="werft.txt")


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3 Der Umsatz stieg.",
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"PK\x03\x04\x14\x00\x06\x00",
        b"\x1f\x8b\x08\x00" + bytes(20),
        b"\x7fELF\x02\x01\x01" + bytes(20),
        b"{\\rtf1\\ansi Der Umsatz stieg.}",
        bytes(range(256)) * 20,
        b"\x00" * 100,
        b"Text\x00mit\x00einzelnen\x00Nullen, die kein UTF-16 ergeben",
    ],
)
def test_bytes_that_are_no_text_are_binary(data: bytes) -> None:
    with pytest.raises(BinaryInput) as error:
        decode(data, place="anhang")
    assert error.value.remedy
