"""A finding: something that a check saw in a translation or a brief, with a code that never changes its meaning."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from depesche.span import Span


class FindingCode(StrEnum):
    """What a check can find. The first group is about any text that claims to say what the source says."""

    FIGURE_MISSING = "figure_missing"
    FIGURE_CHANGED = "figure_changed"
    UNIT_CHANGED = "unit_changed"
    MODIFIER_CHANGED = "modifier_changed"
    FIGURE_INVENTED = "figure_invented"
    FIGURE_ROUNDED = "figure_rounded"
    WEEKDAY_LOST = "weekday_lost"
    WEEKDAY_INVENTED = "weekday_invented"
    MONTH_LOST = "month_lost"
    MONTH_INVENTED = "month_invented"
    DAY_LOST = "day_lost"
    DAY_INVENTED = "day_invented"
    YEAR_LOST = "year_lost"
    EDGE_LOST = "edge_lost"
    YEAR_INVENTED = "year_invented"
    TIME_LOST = "time_lost"
    TIME_INVENTED = "time_invented"
    PERIOD_LOST = "period_lost"
    PERIOD_INVENTED = "period_invented"
    IDENTIFIER_LOST = "identifier_lost"
    NAME_LOST = "name_lost"
    NAME_CHANGED = "name_changed"
    NAME_INVENTED = "name_invented"
    ROLE_CHANGED = "role_changed"
    DIRECTION_CHANGED = "direction_changed"
    NEGATION_LOST = "negation_lost"
    SENSE_REVERSED = "sense_reversed"
    HEDGE_LOST = "hedge_lost"
    INTENTION_LOST = "intention_lost"
    NEGATION_INVENTED = "negation_invented"
    QUOTATION_MARKS_LOST = "quotation_marks_lost"
    TERM_UNTRANSLATED = "term_untranslated"

    EMPTY = "empty"
    UNFINISHED = "unfinished"
    LENGTH_RATIO = "length_ratio"
    REPETITION = "repetition"
    UNTRANSLATED = "untranslated"
    CHATTER = "chatter"
    SENTENCE_DOUBLED = "sentence_doubled"

    UNSUPPORTED = "unsupported"
    EVIDENCE_FLAGGED = "evidence_flagged"
    ATTRIBUTION_LOST = "attribution_lost"
    ATTRIBUTION_CHANGED = "attribution_changed"
    CONTEXT_MISSING = "context_missing"
    QUOTATION_INVENTED = "quotation_invented"
    MISPLACED_FIGURE = "misplaced_figure"
    INSTRUCTION_IN_TEXT = "instruction_in_text"
    DRAFT_UNUSABLE = "draft_unusable"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing seen by a check.

    `span`, where there is one, is an offset pair into `Article.text`: the German words concerned.
    `detail` says it to a person, in English.
    """

    code: FindingCode
    detail: str
    span: Span | None = None
