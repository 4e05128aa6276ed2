"""A typed client of the HTTP service, to be called plainly or with `await`.

    from depesche.client import Client

    with Client("https://depesche.example", key="dep_…") as depesche:
        brief = depesche.brief_file("artikel.html")
        for found in depesche.find_briefs(unit="EUR", min="1e9"):
            print(found.headline)

`AsyncClient` has the same methods. The address is that of DEPESCHE_URL and the key that of DEPESCHE_API_KEY where none
is given. What goes wrong is raised as the `DepescheError` of the service's problem document, with `status` and
`request_id`; what passes (429, not ready, a line that breaks) is tried again a few times first, after the time that
the service asks for, and never so that something is done twice.
"""

from __future__ import annotations

from depesche.client.answers import (
    ApiFeedback,
    ArticleOutcome,
    BriefSummary,
    DetectedLanguage,
    DetectedParagraph,
    EndedArticle,
    Figures,
    FoundFigure,
    FoundQuotation,
    Job,
    JobEvent,
    KnownModel,
    Models,
    NewJob,
    OutcomePage,
    Page,
    Quotations,
    SentencePair,
    TranslatedText,
)
from depesche.client.clients import AsyncClient, Client
from depesche.client.exchange import Patience

__all__ = [
    "ApiFeedback",
    "ArticleOutcome",
    "AsyncClient",
    "BriefSummary",
    "Client",
    "DetectedLanguage",
    "DetectedParagraph",
    "EndedArticle",
    "Figures",
    "FoundFigure",
    "FoundQuotation",
    "Job",
    "JobEvent",
    "KnownModel",
    "Models",
    "NewJob",
    "OutcomePage",
    "Page",
    "Patience",
    "Quotations",
    "SentencePair",
    "TranslatedText",
]
