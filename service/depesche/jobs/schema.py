"""The tables of the service's jobs, beside those of the ledger, in the database of the store."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text

from depesche.batch.schema import Name
from depesche.store.columns import Moment, PlainText

metadata = MetaData()

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("client", PlainText, nullable=False),
    Column("label", PlainText),
    Column("state", Text, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("refused", Integer, nullable=False),  # of the articles, could not be taken in
    Column("events", Integer, nullable=False),  # how many articles have had their outcome
    Column("created", Moment, nullable=False),
    Column("touched", Moment, nullable=False),
    Column("started", Moment),
    Column("ended", Moment),
    Index("jobs_client", "client", "created", "id"),
    Index("jobs_state", "state", "created"),
)
inputs = Table(
    "job_inputs",
    metadata,
    Column("job", Text, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Name, primary_key=True),
    Column("format", Text),
    Column("data", LargeBinary, nullable=False),
)
events = Table(
    "job_events",
    metadata,
    Column("job", Text, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", Name, nullable=False),
)
