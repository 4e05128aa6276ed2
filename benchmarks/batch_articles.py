"""English articles for folder jobs without a model: copied, not translated, and briefed by choosing sentences."""

from __future__ import annotations

import random
from pathlib import Path

_TOWNS = ("Altenfurt", "Kirchdorf", "Seebach", "Lindenau", "Hohenfels", "Rosswein", "Talheim", "Brunnthal")
_PEOPLE = ("Karin Lohse", "Peter Brenner", "Anna Vogt", "Emil Sander", "Rita Thoma")
_SENTENCES = (
    "The city of {town} will spend {a} million euros on {b} new schools next year.",
    "The council adopted the budget on Wednesday with {b} votes to {c}.",
    "{person} said the town had waited long enough for this decision.",
    "Work is expected to begin in {month} and to take {c} years, the administration said.",
    "About {d} children attend the schools of the district today.",
    "The state of the roads remains a matter of dispute between {town} and its neighbours.",
    "Prices for building land rose by {c} percent within a year, according to the survey.",
    "“We have to decide before the summer,” {person} told the assembly in {town}.",
)
_MONTHS = ("March", "April", "May", "June", "September")


def english_article(seed: int, sentences: int = 6) -> str:
    """Return a short article that no other seed gives."""
    rng = random.Random(seed)  # noqa: S311 - no secret

    def sentence(template: str) -> str:
        return template.format(
            town=rng.choice(_TOWNS),
            person=rng.choice(_PEOPLE),
            month=rng.choice(_MONTHS),
            a=rng.randint(2, 900),
            b=rng.randint(10, 60),
            c=rng.randint(2, 9),
            d=f"{rng.randint(1000, 99999):,}",
        )

    body = " ".join(sentence(template) for template in rng.choices(_SENTENCES, k=sentences))
    return f"{rng.choice(_TOWNS)} decides on report {seed}\n\n{body} The report has the number {seed + 100000}.\n"


def write_articles(folder: Path, count: int, *, first: int = 0, in_each: int = 500) -> None:
    """Write `count` articles below `folder`, some hundreds in each of its folders."""
    for number in range(first, first + count):
        path = folder / f"{number // in_each:03d}" / f"article-{number:06d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(english_article(number), "utf-8")
