"""How a source of models says no; the pull then goes on with the next one."""

from __future__ import annotations


class SourceUnavailable(Exception):
    """The source can't deliver the model; the message says why."""


class NotOffered(SourceUnavailable):
    """The source has nothing to do with this model: no reason to tell the user."""
