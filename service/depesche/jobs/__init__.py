"""Jobs of the service: thousands of articles handed in at once, on the ledger of the folder job, in the store."""

from depesche.jobs.intake import Upload, UploadKind, articles_of, kind_of_file
from depesche.jobs.jobs import Jobs
from depesche.jobs.news import JobNews
from depesche.jobs.views import (
    ENDED,
    ArticleOutcome,
    BadArticle,
    JobArticle,
    JobList,
    JobState,
    JobView,
    OutcomePage,
    Progress,
)
from depesche.jobs.work import Drafter
from depesche.jobs.worker import JobWorker

__all__ = [
    "ENDED",
    "ArticleOutcome",
    "BadArticle",
    "Drafter",
    "JobArticle",
    "JobList",
    "JobNews",
    "JobState",
    "JobView",
    "JobWorker",
    "Jobs",
    "OutcomePage",
    "Progress",
    "Upload",
    "UploadKind",
    "articles_of",
    "kind_of_file",
]
