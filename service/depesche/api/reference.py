"""The page at /docs: the OpenAPI document for people, without a script and without a request elsewhere."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def reference_page(document: dict[str, Any]) -> str:
    """Return the page that shows an OpenAPI document."""
    operations = [
        {"path": path, "method": method.upper(), **operation}
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return _environment().get_template("reference.html.j2").render(document=document, operations=operations)


@cache
def reference_style() -> str:
    """Return the style sheet of the page."""
    return files("depesche.api").joinpath("reference.css").read_text("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("depesche", "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["pretty"] = lambda value: json.dumps(value, indent=2, ensure_ascii=False)
    return environment
