"""Bytes to characters: the first step of ingest, the same text whatever encoding it came in.

Tried in this order: byte-order mark; UTF-16 and UTF-32 without one (told by their NULs); UTF-8, strictly; the
encoding that the document declares; Windows-1252, when its characters above ASCII are those that German print uses;
charset-normalizer. Labels are read as the WHATWG Encoding Standard reads them: ISO-8859-1 and ASCII mean
Windows-1252, which differs only in having „ “ – € where ISO-8859-1 has control characters.
"""

from __future__ import annotations

import codecs
import logging
import re

from charset_normalizer import from_bytes

from depesche.errors import BinaryInput, UndecodableText

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16 LE
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "an image, sound or film"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"(\xb5/\xfd", "a zstd archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "an executable"),
    (b"MZ\x90\0", "an executable"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound file"),
    (b"GGUF", "model weights"),
    (b"SQLite format 3\0", "a database"),
)
_REMEDY_BINARY = "export the article as plain text, Markdown, HTML or JSON first"
_REMEDY_ENCODING = "save the article as UTF-8"

# What German, French and Italian print has above ASCII in Windows-1252; anything else speaks against it.
_CP1252_PRINT = frozenset("äöüÄÖÜßéèêëàâáçñíìîïóòôúùûøåæœšžÉÈÀÁÂÇÑÓÅØŠŽ€£§°²³µ·×½¼¾±©®™„“”‚‘’‹›«»–—…•†‰\u00a0\u00ad´")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]{2,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w:.-]{2,40})""", re.IGNORECASE)
_META_WINDOW = 4096
# Single-byte and East Asian encodings of the web; a label "utf-8" or "utf-16" was disproved before it is looked at.
_DECLARABLE = ("ascii", "big5", "cp", "euc", "gb", "iso8859", "koi8", "mac-", "shift_jis")
_LABELS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874"}

logging.getLogger("charset_normalizer").setLevel(logging.CRITICAL)


def decode(data: bytes, *, place: str) -> tuple[str, str]:
    """Return the text of `data`, without byte-order mark, and the name of its encoding.

    Raises `BinaryInput` for bytes that are no text and `UndecodableText` for text in no encoding we can tell.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data[len(bom) :], encoding, place), encoding
    _refuse_binary(data, place)
    if (wide := _wide_encoding(data)) is not None:
        return _strict(data, wide, place), wide
    if len(_CONTROL.findall(data)) > len(data) // 100:
        raise BinaryInput("bytes that are no text", place=place, remedy=_REMEDY_BINARY)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if _is_broken_utf8(data):
            raise UndecodableText(
                f"UTF-8 with a broken character at byte {error.start}", place=place, remedy=_REMEDY_ENCODING
            ) from error
    return _decode_legacy(data, place)


def _refuse_binary(data: bytes, place: str) -> None:
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise BinaryInput(f"this is {kind}", place=place, remedy=_REMEDY_BINARY)


def _wide_encoding(data: bytes) -> str | None:
    """Return UTF-16 or UTF-32 without a mark, told by where the NULs of Latin letters stand; None without NULs."""
    sample = data[:4096]
    if b"\0" not in sample:
        return None
    quarters = [sample[i::4].count(0) * 4 / len(sample) for i in range(4)]
    patterns = {
        "utf-32-le": (0, 1, 1, 1),
        "utf-32-be": (1, 1, 1, 0),
        "utf-16-le": (0, 1, 0, 1),
        "utf-16-be": (1, 0, 1, 0),
    }
    for encoding, pattern in patterns.items():
        # Typographic marks (U+2013, U+201E) have no zero byte, so a few letters in a hundred break the pattern.
        if all(share > 0.8 if zero else share < 0.05 for share, zero in zip(quarters, pattern, strict=True)):
            return encoding
    return None


def _strict(data: bytes, encoding: str, place: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UndecodableText(
            f"bytes that are no {encoding.upper()} at byte {error.start}", place=place, remedy=_REMEDY_ENCODING
        ) from error


def _is_broken_utf8(data: bytes) -> bool:
    """Say whether nearly all bytes above ASCII form UTF-8 characters: no other encoding looks like that."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    whole = sum(1 for c in text if c > "\x7f") - broken
    return whole > 4 * broken


def _decode_legacy(data: bytes, place: str) -> tuple[str, str]:
    if (declared := _declared_encoding(data)) is not None:
        try:
            return data.decode(declared), declared
        except UnicodeDecodeError:
            pass  # a wrong label, as pages often have; the bytes decide
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    special = [c for c in text if c > "\x7f"]
    if text and sum(c in _CP1252_PRINT for c in special) >= 0.9 * len(special):
        return text, "cp1252"
    if re.search(r"\d ?¤|¤ ?\d", text):  # ISO-8859-15 has the euro sign there, and nobody writes prices in ¤
        return data.decode("iso8859-15"), "iso8859-15"
    best = from_bytes(data).best()
    if best is None:
        raise UndecodableText("text in an encoding that cannot be told", place=place, remedy=_REMEDY_ENCODING)
    return str(best), best.encoding


def _declared_encoding(data: bytes) -> str | None:
    head = data[:_META_WINDOW]
    match = _XML_ENCODING.search(head) or _META_CHARSET.search(head)
    if match is None:
        return None
    try:
        name = codecs.lookup(match[1].decode("ascii")).name
    except LookupError:
        return None
    if not name.startswith(_DECLARABLE):
        return None
    return _LABELS.get(name, name)
