"""What an API key may be used for."""

from __future__ import annotations

from typing import Literal, get_args

Scope = Literal["brief", "read", "edit", "metrics"]
"""brief: make briefs, jobs and stages; read: stored briefs, jobs, feeds; edit: feedback, delete; metrics."""
SCOPES: tuple[Scope, ...] = get_args(Scope)
