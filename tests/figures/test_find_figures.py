"""What one sentence says, in four languages: a table that reads like the conventions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from depesche.errors import LanguageUnsupported
from depesche.figure import Direction, Figure, Kind, Modifier, Role
from depesche.figures import find_figures


def shown(figure: Figure) -> str:
    """Return a figure in one line: kind, numbers or quality, unit, modifier."""
    numbers = f"{figure.low:f}..{figure.high:f}" if figure.low is not None and figure.high is not None else ""
    numbers = f"{figure.value.normalize():f}" if figure.value is not None else numbers or str(figure.quality)
    parts = (figure.kind, numbers, figure.unit, figure.modifier)
    return " ".join(str(part) for part in parts if part)


GERMAN = [
    ("Der Vorstand will knapp 1,5 Mrd. Euro sparen.", {"knapp 1,5 Mrd. Euro": "money 1500000000 EUR almost"}),
    ("Es geht um 100-Millionen-Euro-Pakete.", {"100-Millionen-Euro-Pakete": "money 100000000 EUR"}),
    ("Die Quote liegt zwischen 30 und 40 Prozent.", {"zwischen 30 und 40 Prozent": "percent 30..40 %"}),
    ("Zwölftausend Zuschauer kamen.", {"Zwölftausend Zuschauer": "count 12000 Zuschauer"}),
    ("Sie fand „drei alte Karten“ im Keller.", {"drei alte Karten": "count 3 Karten"}),
    ("Er lief eine gute Stunde.", {"eine gute Stunde": "quantity 1 h slightly_more_than"}),
    ("Das Werk gehört zu den drittgrößten.", {"drittgrößten": "ordinal 3"}),
    ("Jede vierte Brücke ist marode.", {"Jede vierte": "fraction 0.25"}),
    (
        "Der Verlust liegt im dreistelligen Millionenbereich.",
        {"dreistelligen Millionenbereich": "qualitative digits:3:1e6"},
    ),
    (
        "Ein Milliardengrab für Zehntausende Anleger.",
        {"Milliardengrab": "qualitative magnitude:1e9", "Zehntausende Anleger": "qualitative plural:1e4 Anleger"},
    ),
    ("Der Pakt umfasst einen Kredit über 50 Mio. Euro.", {"50 Mio. Euro": "money 50000000 EUR"}),
    ("Die Preise stiegen um mehr als die Hälfte.", {"mehr als die Hälfte": "fraction 0.5 more_than"}),
    ("Der Anteil sank um zwei Prozentpunkte.", {"zwei Prozentpunkte": "percentage_points 2 pp"}),
    ("Das kostet 15 Dollar und 15 Cent.", {"15 Dollar und 15 Cent": "money 15.15 USD"}),
    ("Es kostet mindestens jedoch 200 Euro.", {"mindestens jedoch 200 Euro": "money 200 EUR at_least"}),
    ("Das dauert höchstens aber 3 Tage.", {"höchstens aber 3 Tage": "quantity 3 d at_most"}),
    ("Es waren jedoch mindestens 300 Besucher.", {"mindestens 300 Besucher": "count 300 Besucher at_least"}),
    ("Fast genau drei Jahre später kam er zurück.", {"Fast genau drei Jahre": "quantity 3 a almost"}),
    ("Geschätzt 1200 Menschen kamen.", {"Geschätzt 1200 Menschen": "count 1200 Menschen approximately"}),
    ("Über 4:1 und 16:10 zog das Team davon.", {"4:1": "score score:4:1", "16:10": "score score:16:10"}),
    ("Partien über 90 Minuten sind ihm zu lang.", {"90 Minuten": "quantity 90 min"}),
    ("In fünf Regierungs-Jahren geschah wenig.", {"fünf Regierungs-Jahren": "quantity 5 a"}),
    (
        "In zehn Monaten mehr als 40.000 Menschen.",
        {"zehn Monaten": "quantity 10 mo", "mehr als 40.000 Menschen": "count 40000 Menschen more_than"},
    ),
    (
        "Das sind 1,2 Punkte weniger als zwei Jahre zuvor.",
        {"1,2 Punkte": "count 1.2 Punkte", "zwei Jahre": "quantity 2 a"},
    ),
    ("Sie gewann den zweiten 100-Meter-Lauf.", {"zweiten": "ordinal 2", "100-Meter-Lauf": "quantity 100 m"}),
    ("Das ist seine zweite fünfjährige Amtszeit.", {"zweite": "ordinal 2", "fünfjährige": "quantity 5 a"}),
    ("Wir sind um kurz vor zehn gestartet.", {}),
    ("Es fehlten kurz vor zehn Kilometer.", {"kurz vor zehn Kilometer": "quantity 10 km almost"}),
    ("So ein Tag kommt nicht wieder.", {}),
    ("Der Kurs fiel auf ein 37-Monatstief.", {"37-Monatstief": "quantity 37 mo"}),
    ("Sie unterschrieb einen Zehnjahresvertrag.", {"Zehnjahresvertrag": "quantity 10 a"}),
    ("Im Dreimonatszeitraum fiel der Wert.", {"Dreimonatszeitraum": "quantity 3 mo"}),
    ("Der Weg hat 220 Höhenmeter.", {"220 Höhenmeter": "quantity 220 m"}),
    ("Es fehlten drei Hundertstelsekunden.", {"drei Hundertstelsekunden": "quantity 0.03 s"}),
    ("Nach der 112:55-Gala feierten sie.", {"112:55-Gala": "score score:112:55"}),
    ("Laut Umfrage der Gruppe 31 bis 34 Prozent.", {"31 bis 34 Prozent": "percent 31..34 %"}),
    ("Im Zug 20–30 Fahrgäste.", {"20–30 Fahrgäste": "count 20..30 Fahrgäste"}),
    ("Am Bergweg 5 oder 6 Bäume.", {"5": "count 5", "6 Bäume": "count 6 Bäume"}),
    ("Gegen § 8 und 5 Euro Gebühr wehrt er sich.", {"5 Euro": "money 5 EUR"}),
    ("In Gruppe 4 und 6 wird gespielt.", {}),
    (
        "Die Zahl sank unter die Marke von 900 Punkten.",
        {"unter die Marke von 900 Punkten": "count 900 Punkten less_than"},
    ),
    (
        "Sie liegt über der wichtigen Schwelle von 7 Prozent.",
        {"über der wichtigen Schwelle von 7 Prozent": "percent 7 % more_than"},
    ),
    ("Sie fiel unter die 900-Punkte-Marke.", {"unter die 900-Punkte-Marke": "count 900 Punkte less_than"}),
    ("Mehrere zehntausend Gäste kamen.", {"Mehrere zehntausend Gäste": "qualitative several:1e4 Gäste"}),
    ("Das Finale (26.06) ist ausverkauft.", {}),
    ("Sie siegte mit 26.06 Sekunden.", {"26.06 Sekunden": "quantity 26.06 s"}),
    ("Es sind 90 Cent für den Liter.", {"90 Cent für den Liter": "rate 0.9 EUR/l"}),
    ("Es sind 90 Euro für den Tag.", {"90 Euro": "money 90 EUR"}),
    ("Ein Zoll von 9 Prozent gilt.", {"9 Prozent": "percent 9 %"}),
    ("Der Spalt ist einen Zoll breit.", {"einen Zoll": "quantity 1 in"}),
    ("Knappe 9 Prozent fehlen.", {"Knappe 9 Prozent": "percent 9 % almost"}),
    ("Mit knappen 90 Stimmen siegte er.", {"knappen 90 Stimmen": "count 90 Stimmen almost"}),
    ("Nach guten 9 Minuten war es vorbei.", {"guten 9 Minuten": "quantity 9 min slightly_more_than"}),
    ("Ein knapper 2:1-Erfolg.", {"2:1-Erfolg": "score score:2:1"}),
    ("Der Staub stieg bis in 90 Meter Höhe.", {"bis in 90 Meter": "quantity 90 m up_to"}),
    ("Das Seil reicht bis auf 90 Meter Tiefe.", {"bis auf 90 Meter": "quantity 90 m up_to"}),
    ("Der Staub stieg bis in eine Höhe von 90 Metern.", {"bis in eine Höhe von 90 Metern": "quantity 90 m up_to"}),
    ("Bis auf zwei Gäste blieben alle.", {"zwei Gäste": "count 2 Gäste"}),
    ("Der Anteil sank bis auf 9 Prozent.", {"9 Prozent": "percent 9 %"}),
    (
        "Sie liegt zwei Punkte über der Marke von 900 Punkten.",
        {"zwei Punkte": "count 2 Punkte", "900 Punkten": "count 900 Punkten"},
    ),
    ("Sie erreichte die Marke von 900 Punkten.", {"900 Punkten": "count 900 Punkten"}),
]
GERMAN += [
    (
        "Die Zahl der Nutzer wuchs von zwei auf gut sieben Millionen.",
        {"zwei": "count 2000000", "gut sieben Millionen": "count 7000000 slightly_more_than"},
    ),
    (
        "Der Etat steigt von bisher 14 auf 19 Milliarden Euro.",
        {"14": "money 14000000000 EUR", "19 Milliarden Euro": "money 19000000000 EUR"},
    ),
    (
        "Erwartet wird ein Anstieg von 40 bis 50 auf 60 bis 70 Millionen Euro.",
        {"40 bis 50": "money 40000000..50000000 EUR", "60 bis 70 Millionen Euro": "money 60000000..70000000 EUR"},
    ),
    (
        "Der Lohn stieg auf 12,40 und ein Jahr später auf 12,90 Euro.",
        {"12,40": "money 12.4 EUR", "ein Jahr": "quantity 1 a", "12,90 Euro": "money 12.9 EUR"},
    ),
    ("Sie wartete eine gute halbe Stunde.", {"eine gute halbe Stunde": "quantity 0.5 h slightly_more_than"}),
    ("Ein gutes Dutzend Ziegen entlief.", {"Ein gutes Dutzend Ziegen": "count 12 Ziegen slightly_more_than"}),
    ("Er nahm anderthalb Dutzend Äpfel.", {"anderthalb Dutzend Äpfel": "count 18 Äpfel"}),
    ("Der Zins stieg um einen viertel Prozentpunkt.", {"einen viertel Prozentpunkt": "percentage_points 0.25 pp"}),
    ("Der Zins sank um einen Viertelprozentpunkt.", {"einen Viertelprozentpunkt": "percentage_points 0.25 pp"}),
    ("Sie trank einen Viertelliter Milch.", {"einen Viertelliter": "quantity 0.25 l"}),
    ("Das Dach ist zu drei Vierteln gedeckt.", {"drei Vierteln": "fraction 0.75"}),
    ("Sie gewann mit vier Zehnteln Vorsprung.", {"vier Zehnteln": "fraction 0.4"}),
    ("Das Tempo hat sich gedrittelt.", {"gedrittelt": "fraction 0.3333333333333333333333333333"}),
    ("Eine Frau, Ende vierzig, und ein Mann, Anfang 30, flohen.", {}),
    ("Ende 20 Prozent, Anfang 30 Prozent.", {"20 Prozent": "percent 20 %", "30 Prozent": "percent 30 %"}),
    ("Das Museum ist von 11:00 bis 16:30 geöffnet.", {}),
    ("Die Wache ist unter 110 nicht zu erreichen.", {}),
    ("Das Gewicht blieb unter 110 Kilo.", {"unter 110 Kilo": "quantity 110 kg less_than"}),
    ("Ein bis zwei Löffel genügen.", {"Ein bis zwei Löffel": "count 1..2 Löffel"}),
    ("Eine bis zu zwei Meter hohe Mauer fiel.", {"bis zu zwei Meter": "quantity 2 m up_to"}),
    ("Die Wirkung nahm um das Drei- bis Vierfache zu.", {"Drei- bis Vierfache": "multiple 3..4"}),
    ("Zwei- bis Vierjährige malen gern.", {"Zwei- bis Vierjährige": "age 2..4 a"}),
    ("Befragt wurden 800 Wähler per Brief.", {"800 Wähler": "count 800 Wähler"}),
    ("Nur wenige tausend Leser blieben.", {"wenige tausend Leser": "qualitative several:1e3 Leser"}),
    ("Annähernd 70 Gäste kamen.", {"Annähernd 70 Gäste": "count 70 Gäste almost"}),
    ("Dort leben kaum 400 Menschen.", {"kaum 400 Menschen": "count 400 Menschen almost"}),
    ("Es kostet nicht einmal 60 Euro.", {"nicht einmal 60 Euro": "money 60 EUR less_than"}),
    ("Das Wasser reicht mindestens noch drei Tage.", {"mindestens noch drei Tage": "quantity 3 d at_least"}),
    ("Sie gewann dank 1,90 Meter und weniger Fehlern.", {"1,90 Meter": "quantity 1.9 m"}),
    ("Wer 90 Euro und mehr zahlt, bekommt Rabatt.", {"90 Euro und mehr": "money 90 EUR at_least"}),
    ("Der Rat stimmte über 42 Anträge ab.", {"42 Anträge": "count 42 Anträge"}),
    ("Dafür stimmten über 42 Abgeordnete.", {"über 42 Abgeordnete": "count 42 Abgeordnete more_than"}),
    ("Der Bau zog sich über drei Jahre hin.", {"drei Jahre": "quantity 3 a"}),
    ("Der Bau dauerte über drei Jahre.", {"über drei Jahre": "quantity 3 a more_than"}),
    ("Sie drehte einen Kurzfilm über vier Brüder.", {"vier Brüder": "count 4 Brüder"}),
    ("Er bekam einen Vertrag des Vereins über zwei Jahre.", {"zwei Jahre": "quantity 2 a"}),
    ("Er zahlt 90 Euro über drei Monate.", {"90 Euro": "money 90 EUR", "drei Monate": "quantity 3 mo"}),
    ("Die Stadt stöhnt unter 39 Grad.", {"39 Grad": "temperature 39 Cel"}),
    ("Es gab Temperaturen unter 4 Grad.", {"unter 4 Grad": "temperature 4 Cel less_than"}),
    ("Bei Temperaturen um 21 Grad schien die Sonne.", {"um 21 Grad": "temperature 21 Cel approximately"}),
    ("Im Süden werden Höchstwerte um 4 Grad sinken.", {"4 Grad": "temperature 4 Cel"}),
    ("Die Temperaturen lagen um 4 Grad höher.", {"4 Grad": "temperature 4 Cel"}),
    (
        "Sie verschlang mit 90 Euro mehr als die Hälfte.",
        {"90 Euro": "money 90 EUR", "mehr als die Hälfte": "fraction 0.5 more_than"},
    ),
]
BRACKETED = [
    (
        "Das Ergebnis fiel auf 52 (Vorjahr: 88) Millionen Euro.",
        {"52": "money 52000000 EUR", "88": "money 88000000 EUR"},
    ),
    (
        "Der Umsatz lag bei 3,41 (3,12) Milliarden Euro, der Gewinn bei 1,20 (0,95) Euro je Aktie.",
        {
            "3,41": "money 3410000000 EUR",
            "3,12": "money 3120000000 EUR",
            "1,20": "rate 1.2 EUR/Aktie",
            "0,95": "rate 0.95 EUR/Aktie",
        },
    ),
    (
        "Die Marge soll 6 bis 7 (2023: 5,1) Prozent erreichen.",
        {"6 bis 7": "percent 6..7 %", "5,1": "percent 5.1 %"},
    ),
    (
        "Die Firma erwartet zwischen 2,1 und 2,3 (2023: 3) Mrd. Euro.",
        {"zwischen 2,1 und 2,3": "money 2100000000.0..2300000000.0 EUR", "3": "money 3000000000 EUR"},
    ),
    ("Der Verlust betrug 8 (i. Vj. minus 3) Mio. Euro.", {"8": "money 8000000 EUR", "minus 3": "money -3000000 EUR"}),
    ("Der Kurs lag bei 1,08 (Dienstag: 1,09) Dollar.", {"1,08": "money 1.08 USD", "1,09": "money 1.09 USD"}),
    ("Die Firma hat 720 (690) Beschäftigte.", {"720": "count 720 Beschäftigte", "690": "count 690 Beschäftigte"}),
    ("Meier (52) und Schulz (48) kamen.", {"52": "age 52 a", "48": "age 48 a"}),
    ("Es sind 70 Euro (Vorjahr: 60).", {"70 Euro": "money 70 EUR", "60": "count 60"}),
]
GERMAN += BRACKETED
GERMAN += [
    (
        "Die Bilanz schrumpfte um 9,3 auf 214,5 Milliarden Euro.",
        {"9,3": "money 9300000000 EUR", "214,5 Milliarden Euro": "money 214500000000 EUR"},
    ),
    ("Die Zahl wuchs um 600 auf 1,7 Millionen.", {"600": "count 600", "1,7 Millionen": "count 1700000"}),
    ("Die Quote stieg um 0,4 auf 6,1 Prozent.", {"0,4": "count 0.4", "6,1 Prozent": "percent 6.1 %"}),
    ("Der Pegel stieg um 3 auf 9 Meter.", {"3": "quantity 3 m", "9 Meter": "quantity 9 m"}),
    ("Die Strafe beträgt 70.000 kanadische Dollar.", {"70.000 kanadische Dollar": "money 70000 CAD"}),
    ("Es geht um 70 Millionen australischen Dollar.", {"70 Millionen australischen Dollar": "money 70000000 AUD"}),
    ("Die Fehde zog sich über fünf Generationen hinweg.", {"fünf Generationen": "count 5 Generationen"}),
    ("Die Partei verfügt nur noch über 17 der Sitze.", {"17": "count 17"}),
    ("Der Bund gab eine Förderzusage über 70 Millionen Euro.", {"70 Millionen Euro": "money 70000000 EUR"}),
    ("Der Hafen, über den ein Fünftel der Waren läuft.", {"ein Fünftel": "fraction 0.2"}),
    ("Es kommen nicht einmal mehr 300 Gäste.", {"nicht einmal mehr 300 Gäste": "count 300 Gäste less_than"}),
    ("Das gilt für Menschen, die 70 Jahre und älter sind.", {"70 Jahre und älter": "quantity 70 a at_least"}),
    ("Er kaufte zwei Zentner Kohlen.", {"zwei Zentner": "quantity 100 kg"}),
]
GERMAN += [
    ("Nach langem Auf und Ab 0,7 Prozent tiefer.", {"0,7 Prozent": "percent 0.7 %"}),
    ("Zuletzt betrug das Minus vier Prozent.", {"vier Prozent": "percent 4 %"}),
    ("Zig Millionen Akten fehlen.", {"Zig Millionen Akten": "qualitative plural:1e7 Akten"}),
    ("Zigtausende kamen.", {"Zigtausende": "qualitative plural:1e4"}),
    ("Sie scheiterte an der Fünfprozenthürde.", {"Fünfprozenthürde": "percent 5 %"}),
    ("Sie fordern die Viertagewoche.", {"Viertagewoche": "quantity 4 d"}),
    ("Eine Viertelmillion Gäste kam.", {"Eine Viertelmillion Gäste": "count 250000 Gäste"}),
    ("Eine dreiviertel Million Gäste kam.", {"dreiviertel Million Gäste": "count 750000 Gäste"}),
    ("Er zahlt ein Viertelprozent Steuer.", {"ein Viertelprozent": "percent 0.25 %"}),
    ("Nicht einmal jede hundertste Zelle.", {"Nicht einmal jede hundertste": "fraction 0.01 less_than"}),
    ("Der Kurs hat sich verzwölffacht.", {"verzwölffacht": "multiple 12"}),
    ("Sie fanden ein Grab aus der Zeit um 2600 v. Chr. dort.", {}),
    ("Gezahlt wird seit 2017 bar.", {}),
    ("In einer Bar trat er einen Fuß vor, dann riss ein Knoten.", {}),
    ("Er nahm sich in acht.", {}),
    ("Er lief in acht Stunden ins Ziel.", {"acht Stunden": "quantity 8 h"}),
    ("Nach dem ersten Viertel 4:1.", {"4:1": "score score:4:1"}),
]
ENGLISH = [
    ("The comet 2l/Borisov is fading.", {}),
    ("He drinks 2l/day.", {"2l/day": "rate 2 l/d"}),
    ("It takes four-and-a-half hours.", {"four-and-a-half hours": "quantity 4.5 h"}),
    ("He began his second six-year term.", {"second": "ordinal 2", "six-year": "quantity 6 a"}),
    ("The board wants to save nearly €1.5bn.", {"nearly €1.5bn": "money 1500000000 EUR almost"}),
    (
        "Revenue was 3.41 (3.12) billion euros.",
        {"3.41": "money 3410000000 EUR", "3.12": "money 3120000000 EUR"},
    ),
    (
        "Debt rose by 20 billion to 900 billion euros.",
        {"20 billion": "money 20000000000 EUR", "900 billion euros": "money 900000000000 EUR"},
    ),
    (
        "It will cost 4 billion to 6 billion euros.",
        {"4 billion to 6 billion euros": "money 4000000000..6000000000 EUR"},
    ),
    ("Samsung earned 4 trillion won.", {"4 trillion won": "money 4000000000000 KRW"}),
    ("In round 2 the 12 won.", {"12": "count 12"}),
    ("They took over 70 of the shops.", {"70": "count 70"}),
    ("The costs add up to 70 euros.", {"70 euros": "money 70 EUR"}),
    ("It drove the price up to 70 euros.", {"70 euros": "money 70 EUR"}),
    ("He went up to second place.", {"second place": "ordinal 2"}),
    ("The star is 70 light-years away.", {"70 light-years": "quantity 70 ly"}),
    ("It is plus or minus four points.", {"four points": "count 4 points"}),
    ("A quarter of a million people came.", {"A quarter of a million people": "count 250000 people"}),
    ("It took three-quarters of an hour.", {"three-quarters of an hour": "quantity 0.75 h"}),
    ("Every percent counts, even a quarter of a percent.", {"a quarter of a percent": "percent 0.25 %"}),
    ("It fell to a fifth of a cent.", {"a fifth of a cent": "money 0.002 USD"}),
    ("One in six euros goes to rent.", {"One in six": "fraction 0.1666666666666666666666666667"}),
    ("It is a mid-double-digit million sum.", {"mid-double-digit million": "qualitative digits:2:1e6"}),
    ("He wants a degree from a day care in a bar.", {}),
    ("It was found near 2600 BC and in 800 AD.", {}),
    ("They played eight bars.", {"eight bars": "count 8 bars"}),
    ("She became a multimillionaire at the eleventh hour.", {}),
    ("She was four-tenths of a second behind.", {"four-tenths of a second": "quantity 0.4 s"}),
    ("Half a million people saw it.", {"Half a million people": "count 500000 people"}),
    ("It lasted a year and a half.", {"a year and a half": "quantity 1.5 a"}),
    ("One in four bridges is unsafe.", {"One in four": "fraction 0.25"}),
    ("The loss is in the billions.", {"billions": "qualitative magnitude:1e9"}),
    ("Prices rose tenfold in two long years.", {"tenfold": "multiple 10", "two long years": "quantity 2 a"}),
    ("A 55-year-old farmer owns six M40 rifles.", {"55-year-old": "age 55 a", "six M40 rifles": "count 6 rifles"}),
    ("Income rose in the past quarter to 1.4 billion dollars.", {"1.4 billion dollars": "money 1400000000 USD"}),
    ("They won 3-1 on 4 May 2019 at 5pm.", {"3-1": "score score:3:1"}),
    ("Almost exactly a year later it reopened.", {"Almost exactly a year": "quantity 1 a almost"}),
    ("The billion dollar company wants to grow.", {"billion dollar": "qualitative magnitude:1e9"}),
    ("We waited a quarter of an hour.", {"a quarter of an hour": "quantity 0.25 h"}),
    ("Seven tenths of a second cost him the title.", {"Seven tenths of a second": "quantity 0.7 s"}),
    ("She is sad about fourth place.", {"fourth place": "ordinal 4"}),
    (
        "The plume went up to a hundred kilometres.",
        {"up to a hundred kilometres": "quantity 100 km up_to"},
    ),
    ("He scored the 1:1 (0: 1).", {"1:1": "score score:1:1", "0: 1": "score score:0:1"}),
    ("For the group 10 to 12 percent will do.", {"10 to 12 percent": "percent 10..12 %"}),
    ("It fell below the 900 mark.", {"below the 900": "count 900 less_than"}),
    ("It rose above the key threshold of 7%.", {"above the key threshold of 7%": "percent 7 % more_than"}),
    ("The dust rose up to a height of 90 metres.", {"up to a height of 90 metres": "quantity 90 m up_to"}),
    ("It passed the ten thousand mark.", {"ten thousand": "count 10000"}),
    ("It passed the mark of 900 euros.", {"900 euros": "money 900 EUR"}),
    ("It cost 900 marks.", {"900 marks": "money 900 DEM"}),
    ("Only groups in Group 4 to 6 may stay.", {}),
    ("At 2: 2 the game was open.", {"2: 2": "score score:2:2"}),
    (
        "They saw 1,800 species and up to 30 pairs.",
        {"1,800 species": "count 1800 species", "up to 30 pairs": "count 30 pairs up_to"},
    ),
]
ENGLISH += [
    (
        "The price falls by 3 cents to 38 cents a kilo.",
        {"3 cents": "money 0.03 USD", "38 cents a kilo": "rate 0.38 USD/kg"},
    ),
    (
        "Rents rose by an average of 2 euros to 13 euros.",
        {"2 euros": "money 2 EUR", "13 euros": "money 13 EUR"},
    ),
    ("Prices will rise by 2 to 3 percent.", {"2 to 3 percent": "percent 2..3 %"}),
    ("Claims fell by 4,000 to 198,000.", {"4,000": "count 4000", "198,000": "count 198000"}),
    (
        "It raised the price of the paper again in the autumn, and for good, from 2.40 to 2.90 euros.",
        {"2.40": "money 2.4 EUR", "2.90 euros": "money 2.9 EUR"},
    ),
    (
        "The budget grows from 14 billion at present to 19 billion euros.",
        {"14 billion": "money 14000000000 EUR", "19 billion euros": "money 19000000000 EUR"},
    ),
    ("May 5 marks the end of the war.", {}),
    ("Prices are a third below the peak.", {"a third": "fraction 0.3333333333333333333333333333"}),
    ("Milk is a quarter cheaper.", {"a quarter": "fraction 0.25"}),
    ("Sales rose by a fifth year on year.", {"a fifth": "fraction 0.2"}),
    ("He was overtaken by a fifth man.", {"fifth man": "ordinal 5"}),
    ("Four men were held, while a fifth is being sought.", {"Four men": "count 4 men"}),
    (
        "Two firms hold a third of the shares.",
        {"Two firms": "count 2 firms", "a third": "fraction 0.3333333333333333333333333333"},
    ),
    ("The roof is three quarters finished.", {"three quarters": "fraction 0.75"}),
    ("She won by four tenths overall.", {"four tenths": "fraction 0.4"}),
    ("We waited a good half hour.", {"a good half hour": "quantity 0.5 h slightly_more_than"}),
    ("He took a dozen and a half apples.", {"a dozen and a half apples": "count 18 apples"}),
    ("They met over the past year and a half.", {"year and a half": "quantity 1.5 a"}),
    (
        "Rates rose by a quarter of a percentage point.",
        {"a quarter of a percentage point": "percentage_points 0.25 pp"},
    ),
    ("He ruled for a quarter of a century.", {"a quarter of a century": "quantity 25 a"}),
    ("The damage runs into seven figures.", {"seven figures": "qualitative digits:7"}),
    ("It is in the double-digit millions.", {"double-digit millions": "qualitative digits:2:1e6"}),
    ("The multi-million transfer failed.", {"multi-million": "qualitative magnitude:1e6"}),
    ("The museum is open from 11:00 to 16:30.", {}),
    ("The police could not be reached on 110, then on 112.", {"110": "count 110"}),
    ("In one case in eight it fails.", {"one case in eight": "fraction 0.125"}),
    ("It hits one in 45 patients.", {"one in 45": "fraction 0.02222222222222222222222222222"}),
    ("It opens every other Sunday.", {"every other": "fraction 0.5"}),
    ("Both firms each hold 40 percent.", {"40 percent": "percent 40 %"}),
    ("He closed 12 out-of-town shops.", {"12 out-of-town shops": "count 12 shops"}),
    ("She had six successful years.", {"six successful years": "quantity 6 a"}),
    ("It rose to 9,000 last year.", {"9,000": "count 9000"}),
    ("The car rolled over four times.", {"four times": "count 4 times"}),
    ("Traffic was backed up over 9 kilometres.", {"9 kilometres": "quantity 9 km"}),
    ("His blood pressure was 130 over 80.", {"130": "count 130", "80": "count 80"}),
    ("It is a novel about two brothers.", {"two brothers": "count 2 brothers"}),
    ("It is twice as much as ten years ago.", {"twice": "multiple 2", "ten years": "quantity 10 a"}),
    ("It stayed below the 3 percent ceiling.", {"below the 3 percent": "percent 3 % less_than"}),
    ("It costs not even 60 euros.", {"not even 60 euros": "money 60 EUR less_than"}),
    ("It will last at least another four weeks.", {"at least another four weeks": "quantity 4 wk at_least"}),
]
FRENCH = [
    (
        "Le groupe investit plus de 1,5 milliard d'euros.",
        {"plus de 1,5 milliard d'euros": "money 1500000000 EUR more_than"},
    ),
    (
        "Environ 12 000 lecteurs et au moins trois auteurs.",
        {
            "Environ 12 000 lecteurs": "count 12000 lecteurs approximately",
            "au moins trois auteurs": "count 3 auteurs at_least",
        },
    ),
    (
        "Entre 30 et 40 % en 2024, soit 3,2 Md€.",
        {"Entre 30 et 40 %": "percent 30..40 %", "3,2 Md€": "money 3200000000 EUR"},
    ),
    (
        "Plusieurs milliards d'euros, quatre-vingt-dix-sept jours.",
        {"Plusieurs milliards d'euros": "qualitative several:1e9 EUR", "quatre-vingt-dix-sept jours": "quantity 97 d"},
    ),
]
SPANISH = [
    (
        "El grupo gasta más de 1.500 millones de euros.",
        {"más de 1.500 millones de euros": "money 1500000000 EUR more_than"},
    ),
    (
        "Unas 12.000 casas y al menos tres puentes.",
        {"Unas 12.000 casas": "count 12000 casas approximately", "al menos tres puentes": "count 3 puentes at_least"},
    ),
    (
        "Dos mil millones de dólares, entre 30 y 40 por ciento.",
        {"Dos mil millones de dólares": "money 2000000000 USD", "entre 30 y 40 por ciento": "percent 30..40 %"},
    ),
    ("Varios millones de euros el 3 de mayo de 2024.", {"Varios millones de euros": "qualitative several:1e6 EUR"}),
]
SENTENCES = [
    (language, text, figures)
    for language, table in (("de", GERMAN), ("en", ENGLISH), ("fr", FRENCH), ("es", SPANISH))
    for text, figures in table
]


@pytest.mark.parametrize(("language", "text", "figures"), SENTENCES)
def test_a_sentence_says_these_figures(language: str, text: str, figures: dict[str, str]) -> None:
    assert {figure.text: shown(figure) for figure in find_figures(text, language)} == figures


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Am 3. Mai 2024 um 14.30 Uhr stand Artikel 5 im Gesetz."),
        ("de", "Die Fantastischen Vier fliegen A380, Linie 7 fährt seit 1998."),
        ("de", "Der Halbleiter, der Elfmeter und das Viertelfinale."),
        ("en", "On May 3, 2024 the S&P 500 and Boeing 737 made news."),
        ("en", "This is the one that he wanted in the 1990s."),
        ("fr", "Le 3 mai 2024, page 12."),
        ("es", "El 3 de mayo de 2024, página 12."),
    ],
)
def test_what_only_carries_numbers_is_no_figure(language: str, text: str) -> None:
    assert find_figures(text, language) == ()


def test_a_change_has_two_parts_that_share_their_unit() -> None:
    before, after = find_figures("Die Arbeitslosenquote sank von 6,1 auf 5,9 Prozent.", "de")
    assert (before.role, before.value, before.unit) == (Role.FROM, Decimal("6.1"), "%")
    assert (after.role, after.value, after.direction) == (Role.TO, Decimal("5.9"), Direction.DOWN)


def test_a_change_by_an_amount_says_which_way() -> None:
    (figure,) = find_figures("Der Umsatz stieg um mindestens drei Prozent.", "de")
    assert (figure.role, figure.direction, figure.modifier) == (Role.BY, Direction.UP, Modifier.AT_LEAST)


@pytest.mark.parametrize(
    ("language", "text", "direction"),
    [
        ("de", "Die Zahl nahm im Norden um 3 Prozent ab.", Direction.DOWN),
        ("de", "Die Zahl nahm im Norden um 3 Prozent zu.", Direction.UP),
        ("de", "Der Umsatz, der lange gesunken war, legte um 3 Prozent zu.", Direction.UP),
        ("de", "Der Diebstahl nahm, obwohl er gesunken war, um 3 Prozent zu.", Direction.UP),
        ("de", "Der Absatz stieg, während der Gewinn um 3 Prozent einbrach.", Direction.DOWN),
        ("de", "Der Gewinn schrumpfte wegen der höheren Kosten um 3 Prozent.", Direction.DOWN),
        ("de", "Der Kurs gab um 3 Prozent nach.", Direction.DOWN),
        ("en", "It shrank by 3 percent after growing.", Direction.DOWN),
        ("en", "It fell by 3 percent instead of rising.", Direction.DOWN),
        ("de", "Der Wert sank um 3 Prozent, statt zu steigen.", Direction.DOWN),
        ("en", "They lowered the growth forecast by 3 percent.", Direction.DOWN),
    ],
)
def test_the_word_of_the_same_clause_says_which_way(language: str, text: str, direction: Direction) -> None:
    (figure,) = find_figures(text, language)
    assert figure.direction is direction


def test_the_same_quality_has_the_same_key_in_german_and_english() -> None:
    pairs = [
        ("dreistellig wachsen", "grow by triple-digit rates"),
        ("mehrere Milliarden Dollar", "several billion dollars"),
        ("Hunderte Tiere", "hundreds of animals"),
        ("Schäden in die Milliarden", "damage in the billions"),
    ]
    for german, english in pairs:
        (ours,), (theirs,) = find_figures(german, "de"), find_figures(english, "en")
        assert ours.kind is theirs.kind is Kind.QUALITATIVE
        assert ours.quality == theirs.quality


def test_a_language_without_a_table_is_refused_with_a_remedy() -> None:
    with pytest.raises(LanguageUnsupported) as caught:
        find_figures("3 kroner", "da")
    assert "de, en, es, fr" in str(caught.value)
