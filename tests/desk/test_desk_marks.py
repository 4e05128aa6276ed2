import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depesche.desk.marks import Mark, MarkKind, mark_up
from depesche.span import Span

KINDS: tuple[MarkKind, ...] = ("sentence", "quotation", "doubt", "figure")


class Covered(HTMLParser):
    """What a browser makes of marked text: its characters, each with the keys of the elements around it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[tuple[str, str]] = []
        self.characters: list[tuple[str, list[str]]] = []
        self.ids: list[str] = []
        self.links_in_links = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and any(open_tag == "a" for open_tag, _ in self.stack):
            self.links_in_links = True
        if "id" in values:
            self.ids.append(str(values["id"]))
        self.stack.append((tag, str(values["data-mark"])))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.characters += [(character, [key for _, key in self.stack]) for character in data]


def read(marked: str) -> Covered:
    parser = Covered()
    parser.feed(marked)
    parser.close()
    assert not parser.stack
    return parser


@st.composite
def texts_with_marks(draw: st.DrawFn) -> tuple[str, list[Mark], Span]:
    # Without \r, which HTML reads as a line break; canonical text has none.
    text = draw(
        st.text(
            st.one_of(st.sampled_from("<>&\"'ab\n "), st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"])),
            max_size=40,
        )
    )

    def span() -> Span:
        ends = sorted(draw(st.tuples(st.integers(0, len(text) + 3), st.integers(0, len(text) + 3))))
        return Span(*ends)

    kinds = draw(st.lists(st.sampled_from(KINDS), max_size=7))
    marks = [
        Mark(span(), f"m{n}", kind, id=f"id{n}", target=f"to{n}" if kind == "figure" else None)
        for n, kind in enumerate(kinds)
    ]
    window = draw(st.one_of(st.just(Span(0, len(text))), st.builds(lambda: span())))
    return text, marks, Span(min(window.start, len(text)), min(window.end, len(text)))


@given(texts_with_marks())
def test_marking_changes_no_character_and_covers_each_span(case: tuple[str, list[Mark], Span]) -> None:
    text, marks, window = case
    covered = read(str(mark_up(text, marks, window)))
    assert "".join(character for character, _ in covered.characters) == window.of(text)
    for place, (_, keys) in enumerate(covered.characters, window.start):
        assert sorted(keys) == sorted(mark.key for mark in marks if mark.span.start <= place < mark.span.end)
    assert not covered.links_in_links
    assert len(covered.ids) == len(set(covered.ids))


@given(texts_with_marks())
def test_marked_text_is_escaped(case: tuple[str, list[Mark], Span]) -> None:
    text, marks, window = case
    outside = re.sub(r'</?(?:a|span)(?: [a-z-]+="[a-z0-9#]*")*>', "", str(mark_up(text, marks, window)))
    assert "<" not in outside
    assert ">" not in outside
    assert html.unescape(outside) == window.of(text)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        (
            [Mark(Span(0, 9), "s0", "sentence"), Mark(Span(4, 6), "f4", "figure", "de-f4", "en-f4")],
            '<span class="sentence" data-mark="s0">Von <a class="figure" data-mark="f4" id="de-f4" href="#en-f4">12</a>'
            " km</span>",
        ),
        (
            [Mark(Span(0, 6), "q0", "quotation", "q"), Mark(Span(4, 9), "s0", "sentence", "s")],
            '<span class="quotation" data-mark="q0" id="q">Von <span class="sentence" data-mark="s0" id="s">12</span>'
            '</span><span class="sentence" data-mark="s0"> km</span>',
        ),
        (
            [Mark(Span(4, 9), "f4", "figure", None, "a"), Mark(Span(4, 6), "f5", "figure", None, "b")],
            'Von <a class="figure" data-mark="f4" href="#a"><span class="figure" data-mark="f5">12</span> km</a>',
        ),
        ([Mark(Span(3, 3), "f3", "figure")], "Von 12 km"),
    ],
    ids=["nested", "crossing", "a link in a link", "empty"],
)
def test_elements_nest_as_spans_do(marks: list[Mark], expected: str) -> None:
    assert mark_up("Von 12 km", marks) == expected


def test_keys_and_ids_are_escaped_too() -> None:
    hostile = '"><script>alert(1)</script>'
    marked = str(mark_up("12", [Mark(Span(0, 2), hostile, "figure", hostile, hostile)]))
    assert "<script" not in marked
    assert marked.count("<") == 2


def test_characters_that_steer_a_line_are_shown_one_for_one() -> None:
    marked = read(str(mark_up("zahlt \u202e12\u202c\nEuro", [Mark(Span(7, 9), "f7", "figure")])))
    assert "".join(character for character, _ in marked.characters) == "zahlt \ufffd12\ufffd\nEuro"
