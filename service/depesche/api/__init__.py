"""The HTTP service: the same briefs as the command line, for many clients at once.

    app ──▶ middleware (request id, limits, guards) ──▶ routes ──▶ briefing ──▶ batcher ──▶ Pipeline.draft
                                                                      │
                                                                 worker threads: read, verify, render

`create_app` puts it together; `services.Services` is what routes work with; `batcher.Batcher` owns the model thread.
"""

from depesche.api.app import create_app
from depesche.api.services import Services, get_services

__all__ = ["Services", "create_app", "get_services"]
