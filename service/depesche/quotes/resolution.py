"""Resolution: whom "er", "sie" or "der Minister" stands for, from what the text said before; part of quotations."""

from __future__ import annotations

import re
from dataclasses import dataclass

from depesche.quotes.lexicon import Lexicon
from depesche.quotes.speakers import is_person
from depesche.span import Span

_NAME = r"(?:[A-ZÄÖÜÉ]\.\s|(?:von(?: der)?|van|de|al|el|bin)\s)*[A-ZÄÖÜÉ][\w’'-]+"
_NAMED_WITHIN = 5_000
"""Characters before "der Minister" in which a minister with a name is looked for."""
_LOOK_BACK = 4
"""Sentences over which a speaker carries on without being named."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody the text named, in which sentence and paragraph, and whether it let them speak."""

    name: str
    sentence: int
    paragraph: int
    spoke: bool = True


class Voices:
    """The speakers of one text, in the order in which it lets them speak."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self._text = text
        self._lexicon = lexicon
        self._heard: list[Voice] = []
        self._names: set[str] = set()
        self._full: dict[str, str] = {}

    @property
    def last(self) -> Voice | None:
        """Return the voice heard last."""
        return next((voice for voice in reversed(self._heard) if voice.spoke), None)

    def hear(self, speaker: Span | None, resolved: str | None, sentence: int, paragraph: int) -> None:
        """Remember that somebody spoke."""
        name = resolved or (speaker.of(self._text) if speaker else None)
        if name is not None and name.lower() not in self._lexicon.pronouns:
            self._remember(Voice(name, sentence, paragraph))

    def mention(self, subject: Span, sentence: int, paragraph: int) -> None:
        """Remember the subject of a sentence, whom a pronoun may mean later, where it is a person."""
        name = subject.of(self._text)
        known = name in self._full
        if known or (is_person(name, self._lexicon) and name.split()[0].lower() not in self._lexicon.pronouns):
            self._remember(Voice(name, sentence, paragraph, spoke=False))

    def _remember(self, voice: Voice) -> None:
        self._heard.append(voice)
        self._names.add(voice.name)
        *before, surname = voice.name.split()
        if before or surname not in self._full:
            self._full[surname] = voice.name

    def is_plausible(self, name: str) -> bool:
        """Say whether a subject may be who speaks: a person, an abbreviated body ("SPD"), or one who has spoken."""
        abbreviated = any(len(word) > 1 and word.isupper() for word in re.findall(r"[\w-]+", name))
        return abbreviated or is_person(name, self._lexicon) or name in self._names

    def may_speak(self, name: str) -> bool:
        """Say whether a subject may be somebody who says something: also a body such as "die Kommission"."""
        words = re.findall(r"[\w-]+", name.lower())
        pronoun = words[0] in self._lexicon.pronouns
        return pronoun or self.is_plausible(name) or any(word.endswith(self._lexicon.bodies) for word in words)

    def resolve(self, speaker: Span, sentence: int) -> str | None:
        """Return the name behind a pronoun or a description, or None for a name or where the text does not tell."""
        words = speaker.of(self._text)
        first = words.split()[0].lower()
        if first in self._lexicon.pronouns:
            return self._antecedent(first, sentence)
        if first in self._lexicon.possessives:
            return self._antecedent(self._lexicon.possessives[first], sentence)
        if (author := self._lexicon.document.search(words)) is not None:
            return author["author"]
        if first not in self._lexicon.determiners or first in self._lexicon.indefinite:
            return None
        head = self._description(words)
        if head is None:
            return None
        return self._named(head, speaker.start) or self._voice_described(head, sentence)

    def _antecedent(self, pronoun: str, sentence: int) -> str | None:
        for voice in reversed(self._heard):
            if sentence - voice.sentence > _LOOK_BACK:
                break
            if self._agrees(pronoun, voice.name):
                return voice.name
        return None

    def _agrees(self, pronoun: str, name: str) -> bool:
        words = re.findall(r"[\w-]+", self._full.get(name, name).lower())
        feminine = any(word.endswith(self._lexicon.feminine) for word in words)
        masculine = any(word.endswith(self._lexicon.masculine) for word in words) and not feminine
        if pronoun in self._lexicon.masculine_pronouns:
            woman = len(words) > 1 and self._is_womans_name(words[-2])
            by_article = words[0] not in self._lexicon.determiners or words[0] in self._lexicon.masculine_determiners
            return not feminine and not woman and (by_article or masculine)
        if pronoun in self._lexicon.feminine_pronouns:
            by_article = words[0] not in self._lexicon.determiners or words[0] in self._lexicon.feminine_determiners
            return not masculine and (by_article or feminine)
        return False

    def _is_womans_name(self, first_name: str) -> bool:
        names = self._lexicon
        return first_name.endswith(names.feminine_names) and first_name not in names.masculine_names

    def _description(self, words: str) -> str | None:
        """Return the head noun of "der zuständige Minister"; None where the phrase holds a name already."""
        core = re.split(r",|\(|\s(?:des|der|vom|von|für|of|for)\s", words, maxsplit=1)[0]
        if "," in words and re.search(rf",\s{_NAME}\s{_NAME}", words):
            return None
        nouns = [word for word in core.split()[1:] if word[0].isupper() or not self._lexicon.nouns_capitalised]
        if not nouns or (self._lexicon.nouns_capitalised and len(nouns) > 1):
            return None
        return nouns[-1]

    def _named(self, head: str, before: int) -> str | None:
        """Find the head noun with a name beside it in what went before: "Finanzminister Jan Petersen"."""
        noun = re.escape(head.split("-")[-1])
        pattern = re.compile(rf"\b(?i:[\w-]*{noun})\s((?:{_NAME})(?:\s{_NAME}){{0,3}})")
        names = [match[1] for match in pattern.finditer(self._text, max(0, before - _NAMED_WITHIN), before)]
        names = [name for name in names if name.split()[0].lower() not in self._lexicon.function_words]
        return names[-1] if names else None

    def _voice_described(self, head: str, sentence: int) -> str | None:
        """Return the last person heard, where the head noun is one for persons."""
        person = head.lower()
        feminine = person.endswith(self._lexicon.feminine)
        if not feminine and not person.endswith(self._lexicon.masculine):
            return None
        for voice in reversed(self._heard):
            if sentence - voice.sentence > _LOOK_BACK:
                return None
            if voice.name.lower().endswith(person) or voice.name.split()[0].lower() in self._lexicon.determiners:
                continue
            if is_person(voice.name, self._lexicon) and self._agrees("sie" if feminine else "er", voice.name):
                return voice.name
        return None
