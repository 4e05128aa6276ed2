"""Prompts: Markdown files in prompts/ with TOML front matter, rendered for a model's chat template.

An article's text goes into a prompt as data only: control tokens in it are broken up, so that no article can end
its own turn and speak as the system or the user.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Literal

from jinja2 import Environment, StrictUndefined
from jinja2.exceptions import UndefinedError

from depesche.data import data_folder
from depesche.errors import BadPrompt

Role = Literal["system", "user", "assistant"]
Template = Literal["chatml", "none"]

_FRONT_MATTER = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n", re.DOTALL)
_TURN = re.compile(r"^# (system|user|assistant)$", re.MULTILINE)
_CONTROL_TOKEN = re.compile(r"<(?=[|/]|(?:bos|eos|pad|unk|s|start_of_turn|end_of_turn)>)", re.IGNORECASE)
_ENVIRONMENT = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False)  # noqa: S701 - prompts are no HTML


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt file: turns with Jinja placeholders, the variables they take, and the hash of the file."""

    id: str
    version: int
    task: str
    variables: tuple[str, ...]
    max_tokens: int
    turns: tuple[tuple[Role, str], ...]
    sha256: str

    def render(self, template: Template, **values: str) -> str:
        """Return the finished prompt for a model with `template`; `values` are exactly `variables`."""
        if set(values) != set(self.variables):
            raise BadPrompt(
                f"takes the variables {sorted(self.variables)}, not {sorted(values)}", place=f"prompt {self.id}"
            )
        safe = {name: neutralise(value) for name, value in values.items()}
        try:
            turns = [(role, _ENVIRONMENT.from_string(text).render(safe)) for role, text in self.turns]
        except UndefinedError as error:
            raise BadPrompt(
                str(error), place=f"prompt {self.id}", remedy="declare the variable in the front matter"
            ) from error
        if template == "none":
            return "\n\n".join(text for _, text in turns)
        said = "".join(f"<|im_start|>{role}\n{text}<|im_end|>\n" for role, text in turns)
        return f"{said}<|im_start|>assistant\n"


def neutralise(text: str) -> str:
    """Break up whatever a tokenizer could read as a control token (`<|im_end|>`, `</s>`, `<eos>`)."""
    return _CONTROL_TOKEN.sub("< ", text)


@cache
def load_prompt(name: str) -> Prompt:
    """Read `prompts/<name>.md`. Raises `BadPrompt`."""
    path = data_folder("prompts") / f"{name}.md"
    place = f"prompts/{name}.md"
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadPrompt("no such prompt", place=place) from error
    text = raw.decode()
    if not (front := _FRONT_MATTER.match(text)):
        raise BadPrompt("has no front matter between +++ lines", place=place)
    try:
        meta = tomllib.loads(front[1])
        parts = _TURN.split(text[front.end() :])
        turns = tuple((_role(parts[i]), parts[i + 1].strip()) for i in range(1, len(parts), 2))
        return Prompt(
            id=str(meta["id"]),
            version=int(meta["version"]),
            task=str(meta["task"]),
            variables=tuple(meta["variables"]),
            max_tokens=int(meta["limits"]["max_tokens"]),
            turns=turns,
            sha256=hashlib.sha256(raw).hexdigest(),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise BadPrompt(f"bad front matter: {error}", place=place) from error


def _role(word: str) -> Role:
    match word:
        case "system" | "user" | "assistant":
            return word
        case _:
            raise ValueError(f"unknown turn {word!r}")
