"""The guards on a translated sentence, each with the failure that it was made from."""

from __future__ import annotations

import pytest

from depesche.checks.guards import check_sentence, find_loop
from depesche.figures import find_figures
from depesche.finding import FindingCode
from depesche.source import Sentence
from depesche.span import Span

OFFSET = 100
"""Where the sentence stands in its article: findings must point there and not into the sentence."""


def findings_of(german: str, english: str, *, names: frozenset[str] = frozenset(), finished: bool = True) -> set[str]:
    sentence = Sentence(3, Span(OFFSET, OFFSET + len(german)), german, 1, "de")
    figures = [figure.shifted(OFFSET) for figure in find_figures(german, "de")]
    found = check_sentence(sentence, figures, english, find_figures(english, "en"), names=names, finished=finished)
    for finding in found:
        assert finding.span is None or OFFSET <= finding.span.start < finding.span.end <= OFFSET + len(german)
    return {finding.code for finding in found}


RIGHT = [
    (
        "Der Umsatz sank im Oktober um knapp 3,5 Prozent auf 1,2 Mrd. Euro.",
        "Revenue fell by just under 3.5 percent to €1.2 billion in October.",
    ),
    ("Die Frau wurde nur leicht verletzt.", "The woman was only slightly injured."),
    ("Das sei nicht nur teuer, sondern auch langsam.", "That is both expensive and slow."),
    ("„Wir haben keine Eile“, sagte er am Montag.", "“We are in no hurry,” he said on Monday."),
    ("Die Kritik lässt nicht nach.", "The criticism does not abate."),
    ("Der Konzern hat so viel verdient wie nie zuvor.", "The group has made a record profit."),
    ("„Dem Mann kann ich das nicht erklären.“", "“I can't explain this to the man.”"),
    ("Es blieb ein Überschuss nach einem Verlust.", "It was back in the black after a loss."),
    ("Der Rat beriet lange und stimmte dann zu.", "The council debated for long and then approved it."),
    ("Der Streik ist abgesagt.", "The strike is off."),
    ("Das schrieb die Süddeutsche Zeitung.", "The Süddeutsche Zeitung wrote so."),
    ("Samsung lobte die Entscheidung.", "Samsung praised the decision."),
    ("Um 14.13 Uhr rückte die Feuerwehr aus.", "At 14:13 hours the fire service was called out."),
    ("Das sagte Theresa May am Montag.", "Theresa May said so on Monday."),
    ("Der Preis fiel auf ein Rekordtief.", "The price fell to a record low."),
    ("Sie reichte die Unterlagen ein.", "She won time and handed in the documents."),
    ("Vor drei Jahren begann der Bau.", "Construction began three years ago."),
    ("Er blieb ohne Arbeit.", "He remained unemployed."),
    ("Die Aufgabe ist unlösbar.", "The task cannot be solved, not by us."),
    ("Den Behörden zufolge ist der Damm sicher.", "The dam is safe, authorities say."),
    ("Laut Bericht ist der Damm sicher.", "According to the report the dam is safe."),
    ("Sie liest „Die Woche“.", "She reads “Die Woche”."),
    ("Ende 2005 schloss das Werk.", "The plant closed in late 2005."),
]

WRONG = [
    ("Der Gewinn stieg um 1,5 Mrd. Euro.", "Profit rose by €1.5 million.", "figure_changed"),
    ("Es waren mehr als 1.000 Anwendungen.", "There were 1,000 applications.", "modifier_changed"),
    ("Der Anteil stieg um 2,3 Prozentpunkte.", "The share rose by 2.3 percent.", "unit_changed"),
    ("Der Umsatz betrug 30 Millionen Euro.", "Revenue was considerable.", "figure_missing"),
    ("Der Umsatz betrug 30 Millionen Euro.", "Revenue was €30 million, up 7 percent.", "figure_invented"),
    ("In seinem am Donnerstag veröffentlichten Brief schrieb er das.", "He wrote so in his letter.", "weekday_lost"),
    ("Das gab der Konzern gestern bekannt.", "The group announced this on Friday.", "weekday_invented"),
    ("Der Chip kam Ende 2024 auf den Markt.", "The chip came to market late last year.", "year_lost"),
    ("Nordwind wuchs um 3 %, Tarn um 5 %.", "Nordwind grew by 5%, Tarn by 3%.", "misplaced_figure"),
    ("Die Sitzung beginnt um 14 Uhr.", "The meeting begins at 4 p.m.", "time_lost"),
    ("Im vierten Quartal sank der Umsatz.", "Sales fell in the second quarter.", "period_invented"),
    ("Die Zahl der Opfer stieg weiter.", "The number of victims fell further.", "direction_changed"),
    ("Der Minister wollte sich nicht äußern.", "The minister wanted to comment.", "negation_lost"),
    ("Jassy nannte Trainium2 als Beispiel.", "Jassy called trainable 2 an example.", "identifier_lost"),
    ("Der Rat tagt.", "Here is the translation: The council is meeting.", "chatter"),
    ("Der Konzern lehnte es ab, sich zu äußern.", "The group is down, more comments to come.", "negation_lost"),
    ("Der Konzern lehnte Kommentare ab.", "The group is declining, and comments are needed.", "negation_lost"),
    ("Er nannte „viel Kapital“ nötig.", "He said “we need more and more equity to keep pace.”", "quotation_invented"),
    ("Mehr preiswerte Chips werden helfen.", "More expensive chips will help.", "sense_reversed"),
    ("Er wurde nur leicht verletzt.", "He was seriously injured.", "sense_reversed"),
    ("Es blieb ein Überschuss nach einem Verlust.", "A deficit remained after a loss.", "sense_reversed"),
    ("Landtag streitet über Nahverkehrsabgabe", "State Senate passes transportation bill", "sense_reversed"),
    ("Die Warnstreiks sind damit abgesagt.", "The warning strikes have been postponed.", "sense_reversed"),
    ("Sie könnten viel Geld einnehmen.", "They could spend a lot.", "sense_reversed"),
    ("Er ist am Dienstag beerdigt worden.", "He was killed on Tuesday.", "sense_reversed"),
    ("Der jährliche Umsatz ist hoch.", "The monthly revenue is high.", "sense_reversed"),
    ("Er erteilte der Forderung eine Absage.", "He demanded it.", "negation_lost"),
    ("Das sagte Theresa May im Juni.", "Theresa May said so in July.", "month_invented"),
    ("Der Bau beginnt im Juni.", "Construction begins in May.", "month_invented"),
    ("Gefordert hatte sie das lange.", "She had earned that for a long time.", "intention_lost"),
    ("Die Ausgaben für KI steigen.", "Spending on KI is rising.", "term_untranslated"),
    ("Er sprach von mehreren Gründen.", "He spoke of mehreren reasons.", "term_untranslated"),
    ("Er verteidigte den Kurs der Bundesregierung.", "He defended the Bundesregierung's course.", "term_untranslated"),
    ("Eine Hütte in der Gartensiedlung brannte.", "A hut in the Gartensiedlung burnt.", "term_untranslated"),
    ("„Über Details rede ich gern“, sagte er.", "I like to talk about details, he said.", "quotation_marks_lost"),
    ("Der Rat tagt am Abend.", "The council, the council, the council, the council meets.", "repetition"),
    ("Der Rat tagt und wartet auf den Bericht.", "Der Rat tagt und wartet auf den Bericht.", "untranslated"),
    ("Der Rat tagte gestern sehr lange, bis in die Nacht hinein.", "It met.", "length_ratio"),
    ("Die Bahn baut eine Strecke.", "The railway builds a line. The railway builds a line.", "sentence_doubled"),
    ("Der Rat tagt.", "   ", "empty"),
    ("Der Kurs erreichte einen Tiefststand.", "The price reached a high.", "sense_reversed"),
    ("Der Pegel hat vier Meter unterschritten.", "The level has surpassed four metres.", "sense_reversed"),
    ("Unabhängig vom Ergebnis wird gebaut.", "Depending on the result they will build.", "sense_reversed"),
    ("Der Vertrag ist befristet.", "The contract has been extended.", "sense_reversed"),
    ("Die Gemeinde kassiert die Pacht.", "The municipality pays the rent.", "sense_reversed"),
    ("Der Betriebsrat ist dagegen.", "The board of directors is against it.", "sense_reversed"),
    ("Das sagte Torhüter Ole Brandt.", "Forward Ole Brandt said so.", "sense_reversed"),
    ("Im laufenden Jahr sinkt die Miete.", "Rents will fall next year.", "sense_reversed"),
    ("Vor drei Jahren wollte niemand bleiben.", "Nobody wanted to stay for three years.", "sense_reversed"),
    ("Im Rat wurde in erster Lesung beraten.", "The council voted in the first reading.", "sense_reversed"),
    ("Der Krieger wurde beigesetzt.", "The warrior was beheaded.", "sense_reversed"),
    ("Unter denen ohne Anteil waren es viele.", "Among them there were many.", "negation_lost"),
    ("Mit Ausnahme der Altstadt liegt er vorn.", "He is ahead in the old town.", "negation_lost"),
    ("Notwendig sei eine Ausnahme.", "It is not necessary to make an exception.", "negation_invented"),
    ("Schätzungen zufolge fehlt viel Geld.", "Much money is missing.", "attribution_lost"),
    ("Offenbar starben viele Menschen.", "Many people died, according to police.", "attribution_changed"),
    ("Er kritisierte, dass man ihn schlecht behandele.", "He said “they treat me badly”.", "quotation_invented"),
    ("Ende 2005 lag der Lohn bei 355 Dollar.", "In 2005 the wage was $355.", "edge_lost"),
]  # fmt: skip


@pytest.mark.parametrize(("german", "english"), RIGHT)
def test_a_right_translation_has_no_findings(german: str, english: str) -> None:
    assert findings_of(german, english) == set()


@pytest.mark.parametrize(("german", "english", "code"), WRONG)
def test_a_wrong_translation_is_found(german: str, english: str, code: str) -> None:
    assert code in findings_of(german, english)


def test_a_lost_name_and_an_unfinished_sentence_are_found() -> None:
    names = frozenset({"Ostermann"})
    assert findings_of("Ostermann ging.", "She left.", names=names) == {FindingCode.NAME_LOST}
    assert findings_of("Ostermann ging.", "Ostermann left.", names=names, finished=False) == {FindingCode.UNFINISHED}


@pytest.mark.parametrize(
    ("text", "loops"),
    [
        ("the the the end", True),
        ("and so on and so on and so on", True),
        ("he said he said so", False),
        ("a rose is a rose", False),
        ("", False),
    ],
)
def test_a_loop_is_a_phrase_three_times_in_a_row(text: str, loops: bool) -> None:
    assert bool(find_loop(text)) is loops
