import pytest

from batch.written_briefs import brief as written_brief
from depesche.brief import BriefFigure, BriefQuotation
from depesche.desk.english import figure_spans, quotation_span


def figure(id_: str, english: str, **changes: object) -> BriefFigure:
    return written_brief().figures[0].model_copy(update={"id": id_, "english": english} | changes)


def quotation(english: str | None) -> BriefQuotation:
    return written_brief().quotations[0].model_copy(update={"english": english})


def test_a_figure_stands_where_its_english_words_are() -> None:
    text = "The repair cost about €1.25 million."
    assert figure_spans(text, [figure("f1", "about €1.25 million")])["f1"].of(text) == "about €1.25 million"


@pytest.mark.parametrize(
    "text", ["It costs 15 euros.", "It costs 5.2 euros.", "It costs 1.5 euros.", "It costs 5,000 euros."]
)
def test_a_figure_is_not_found_inside_another_number(text: str) -> None:
    assert figure_spans(text, [figure("f1", "5", value="99999", kind="count", unit=None)]) == {}


def test_two_figures_of_the_same_words_stand_in_two_places() -> None:
    text = "It lost 31:28 after a 31:28 before."
    first = figure("f1", "31:28")
    second = figure("f2", "31:28").model_copy(
        update={"span": first.span.model_copy(update={"start": first.span.start + 1})}
    )
    spans = figure_spans(text, [second, first])
    assert (spans["f1"].start, spans["f2"].start) == (8, 22)


def test_a_figure_told_in_other_words_is_found_by_its_amount() -> None:
    text = "Repairs came to some 1,250,000 euros."
    brief = written_brief()
    money = next(one for one in brief.figures if one.unit == "EUR").model_copy(update={"english": "€1.25 million"})
    assert "1,250,000 euros" in figure_spans(text, [money])[money.id].of(text)


def test_a_figure_that_is_not_told_has_no_place() -> None:
    money = next(one for one in written_brief().figures if one.unit == "EUR")
    assert figure_spans("Nothing was said of the cost.", [money]) == {}


@pytest.mark.parametrize(
    ("text", "english", "found"),
    [
        ("“We are relieved,” said captain Brandt.", "We are relieved,", "We are relieved,"),
        ("“We are relieved.", "We are relieved. We sail again.", "We are relieved."),
        ("Nobody said anything.", "We are relieved,", None),
        ("Nobody said anything.", None, None),
        ("Nobody said anything.", "“”", None),
    ],
)
def test_a_quotation_stands_where_its_english_is(text: str, english: str | None, found: str | None) -> None:
    span = quotation_span(text, quotation(english))
    assert (span.of(text) if span else None) == found
