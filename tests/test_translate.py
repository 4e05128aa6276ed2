"""Translation keeps the alignment, asks again where a guard failed, puts right what it can and flags the rest."""

from __future__ import annotations

from depesche.finding import FindingCode
from depesche.translate import set_quotation_marks, translate
from depesche.translation import Method, Status
from stand_ins import ScriptedTranslator, source_of

PLAIN = "Der Rat der Stadt Altenfurt hat am Dienstag nach langer Debatte den neuen Haushalt beschlossen."
FIGURE = "Der Haushalt umfasst 1,5 Mrd. Euro und damit mehr Geld als je zuvor in der Geschichte der Stadt."
TEXT = f"{PLAIN} {FIGURE}"
PLAIN_EN = "The council of the city of Altenfurt adopted the new budget on Tuesday after a long debate."
FIGURE_EN = "The budget comes to €1.5 billion, more money than ever before in the history of the city."


def test_a_right_translation_is_verified_and_nothing_is_asked_again() -> None:
    translator = ScriptedTranslator({PLAIN: PLAIN_EN, FIGURE: FIGURE_EN})
    (done,) = translate([source_of(TEXT)], translator)
    assert [one.text for one in done.sentences] == [PLAIN_EN, FIGURE_EN]
    assert {one.status for one in done.sentences} == {Status.VERIFIED}
    assert translator.asked_again == []


def test_a_wrong_figure_is_mended_by_another_hypothesis_that_is_told_what_must_be_there() -> None:
    wrong = FIGURE_EN.replace("billion", "million")
    translator = ScriptedTranslator({PLAIN: PLAIN_EN, FIGURE: wrong}, {FIGURE: [FIGURE_EN]})
    (done,) = translate([source_of(TEXT)], translator)
    mended = done.sentences[1]
    assert (mended.text, mended.status) == (FIGURE_EN, Status.REPAIRED)
    assert [attempt.method for attempt in mended.attempts] == [Method.MODEL, Method.HYPOTHESIS]
    assert translator.asked_again == [(FIGURE, ("€1.5 billion",))]


def test_the_first_hypothesis_that_passes_is_taken_and_nothing_is_asked_again() -> None:
    wrong, other = FIGURE_EN.replace("billion", "million"), FIGURE_EN.replace("comes to", "totals")
    translator = ScriptedTranslator({PLAIN: [PLAIN_EN, f"{PLAIN_EN} Yes."], FIGURE: [wrong, wrong, other, FIGURE_EN]})
    (done,) = translate([source_of(TEXT)], translator)
    mended = done.sentences[1]
    assert [one.status for one in done.sentences] == [Status.VERIFIED, Status.REPAIRED]
    assert [(attempt.method, attempt.text) for attempt in mended.attempts] == [
        (Method.MODEL, wrong),
        (Method.HYPOTHESIS, other),
    ]
    assert translator.asked_again == []


def test_of_hypotheses_that_all_fail_the_one_that_weighs_least_is_mended() -> None:
    worse = "The budget is larger than ever before in the history of the city, people say there."
    wrong = FIGURE_EN.replace("billion", "million")
    translator = ScriptedTranslator({PLAIN: PLAIN_EN, FIGURE: [worse, wrong]})
    (done,) = translate([source_of(TEXT)], translator)
    assert (done.sentences[1].text, done.sentences[1].status) == (FIGURE_EN, Status.REPAIRED)
    assert [sentence for sentence, _ in translator.asked_again] == [FIGURE]


def test_a_figure_that_no_hypothesis_has_right_is_put_right_in_place() -> None:
    wrong = FIGURE_EN.replace("billion", "million")
    (done,) = translate([source_of(TEXT)], ScriptedTranslator({PLAIN: PLAIN_EN, FIGURE: wrong}))
    mended = done.sentences[1]
    assert (mended.text, mended.status) == (FIGURE_EN, Status.REPAIRED)
    assert mended.attempts[-1].method is Method.PUT_RIGHT


def test_a_separator_left_in_german_is_put_right_far_into_the_article() -> None:
    german = "Für den Sitz des Vorstands braucht eine Bewerberin 1.144 Delegierte."
    wrong = "For the seat on the board a candidate needs 1.144 delegates."
    (done,) = translate(
        [source_of(f"{TEXT} {german}")], ScriptedTranslator({PLAIN: PLAIN_EN, FIGURE: FIGURE_EN, german: wrong})
    )
    mended = done.sentences[2]
    assert (mended.text, mended.status) == (wrong.replace("1.144", "1,144"), Status.REPAIRED)


def test_a_wrong_weekday_is_put_right_in_place() -> None:
    wrong = PLAIN_EN.replace("Tuesday", "Thursday")
    (done,) = translate([source_of(TEXT)], ScriptedTranslator({PLAIN: wrong, FIGURE: FIGURE_EN}))
    assert (done.sentences[0].text, done.sentences[0].status) == (PLAIN_EN, Status.REPAIRED)


def test_what_cannot_be_mended_is_flagged_with_all_that_was_tried() -> None:
    lost = "The budget is larger than ever before in the history of the city, people say there."
    (done,) = translate(
        [source_of(TEXT)], ScriptedTranslator({PLAIN: PLAIN_EN, FIGURE: lost}, {FIGURE: [lost + " Yes."]})
    )
    flagged = done.sentences[1]
    assert flagged.status is Status.FLAGGED
    assert FindingCode.FIGURE_MISSING in {finding.code for finding in flagged.findings}
    assert len(flagged.attempts) == 2


def test_the_same_sentence_in_two_articles_is_translated_once() -> None:
    translator = ScriptedTranslator({PLAIN: PLAIN_EN, FIGURE: FIGURE_EN})
    first, second = translate([source_of(TEXT), source_of(TEXT)], translator)
    assert translator.asked == [PLAIN, FIGURE]
    assert [one.text for one in first.sentences] == [one.text for one in second.sentences]


def test_a_model_without_batch_parity_gets_each_article_in_a_call_of_its_own() -> None:
    translator = ScriptedTranslator({PLAIN: PLAIN_EN, FIGURE: FIGURE_EN})
    translator.batch_parity = False
    translate([source_of(TEXT), source_of(TEXT)], translator)
    assert translator.asked == [PLAIN, FIGURE, PLAIN, FIGURE]


def test_labels_and_line_breaks_of_the_model_are_taken_off() -> None:
    translator = ScriptedTranslator({PLAIN: f"Translation:  {PLAIN_EN}\n", FIGURE: FIGURE_EN})
    (done,) = translate([source_of(TEXT)], translator)
    assert done.sentences[0].text == PLAIN_EN


def test_quotation_marks_become_english_ones() -> None:
    assert set_quotation_marks('"Yes," she said, "no."') == "“Yes,” she said, “no.”"
    assert set_quotation_marks("„Yes“") == "“Yes”"
    assert set_quotation_marks('and so it ends."') == "and so it ends.”"
    assert set_quotation_marks('and so it ends," he said.') == "and so it ends,” he said."
    assert set_quotation_marks("“We like people,“ he said.") == "“We like people,” he said."
    assert set_quotation_marks("We like people,“ he said.") == "We like people,” he said."
