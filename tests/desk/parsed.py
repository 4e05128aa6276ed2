"""Pages of the desk as trees, for tests that look at what a browser would make of them."""

from __future__ import annotations

from lxml import html
from lxml.html import HtmlElement


def tree(page: str) -> HtmlElement:
    return html.document_fromstring(page)


def words(element: HtmlElement) -> str:
    """Return the text of an element with single spaces."""
    return " ".join(element.text_content().split())


def of_class(page: str, name: str) -> list[str]:
    """Return the words of each element of a class."""
    return [words(one) for one in tree(page).find_class(name)]


def title_of(page: str) -> str:
    return words(tree(page).xpath("//h1")[0])


def fields_of(page: str, action: str) -> dict[str, str]:
    """Return what the form that goes to `action` sends as it stands, but for buttons."""
    form = next(form for form in tree(page).forms if form.get("action") == action)
    return {name: value or "" for name, value in form.form_values()}
