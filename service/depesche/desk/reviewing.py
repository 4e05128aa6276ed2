"""The parts of a brief that an editor can have a word on: what each is called, what it says, where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from depesche.brief import Brief, BriefAttempt
from depesche.desk.pages import say_place
from depesche.desk.reading import places_of, reasons_of
from depesche.errors import NotFound
from depesche.store import StoredFeedback, Target
from depesche.translation import Status

_VERDICTS = {"accept": "accepted", "correct": "corrected", "reject": "rejected", "withdraw": "taken back"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a brief, as its review shows it. `anchor` is the id of its element on the brief's page."""

    target: Target
    index: int
    name: str
    german: str
    english: str
    context: str | None
    status: Status | None
    findings: Sequence[str]
    attempts: Sequence[BriefAttempt]
    anchor: str


def part_of(brief: Brief, target: str, index: int) -> Part:
    """Return a part of `brief`. Raises `NotFound` for one that it does not have."""
    parts = {
        "figure": (len(brief.figures), _figure),
        "sentence": (len(brief.sentences), _sentence),
        "claim": (len(places_of(brief)), _claim),
        "quotation": (len(brief.quotations), _quotation),
    }
    count, make = parts.get(target, (0, _figure))
    if not 0 <= index < count:
        raise NotFound("the brief has no such part", place=f"{target[:20]}[{index}]", remedy="go back to the brief")
    return make(brief, index)


def say_entry(brief: Brief, entry: StoredFeedback) -> str:
    """Return what an entry did, in words: `Key point 2 rejected`."""
    given = entry.feedback
    return f"{part_of(brief, given.target, given.index).name} {_VERDICTS[given.verdict]}"


def _figure(brief: Brief, index: int) -> Part:
    figure = brief.figures[index]
    sentence = next((one.german for one in brief.sentences if one.index == figure.sentence), None)
    return Part(
        "figure",
        index,
        f"Figure “{figure.english or figure.german}”",
        figure.german,
        figure.english,
        f"{sentence or ''}\n{figure.english_sentence}".strip(),
        figure.status,
        (),
        (),
        f"figure-{figure.id}",
    )


def _sentence(brief: Brief, index: int) -> Part:
    one = brief.sentences[index]
    return Part(
        "sentence",
        index,
        f"Sentence {one.index + 1}",
        one.german,
        one.english,
        None,
        one.status,
        reasons_of(one),
        one.attempts,
        f"en-s{one.index}",
    )


def _claim(brief: Brief, index: int) -> Part:
    place, claim = places_of(brief)[index]
    german = " ".join(one.german for one in brief.sentences if one.index in claim.evidence)
    return Part(
        "claim",
        index,
        say_place(place),
        german,
        claim.text,
        None,
        claim.status,
        reasons_of(claim),
        claim.attempts,
        f"claim-{index}",
    )


def _quotation(brief: Brief, index: int) -> Part:
    one = brief.quotations[index]
    speaker = one.speaker_english or one.resolved_speaker or one.speaker
    return Part(
        "quotation",
        index,
        f"Quotation of {speaker}" if speaker else "Quotation",
        one.german,
        one.english or "",
        None,
        None,
        (),
        (),
        f"quotation-{index}",
    )
