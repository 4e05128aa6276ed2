"""What a language says of a figure apart from it, or in other words, is faithful; another figure of the kind is not."""

from __future__ import annotations

import pytest

from depesche.figures import find_figures
from depesche.figures.compare import Comparison, compare_figures


def compared(german: str, english: str) -> Comparison:
    source, target = find_figures(german, "de"), find_figures(english, "en")
    return compare_figures(source, target, source_text=german, target_text=english)


# German, English that says the same, English that says something else.
RATES = [
    (
        "Es gab 14 Spender je eine Million Einwohner.",
        "There were 14 donors per million inhabitants.",
        "There were 14 donors per thousand inhabitants.",
    ),
    (
        "Der Eintritt kostet 12 Euro pro Kopf.",
        "Admission costs 12 euros a head.",
        "Admission costs 12 euros per household.",
    ),
    ("Das Zimmer kostet 80 Euro pro Nacht.", "The room costs 80 euros a night.", "The room costs 80 euros a month."),
    ("Sie bauen 9.000 Häuser pro Jahr.", "They build 9,000 houses a year.", "They build 9,000 houses a month."),
    (
        "Es sind 700 Gäste pro Tag erlaubt.",
        "Only 700 guests a day are allowed.",
        "Only 700 guests an hour are allowed.",
    ),
    (
        "Er übt an fünf Abenden pro Woche.",
        "He practises on five evenings a week.",
        "He practises on five evenings a year.",
    ),
    (
        "Ein Zaun kostet 40 Euro je laufendem Meter.",
        "A fence costs 40 euros per metre.",
        "A fence costs 40 euros per foot.",
    ),
    ("Sie erhält 18 Euro je Einsatzstunde.", "She gets 18 euros per hour.", "She gets 18 euros per day."),
    (
        "Der Schaden betrage 2 Millionen Euro pro Streiktag.",
        "The damage is 2 million euros per day.",
        "The damage is 2 million euros per week.",
    ),
    (
        "Es fielen 41 Liter Regen je Quadratmeter.",
        "41 liters of rain fell per square meter.",
        "41 liters of rain fell per square foot.",
    ),
    (
        "Pro Person verlangen sie 900 bis 1.200 Euro.",
        "They demand 900 to 1,200 euros per person.",
        "They demand 900 to 1,200 euros per family.",
    ),
    ("Auf eine Pflegerin kommen 13 Patienten.", "There are 13 patients per nurse.", "There are 13 patients per day."),
    (
        "Auf einen Einwohner kommen drei Gäste.",
        "There are three guests for every resident.",
        "There are three guests for every household.",
    ),
    (
        "Je Aktie zahlt die Bank 2,15 Euro.",
        "The bank pays 2.15 euros per share.",
        "The bank pays 2.15 euros per customer.",
    ),
    (
        "Pro Schüler zahlt Bremen 9.400 Euro.",
        "Bremen pays 9,400 euros per pupil.",
        "Bremen pays 9,400 euros per person.",
    ),
    (
        "Das Amt zahlt pro Kopf und Jahr 310 Euro.",
        "The office pays 310 euros per head per year.",
        "The office pays 310 euros per family per year.",
    ),
    (
        "Eine Schnecke schafft in der Minute sieben Meter.",
        "A snail manages seven metres a minute.",
        "A snail manages seven metres an hour.",
    ),
    ("Pro Sekunde prüft er 80 Schlüssel.", "It checks 80 keys per second.", "It checks 80 keys per minute."),
    (
        "Im Osten sind es 41, im Westen 39 Stunden in der Woche.",
        "In the east it is 41 hours a week, in the west 39.",
        "In the east it is 41 hours a month, in the west 39.",
    ),
    (
        "Das Auto braucht auf 100 Kilometer vier Liter.",
        "The car needs four litres per 100 kilometres.",
        "The car needs four litres per 10 kilometres.",
    ),
    ("Der Gewinn lag bei 31 Cent je Aktie.", "Profit was 31 cents per share.", "Profit was 31 cents per customer."),
    (
        "Der Preis fiel unter die Marke von 60 Dollar je Barrel.",
        "It fell below the 60-dollar-per-barrel mark.",
        "It fell below the 60-dollar-per-tonne mark.",
    ),
    ("Es waren 14 Mikrosievert pro Stunde.", "It was 14 microsieverts per hour.", "It was 14 millisieverts per hour."),
    ("Er fuhr mit Tempo 140.", "He drove at 140 kilometres per hour.", "He drove at 150 kilometres per hour."),
    ("Er fuhr mit 80 Sachen.", "He drove at 80 kilometres per hour.", "He drove at 80 miles per hour."),
    (
        "Die Abfindung beträgt zwei Monatsgehälter je Dienstjahr.",
        "Severance is two months' pay per year of service.",
        "Severance is two weeks' pay per year of service.",
    ),
    ("Für den Liter bekommen sie 40 Cent.", "They get 40 cents per liter.", "They get 40 cents per kilogram."),
    (
        "Er liefert 3 Milliarden Kubikmeter Gas pro Jahr.",
        "He supplies 3 billion cubic metres of gas a year.",
        "He supplies 3 billion cubic metres of gas a month.",
    ),
    (
        "Auf eine Erzieherin kommen vier Babys.",
        "There are four babies per childcare worker.",
        "There are four babies per hour.",
    ),
]

AGES = [
    ("Mit ihren 91 Jahren singt sie noch.", "At 91, she still sings.", "At 19, she still sings."),
    ("Er ist ein Mann von 58 Jahren.", "He is a man of 58.", "He is a man of 85."),
    ("Das Durchschnittsalter liegt bei 44 Jahren.", "The average age is 44.", "The average age is 46."),
    (
        "Gesucht werden Frauen zwischen 30 und 50 Jahren.",
        "They want women between 30 and 50.",
        "They want women between 30 and 60.",
    ),
    (
        "Das Wahlalter wird auf 17 Jahre gesenkt.",
        "The voting age is lowered to 17.",
        "The voting age is lowered to 17 months.",
    ),
    ("Das gilt für Beschäftigte über 60 Jahre.", "This applies to staff over 60.", "This applies to staff under 60."),
    ("Nur Fahrer unter 23 Jahren zahlen mehr.", "Only drivers under 23 pay more.", "Only drivers over 23 pay more."),
    (
        "Das Rentenalter steigt von 65 auf 67 Jahre.",
        "The retirement age rises from 65 to 67.",
        "The retirement age rises from 65 to 76.",
    ),
    ("Sie wartete 20 Jahre.", "She waited 20 years.", "She waited for 20."),
    (
        "Er saß von 2001 an zwölf Jahre in Haft.",
        "From 2001 he spent twelve years in prison.",
        "From 2001 he spent twelve in prison.",
    ),
    (
        "Das Renteneintrittsalter steigt von 63 auf 66 Jahre.",
        "The retirement age rises from 63 to 66.",
        "The retirement age rises from 63 to 69.",
    ),
    (
        "Ab 70 Jahren gilt ein Rabatt.",
        "A discount applies from the age of 70.",
        "A discount applies under the age of 70.",
    ),
]

COMPOUNDS = [
    ("Nach 31 Dienstjahren geht er.", "He leaves after 31 years of service.", "He leaves after 31 months of service."),
    (
        "Er muss 60 Sozialstunden leisten.",
        "He must do 60 hours of community service.",
        "He must do 60 days of community service.",
    ),
    ("Sie machte 140 Überstunden.", "She worked 140 hours of overtime.", "She worked 140 minutes of overtime."),
    ("Es gab neun Sonnenstunden.", "There were nine hours of sunshine.", "There were nine days of sunshine."),
    ("Es bleiben vier Sitzungswochen.", "Four weeks of sessions remain.", "Four months of sessions remain."),
    ("Sie zahlt bis zu 15 Monatsgehälter.", "It pays up to 15 months' salary.", "It pays up to 15 weeks' salary."),
    ("Die Kaution beträgt zwei Monatsmieten.", "The deposit is two months' rent.", "The deposit is two years' rent."),
    (
        "Nach 90 Radkilometern gab sie auf.",
        "She gave up after 90 kilometres on the bike.",
        "She gave up after 90 miles on the bike.",
    ),
    (
        "Nach fünf Verlusttagen stieg der Dax.",
        "The Dax rose after five days of losses.",
        "The Dax rose after five weeks of losses.",
    ),
    ("Es waren neun erfolgreiche Jahre.", "They were nine successful years.", "They were nine successful months."),
    (
        "Die acht wärmsten Jahre sind jung.",
        "The eight warmest years are recent.",
        "The eight warmest weeks are recent.",
    ),
    ("Er bekam 20 Strafsekunden.", "He got a 20-second penalty.", "He got a 20-minute penalty."),
    ("Sie feierte drei Geburtstage.", "She celebrated three birthdays.", "She celebrated three days."),
    ("Der Wagen hat 150 PS.", "The car has 150 horsepower.", "The car has 150 kilowatts."),
    ("Er brauchte 3:12 Stunden.", "He needed 3 hours and 12 minutes.", "He needed 3 hours and 21 minutes."),
]

MODIFIERS = [
    (
        "Der Bund zahlt 4 Millionen Euro über acht Jahre.",
        "The state pays 4 million euros over eight years.",
        "The state pays 4 million euros over nine years.",
    ),
    (
        "Der Schaden beträgt schätzungsweise 7.000 Euro.",
        "Damage is estimated at 7,000 euros.",
        "Damage is 7,000 euros.",
    ),
    (
        "Geraubt wurde Schmuck für schätzungsweise 9 Millionen Euro.",
        "Jewels with an estimated value of 9 million euros were stolen.",
        "Jewels with a value of 9 million euros were stolen.",
    ),
    (
        "Das Schiff hat einen Tiefgang von maximal 11 Metern.",
        "The ship has a maximum draught of 11 metres.",
        "The ship has a draught of 11 metres.",
    ),
    ("Die Höchststrafe beträgt 5.000 Euro.", "The fine is at most 5,000 euros.", "The fine is at least 5,000 euros."),
    ("Es sind höchstens 40 Plätze.", "There are up to 40 seats.", "There are at least 40 seats."),
    ("Gleich fünf Spieler fehlen.", "No fewer than five players are missing.", "More than five players are missing."),
    (
        "Sie gaben ihm höchstens noch ein halbes Jahr.",
        "They gave him half a year at most.",
        "They gave him at least half a year.",
    ),
    (
        "Der Vorrat reicht mindestens 60 Jahre.",
        "Supplies will last at least another 60 years.",
        "Supplies will last another 60 years.",
    ),
    ("Der Umsatz halbierte sich nahezu.", "Sales almost halved.", "Sales more than halved."),
    ("Die Zahl verdoppelte sich beinahe.", "The number almost doubled.", "The number more than doubled."),
    (
        "Der Fonds verschlang mit 9 Millionen Euro mehr als die Hälfte der Mittel.",
        "The fund, at 9 million euros, swallowed more than half of the money.",
        "The fund, at 9 million euros, swallowed less than half of the money.",
    ),
    (
        "Die Inflation fiel unter die Zielmarke von 3 Prozent.",
        "Inflation fell below the 3 percent target.",
        "Inflation fell to the 3 percent target.",
    ),
    (
        "Der Wert liegt weit über der in Brüssel vereinbarten Grenze von 4 Prozent.",
        "The figure is well above the limit of 4 percent.",
        "The figure is well below the limit of 4 percent.",
    ),
    (
        "Auf der Insel leben kaum 600 Menschen.",
        "Barely 600 people live on the island.",
        "More than 600 people live on the island.",
    ),
    ("Das seien nicht einmal zwei Stunden.", "That was less than two hours.", "That was more than two hours."),
    ("Annähernd 70 Prozent stimmten zu.", "Nearly 70 percent agreed.", "More than 70 percent agreed."),
    (
        "Ein Brot kostet dreimal so viel wie zehn Monate zuvor.",
        "A loaf costs three times as much as ten months earlier.",
        "A loaf costs three times as much as up to ten months earlier.",
    ),
    (
        "Er bleibt eine Stunde länger als vor sechs Jahren.",
        "He stays an hour longer than six years ago.",
        "He stays an hour longer than more than six years ago.",
    ),
    (
        "Geräte gibt es ab 180 Euro.",
        "Devices are available from as little as 180 euros.",
        "Devices are available for 180 euros.",
    ),
    ("Das wuchs vor acht Jahren.", "That grew eight years ago.", "That grew more than eight years ago."),
    (
        "Von den Männern sind es gar 41 Prozent.",
        "Among men it is as many as 41 percent.",
        "Among men it is more than 41 percent.",
    ),
    (
        "Bei Unterschreitung der 20-Prozent-Marke wird gezahlt.",
        "If it falls below the 20 percent mark, they pay.",
        "If it rises above the 20 percent mark, they pay.",
    ),
    (
        "Sie hofft, den Verlust wenigstens zu halbieren.",
        "It hopes to at least halve the loss.",
        "It hopes to more than halve the loss.",
    ),
    (
        "Die Strecke über 5.000 Meter ist zu.",
        "The 5,000-metre track is closed.",
        "The track of more than 5,000 metres is closed.",
    ),
]

MODIFIERS += [
    (
        "Frei sind Pakete bis 30 Kilogramm.",
        "Parcels of up to 30 kilograms are free.",
        "Parcels of over 30 kilograms are free.",
    ),
    (
        "Ab einem Bestellwert von 60 Euro ist es frei.",
        "Orders of 60 euros or more are free.",
        "Orders of 60 euros or less are free.",
    ),
    (
        "Bis zu einem Betrag von 700 Euro haftet er.",
        "He is liable for up to 700 euros.",
        "He is liable for at least 700 euros.",
    ),
    (
        "Verkauft wird es über zwei Ketten.",
        "It is sold through two chains.",
        "It is sold by two chains.",
    ),
    ("Sie gewann gegen sechs Rivalen.", "She won over six rivals.", "She won over more than six rivals."),
    (
        "Auf 40 Seiten steht, was fehlt.",
        "Over 40 pages, it says what is missing.",
        "In over 40 pages, it says what is missing.",
    ),
    ("Er lief über 800 Meter Bestzeit.", "He ran a best over 800 meters.", "He ran a best of over 800 meters."),
    ("Das ging an die 90 Gäste.", "It went to the 90 guests.", "It went to 90 guests."),
    ("Sie trauern um die 48 Opfer.", "They mourn the 48 victims.", "They mourn some of 84 victims."),
    ("Einige der gut 4.000 Bewohner blieben.", "Some of the good 4,000 residents stayed.", "Some of the 4,000 stayed."),
    ("Er ist noch keine 16 Jahre alt.", "He is not yet 16 years old.", "He is 16 years old."),
    ("Es hielt nicht einmal zwei Stunden.", "It did not even last two hours.", "It did last two hours."),
    (
        "Die Quote sank sogar um 31 Prozent.",
        "The rate fell by as much as 31 percent.",
        "The rate fell by up to 31 percent.",
    ),
    ("Sie wiegt so viel wie 40 Autos.", "It weighs as much as 40 cars.", "It weighs up to 40 cars."),
    (
        "Das ist mehr wert als neun Kilo Silber.",
        "That is worth more than nine kilos of silver.",
        "That is worth more than ten kilos of silver.",
    ),
    (
        "Das gilt für Heizungen, deren Leistung 5 Kilowatt übersteigt.",
        "This applies to heaters with an output exceeding 5 kilowatts.",
        "This applies to heaters with an output below 5 kilowatts.",
    ),
    (
        "Der Wert wird auf 8 Millionen Euro geschätzt.",
        "It is worth an estimated 8 million euros.",
        "It is worth over 8 million euros.",
    ),
    (
        "Der Umsatz lag über einer halben Milliarde Euro.",
        "Sales topped half a billion euros.",
        "Sales were half a billion euros.",
    ),
    (
        "Das Kind ist jünger als sieben Jahre.",
        "The child is under the age of seven.",
        "The child is at the age of seven.",
    ),
    ("Es reicht allenfalls für neun Tage.", "It will last nine days at most.", "It will last at least nine days."),
]

IN_FULL = [
    (
        "Der Gewinn lag bei 52 (88) Millionen Euro.",
        "Profit was 52 million euros (88 million).",
        "Profit was 52 million euros (88 billion).",
    ),
    (
        "Die Bilanz schrumpfte um 9,3 auf 214,5 Milliarden Euro.",
        "Assets shrank by 9.3 billion to 214.5 billion euros.",
        "Assets shrank by 9.3 million to 214.5 billion euros.",
    ),
    (
        "Der Bau kostet 130 statt 70 Millionen Euro.",
        "It will cost 130 million euros instead of 70 million.",
        "It will cost 130 billion euros instead of 70 million.",
    ),
    (
        "Statt 40 wurden nur 9,5 Milliarden Euro gezahlt.",
        "Only 9.5 billion euros were paid instead of 40 billion.",
        "Only 9.5 billion euros were paid instead of 40 million.",
    ),
    (
        "Zahler sind Bonn mit 21,5 Millionen Euro und Köln (8,0).",
        "Payers are Bonn with 21.5 million euros and Cologne (8.0 million).",
        "Payers are Bonn with 21.5 million euros and Cologne (8.1 million).",
    ),
    (
        "Mindestens 1,4 der 1,8 Millionen Bewohner flohen.",
        "At least 1.4 million of the 1.8 million residents fled.",
        "At least 1.4 billion of the 1.8 million residents fled.",
    ),
    (
        "Es kostet nicht zwei, sondern 0,7 Cent.",
        "It costs not two cents but 0.7 cents.",
        "It costs not two euros but 0.7 cents.",
    ),
    (
        "Das Porto steigt von 75 auf 90 Cent.",
        "Postage rises from 75 to 90 cents.",
        "Postage rises from 75 to 90 euros.",
    ),
    (
        "Die Quote stieg um 0,4 auf 6,1 Prozent.",
        "The rate rose by 0.4 points to 6.1 percent.",
        "The rate rose by 0.4 points to 6.1 points.",
    ),
    ("In drei Quartalen sank der Wert.", "In three quarters the value fell.", "In two quarters the value fell."),
    (
        "Er zahlt alles binnen einem Vierteljahr.",
        "He pays all of it in a quarter of the year.",
        "He pays all of it in a third of the year.",
    ),
    (
        "Die Arbeitszeit wird von 36 auf 33 Stunden gekürzt.",
        "Working hours are cut from 36 to 33.",
        "Working days are cut from 36 to 33.",
    ),
    (
        "Nach 90 torlosen Minuten war Schluss.",
        "It ended after 90 goalless minutes.",
        "It ended after 90 goalless hours.",
    ),
    ("Sie zahlt keinen Cent.", "She does not pay a cent.", "She does not pay a euro."),
    ("Kein Cent floss.", "Not one cent was paid.", "Not one dollar was paid."),
]

IN_FULL += [
    (
        "Es sind 40 von 120 Millionen Euro.",
        "It is 40 million of the 120 million euros.",
        "It is 40 billion of the 120 million euros.",
    ),
    (
        "Es gab 2 Millionen Euro für Masken, von denen 1,2 Millionen Stück fehlen.",
        "There were 2 million euros for masks, of which 1.2 million are missing.",
        "There were 2 million euros for masks, of which 1.2 million euros are missing.",
    ),
    (
        "Sie siegte mit sieben Zehnteln Vorsprung.",
        "She won by seven tenths of a second.",
        "She won by seven tenths of a minute.",
    ),
]
RATES += [
    (
        "In der 30er-Zone wurde geblitzt.",
        "There was a trap in the 30 kph zone.",
        "There was a trap in the 50 kph zone.",
    ),
    ("Das gilt für Tempo-30-Zonen.", "This applies to 30 kph zones.", "This applies to 50 kph zones."),
]
RATES += [
    ("Öl kostet 3.900 Euro die Tonne.", "Oil costs 3,900 euros a ton.", "Oil costs 3,900 euros a kilo."),
    ("Sie zahlt sechs Cent je Tablette.", "She pays six cents a tablet.", "She pays six cents a kilo."),
    ("Kupfer kostet 5 Dollar je Pfund.", "Copper costs 5 dollars a pound.", "Copper costs 5 dollars a kilo."),
    ("Für 100 Kilo zahlt er 150 Euro.", "He pays 150 euros per 100 kilos.", "He pays 150 euros per 10 kilos."),
    ("Es kamen 76 Gäste pro Vorstellung.", "76 guests came to each performance.", "76 guests came each hour."),
    (
        "Für eine Kilowattstunde zahlt er 76 Cent.",
        "He pays 76 cents per kilowatt-hour.",
        "He pays 76 cents per megawatt-hour.",
    ),
]
MODIFIERS += [
    ("Er reist unter drei Namen.", "He travels under three names.", "He travels with under three names."),
    ("Es hat dort bis zu minus 9 Grad.", "It is as low as minus 9 degrees there.", "It is minus 9 degrees there."),
]

SHARES = [
    (
        "In den beiden Jahren danach stieg er.",
        "It rose in the two years that followed.",
        "It rose in the three years that followed.",
    ),
    (
        "Das war in den letzten beiden harten Wochen so.",
        "It was so in the last two tough weeks.",
        "It was so in the last two tough days.",
    ),
    ("Betroffen ist 1 von 60.", "It affects 1 in 60.", "It affects 1 in 70."),
    ("Die Chance steht 1 zu 40.", "The chance is 1 in 40.", "The chance is 1 in 14."),
    (
        "Im Rückspiel gab es Gelb-Rot.",
        "In the second leg there was a second yellow card.",
        "In the third leg there was a yellow card.",
    ),
    ("Sie verlor in zweiter Instanz.", "She lost on appeal.", "She lost in the third instance."),
    ("Sie liegt auf Platz zwei der Liste.", "She is at number two in the list.", "She is at number three in the list."),
    ("Jeder siebte Fall blieb offen.", "One case in seven remained open.", "One case in eight remained open."),
    (
        "Im Schnitt starb jeder 40. Patient.",
        "On average one in 40 patients died.",
        "On average one in 50 patients died.",
    ),
    (
        "Nach einem Dreivierteljahr kehrte sie zurück.",
        "She returned after nine months.",
        "She returned after eight months.",
    ),
    ("Geöffnet ist jeden zweiten Montag.", "It is open every other Monday.", "It is open every third Monday."),
    ("Ein halbes Dutzend Boote sank.", "Six boats sank.", "Seven boats sank."),
    ("Drei von fünf Fraktionen stimmten zu.", "Three of the five groups agreed.", "Three of the six groups agreed."),
    (
        "Höchstens zwei von vier Sälen sind offen.",
        "At most two of its four halls are open.",
        "Two of its four halls are open.",
    ),
    ("Nötig ist eine Dreiviertelmehrheit.", "A three-quarters majority is needed.", "A two-thirds majority is needed."),
    ("Von 18 Lotsen sind sechs krank.", "Six of 18 pilots are ill.", "Seven of 18 pilots are ill."),
]

ARTICLES = [
    (
        "Die Feinunze Gold kostet 2.000 Dollar.",
        "An ounce of gold costs 2,000 dollars.",
        "A gram of gold costs 2,000 dollars.",
    ),
    (
        "Der Liter Diesel kostet 1,50 Euro.",
        "A liter of diesel costs 1.50 euros.",
        "A gallon of diesel costs 1.50 euros.",
    ),
    ("Das Pfund Kirschen kostet 4 Euro.", "A pound of cherries costs 4 euros.", "Two pounds of cherries cost 4 euros."),
    ("Die Maß kostet 14 Euro.", "A litre of beer costs 14 euros.", "Half a litre of beer costs 14 euros."),
    ("Die Tonne Weizen kostet 210 Euro.", "A tonne of wheat costs 210 euros.", "A kilogram of wheat costs 210 euros."),
]

ALL = [*RATES, *AGES, *COMPOUNDS, *MODIFIERS, *IN_FULL, *SHARES, *ARTICLES]


@pytest.mark.parametrize(("german", "english"), [(german, same) for german, same, _ in ALL])
def test_the_same_in_other_words_raises_no_alarm(german: str, english: str) -> None:
    assert not compared(german, english).problems


@pytest.mark.parametrize(("german", "english"), [(german, changed) for german, _, changed in ALL])
def test_another_figure_of_the_same_kind_is_found(german: str, english: str) -> None:
    assert compared(german, english).problems


DROPPED = [
    ("Einige der rund 700 Gäste gingen.", "Some of the 700 guests left."),
    ("Es kostet je nach Größe 50 Euro.", "It costs 50 euros per room."),
    ("Sie zahlen je 50 Euro.", "They pay 50 euros per window."),
    ("Sie gingen über fünf Brücken.", "They crossed up to five bridges."),
    ("Der Eintritt kostet 12 Euro pro Kopf.", "Admission costs 12 euros."),
    ("Der Eintritt kostet 12 Euro.", "Admission costs 12 euros per head."),
    ("Es fielen 41 Liter Regen je Quadratmeter.", "41 liters of rain fell."),
    ("Es kamen über 300 Gäste.", "There came 300 guests, more than expected."),
    ("Es kamen 300 Gäste, mehr als erwartet.", "More than 300 guests came."),
    ("Mindestens 30 Menschen starben.", "It is estimated that at most 30 people died."),
    ("Die Höchstzahl wurde überschritten, 30 Menschen starben.", "At most 30 people died."),
    ("Die 60 Stunden sind vorbei.", "The 60 years are over."),
    ("Der Preis beträgt 20 Euro.", "The price is a pound."),
    ("Er blieb zwei Halbjahre.", "He stayed two years."),
    ("Das Werk liegt wenige Kilometer entfernt.", "The plant is a kilometer away."),
    ("Deshalb kam er um ein Uhr.", "So half of them came at one."),
    ("Es wird auf über 60 Märkten verkauft.", "It is sold across 60 markets."),
    ("Bis auf zwei Gäste blieben alle.", "Up to two guests stayed."),
    ("Bis 2030 sinkt es um 40 Prozent.", "It will fall by up to 40 percent by 2030."),
    ("Von fünf Millionen Euro gingen drei Briefe ein.", "Of five million euros, three million letters came in."),
    ("Drei von fünf Millionen Menschen kamen.", "Three billion of five million people came."),
    ("Der Wert stieg um 180 auf 44 Prozent.", "It rose by 18 basis percent to 44 percent."),
    ("Es dauerte über mindestens 20 Jahre hinweg an.", "It went on for 20 years."),
    ("Es geht um einen Kredit über 30 Millionen Euro.", "It is about a loan of more than 30 million euros."),
]


@pytest.mark.parametrize(("german", "english"), DROPPED)
def test_what_is_left_out_or_added_is_found(german: str, english: str) -> None:
    assert compared(german, english).problems
