"""What each figure of an article is about: subject, measure and period, from the clause that it stands in."""

from __future__ import annotations

from depesche.subjects.english import english_noun, english_period
from depesche.subjects.finder import Subject, find_subjects

__all__ = ["Subject", "english_noun", "english_period", "find_subjects"]
