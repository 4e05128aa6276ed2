"""Who reads the desk, and the token that proves a form to be one of ours.

A token is an HMAC under the visitor's cookie, so nothing is kept for it: the session's cookie where somebody is logged
in, else a cookie of 256 random bits (double submit; OWASP, Cross-Site Request Forgery Prevention). Neither can be read
by a page of another origin, and both are SameSite=Strict.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from depesche.api.security import SESSION_COOKIE, Caller, keys_required
from depesche.api.services import Services
from depesche.errors import Forbidden

FORM_COOKIE = "depesche_form"
EDITOR_COOKIE = "depesche_editor"
SESSION_SECONDS = 12 * 3600
_YEAR = 365 * 86_400
_LONGEST_NAME = 80


@dataclass(slots=True)
class Visitor:
    """The reader of a page. `caller` is None for somebody who has not logged in."""

    caller: Caller | None
    secret: str
    is_new: bool
    signed_in: bool
    editor: str
    secure: bool
    new_editor: str | None = field(default=None)

    @property
    def token(self) -> str:
        """Return the token of this visitor's forms."""
        return hmac.new(self.secret.encode(), b"form of the reading desk", hashlib.sha256).hexdigest()

    @property
    def may_edit(self) -> bool:
        """Say whether the visitor may give feedback."""
        return self.caller is not None and "edit" in self.caller.scopes

    @property
    def is_named(self) -> bool:
        """Say whether a key says who the visitor is, so that nobody has to be asked."""
        return self.caller is not None and self.caller.key_name is not None

    def check_token(self, given: str) -> None:
        """Raise `Forbidden` unless `given` is the token of one of this visitor's forms."""
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            raise Forbidden(
                "this form was not made for your session, or is older than it",
                remedy="load the page again, and send the form once more",
            )

    def remember(self, answer: Response) -> None:
        """Give the cookies that the next request needs along with `answer`."""
        if self.is_new:
            give_cookie(answer, FORM_COOKIE, self.secret, secure=self.secure)
        if self.new_editor is not None:
            give_cookie(answer, EDITOR_COOKIE, _quoted(self.new_editor), secure=self.secure, max_age=_YEAR)


def give_cookie(answer: Response, name: str, value: str, *, secure: bool, max_age: int | None = None) -> None:
    """Give a cookie along with `answer`; without an age it goes when the browser is closed, with age 0 at once."""
    answer.set_cookie(name, value, max_age=max_age, path="/", httponly=True, samesite="strict", secure=secure)


def visitor_of(request: Request, services: Services, caller: Caller | None) -> Visitor:
    """Return the visitor that `request` comes from."""
    with_keys = keys_required(services.config.serve)
    session = request.cookies.get(SESSION_COOKIE) if with_keys and caller is not None else None
    known = session or request.cookies.get(FORM_COOKIE)
    return Visitor(
        caller=caller,
        secret=known or secrets.token_urlsafe(32),
        is_new=known is None,
        signed_in=session is not None,
        editor=(caller and caller.key_name) or editor_name(_unquoted(request.cookies.get(EDITOR_COOKIE, ""))),
        secure=request.url.scheme == "https",
    )


def editor_name(given: str) -> str:
    """Return the name that an editor gives, on one line and not too long."""
    return " ".join(given.split())[:_LONGEST_NAME]


def _quoted(name: str) -> str:
    return name.encode().hex()


def _unquoted(value: str) -> str:
    try:
        return bytes.fromhex(value).decode()
    except ValueError:
        return ""
