"""Short German articles without end, written for this benchmark: no two are the same, all are of about 70 words."""

from __future__ import annotations

import random
from collections.abc import Iterator

_PLACES = ("Rosenau", "Bad Linden", "Altenfurt", "Seehausen", "Kirchmoor", "Neustadt am Fels", "Wiesenberg", "Tannrode")
_NAMES = ("Jana Petersen", "Karl Oberhuber", "Mira Tannert", "Jonas Wiek", "Helga Brandner", "Tobias Ehrlich")
_OFFICES = ("Bürgermeisterin", "Kämmerer", "Sprecherin", "Geschäftsführer", "Stadträtin")
_SUBJECTS = (
    (
        "Stadtrat billigt den Haushalt",
        "Der Stadtrat von {place} hat am {day} den Haushalt für das kommende Jahr gebilligt.",
    ),
    (
        "Werk soll erweitert werden",
        "Das Maschinenwerk in {place} soll im nächsten Jahr erweitert werden, wie am {day} bekannt wurde.",
    ),
    ("Klinik bekommt neue Station", "Die Klinik in {place} bekommt eine neue Station, teilte der Träger am {day} mit."),
    (
        "Neue Buslinie zum Bahnhof",
        "Zwischen {place} und dem Bahnhof verkehrt künftig eine neue Buslinie, hieß es am {day}.",
    ),
)
_FIGURES = (
    "Die Kosten werden auf rund {million} Millionen Euro geschätzt, das sind {percent} Prozent mehr als zuletzt.",
    "Geplant sind Ausgaben von {million} Millionen Euro; im Vorjahr waren es {percent} Prozent weniger.",
    "Dafür sind {million} Millionen Euro vorgesehen, und {count} Beschäftigte kommen hinzu.",
)
_QUOTES = (
    "„Wir haben lange darauf gewartet“, sagte {office} {name} nach der Sitzung.",
    "„Das ist ein guter Tag für {place}“, sagte {office} {name}.",
    "{office} {name} sprach von einem wichtigen Schritt für die Region.",
)
_ENDINGS = (
    "Die Arbeiten sollen im {month} beginnen und etwa {count} Tage dauern.",
    "Kritiker bemängeln, dass {count} Einwohner nicht gefragt worden seien.",
    "Bis {month} soll ein Bericht vorliegen, der {count} Seiten umfasst.",
)
_DAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag")
_MONTHS = ("Januar", "März", "Mai", "September", "November")


def articles(seed: int = 1870) -> Iterator[str]:
    """Yield articles, the same for the same `seed`."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    while True:
        title, begin = chance.choice(_SUBJECTS)
        values = {
            "place": chance.choice(_PLACES),
            "day": chance.choice(_DAYS),
            "name": chance.choice(_NAMES),
            "office": chance.choice(_OFFICES),
            "month": chance.choice(_MONTHS),
            "million": f"{chance.randint(11, 999) / 10:.1f}".replace(".", ","),
            "percent": f"{chance.randint(2, 99) / 10:.1f}".replace(".", ","),
            "count": chance.randint(12, 980),
        }
        body = " ".join([begin, chance.choice(_FIGURES), chance.choice(_QUOTES)])
        end = " ".join(chance.sample(_ENDINGS, 2))
        yield f"{title}\n\n{body}\n\n{end}\n".format(**values)
