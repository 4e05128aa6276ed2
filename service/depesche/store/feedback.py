"""What editors say of a brief: of one figure, sentence, claim or quotation, that it is right, and else what is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row, func, insert, select

from depesche.brief import Brief
from depesche.errors import BadRequest, FeedbackConflict, NotFound
from depesche.store.database import Database
from depesche.store.schema import briefs, feedback

Target = Literal["figure", "sentence", "claim", "quotation"]
Verdict = Literal["accept", "correct", "reject", "withdraw"]
"""`withdraw` takes back what was said of the part before it; nothing stands then."""
UNSEEN = -1
_ROWS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Feedback:
    """A verdict on one part of a brief.

    `index` is the part's place in `figures`, `sentences` or `quotations`; claims are counted from the headline (0)
    through the summary to the key points. `correction` is the English that should stand there.
    """

    brief_id: str
    target: Target
    index: int
    verdict: Verdict
    correction: str | None = None
    note: str | None = None
    editor: str | None = None


@dataclass(frozen=True, slots=True)
class StoredFeedback:
    """Feedback as it is kept; ids grow in the order in which it was given, and the latest word counts."""

    id: int
    created: datetime
    feedback: Feedback


class FeedbackBook:
    """The feedback of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, given: Feedback, *, after: int = UNSEEN) -> StoredFeedback:
        """Keep feedback. Raises `NotFound` without that brief, `BadRequest` for a part that it does not have.

        `after` is the id of the newest entry on this part that its editor has seen, 0 for none: with it, raises
        `FeedbackConflict` where somebody else has had a word since.
        """
        now = self._database.now()
        with self._database.transaction() as connection:
            row = connection.execute(
                select(briefs.c.number, briefs.c.document).where(briefs.c.id == given.brief_id).with_for_update()
            ).first()
            if row is None:
                raise NotFound("no such brief is kept", place=given.brief_id, remedy="see the list of briefs")
            _check(given, Brief.model_validate_json(row.document))
            if after != UNSEEN and _newest(connection, row.number, given) != after:
                raise FeedbackConflict(
                    "somebody else has had a word on this since you opened it",
                    place=f"{given.target}[{given.index}]",
                    remedy="read what they said, then save again to replace it",
                )
            number = connection.execute(
                insert(feedback)
                .values(
                    brief=row.number,
                    target=given.target,
                    position=given.index,
                    verdict=given.verdict,
                    correction=given.correction,
                    note=given.note,
                    editor=given.editor,
                    created=now,
                )
                .returning(feedback.c.id)
            ).scalar_one()
        return StoredFeedback(number, now, given)

    def of(self, brief_id: str) -> list[StoredFeedback]:
        """Return the feedback on a brief in the order in which it was given."""
        with self._database.transaction(write=False) as connection:
            rows = connection.execute(_with_brief().where(briefs.c.id == brief_id).order_by(feedback.c.id)).all()
        return [_stored(row) for row in rows]

    def export(self) -> Iterator[dict[str, Any]]:
        """Yield all feedback, the oldest first, with the German and English it is about: a JSONL record each."""
        last = 0
        while True:
            page = _with_brief(briefs.c.document).where(feedback.c.id > last).order_by(feedback.c.id)
            with self._database.transaction(write=False) as connection:
                rows = connection.execute(page.limit(_ROWS_AT_ONCE)).all()
            for row in rows:
                yield _record(_stored(row), Brief.model_validate_json(row.document))
            if len(rows) < _ROWS_AT_ONCE:
                return
            last = rows[-1].id


def _with_brief(*more: Any) -> Any:
    return select(feedback, briefs.c.id.label("brief_id"), *more).join(briefs, briefs.c.number == feedback.c.brief)


def _stored(row: Row[Any]) -> StoredFeedback:
    given = Feedback(row.brief_id, row.target, row.position, row.verdict, row.correction, row.note, row.editor)
    return StoredFeedback(row.id, row.created, given)


def _newest(connection: Connection, brief: int, given: Feedback) -> int:
    newest = connection.execute(
        select(func.max(feedback.c.id)).where(
            feedback.c.brief == brief, feedback.c.target == given.target, feedback.c.position == given.index
        )
    ).scalar_one()
    return newest or 0


def _parts(brief: Brief, target: Target) -> list[tuple[str | None, str | None]]:
    """Return German and English of the parts of one kind; a claim's German are the sentences that it rests on."""
    if target == "figure":
        return [(figure.german, figure.english) for figure in brief.figures]
    if target == "sentence":
        return [(sentence.german, sentence.english) for sentence in brief.sentences]
    if target == "quotation":
        return [(quotation.german, quotation.english) for quotation in brief.quotations]
    return [
        (" ".join(brief.sentences[index].german for index in claim.evidence), claim.text)
        for claim in (brief.headline, *brief.summary, *brief.key_points)
    ]


def _check(given: Feedback, brief: Brief) -> None:
    if given.target not in get_args(Target) or given.verdict not in get_args(Verdict):
        raise BadRequest("no such target or verdict", place="feedback", remedy="see the API's description")
    count = len(_parts(brief, given.target))
    if not 0 <= given.index < count:
        raise BadRequest(
            f"the brief has {count} parts of this kind", place=f"{given.target}[{given.index}]", remedy="count from 0"
        )
    if (given.verdict == "correct") != bool(given.correction and given.correction.strip()):
        raise BadRequest(
            "a correction goes with the verdict `correct`, and only with that", place="correction", remedy="give both"
        )


def _record(stored: StoredFeedback, brief: Brief) -> dict[str, Any]:
    given = stored.feedback
    german, english = _parts(brief, given.target)[given.index]
    return {
        "id": stored.id,
        "brief_id": given.brief_id,
        "target": given.target,
        "index": given.index,
        "verdict": given.verdict,
        "german": german,
        "english": english,
        "correction": given.correction,
        "note": given.note,
        "editor": given.editor,
        "created": stored.created.isoformat(),
    }
