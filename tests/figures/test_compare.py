from __future__ import annotations

from decimal import Decimal

import pytest

from depesche.figure import Direction, Figure, Kind, Modifier, Role
from depesche.figures import find_figures
from depesche.figures.compare import Comparison, Outcome, compare_figures
from depesche.figures.mend import mend_figures
from depesche.figures.relate import Relation, relate
from depesche.span import Span


def fig(kind: Kind, number: str | None, unit: str | None = None, text: str = "", **more: object) -> Figure:
    """A figure without a text; `number` may be "30-40" for a range."""
    values: dict[str, object] = {}
    if number is not None and "–" in number:
        low, high = number.split("–")
        values = {"low": Decimal(low), "high": Decimal(high)}
    elif number is not None:
        values = {"value": Decimal(number)}
    text = text or (number or "")
    return Figure(kind=kind, text=text, span=Span(0, len(text)), unit=unit, **values, **more)  # type: ignore[arg-type]


def money(number: str, unit: str = "EUR", **more: object) -> Figure:
    return fig(Kind.MONEY, number, unit, **more)  # type: ignore[arg-type]


def percent(number: str, **more: object) -> Figure:
    return fig(Kind.PERCENT, number, "%", **more)  # type: ignore[arg-type]


def points(number: str, unit: str = "pp") -> Figure:
    return fig(Kind.PERCENTAGE_POINTS, number, unit)


def count(number: str, noun: str | None = None, **more: object) -> Figure:
    return fig(Kind.COUNT, number, noun, **more)  # type: ignore[arg-type]


def quantity(number: str, unit: str, **more: object) -> Figure:
    return fig(Kind.QUANTITY, number, unit, **more)  # type: ignore[arg-type]


def outcomes(comparison: Comparison) -> list[Outcome]:
    return [match.outcome for match in comparison.matches]


def quality(key: str, unit: str | None = None) -> Figure:
    return fig(Kind.QUALITATIVE, None, unit, text=key, quality=key)


def score(sides: str) -> Figure:
    return fig(Kind.SCORE, None, text=sides, quality=f"score:{sides}")


REWORDED = [
    (quantity("250", "ha"), quantity("2.5", "km2")),
    (quantity("18", "mo"), quantity("1.5", "a")),
    (quantity("14", "d"), quantity("2", "wk")),
    (quantity("90", "min"), quantity("1.5", "h")),
    (quantity("1500", "kg"), quantity("1.5", "t")),
    (quantity("0.5", "km"), quantity("500", "m")),
    (points("50", "bp"), points("0.5")),
    (fig(Kind.FRACTION, "0.25", text="jeder Vierte"), percent("25")),
    (fig(Kind.FRACTION, str(Decimal(1) / 3)), fig(Kind.FRACTION, str(Decimal(1) / 3), text="a third")),
    (fig(Kind.MULTIPLE, "2", text="doppelt"), count("2", text="two times")),
    (fig(Kind.ORDINAL, "4", text="Platz 4"), count("4", text="number four")),
    (fig(Kind.AGE, "30", "a", text="30-Jährige"), count("30", text="aged thirty")),
    (quantity("50", "a", text="50-jähriges"), fig(Kind.ORDINAL, "50", text="50th")),
    (fig(Kind.RATE, "36", "km/h"), fig(Kind.RATE, "10", "m/s")),
    (fig(Kind.RATE, "90", "EUR/t"), fig(Kind.RATE, "0.09", "EUR/kg")),
    (fig(Kind.TEMPERATURE, "20", "Cel"), fig(Kind.TEMPERATURE, "68", "[degF]")),
    (score("1:2"), score("2:1")),
    (count("3", "Minister", text="drei"), count("3", "ministers", text="3")),
    (money("1500000000", text="1,5 Mrd. Euro"), money("1500000000", text="1,500 million euros")),
    (count("50", modifier=Modifier.AT_MOST), count("50", modifier=Modifier.UP_TO)),
    (count("50", modifier=Modifier.SLIGHTLY_MORE_THAN), count("50", modifier=Modifier.MORE_THAN)),
    (quality("several:1e9", "EUR"), quality("plural:1e9", "EUR")),
    (quality("digits:3:1e6", "EUR"), quality("plural:1e8", "EUR")),
    (percent("-3"), percent("3", direction=Direction.DOWN)),
    (quantity("550", "m"), quantity("1800", "ft", text="1,800 feet")),
    (quantity("7", "km"), quantity("4.3", "mi")),
    (quantity("2000", "l"), quantity("530", "gal")),
    (quantity("2000", "l"), quantity("440", "gal")),
    (fig(Kind.RATE, "130", "km/h"), fig(Kind.RATE, "81", "mph")),
    (fig(Kind.TEMPERATURE, "27", "Cel", text="27 Grad"), fig(Kind.TEMPERATURE, "80.6", "Cel", text="80.6 degrees")),
    (fig(Kind.TEMPERATURE, "20–25", "Cel"), fig(Kind.TEMPERATURE, "68–77", "[degF]")),
]


@pytest.mark.parametrize(("source", "target"), REWORDED)
def test_an_equal_amount_in_other_words_is_reworded(source: Figure, target: Figure) -> None:
    comparison = compare_figures([source], [target])
    assert comparison.faithful
    assert outcomes(comparison) in ([Outcome.REWORDED], [Outcome.KEPT])
    if source.text != target.text:
        assert outcomes(comparison) == [Outcome.REWORDED]


WRONG = [
    (money("1500000000"), money("1500000"), Outcome.VALUE_CHANGED, "10^-3"),
    (money("100", "USD"), money("100", "EUR"), Outcome.UNIT_CHANGED, "EUR for USD"),
    (percent("15"), points("15"), Outcome.UNIT_CHANGED, "pp for %"),
    (quantity("5", "km"), quantity("5", "mi"), Outcome.UNIT_CHANGED, "mi for km"),
    (percent("30–40"), percent("30"), Outcome.VALUE_CHANGED, "one end"),
    (percent("30"), percent("30–40"), Outcome.VALUE_CHANGED, "range"),
    (percent("30–40"), percent("40–50"), Outcome.VALUE_CHANGED, "became"),
    (count("200", modifier=Modifier.MORE_THAN), count("200"), Outcome.MODIFIER_LOST, "more_than"),
    (count("200"), count("200", modifier=Modifier.MORE_THAN), Outcome.MODIFIER_CHANGED, "added"),
    (count("9", modifier=Modifier.ALMOST), count("9", modifier=Modifier.MORE_THAN), Outcome.MODIFIER_CHANGED, ""),
    (percent("19.7"), percent("20"), Outcome.ROUNDED, "+1.5 %"),
    (percent("53"), percent("35"), Outcome.VALUE_CHANGED, ""),
    (quality("digits:3"), quality("digits:2"), Outcome.VALUE_CHANGED, ""),
    (quality("several:1e9", "EUR"), money("3000000000"), Outcome.VALUE_CHANGED, "number"),
    (percent("3", direction=Direction.UP), percent("3", direction=Direction.DOWN), Outcome.VALUE_CHANGED, "down"),
    (score("3:1"), score("3:2"), Outcome.VALUE_CHANGED, ""),
    (quantity("500", "m"), quantity("1650", "ft"), Outcome.VALUE_CHANGED, ""),
    (quantity("8848", "m"), quantity("29000", "ft"), Outcome.VALUE_CHANGED, ""),
    (quantity("7", "km"), quantity("4.5", "mi"), Outcome.VALUE_CHANGED, ""),
    (quantity("100", "min"), quantity("1.7", "h"), Outcome.VALUE_CHANGED, ""),
    (
        fig(Kind.TEMPERATURE, "27", "Cel", text="27 Grad"),
        fig(Kind.TEMPERATURE, "82", "Cel", text="82 degrees"),
        Outcome.VALUE_CHANGED,
        "",
    ),
    (
        fig(Kind.TEMPERATURE, "27", "Cel", text="27 °C"),
        fig(Kind.TEMPERATURE, "80.6", "Cel", text="80.6 °C"),
        Outcome.VALUE_CHANGED,
        "",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("source", "target", "outcome", "detail"), WRONG)
def test_a_changed_figure_is_named_by_what_changed(
    source: Figure, target: Figure, outcome: Outcome, detail: str
) -> None:
    comparison = compare_figures([source], [target])
    assert not comparison.faithful
    assert outcomes(comparison) == [outcome]
    assert detail in comparison.matches[0].detail


def test_a_missing_and_an_invented_figure_are_told_apart() -> None:
    comparison = compare_figures([money("5"), percent("3")], [money("5"), quantity("7", "km")])
    assert outcomes(comparison) == [Outcome.KEPT, Outcome.MISSING, Outcome.INVENTED]
    assert [match.target.text for match in comparison.invented if match.target] == ["7"]


def test_equal_figures_pair_up_in_order_whatever_stands_between() -> None:
    source = [count("3", "Männer"), percent("8"), count("3", "Frauen")]
    target = [percent("8"), count("3", "men"), count("3", "women")]
    comparison = compare_figures(source, target)
    assert comparison.faithful
    assert [match.target for match in comparison.matches] == [target[1], target[0], target[2]]


@pytest.mark.parametrize("whole_first", [True, False])
def test_a_range_may_be_told_as_its_two_ends(whole_first: bool) -> None:
    whole, ends = [percent("30–40")], [count("30"), percent("40")]
    comparison = compare_figures(whole, ends) if whole_first else compare_figures(ends, whole)
    assert outcomes(comparison) == [Outcome.REWORDED, Outcome.REWORDED]


def test_a_unit_may_be_named_once_for_several_figures() -> None:
    named, bare = [percent("15"), percent("11")], [percent("15"), count("11")]
    assert compare_figures(bare, named).faithful
    assert compare_figures(named, bare).faithful
    assert not compare_figures([percent("11")], [count("11")]).faithful


def test_a_period_may_stand_elsewhere_in_the_sentence() -> None:
    assert compare_figures([count("120")], [fig(Kind.RATE, "120", "students/a")]).faithful
    assert compare_figures([quantity("6", "d")], [fig(Kind.RATE, "6", "d/wk")]).faithful
    assert not compare_figures([money("90")], [fig(Kind.RATE, "90", "EUR/t")]).faithful


def test_cents_do_not_say_of_which_currency() -> None:
    assert compare_figures([money("0.7", text="70-Cent")], [money("0.7", "USD", text="70 cent")]).faithful
    assert not compare_figures([money("0.7", text="0,70 Euro")], [money("0.7", "USD", text="$0.70")]).faithful


def test_a_score_may_be_told_as_two_counts() -> None:
    assert compare_figures([score("3:1")], [count("3"), count("1")]).faithful


def test_a_sum_is_not_accepted_as_given() -> None:
    assert not compare_figures([count("2"), count("3")], [count("5")]).faithful


def test_the_ends_of_a_change_may_not_be_exchanged() -> None:
    source = [percent("1.3", role=Role.FROM), percent("0.2", role=Role.TO)]
    target = [percent("0.2", role=Role.FROM), percent("1.3", role=Role.TO)]
    assert set(outcomes(compare_figures(source, target))) == {Outcome.VALUE_CHANGED}
    reordered = [percent("0.2", role=Role.TO), percent("1.3", role=Role.FROM)]
    assert compare_figures(source, reordered).faithful


WORDS = [
    ("Beide Kinder kamen davon.", "The 2 children survived."),
    ("Das Paar verließ die Stadt.", "The two left town."),
    ("Der Zweikampf war hart.", "The fight between the two was hard."),
    ("Das Duo floh.", "The two fled."),
    ("Im Quartal stieg der Umsatz.", "Over three months sales rose."),
    ("Einer der Fahrer starb.", "One of the drivers died."),
    ("Er hat es einmal versucht.", "He tried one time."),
    ("Das Trio floh.", "The three fled."),
    ("Im vergangenen Jahrzehnt wuchs die Stadt.", "In the past ten years the city grew."),
    ("Zwei Kinder kamen davon.", "Both children survived."),
    ("Sie warteten zehn Jahre lang.", "They waited for a decade."),
    ("Ein Mann starb.", "One man died."),
    ("In den vergangenen zwei Jahren wuchs die Stadt.", "In the past two years the city grew."),
    ("Sie lag auf Platz eins, er auf zwei.", "She came in first, he in second."),
    ("Der Umsatz stieg um 5 Prozent auf 3 Millionen Euro.", "Sales rose 5 percent to €3 million."),
    ("Die Liste wurde um 3 Namen erweitert.", "The list, signed by 3 people, was extended by 3 names."),
    ("Es geht um 3 Millionen Euro.", "€3 million is at stake."),
    ("Sie lebt in der Millionenstadt.", "She lives in the metropolis."),
    ("Er bestieg einen Achttausender.", "He climbed an 8,000-metre peak."),
    ("Irgendwann bricht der Damm.", "One day the dam will break."),
    ("Zwei Sekunden früher oder zwei Sekunden später.", "Two seconds earlier or later."),
    ("Der Index fiel unter die Marke von 900 Punkten.", "The index fell below 900 points."),
    ("Der Index fiel unter die Marke von 900 Punkten.", "The index fell below the 900 mark."),
    ("Der Index fiel unter die 900-Punkte-Marke.", "The index fell below the 900-point mark."),
    ("Der Index fiel auf unter 900 Punkte.", "The index fell below 900 points."),
    ("Der Preis wird nicht unter 3 Euro fallen.", "The price will not fall below 3 euros."),
    ("Der Preis darf nicht über 3 Euro liegen.", "The price mustn't be above 3 euros."),
    ("Der Preis darf nie unter 3 Euro liegen.", "The price must be at least 3 euros."),
    ("Der Staub stieg bis in 90 Meter Höhe.", "The dust rose up to 90 metres high."),
    ("Der Staub stieg bis in 90 Meter Höhe.", "The dust rose up to a height of 90 metres."),
    ("Köln und Bonn zahlen je 70 Euro.", "Cologne pays 70 euros, and Bonn pays 70 euros."),
    ("Zwei Männer flohen.", "Two men fled, and the two were caught."),
    ("Die Strecke ist 80 Kilometer lang.", "The track is 80 kilometres (50 miles) long."),
    ("Köln zahlt 70 Euro, Bonn 70 Euro.", "Cologne pays 70 euros, and Bonn pays 70 euros."),
    ("Der Staub stieg bis in 90 Meter Höhe.", "The dust rose to a height of 90 metres."),
    ("Der Turm ragt bis in eine Höhe von 90 Metern.", "The tower rises to 90 metres."),
    ("Der Turm ist 49 Meter hoch.", "The tower is 161 feet (49 metres) high."),
    ("Sie verlor ihre knappe Zwei-Stimmen-Mehrheit.", "She lost her slim two-vote majority."),
    ("Mehrere hunderttausend Gäste kamen.", "Several hundred thousand guests came."),
    ("Es sind 90 Cent für den Liter.", "It is 90 cents a litre."),
    ("Es dauert 20 oder 25 Minuten.", "It takes 20 to 25 minutes."),
    ("Der Satz ist 20 oder 30 Prozent.", "The rate is 20 or 30 percent."),
    ("Es dauert vier, viereinhalb Stunden.", "It takes four to four-and-a-half hours."),
]


@pytest.mark.parametrize(("source_text", "target_text"), WORDS)
def test_words_that_are_no_figure_raise_no_alarm(source_text: str, target_text: str) -> None:
    source, target = find_figures(source_text, "de"), find_figures(target_text, "en")
    assert compare_figures(source, target, source_text=source_text, target_text=target_text).faithful


def test_words_excuse_no_other_number_and_no_money() -> None:
    assert compare_figures([], [count("3")], source_text="Beide kamen.", target_text="x").invented
    assert compare_figures([], [money("2")], source_text="Beide kamen.", target_text="x").invented
    assert compare_figures([], [quantity("2", "a")], source_text="Beide kamen.", target_text="x").invented
    assert compare_figures([], [count("1")]).invented  # in digits it is no article


ALARMS = [
    ("Zwei Kinder und zwei Hunde kamen davon.", "Both survived."),
    ("Beide sahen zwei Hunde.", "Both saw dogs."),
    ("Sie lebt in der Millionenstadt.", "She lives in town."),
    ("Die Millionenstadt hat einen Millionenverlust.", "The metropolis has a loss."),
    ("Beide kamen davon.", "The 2 children and the 2 dogs survived."),
    ("Er kam zwei Tage früher frei und wurde zwei Tage später verhaftet.", "He was released two days early."),
    ("Es dauert ungefähr vier, viereinhalb Stunden.", "It takes four to four-and-a-half hours."),
    ("Der Absatz fiel auf 3 Prozent.", "Sales fell by 3 percent."),
    ("Der Absatz stieg um 3 Prozent.", "Sales rose to 3 percent."),
    ("Der Preis sank um 5 Euro.", "The price dropped to 5 euros."),
    ("Die Kosten sollen um 2 Milliarden Euro verringert werden.", "Costs are to be cut to €2 billion."),
    ("Das Ziel ist, die Zahl auf 100 zu steigern.", "The goal is to increase the number by 100."),
    ("Die Flotte wird auf 16 Flugzeuge aufgestockt.", "The fleet grows by 16 planes."),
    ("Der Preis sank auf 5 Euro.", "The price dropped 5 euros."),
    ("Der Satz ist 20 oder 30 Prozent.", "The rate is from 20% to 30%."),
    ("Der Satz ist 20 Prozent bzw. 30 Prozent.", "The rate is 20 to 30 percent."),
    ("Der Bestand ist 7,3 Milliarden Euro wert.", "The stock is worth 7.3 billion euros, with sales of 7.3 billion."),
    ("Der Umsatz sank um 4 Prozent.", "Sales fell 4 percent, and profits fell 4 percent."),
    ("Die Firma hat 40 Filialen.", "The company has 40 branches and 40 partners."),
    ("Der Preis wird nicht unter 3 Euro fallen.", "The price will fall below 3 euros."),
    ("Der Preis wird nicht unter 3 Euro fallen.", "It was not to be, but the price will be below 3 euros."),
    ("Der Preis wird nicht unter 3 Euro fallen.", "The price will not rise above 3 euros."),
    ("Der Index fiel unter die Marke von 900 Punkten.", "The index rose above the 900 mark."),
    ("Der Index fiel um mehr als 900 Punkte.", "The index rose above 900 points."),
]


@pytest.mark.parametrize(("source_text", "target_text"), ALARMS)
def test_what_one_text_says_otherwise_is_an_alarm(source_text: str, target_text: str) -> None:
    source, target = find_figures(source_text, "de"), find_figures(target_text, "en")
    assert not compare_figures(source, target, source_text=source_text, target_text=target_text).faithful


def test_a_figure_may_be_stated_again() -> None:
    assert compare_figures([percent("8")], [percent("8"), percent("8")]).faithful


def test_a_brief_needs_a_source_for_each_figure_but_not_each_figure() -> None:
    article = [money("5"), percent("3"), percent("3", modifier=Modifier.MORE_THAN), percent("30–40")]
    assert compare_figures(article, [percent("3"), percent("3")], complete=False).faithful
    assert compare_figures(article, [percent("30"), percent("40")], complete=False).faithful
    assert outcomes(compare_figures(article, [percent("30")], complete=False)) == [Outcome.VALUE_CHANGED]
    assert outcomes(compare_figures(article, [percent("4")], complete=False)) == [Outcome.INVENTED]
    assert outcomes(compare_figures(article, [money("5", "USD")], complete=False)) == [Outcome.UNIT_CHANGED]
    assert outcomes(compare_figures(article, [money("5000")], complete=False)) == [Outcome.VALUE_CHANGED]


ROUNDED = [
    ("19.7", None, "20", Modifier.APPROXIMATELY, Outcome.ROUNDED),
    ("19.7", None, "20", Modifier.ALMOST, Outcome.ROUNDED),
    ("20.3", None, "20", Modifier.MORE_THAN, Outcome.ROUNDED),
    ("19.7", Modifier.ALMOST, "20", Modifier.APPROXIMATELY, Outcome.ROUNDED),
    ("19.7", None, "20", Modifier.MORE_THAN, Outcome.MODIFIER_CHANGED),
    ("20.3", Modifier.MORE_THAN, "21", Modifier.ALMOST, Outcome.MODIFIER_CHANGED),
    ("19.7", None, "20", None, Outcome.MODIFIER_LOST),
    ("19.7", None, "25", Modifier.APPROXIMATELY, Outcome.VALUE_CHANGED),
]


@pytest.mark.parametrize(("said", "said_with", "told", "told_with", "outcome"), ROUNDED)
def test_a_summary_may_round_if_it_says_so(
    said: str, said_with: Modifier | None, told: str, told_with: Modifier | None, outcome: Outcome
) -> None:
    source, target = percent(said, modifier=said_with), percent(told, modifier=told_with)
    comparison = compare_figures([source], [target], rounding=True)
    assert outcomes(comparison) == [outcome]
    assert comparison.faithful is (outcome is Outcome.ROUNDED)


def _many(first: int, count: int, step: int = 7) -> list[Figure]:
    return [money(str(first + step * i)) for i in range(count)]


def test_very_many_wrong_figures_cost_steps_in_proportion(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []
    for size in (200, 400, 800):
        seen = 0

        def counted(source: Figure, target: Figure, *, rounding: bool = False) -> Relation | None:
            nonlocal seen
            seen += 1
            return relate(source, target, rounding=rounding)

        monkeypatch.setattr("depesche.figures.told.relate", counted)
        assert not compare_figures(_many(11, size), _many(14, size)).faithful
        looked_at.append(seen)
    assert max(looked_at) <= 2 * looked_at[0]


@pytest.mark.parametrize("complete", [True, False])
def test_very_many_figures_in_another_order_are_still_found(complete: bool) -> None:
    figures = _many(11, 300)
    assert compare_figures(figures, figures[::-1], complete=complete).faithful
    assert not compare_figures(figures, [*figures[::-1][:-1], money("12")], complete=complete).faithful


def test_a_sentence_with_very_many_wrong_figures_is_not_mended() -> None:
    german = "Es waren " + ", ".join(f"{7 * i + 11} Euro" for i in range(20)) + "."
    english = "There were " + ", ".join(f"{7 * i + 14} euros" for i in range(20)) + "."
    mend = mend_figures(german, find_figures(german, "de"), english)
    assert mend.text is None
    assert mend.reason == "20 figures are wrong"
