"""Read what stands around an amount: modifiers, "zwischen", the parts of a change and its direction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from depesche.figure import Direction, Kind, Modifier, Role
from depesche.figures.amount import Amount, Scan
from depesche.figures.direction import CLAUSE_ENDS, WINDOW, direction_of, same_sentence
from depesche.figures.labels import begins_sentence
from depesche.figures.measures import TIMES, read_noun
from depesche.figures.reader import before_average
from depesche.figures.tokens import Shape

_CHANGE_GAP = 6
"""Words between the two parts of a change: "von 26 Milliarden im vorigen Jahr | auf 131 Milliarden"."""
_LARGEST_FALL = 10
_MOST_OBJECT_WORDS = 4
_VERB_REACH = 6
_MOST_ADJECTIVES = 5
_COUNTED_ON = 4
"""Figures back to the "five" that "a sixth" counts on from."""
_NEVER_SHARED = (Kind.SCORE, Kind.ORDINAL, Kind.QUALITATIVE)
_SHARED_KINDS = frozenset({Kind.MONEY, Kind.PERCENT, Kind.PERCENTAGE_POINTS, Kind.TEMPERATURE, Kind.QUANTITY})
_THOUSAND = Decimal(1000)


def attach_modifier(scan: Scan, amount: Amount, before: Amount | None, floor: int) -> None:
    """Extend an amount to the left over its modifier and "zwischen", not beyond the token `floor`.

    `before` is the amount that was read before it.
    """
    start = amount.first
    while start > floor and scan.at(start - 1).text in '„“"»«' and scan.at(start - 1).text:
        start -= 1
    with_article = amount.kind in (Kind.FRACTION, Kind.MULTIPLE) and start > floor
    with_article = with_article and not scan.in_set(start, "numbers.articles")  # "über das | ein Fünftel läuft"
    if with_article and scan.in_set(start - 1, "fraction_words.articles"):
        start -= 1
    found = _modifier_before(scan, start)
    if found is not None and found[1] == start - 1 and _is_noun(scan, found[1]):
        found = None  # "nach einem Auf und Ab | 0,3 Prozent"
    adjacent = found is not None and before is not None and found[1] == before.last
    if adjacent and found and before and _joins(scan, before, amount, found[1], start):
        found = None
    if found is not None and found[1] >= floor and _modifies(scan, found[1], start, amount):
        amount.modifier, amount.first = found[0], found[1]
    if amount.low is not None and amount.first > floor and scan.in_set(amount.first - 1, "ranges.between"):
        amount.first -= 1
        outer = scan.language.modifiers.match_before(scan.tokens, amount.first)
        if amount.modifier is None and outer is not None and outer[1] >= floor:
            amount.modifier, amount.first = outer
    crossed = _threshold_before(scan, amount) or _around_before(scan, amount) if amount.modifier is None else None
    if crossed is not None and crossed[1] >= floor and (before is None or crossed[1] > before.last):
        # but "0,8 Punkte | über der Grenze von 3 Prozent" says by how much
        amount.modifier, amount.first = crossed
    adjective = scan.language.table.get("modifier_adjectives", {}).get(scan.at(amount.first + 1).key)
    if amount.modifier is None and adjective is not None and scan.in_set(amount.first, "numbers.articles"):
        amount.modifier = Modifier(adjective)
    if amount.modifier is None and not scan.in_set(amount.last + 2, "ranges.than"):
        after = scan.language.modifiers_after.match(scan.tokens, amount.last)
        if after is not None and not _goes_on(scan, amount, after[1]):
            amount.modifier, amount.last = after[0], after[1]


def _is_noun(scan: Scan, at: int) -> bool:
    """Say whether a word with a capital letter is a noun, as within a German sentence."""
    token = scan.at(at)
    return (
        scan.language.nouns_are_capitalised
        and token.is_capitalised
        and not token.text.isupper()
        and not begins_sentence(scan, at)
    )


def _modifier_before(scan: Scan, at: int) -> tuple[Modifier, int] | None:
    """Read the modifier before a token, also over an adverb: "mindestens jedoch", "almost exactly"."""
    found = scan.language.modifiers.match_before(scan.tokens, at)
    if found is None and at > 1 and scan.in_set(at - 1, "modifier_links.words"):
        found = scan.language.modifiers.match_before(scan.tokens, at - 1)
    return found


def _threshold_before(scan: Scan, amount: Amount) -> tuple[Modifier, int] | None:
    """Read "unter die Marke von" before an amount, and "below the" before one that has its "mark" behind it.

    "Bis in eine Höhe von" is read alike.
    """
    start, height = amount.first, False
    if start > 1 and scan.in_set(start - 1, "thresholds.of"):
        height = scan.in_set(start - 2, "thresholds.heights")
        if not (height or _is_threshold(scan, start - 2)):
            return None
        start -= 2
    elif not (_is_threshold(scan, amount.last) or _is_threshold(scan, amount.last - 1)):
        return None
    for article in range(start - 1, max(0, start - 1 - _MOST_ADJECTIVES), -1):
        if not scan.is_word(article):
            return None
        if scan.in_set(article, "thresholds.articles"):
            if height:
                reaching = scan.language.modifiers.match_before(scan.tokens, article)
                return reaching if reaching is not None and reaching[0] is Modifier.UP_TO else None
            sides = (Modifier.MORE_THAN, Modifier.LESS_THAN)
            side = next((side for side in sides if scan.in_set(article - 1, f"thresholds.{side}")), None)
            return None if side is None else (side, article - 1)
    return None


def _is_threshold(scan: Scan, at: int) -> bool:
    """Say whether a word names a threshold, in German also as the end of a compound ("12.000-Punkte-Marke")."""
    if not scan.language.nouns_are_capitalised:
        return scan.in_set(at, "thresholds.nouns")
    return scan.is_word(at) and scan.at(at).key.endswith(tuple(scan.language.sets["thresholds.nouns"]))


def _joins(scan: Scan, before: Amount, amount: Amount, at: int, end: int) -> bool:
    """Say whether the modifier in `[at, end)`, between two amounts, joins the two and modifies none."""
    compared = _compares(scan, at, end) and not _opens(scan, before, amount)
    return compared or _is_ratio(scan, before, amount, at) or _of_money(scan, before, amount, at)


def _goes_on(scan: Scan, amount: Amount, end: int) -> bool:
    """Tell "and up" from what goes on: "pairs and | up to 30", "5 Meter und | weniger Fehler"."""
    if scan.in_set(end, "ranges.joins"):
        return True
    return scan.in_set(amount.last, "ranges.and") and not amount.bare and read_noun(scan, end) is not None


def _opens(scan: Scan, before: Amount, amount: Amount) -> bool:
    """Tell "in zehn Monaten | mehr als 40.000 Menschen" from "1,2 Punkte | weniger als zwei Jahre zuvor".

    After a time, or after what a preposition leads in, another amount begins with its own modifier; multiples and
    shares are never what is compared with ("98 Millionen Euro | mehr als die Hälfte").
    """
    if amount.unit in TIMES:
        return False
    led_in = before.first > 0 and scan.in_set(before.first - 1, "prepositions.leading")
    return before.unit in TIMES or led_in or amount.kind in (Kind.FRACTION, Kind.MULTIPLE)


def _is_ratio(scan: Scan, before: Amount, amount: Amount, at: int) -> bool:
    """Say whether "over" stands between two bare numbers: "130 over 80"."""
    return before.bare and amount.bare and scan.in_set(at, "prepositions.ratios") and amount.first == at + 1


def _of_money(scan: Scan, before: Amount, amount: Amount, at: int) -> bool:
    """Say whether money is paid over a time: "1,3 Milliarden Franken | über zehn Jahre"."""
    return before.kind is Kind.MONEY and amount.unit in TIMES and scan.in_set(at, "prepositions.over_time")


def _compares(scan: Scan, at: int, end: int) -> bool:
    """Say whether "weniger als" right after another figure compares two: "1,2 Punkte weniger als zwei Jahre zuvor"."""
    return " ".join(scan.at(index).key for index in range(at, end)) in scan.language.sets["prepositions.comparisons"]


def _modifies(scan: Scan, at: int, end: int, amount: Amount) -> bool:
    """Tell the modifiers "über" and "unter" from the prepositions, "gut" from the adjective."""
    words = [scan.at(index).key for index in range(at, end)]
    word = " ".join(words)
    prepositions = scan.language.table.get("prepositions", {})
    only_before = prepositions.get("only_before", {}).get(word)
    if only_before is not None and scan.at(amount.last).key not in only_before:
        return False
    if amount.compound and word in prepositions.get("not_before_compounds", ()):
        return False
    if amount.unit in prepositions.get("not_before_units", {}).get(word, ()):
        return at > 0 and scan.in_set(at - 1, "prepositions.durations_after")
    if scan.in_set(amount.last, "prepositions.disciplines"):
        return False
    if amount.kind in (Kind.SCORE, Kind.ORDINAL) and word in prepositions.get("not_before_ranks", ()):
        return False
    moves = at > 0 and scan.at(at - 1).key in prepositions.get("not_after", {}).get(word, ())
    carried = tuple(prepositions.get("not_after_object", {}).get(word, ()))
    moves = moves or any(scan.at(index).key in carried for index in range(max(0, at - _MOST_OBJECT_WORDS), at))
    if moves and amount.unit not in prepositions.get("reaching_units", ()):
        return False
    if end - at > 1:
        return True
    if _is_governed(scan, at, amount, word):
        return False
    if word in prepositions.get("after_noun", {}):
        before = scan.at(at - 1) if at > 0 else None
        nouns = prepositions["after_noun"][word]
        if before is not None and before.shape is Shape.WORD:
            if before.key in nouns or (
                before.is_capitalised and before.key.endswith(tuple(n for n in nouns if len(n) > 4))
            ):
                return False
            stems = tuple(prepositions.get("after_verb", {}).get(word, ()))
            if any(scan.at(index).key.startswith(stems) for index in range(max(0, at - _VERB_REACH), at)):
                return False
            if _is_of_genitive(scan, at, nouns):
                return False
            moving = tuple(prepositions.get("after_motion", {}).get(word, ()))
            particle = scan.at(at - 2) if at > 1 and before.key in ("up", "out") else before
            if moving and particle.key.startswith(moving):
                return False
    counted = amount.unit if amount.kind is Kind.COUNT else None
    if word in prepositions.get("dative_plural", ()) and counted is not None and counted.endswith("n"):
        return False  # "unter 30 Bewerbern" is among them
    if word in prepositions.get("not_before_kinds", {}):
        return amount.kind.value not in prepositions["not_before_kinds"][word]
    return True


def read_changes(scan: Scan, amounts: Sequence[Amount]) -> None:
    """Find "von … auf …" and "um …", share a unit that is named once, and note which way the figure moved."""
    sets = scan.language.sets
    follows_verb = scan.language.table["ranges"].get("join_is_change", False)  # "rose 3 percent", without "by"
    listed = False
    for index in reversed(range(len(amounts))):
        amount = amounts[index]
        following = amounts[index + 1] if index + 1 < len(amounts) else None
        start = _change_begins(scan, amount)
        before = scan.at(start - 1).key if start else ""
        if following is not None:
            gap = following.first - amount.last
            if before in sets["changes.from"] and _is_linked(scan, amount, following):
                amount.role, following.role = Role.FROM, Role.TO
                _share(amount, following)
            elif before in sets["changes.by"] and gap <= _CHANGE_GAP and _is_linked(scan, amount, following):
                if _is_likely_part(scan, amount, following):
                    _share(amount, following)
            elif (
                gap == 1
                and not scan.in_set(following.first, "numbers.articles")
                and (scan.in_set(amount.last, "ranges.lists") or (listed and scan.at(amount.last).text == ","))
            ):
                listed = True
                _share(amount, following)
            else:
                listed = False
        moved = before in sets["changes.by"] or (follows_verb and scan.language.direction(before) is not None)
        if amount.role is None and moved and amount.kind not in (Kind.ORDINAL, Kind.SCORE):
            amount.role = Role.TO if scan.in_set(amount.first, "changes.reaching") else Role.BY
        if amount.role is None and before in sets["changes.to"] and direction_of(scan, amount) is not None:
            amount.role = Role.TO
        if amount.role is not None or before in sets["changes.from"]:
            amount.direction = direction_of(scan, amount)


def _is_likely_part(scan: Scan, amount: Amount, following: Amount) -> bool:
    """Say whether "um 14,6" shares with "auf 311,9 Milliarden Euro": not a change of 500 "auf 1,5 Millionen".

    What grows by more than it comes to, or shrinks by many times what is left, was counted in another magnitude. By
    how many percent something changes to so many percent is never said with one "Prozent".
    """
    by, whole = amount.high or amount.value, following.high or following.value
    if by is None or whole is None or following.kind is Kind.PERCENT:
        return False
    left = whole if amount.scaled else whole / (following.magnitude * following.factor)
    return by <= (_LARGEST_FALL * left if direction_of(scan, following) is Direction.DOWN else left)


def _change_begins(scan: Scan, amount: Amount) -> int:
    """Return where an amount begins with the adverb before it: "von | derzeit 26", "by | an average of 4 cents"."""
    start = before_average(scan, amount.first)
    while start > 1 and scan.in_set(start - 1, "changes.adverbs"):
        start -= 1
    return start


def _is_linked(scan: Scan, amount: Amount, following: Amount) -> bool:
    """Say whether "auf" leads from the first part of a change to the second, at most a few words of time between."""
    gap = following.first - amount.last
    if not 1 <= gap <= _CHANGE_GAP:
        return False
    between = [scan.at(index) for index in range(amount.last, following.first)]
    if between[0].key in scan.language.sets["changes.to"]:
        return gap <= _CHANGE_GAP // 2
    plain = all(token.shape in (Shape.WORD, Shape.NUMBER) for token in between)
    return plain and between[-1].key in scan.language.sets["changes.to"]


def _is_of_genitive(scan: Scan, at: int, nouns: Sequence[str]) -> bool:
    """Say whether "Angebot der Liga" stands before "über": the noun that takes it, with a genitive between."""
    if at < 3 or not scan.in_set(at - 2, "prepositions.genitives") or not scan.at(at - 1).is_capitalised:
        return False
    return scan.at(at - 3).is_capitalised and scan.at(at - 3).key in nouns


def _is_governed(scan: Scan, at: int, amount: Amount, word: str) -> bool:
    """Say whether the verb of the clause asks for "über" or "unter": "zog sich über fünf Jahre hin"."""
    prepositions = scan.language.table.get("prepositions", {})
    wanted = tuple(prepositions.get("wanted_by", {}).get(word, ()))
    if wanted and any(scan.at(index).key.startswith(wanted) for index in _clause_of(scan, at, amount.last)):
        return True
    if scan.at(amount.last).key in prepositions.get("spanning", {}).get(word, ()):
        return True
    measured = amount.unit in TIMES or amount.kind is Kind.TEMPERATURE
    if measured and scan.at(amount.last).key in prepositions.get("before_verb", {}).get(word, ()):
        return True
    decided = prepositions.get("decided", {})
    stems, things = tuple(decided.get(word, ())), tuple(decided.get("things", ()))
    if not stems or amount.kind is not Kind.COUNT or not (amount.unit or "").casefold().endswith(things):
        return False
    around = (*range(max(0, at - _VERB_REACH), at), *range(amount.last, amount.last + _VERB_REACH))
    return any(scan.at(index).key.startswith(stems) for index in around)


def _clause_of(scan: Scan, start: int, end: int) -> Iterator[int]:
    """Yield the places of the tokens around `[start, end)` as far as the clause goes."""
    for places in (range(start - 1, max(-1, start - WINDOW), -1), range(end, end + WINDOW)):
        for place in same_sentence(scan, places):
            if scan.at(place).text in CLAUSE_ENDS:
                break
            yield place


def _around_before(scan: Scan, amount: Amount) -> tuple[Modifier, int] | None:
    """Read the "um" of "Temperaturen um 18 Grad" as about so much, where nothing rises or falls by it."""
    around = scan.language.table.get("prepositions", {}).get("around", {})
    at = amount.first - 1
    nouns = around.get(scan.at(at).key) if at > 0 and amount.kind is Kind.TEMPERATURE else None
    if not nouns or not scan.at(at - 1).is_capitalised or not scan.at(at - 1).key.endswith(tuple(nouns)):
        return None
    if at == 1 or scan.at(at - 2).key in around["not_after"]:
        return None
    if any(scan.language.direction(scan.at(index).key) for index in range(amount.last, amount.last + _CHANGE_GAP)):
        return None
    return Modifier.APPROXIMATELY, at


def without_counted_on(scan: Scan, amounts: Sequence[Amount]) -> list[Amount]:
    """Leave out the "a sixth" that goes on counting: "Five men were arrested, a sixth is being sought"."""
    kept: list[Amount] = []
    for amount in amounts:
        counts = {other.value for other in kept[-_COUNTED_ON:] if other.kind is Kind.COUNT}
        article = scan.in_set(amount.first, "numbers.articles") and amount.last == amount.first + 2
        ordinal = scan.language.ordinals.get(scan.at(amount.last - 1).key)
        shares = scan.in_set(amount.last, "fraction_words.of") or scan.in_set(amount.first - 1, "changes.by")
        if not (amount.kind is Kind.FRACTION and article and not shares and ordinal and ordinal - 1 in counts):
            kept.append(amount)
    return kept


def share_units(scan: Scan, amounts: Sequence[Amount]) -> None:
    """Give a bare number the unit of its neighbour in the same comparison.

    "auf 80 und bis 2035 auf 100 Prozent" shares forwards, because the same preposition stands before both;
    "mindestens 600 Mio." after an amount of money shares backwards, because a bare magnitude is rarely a count.
    """
    for index, (amount, following) in enumerate(pairwise(amounts)):
        if sentence_ends(scan, amount.last, following.first):
            continue
        other = following
        if following.unit in TIMES and index + 2 < len(amounts):
            other = amounts[index + 2]  # "zunächst auf 13,90 und | ein Jahr später | auf 14,60 Euro"
        if _shares_preposition(scan, amount, other) and not sentence_ends(scan, amount.last, other.first):
            _share(amount, other)
        if following.bare and following.scaled and amount.kind is Kind.MONEY:
            following.kind, following.unit, following.bare = Kind.MONEY, amount.unit, False


def _shares_preposition(scan: Scan, amount: Amount, other: Amount) -> bool:
    if not (amount.bare and not other.bare and other.kind in _SHARED_KINDS and amount.first and other.first):
        return False
    before = scan.at(amount.first - 1).key
    return before == scan.at(other.first - 1).key and before in scan.language.sets["changes.sharing"]


def sentence_ends(scan: Scan, start: int, end: int) -> bool:
    """Say whether a sentence or paragraph ends between two tokens."""
    return any(scan.at(i).shape is Shape.BREAK or scan.at(i).text in {".", "!", "?"} for i in range(start, end))


def _share(amount: Amount, following: Amount) -> None:
    if not amount.bare or following.kind in _NEVER_SHARED:
        return
    largest = amount.value if amount.value is not None else amount.high
    if largest is None:
        return
    if following.scaled and not amount.scaled and largest < _THOUSAND:
        _multiply(amount, following.magnitude)
    if following.kind is not Kind.COUNT and not following.bare:
        amount.kind, amount.unit, amount.bare = following.kind, following.unit, False
        _multiply(amount, following.factor)


def _multiply(amount: Amount, factor: Decimal) -> None:
    amount.value = None if amount.value is None else amount.value * factor
    amount.low = None if amount.low is None else amount.low * factor
    amount.high = None if amount.high is None else amount.high * factor
