"""The review of a part of a brief: what editors said of it, and a form to have a word."""

from __future__ import annotations

from typing import Annotated, cast, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from depesche.api.services import Services, get_services
from depesche.desk.answering import SEE_OTHER, DeskRoute, fault_of, visiting
from depesche.desk.feedback import Review, reviews_of
from depesche.desk.filters import Filters
from depesche.desk.forms import Form, read_form
from depesche.desk.pages import Fault, render
from depesche.desk.reviewing import Part, part_of
from depesche.desk.routes_brief import BriefPage, stored_brief
from depesche.desk.visitors import Visitor, editor_name
from depesche.errors import BadRequest, FeedbackConflict
from depesche.store import Feedback, StoredFeedback, Verdict

router = APIRouter(route_class=DeskRoute)
_LONGEST_TEXT = 4_000
_ADDRESS = "/desk/briefs/{brief_id}/review/{target}/{index}"


@router.get(_ADDRESS)
async def show_review(
    request: Request,
    brief_id: str,
    target: str,
    index: int,
    services: Annotated[Services, Depends(get_services)],
    visitor: Annotated[Visitor, Depends(visiting("read"))],
) -> Response:
    """Show the history of a part and the form."""
    part = part_of((await stored_brief(services, brief_id)).brief, target, index)
    return await _page(request, services, visitor, brief_id, part)


@router.post(_ADDRESS)
async def give_review(
    request: Request,
    brief_id: str,
    target: str,
    index: int,
    services: Annotated[Services, Depends(get_services)],
    visitor: Annotated[Visitor, Depends(visiting("edit"))],
) -> Response:
    """Keep an editor's word, unless somebody else has had one since the form was made."""
    form = await read_form(request, services.config.serve)
    visitor.check_token(form.get("token"))
    part = part_of((await stored_brief(services, brief_id)).brief, target, index)
    try:
        given, after = _feedback(form, brief_id, part, visitor)
        saved: StoredFeedback = await services.query(services.store.feedback.add, given, after=after)
    except (BadRequest, FeedbackConflict) as error:
        return await _page(request, services, visitor, brief_id, part, form, fault_of(request, error))
    filters = Filters.of(request.query_params)
    separator = "&" if filters.suffix else "?"
    page = BriefPage(brief_id, filters.suffix, visitor.may_edit)
    address = f"{page.brief_address()}{separator}{urlencode({'saved': saved.id})}#{part.anchor}"
    answer = RedirectResponse(address, SEE_OTHER)
    visitor.remember(answer)
    return answer


async def _page(
    request: Request,
    services: Services,
    visitor: Visitor,
    brief_id: str,
    part: Part,
    form: Form | None = None,
    fault: Fault | None = None,
) -> Response:
    given = await services.query(services.store.feedback.of, brief_id)
    review = reviews_of(given).get((part.target, part.index)) or Review(part.target, part.index, ())
    filters = Filters.of(request.query_params)
    return render(
        visitor,
        "review.html.j2",
        status=fault.status if fault else 200,
        section="briefs",
        page=BriefPage(brief_id, filters.suffix, visitor.may_edit),
        part=part,
        review=review,
        fault=fault,
        entered=_entered(form, part),
        longest=_LONGEST_TEXT,
    )


def _feedback(form: Form, brief_id: str, part: Part, visitor: Visitor) -> tuple[Feedback, int]:
    """Return what the form says, and the newest entry that its editor has seen. Raises `BadRequest`."""
    verdict, after = form.get("verdict"), form.get("after")
    if verdict not in get_args(Verdict) or not (after.isascii() and after.isdigit() and len(after) < 19):
        raise BadRequest("no verdict", place="verdict", remedy="choose whether to accept, correct or reject")
    if not visitor.is_named and "editor" in form.fields:
        visitor.editor = visitor.new_editor = editor_name(form.get("editor"))
    correction = form.get("correction") if verdict == "correct" else ""
    if verdict == "correct" and not correction:
        raise BadRequest("a correction without a text", place="correction", remedy="write what should stand there")
    if verdict == "correct" and correction == part.english.strip():
        raise BadRequest("the correction changes nothing", place="correction", remedy="change the text, or accept it")
    if max(len(correction), len(form.get("note"))) > _LONGEST_TEXT:
        raise BadRequest(f"more than {_LONGEST_TEXT} characters", place="correction", remedy="say it shorter")
    given = Feedback(
        brief_id=brief_id,
        target=part.target,
        index=part.index,
        verdict=cast(Verdict, verdict),
        correction=correction or None,
        note=form.get("note") or None,
        editor=visitor.editor or None,
    )
    return given, int(after)


def _entered(form: Form | None, part: Part) -> dict[str, str]:
    """Return what the form's fields show: what was entered, else the part as it is."""
    if form is None:
        return {"verdict": "", "correction": part.english, "note": ""}
    return {
        "verdict": form.get("verdict"),
        "correction": form.get("correction") or part.english,
        "note": form.get("note"),
    }
