"""Right number, wrong company: a figure given to another is caught, and a true claim never is."""

from __future__ import annotations

import pytest

from depesche.checks.owners import Owners, find_misplaced, know_owners, owning_names
from depesche.figures import find_figures
from depesche.figures.compare import compare_figures
from depesche.span import Span
from depesche.translate import translate
from stand_ins import ScriptedTranslator, source_of

RIVALS = {
    "Nordwind Energie steigert den Gewinn": "Nordwind Energie increases its profit",
    "Nordwind steigerte den Umsatz um 5 Prozent, Hansa Strom nur um 2 Prozent.": (
        "Nordwind increased revenue by 5 percent, Hansa Strom by only 2 percent."
    ),
    "Der Gewinn stieg um knapp 30 Prozent, wie Finanzchefin Lena Ostermann am Dienstag mitteilte.": (
        "Profit rose by just under 30 percent, chief financial officer Lena Ostermann said on Tuesday."
    ),
    "„Wir bauen im Norden drei neue Parks für 400 Millionen Euro“, sagte Ostermann.": (
        "“We are building three new parks in the north for 400 million euros,” said Ostermann."
    ),
    "Der Konkurrent Hansa Strom verlor dagegen 200 Kunden in der Region rund um Altenfurt.": (
        "The competitor Hansa Strom, by contrast, lost 200 customers in the region around Altenfurt."
    ),
    "Er will deshalb 15 Millionen Euro einsparen.": "It therefore wants to save 15 million euros.",
    "In Altenfurt liegt der Grundpreis nun bei 12 Euro im Monat.": (
        "In Altenfurt the basic price is now 12 euros a month."
    ),
    "Während Nordwind 300 Stellen schafft, baut Hansa Strom 120 Arbeitsplätze ab.": (
        "While Nordwind is creating 300 jobs, Hansa Strom is cutting 120 jobs."
    ),
    "Der Umsatz von Isarnetz betrug 2024 rund 80 Millionen Euro.": (
        "Revenue at Isarnetz was around 80 million euros in 2024."
    ),
    "Nordwind übernimmt Isarnetz für 650 Millionen Euro.": "Nordwind is taking over Isarnetz for 650 million euros.",
    "Frankreich erhöhte seine Ausfuhren um 7 Prozent, Spanien um 9 Prozent.": (
        "France increased its exports by 7 percent, Spain by 9 percent."
    ),
}
SENTENCES = list(RIVALS)
TEXT = (
    f"{SENTENCES[0]}\n\n{' '.join(SENTENCES[1:4])}\n\n{' '.join(SENTENCES[4:7])}\n\n{' '.join(SENTENCES[7:10])}\n\n"
    f"{SENTENCES[10]}"
)


@pytest.fixture(scope="module")
def owners() -> Owners:
    (translation,) = translate([source_of(TEXT)], ScriptedTranslator(RIVALS))
    assert [one.sentence.text for one in translation.sentences] == SENTENCES
    return know_owners(translation)


def misplaced(owners: Owners, claim: str) -> list[str]:
    source = owners.translation.source
    comparison = compare_figures(source.figures, find_figures(claim, "en"), complete=False, rounding=True)
    pairs = [(match.source, match.target) for match in comparison.matches if match.source and match.target]
    assert pairs, "a claim whose figure is not the article's says nothing here"
    return [target.text for _, target in find_misplaced(claim, pairs, owners)]


@pytest.mark.parametrize(
    "claim",
    [
        "Nordwind increased revenue by 5 percent.",
        "Hansa Strom increased revenue by only 2 percent.",
        "Nordwind increased revenue by 5 percent, while Hansa Strom managed only 2 percent.",
        "Nordwind’s revenue rose by 5 percent.",
        "Revenue of Nordwind rose by 5 percent.",
        "Revenue rose by 5 percent",
        # The sentence names no company; the title and the sentence before do.
        "Nordwind Energie’s profit rose by just under 30 percent.",
        "Nordwind’s profit rose by just under 30 percent, Lena Ostermann said.",
        "Ostermann said profit rose by just under 30 percent.",
        "According to Ostermann, profit rose by just under 30 percent.",
        "Profit up just under 30 percent",
        "Nordwind is building three new parks for 400 million euros.",
        "Nordwind is building new parks in the north for 400 million euros, Ostermann said.",
        "Ostermann announced new parks for 400 million euros.",
        "Hansa Strom lost 200 customers in the region around Altenfurt.",
        "The competitor Hansa Strom lost 200 customers.",
        "In Altenfurt, Hansa Strom lost 200 customers.",
        # "Er" is the competitor of the sentence before.
        "Hansa Strom wants to save 15 million euros.",
        "The competitor wants to save 15 million euros.",
        "In Altenfurt the basic price is now 12 euros a month.",
        "Nordwind is creating 300 jobs.",
        "Hansa Strom is cutting 120 jobs, while Nordwind is creating 300 jobs.",
        "Unlike Hansa Strom, Nordwind is creating 300 jobs.",
        "Isarnetz had revenue of around 80 million euros.",
        "Nordwind, an operator of wind farms, will pay 650 million euros for Isarnetz.",
        "Isarnetz is being taken over by Nordwind for 650 million euros.",
        "Isarnetz will cost 650 million euros.",
        "Spain increased its exports by 9 percent.",
        "Exports of France rose by 7 percent.",
        "He said that 300 jobs were being created.",
    ],
)
def test_a_true_claim_passes(owners: Owners, claim: str) -> None:
    assert misplaced(owners, claim) == []


@pytest.mark.parametrize(
    ("claim", "figure"),
    [
        ("Hansa Strom increased revenue by 5 percent.", "5 percent"),
        ("Nordwind increased revenue by only 2 percent.", "2 percent"),
        ("Hansa Strom’s revenue rose by 5 percent.", "5 percent"),
        ("Revenue of Hansa Strom rose by 5 percent.", "5 percent"),
        ("Revenue at Isarnetz rose by 5 percent.", "5 percent"),
        ("The competitor Hansa Strom increased its profit by just under 30 percent.", "just under 30 percent"),
        ("Isarnetz’s profit rose by just under 30 percent.", "just under 30 percent"),
        ("Isarnetz is building three new parks for 400 million euros.", "400 million euros"),
        ("Nordwind Energie lost 200 customers in the region.", "200 customers"),
        ("Isarnetz lost 200 customers.", "200 customers"),
        ("Isarnetz wants to save 15 million euros.", "15 million euros"),
        ("Hansa Strom is creating 300 jobs.", "300 jobs"),
        ("Unlike Nordwind, Hansa Strom is creating 300 jobs.", "300 jobs"),
        ("Nordwind is cutting 120 jobs.", "120 jobs"),
        ("Nordwind had revenue of around 80 million euros.", "around 80 million euros"),
        ("Hansa Strom is taking over a rival for 650 million euros.", "650 million euros"),
        ("France increased its exports by 9 percent.", "9 percent"),
        ("Spain’s exports rose by 7 percent.", "7 percent"),
        ("Nordwind increased revenue by 5 percent, and Isarnetz by 2 percent.", "2 percent"),
        ("In France, Nordwind increased its exports by 7 percent.", "7 percent"),
    ],
)
def test_a_figure_moved_to_another_is_caught(owners: Owners, claim: str, figure: str) -> None:
    assert figure in misplaced(owners, claim)


@pytest.mark.parametrize(
    ("text", "figure", "names"),
    [
        ("Nordwind grew by 5 percent, Tarn by 2 percent.", "2 percent", {"Tarn"}),
        ("Nordwind sold 400 flats and Tarn sold 300 flats.", "400 flats", {"Nordwind"}),
        ("Nordwind and Tarn sold 400 flats.", "400 flats", {"Nordwind", "Tarn"}),
        ("Nordwind, the largest rival, sold 400 flats.", "400 flats", {"Nordwind"}),
        ("Together with Tarn, Nordwind sold 400 flats.", "400 flats", {"Nordwind"}),
        ("It sold 400 flats.", "400 flats", set()),
    ],
)
def test_the_owner_stands_in_the_clause_of_the_figure(text: str, figure: str, names: set[str]) -> None:
    at = text.index(figure)
    assert owning_names(text, Span(at, at + len(figure)), frozenset({"Nordwind", "Tarn"})) == names
