"""The database of the service: briefs, feedback, keys, sessions, answers kept by idempotency key, feeds.

SQLite by default, PostgreSQL by URL, the same on both. Everything here is synchronous; asynchronous code calls it in
a thread (`anyio.to_thread.run_sync`).
"""

from depesche.scope import SCOPES, Scope
from depesche.store.briefs import Briefs, StoredBrief
from depesche.store.database import Database
from depesche.store.feedback import Feedback, StoredFeedback, Target, Verdict
from depesche.store.feeds import Feed
from depesche.store.idempotency import Answer, Begun, Kept
from depesche.store.keys import ApiKey
from depesche.store.opening import Store, open_store
from depesche.store.query import LARGEST_PAGE, BriefPage, BriefQuery, BriefSummary, Neighbours
from depesche.store.retention import Purged

__all__ = [
    "LARGEST_PAGE",
    "SCOPES",
    "Answer",
    "ApiKey",
    "Begun",
    "BriefPage",
    "BriefQuery",
    "BriefSummary",
    "Briefs",
    "Database",
    "Feed",
    "Feedback",
    "Kept",
    "Neighbours",
    "Purged",
    "Scope",
    "Store",
    "StoredBrief",
    "StoredFeedback",
    "Target",
    "Verdict",
    "open_store",
]
