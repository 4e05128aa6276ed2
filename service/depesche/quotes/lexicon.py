"""What finding quotations knows of a language: cue verbs, noun phrases, the grammar of reported speech, as data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any

_LANGUAGES = Path(__file__).parent / "languages"
MASK = "¤"
"""Stands for each character of direct speech in a masked text, so that offsets stay true."""


class Strength(IntEnum):
    """How strongly a verb points to speech: "sagte" more than "nannte"."""

    ATTITUDE = 1
    SPEECH = 2


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's table (`languages/*.toml`), ready to search with."""

    verbs: dict[str, Strength]
    bare_complement: bool
    infinitive: re.Pattern[str]
    participles: frozenset[str]
    only_participles: frozenset[str]
    finite: frozenset[str]
    agents: re.Pattern[str]
    relative: re.Pattern[str]
    separable: dict[str, re.Pattern[str]]
    auxiliaries: frozenset[str]
    passive: frozenset[str]
    quoted_participles: frozenset[str]
    phrase: re.Pattern[str]
    attribute: re.Pattern[str]
    apposition: re.Pattern[str]
    document: re.Pattern[str]
    pronouns: frozenset[str]
    impersonal: frozenset[str]
    nominative: frozenset[str]
    determiners: frozenset[str]
    function_words: frozenset[str]
    adverb_endings: tuple[str, ...]
    ambiguous_genitives: frozenset[str]
    particles: re.Pattern[str]
    recipients: re.Pattern[str]
    between: re.Pattern[str]
    source_triggers: frozenset[str]
    source_before: re.Pattern[str]
    source_after: re.Pattern[str]
    own_word: re.Pattern[str]
    compound_source: re.Pattern[str]
    possessive: re.Pattern[str]
    it_says: re.Pattern[str]
    retrospective: re.Pattern[str]
    introducing: frozenset[str]
    complement: re.Pattern[str]
    questions: re.Pattern[str]
    subordinate: re.Pattern[str]
    as_said: re.Pattern[str]
    joining: frozenset[str]
    opinion: re.Pattern[str]
    reported: frozenset[str]
    reported_or_substitute: frozenset[str]
    idioms: re.Pattern[str]
    no_verbs: frozenset[str]
    title_heads: tuple[str, ...]
    title_beginnings: frozenset[str]
    outlet_prepositions: frozenset[str]
    grounds: frozenset[str]
    masculine: tuple[str, ...]
    feminine: tuple[str, ...]
    masculine_pronouns: frozenset[str]
    feminine_pronouns: frozenset[str]
    masculine_determiners: frozenset[str]
    feminine_determiners: frozenset[str]
    indefinite: frozenset[str]
    bodies: tuple[str, ...]
    feminine_names: tuple[str, ...]
    masculine_names: frozenset[str]
    possessives: dict[str, str]
    nouns_capitalised: bool


def _words(entries: str | Iterable[str], *, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    """Return a pattern for any of the words, whole; longer ones first so that they win."""
    words = entries.split() if isinstance(entries, str) else list(entries)
    if not words:
        return re.compile(r"(?!)")
    return re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + r")\b", flags)


@cache
def lexicon(language: str) -> Lexicon | None:
    """Return the table of an ISO 639-1 language, or None for one that has none."""
    path = _LANGUAGES / f"{language}.toml"
    if not path.is_file():
        return None
    return _compile(tomllib.loads(path.read_text(encoding="utf-8")))


def _compile(table: dict[str, Any]) -> Lexicon:
    sources, clauses, phrases = table["sources"], table["clauses"], table["phrases"]
    subjunctive = table["subjunctive"]
    phrase, attribute, apposition = _phrases(phrases, set(_verbs(table)), capitalised=table["nouns_capitalised"])
    nouns = "|".join(sources["nouns"])
    joined = "|".join(sources["before_noun"])
    direct = "|".join(map(re.escape, sources["before"]))
    of = "|".join(sources["of"])
    return Lexicon(
        verbs=_verbs(table),
        bare_complement=clauses["bare"],
        infinitive=re.compile(rf"\b{clauses['infinitive']}\s$"),
        participles=frozenset(table["participles"]["forms"].split()),
        only_participles=frozenset(table["participles"]["only"].split()),
        finite=frozenset(table["auxiliaries"]["finite"].split()),
        agents=_words(table["auxiliaries"]["agents"]),
        relative=_words(clauses["relative"]),
        separable=_separable(table.get("separable_verbs", {})),
        auxiliaries=frozenset(table["auxiliaries"]["forms"].split()),
        passive=frozenset(table["auxiliaries"]["passive"].split()),
        quoted_participles=frozenset(table["auxiliaries"]["quoted"].split()),
        phrase=phrase,
        attribute=attribute,
        apposition=apposition,
        document=re.compile(rf"(?i:\w*(?:{'|'.join(sources['documents'].split())}))\s(?:{of})\s(?P<author>[A-ZÄÖÜ].*)"),
        pronouns=frozenset(phrases["pronouns"].split()),
        impersonal=frozenset(phrases["impersonal"].split()),
        nominative=frozenset(phrases["nominative"].split()),
        determiners=frozenset(phrases["determiners"].split()),
        ambiguous_genitives=frozenset(phrases["ambiguous_genitives"].split()),
        function_words=frozenset(phrases["function_words"].split()),
        adverb_endings=tuple(phrases["adverb_endings"].split()),
        particles=re.compile(rf"(?:(?:{'|'.join(phrases['particles'].split())})\s)+", re.IGNORECASE),
        recipients=_words(phrases["recipients"]),
        between=re.compile(rf"(?:\s*\b(?:{'|'.join(phrases['between'])})\b)+\s*", re.IGNORECASE),
        source_triggers=frozenset(sources["triggers"].split()),
        source_before=re.compile(
            rf"\b(?:(?:(?:{joined})\s(?:\w+\s){{0,4}}?(?P<noun>{nouns})(?:\s(?:{of}))?)|{direct})\s", re.IGNORECASE
        ),
        source_after=_words(sources["after"]),
        own_word=re.compile(rf"(?<=[\s{MASK}])(?:{'|'.join(sources['own'])})\s"),
        compound_source=re.compile(rf"\b(?i:{joined})\s(?:\w+\s)?(?P<source>{'|'.join(sources['compounds'])})\b"),
        possessive=_possessive(sources, table["persons"]["possessives"]),
        it_says=re.compile(
            rf"\b(?:{'|'.join(sources['it_says'])})\b(?:(?:\s\w+){{0,2}}?\s(?:{'|'.join(sources['it_says_in'])})\b)?\s?",
            re.IGNORECASE,
        ),
        introducing=frozenset(sources["introducing"].split()),
        retrospective=re.compile(rf"(?:{'|'.join(sources['retrospective'])})\s"),
        complement=_words(clauses["complement"]),
        questions=_words(clauses["questions"]),
        subordinate=_words(clauses["subordinate"]),
        as_said=_words(clauses["as_said"]),
        joining=frozenset(clauses["joining"]),
        opinion=_words(clauses["opinion"]),
        reported=frozenset(subjunctive["reported"].split()),
        reported_or_substitute=frozenset(f"{subjunctive['reported']} {subjunctive['substitutes']}".split()),
        idioms=_words(subjunctive["idioms"]),
        no_verbs=frozenset(subjunctive["no_verbs"].split()),
        title_beginnings=frozenset(table["titles"].get("beginnings", "").split()),
        title_heads=tuple(table["titles"]["heads"].split()),
        grounds=frozenset(table["titles"].get("grounds", "").split()),
        outlet_prepositions=frozenset(table["titles"]["outlet_prepositions"].split()),
        masculine=tuple(table["persons"]["masculine"].split()),
        feminine=tuple(table["persons"]["feminine"].split()),
        masculine_pronouns=frozenset(table["persons"]["masculine_pronouns"].split()),
        feminine_pronouns=frozenset(table["persons"]["feminine_pronouns"].split()),
        masculine_determiners=frozenset(table["persons"]["masculine_determiners"].split()),
        feminine_determiners=frozenset(table["persons"]["feminine_determiners"].split()),
        indefinite=frozenset(table["persons"]["indefinite"].split()),
        bodies=tuple(table["persons"]["bodies"].split()),
        feminine_names=tuple(table["persons"]["feminine_names"].split()),
        masculine_names=frozenset(table["persons"]["masculine_names"].split()),
        possessives=table["persons"]["possessives"],
        nouns_capitalised=table["nouns_capitalised"],
    )


def _possessive(sources: dict[str, Any], possessives: dict[str, str]) -> re.Pattern[str]:
    """Return the pattern of "seiner Ansicht nach" and "nach seiner Ansicht"."""
    whose = f"(?:{'|'.join(possessives)})"
    nouns, after = "|".join(sources["possessive"]), "|".join(sources["postpositions"])
    joined = "|".join(sources["before_noun"])
    return re.compile(
        rf"\b(?:(?P<whose>{whose})\s(?:{nouns})\s(?:{after})|(?:{joined})\s(?P<whose_after>{whose})\s(?:{nouns}))\b",
        re.IGNORECASE,
    )


def _verbs(table: dict[str, Any]) -> dict[str, Strength]:
    verbs = {form: Strength.ATTITUDE for forms in table["attitude_verbs"].values() for form in forms.split()}
    verbs.update({form: Strength.SPEECH for forms in table["speech_verbs"].values() for form in forms.split()})
    return verbs


def _separable(table: dict[str, str]) -> dict[str, re.Pattern[str]]:
    """Return for each finite form the pattern of the particles that make it a verb of speech."""
    particles: dict[str, list[str]] = {}
    for particle, forms in table.items():
        for form in forms.split():
            particles.setdefault(form, []).append(particle)
    end = rf"(?=\s*(?:[,.:;!?{MASK}–-]|$|\n)|\s(?:und|dass)\b)"
    return {form: re.compile(rf"\b(?:{'|'.join(found)}){end}") for form, found in particles.items()}


def _phrases(
    table: dict[str, Any], verbs: set[str], *, capitalised: bool
) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a noun phrase, of an attribute that follows it, and of an apposition after a comma."""
    determiner = f"(?:{'|'.join(table['determiners'].split())})"
    links = "|".join(map(re.escape, table["links"]))
    genitive = f"(?:{'|'.join(table['genitives'].split())})"
    quoted = r"[„\"»“][A-ZÄÖÜ][^„“”\"»«\n]{1,30}[“”\"«]"
    title = f"(?:{'|'.join(map(re.escape, table['titles'].split()))})"
    if capitalised:
        title = f"(?:{title}|(?:[A-ZÄÖÜ]\\.)+|[IVX]+\\.(?=[\\s,]\\S|,)|\\d\\d(?:/Die)?(?=[\\s,.]))"
        name = rf"(?:{title}|(?:[a-z]{{1,3}}[’'-])?\d{{0,3}}[A-ZÄÖÜÉÁÓŠČŽ][\w’'&/-]*)"
        adjective = r"(?:[a-zäöüß\d][\wäöüß-]*(?:e|en|er|es|em)|(?-i:[A-ZÄÖÜ][\w-]*er)(?=\s[A-ZÄÖÜ]))"
        core = (
            rf"(?:(?i:{determiner})\s(?:{adjective}\s){{0,4}})?(?!\d)(?:{name}|{quoted})"
            rf"(?:\s(?:(?:{links})\s)?(?:{name}|{quoted})){{0,6}}"
        )
    else:
        stop = f"(?:{'|'.join([*table['stops'].split(), *sorted(verbs)])})"
        name = rf"(?:{title}|[A-Z]\.|(?!{stop}\b)[\w’'&-]+)"
        core = rf"(?:(?i:{determiner})\s)?{name}(?:\s{name}){{0,7}}"
        adjective = r"[a-z-]+"
    within = f"(?:{'|'.join([*table['genitives'].split(), *table['places'].split()])})"
    paren = r"(?:\s\([^()\n]{1,40}\))?"
    inner = rf"(?:{determiner}\s)?(?:{adjective}\s){{0,3}}(?:{name}|{quoted})(?:\s(?:(?:{links})\s)?{name}){{0,4}}"
    return (
        re.compile(core + paren),
        re.compile(rf"\s{genitive}\s{inner}{paren}"),
        re.compile(rf",\s(?:{core})(?:\s{within}\s{inner}){{0,3}}{paren}"),
    )
