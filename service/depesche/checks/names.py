"""Names that a translation keeps as they are, and capitalised words of an English text that no source supports.

German capitalises every noun, so a name can't be told by its capital. It can be told by the translation: a
capitalised German word that the English of some sentence keeps letter for letter is a name, and then it must
be kept wherever it stands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from babel import Locale

from depesche.checks.places import english_forms
from depesche.checks.support import content_of
from depesche.checks.words import word_table
from depesche.finding import Finding, FindingCode
from depesche.kept import kept

_TOKEN = re.compile(r"[^\W\d_][\w&'’.-]*\w|[^\W\d_]")
_IDENTIFIER = re.compile(r"(?<![\w.,-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Z][\w-]*[\w](?![\w])")
_SHORTEST_NAME, _SHORTEST_BENT = 3, 5
_VOWELS = frozenset("aeiouyäöü")
_SMALL_WORD = re.compile(r"(?<![\w-])[a-zäöüß]\w+(?![\w-])")
_DETERMINED = re.compile(
    r"\b(?:[Dd](?:er|ie|as|en|em|es)|(?:[Ee]|[Kk]e|[Ss]e|[Mm]e)in(?:e[mnrs]?)?|[Ii]hr(?:e[mnrs]?)?|[Uu]nser(?:e[mnrs]?)?"
    r"|[Dd]iese[mnrs]?|[Jj]ede[mnrs]?|[Zz]u[mr]|[Ii](?:m|ns)|[Aa](?:m|ns)|[Vv]om|[Bb]eim)\s+"
    r"(?:[a-zäöüß]\w*\s+)?([^\W\d_a-zäöüß]\w+)"
)
_OPENING = re.compile(r"[“\"'‘(]*(?P<word>[A-ZÄÖÜ][\w-]+)(?P<owner>['’]s?)?\s+(?P<next>[^\W\d_][\w-]*)")
_NOUN_ENDING = re.compile(
    r"(?:tion|sion|ment|ness|ity|ing|ly|ism|ance|ence|ency|ship|hood|age|ure|ers|ors|ists|ees|ians|ies|ions|ments|al|ed)$"
)
_SINGULAR_VERB = re.compile(r"is|was|has|does|says|said|will|would|can|could|may|[a-z]{2,}(?<![sui])s")
_GENITIVE = re.compile(r"\b([^\W\d_][^\W_]+)s\b(?=\s+\w)")
_WITHOUT_DOTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "Ä": "A", "Ö": "O", "Ü": "U", "ß": "ss"})
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
_POSSESSIVE = ("'s", "’s", "'", "’")
_BREAKS = frozenset('.!?:;“”"(—–-')
_OPENING_MARKS = "“\"'‘("


@kept
def capitalised(text: str) -> tuple[str, ...]:
    """Return the capitalised words of `text` with at least three letters, possessive endings removed."""
    found = [_bare(word) for word in _TOKEN.findall(text) if word[0].isupper()]
    return tuple(word for word in found if len(word) >= _SHORTEST_NAME)


def confirmed_names(pairs: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return the capitalised source words that the English keeps in mid-sentence in at least one of `pairs`.

    A weak model leaves nouns in German now and then. So a word is no name if it stands behind an article and most
    sentences of the English have another word for it, nor if it has its capital only from beginning a sentence.
    """
    pairs = list(pairs)
    names: set[str] = set()
    said, kept = Counter[str](), Counter[str]()
    for source, english in pairs:
        own, present = set(mid_sentence_names(english)), english.casefold()
        forms = {form for word in capitalised(source) for form in _forms(word)}
        names |= forms & own
        said.update(forms)
        kept.update(form for form in forms if form.casefold() in present)
    middle = {name for source, _ in pairs for name in mid_sentence_names(source)}
    small = {word for source, _ in pairs for word in _SMALL_WORD.findall(source)}
    determined = {word for source, _ in pairs for word in _DETERMINED.findall(source)}
    return frozenset(
        name
        for name in names
        if not (name.lower() in small and name not in middle)
        and not (name in determined and kept[name] * 2 < said[name])
    )


def check_names(source: str, english: str, names: frozenset[str]) -> list[Finding]:
    """Return a finding for each of the article's `names` that `source` has and `english` lost."""
    present = english.casefold()
    lost = {
        form: None
        for word in capitalised(source)
        for form in _forms(word)[-1:]
        if not names.isdisjoint(_forms(word))
        and not any(f.casefold() in present for f in _forms(word))
        and not any(f.casefold() in present for f in english_forms(word))
    }
    return [Finding(FindingCode.NAME_LOST, f"{name} is lost") for name in lost]


def check_genitives(english: str, names: frozenset[str]) -> list[Finding]:
    """Return a finding for each German genitive of a name in the English ("Jassys letter")."""
    return [
        Finding(FindingCode.NAME_CHANGED, f"{match[0]} is a German genitive")
        for match in (_GENITIVE.finditer(english) if _may_have_genitives(english, names) else ())
        if match[1] in names
    ]


def put_genitives_right(english: str, names: frozenset[str]) -> str:
    """Return `english` with German genitives of names as English ones ("Jassy's letter")."""
    if not _may_have_genitives(english, names):
        return english
    return _GENITIVE.sub(lambda match: f"{match[1]}'s" if match[1] in names else match[0], english)


def _may_have_genitives(english: str, names: frozenset[str]) -> bool:
    """Say whether the letters of a genitive are there; the pattern, which costs more, is for what has them."""
    return any(f"{name}s" in english for name in names)


def put_spelling_right(english: str, source: str, names: frozenset[str]) -> str:
    """Return `english` with the article's `names` that `source` has as it writes them: "Steinbruck" is Steinbrück.

    A name that English writes its own way (Zurich) is left alone.
    """
    for name in dict.fromkeys(form for word in capitalised(source) for form in _forms(word)):
        if not name.isascii() and name in names and not english_forms(name):
            plain, spelled = name.translate(_WITHOUT_DOTS), name.translate(_SPELLED_OUT)
            english = re.sub(rf"\b(?:{re.escape(plain)}|{re.escape(spelled)})(?!\w)", name, english)
    return english


def put_names_right(english: str, source: str, names: frozenset[str]) -> str:
    """Return `english` with a name that was bent by one letter or cut in two as `source` has it: "Jessy" is Jassy.

    Only one of the article's confirmed `names` that is lost here is put right, and only where a single capitalised
    word that the source does not have is nearly it.
    """
    lost = [form for word in capitalised(source) for form in _forms(word)[-1:] if form in names and form not in english]
    if not lost:
        return english
    known = {form for word in capitalised(source) for form in _forms(word)} | names
    strange = set(capitalised(english)) - known
    for name in dict.fromkeys(lost):
        english = _apart(name).sub(name, english)
        bent = [word for word in strange if _is_bent(word, name)]
        if len(bent) == 1 and not english_forms(name):
            english = re.sub(rf"\b{re.escape(bent[0])}\b", name, english)
    return english


@lru_cache(maxsize=1_024)
def _apart(name: str) -> re.Pattern[str]:
    """Return the pattern of a longer name that was cut in two: "Christ Church" is Christchurch."""
    places = range(_SHORTEST_NAME, len(name) - _SHORTEST_NAME + 1)
    cuts = "|".join(f"{re.escape(name[:i])}[ -]{re.escape(name[i:])}" for i in places)
    return re.compile(rf"\b(?:{cuts or '(?!)'})\b", re.IGNORECASE)


def _is_bent(word: str, name: str) -> bool:
    """Say whether a vowel inside a name was changed or a letter doubled; what else differs may be English for it.

    "Jessy" is Jassy and "Ostermann" Osterman, but Europe is no bent Europa and Muslims are no bent Muslime.
    """
    if len(name) < _SHORTEST_BENT or word[0] != name[0] or word[-1] != name[-1]:
        return False
    if len(word) == len(name):
        changed = [(one, other) for one, other in zip(word, name, strict=True) if one != other]
        return len(changed) == 1 and set(changed[0]) <= _VOWELS
    short, long = sorted((word, name), key=len)
    return any(long[i] == long[i - 1] and long[:i] + long[i + 1 :] == short for i in range(1, len(long)))


def check_identifiers(source: str, english: str) -> list[Finding]:
    """Return a finding for each name with digits in it ("A380", "Trainium2") that `english` lost."""
    present = _loose(english)
    return [
        Finding(FindingCode.IDENTIFIER_LOST, f"{identifier} is lost")
        for identifier in dict.fromkeys(find_identifiers(source))
        if _loose(identifier) not in present
    ]


def find_identifiers(text: str) -> list[str]:
    """Return the names with digits in them, without what German hangs on by a hyphen ("G7-Gipfel" is "G7")."""
    found = []
    for match in _IDENTIFIER.finditer(text):
        parts = match[0].split("-")
        while parts and not any(c.isdigit() for c in parts[-1]):
            parts.pop()
        if parts and any(c.isupper() for c in parts[0]):
            found.append("-".join(parts))
    return found


def check_invented_names(english: str, evidence: Sequence[str]) -> list[Finding]:
    """Return a finding for each name in `english` that no text in `evidence` has.

    A name is a word with a capital in mid-sentence, or one at the beginning that cannot well be anything else.
    """
    known = " ".join(evidence).casefold()
    names = [*_opening_name(english, known), *mid_sentence_names(english)]
    missing = {name: None for name in names if name.casefold() not in known}
    return [Finding(FindingCode.NAME_INVENTED, f"{name} is not in the article") for name in missing]


def _opening_name(english: str, known: str) -> list[str]:
    """Return the first word of an English text if it is a name by all that follows it.

    A singular noun that is no name has an article in front, unless it is one without a plural: the words that news
    begin with so, and endings such as -ment, stand in the tables. A plural has a verb without s behind it.
    """
    found = _OPENING.match(english)
    if found is None:
        return []
    word = _bare(found["word"])
    table = word_table("en")
    ordinary = word.lower() in table.openers | table.stop | table.markers or _NOUN_ENDING.search(word)
    if len(word) < _SHORTEST_NAME or ordinary or not content_of(word).isdisjoint(content_of(known)):
        return []
    if (
        found["owner"]
        or word[1:] != word[1:].lower()
        or (found["next"][0].isupper() and found["next"].casefold() not in known)
    ):
        return [word]
    singular = _SINGULAR_VERB.fullmatch(found["next"]) or (found["next"].endswith("ed") and not word.endswith("s"))
    return [word] if singular else []


@kept
def mid_sentence_names(english: str) -> tuple[str, ...]:
    """Return the capitalised words of an English text that no sentence or quotation begins with."""
    return tuple(
        name
        for m in _TOKEN.finditer(english)
        if m[0][0].isupper()
        and len(name := _bare(m[0])) >= _SHORTEST_NAME
        and not _begins_sentence(english[: m.start()])
    )


@cache
def countries() -> Mapping[str, tuple[str, ...]]:
    """Return the words of each country's English name by its German name, of one word, from CLDR."""
    german, english = Locale("de").territories, Locale("en").territories
    return {
        name: tuple(capitalised(english[code])) for code, name in german.items() if name.isalpha() and code.isalpha()
    }


def _bare(word: str) -> str:
    for ending in _POSSESSIVE:
        if word.endswith(ending):
            word = word.removesuffix(ending)
            break
    return word.rstrip(".")


def _begins_sentence(before: str) -> bool:
    """Say whether a word begins a sentence or a quotation, by what stands before it."""
    rest = before.rstrip()
    bare = rest.rstrip(_OPENING_MARKS)
    if not bare.strip() or rest[-1] in _BREAKS or not _BREAKS.isdisjoint(rest[len(bare) :]):
        return True
    return len(bare) < len(rest) and bare.rstrip()[-1:] in _BREAKS


@lru_cache(maxsize=16_384)
def _forms(word: str) -> tuple[str, ...]:
    """Return `word`, its parts between hyphens, and each without the German genitive s."""
    parts = [word, *(word.split("-") if "-" in word else ())]
    forms = [form for part in parts for form in (part, part.removesuffix("s"))]
    return tuple(form for form in dict.fromkeys(forms) if len(form) >= _SHORTEST_NAME and form[0].isupper())


def _loose(text: str) -> str:
    return re.sub(r"[\s-]", "", text).casefold()
