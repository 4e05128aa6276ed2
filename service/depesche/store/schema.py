"""The tables of the store, as the migrations in `migrations/` make them; a test holds the two together.

The words of briefs stand in a table of their own kind for each database: see `word_index.py`.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

from depesche.store.columns import ExactNumber, Moment, PlainText

metadata = MetaData()

Number = BigInteger().with_variant(Integer(), "sqlite")
"""A running number: only a column of type INTEGER is SQLite's rowid."""

briefs = Table(
    "briefs",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("id", PlainText, nullable=False, unique=True),
    Column("client", PlainText),
    Column("created", Moment, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("status", Text, nullable=False),
    Column("flagged", Integer, nullable=False),
    Column("language", PlainText, nullable=False),
    Column("article_name", PlainText, nullable=False),
    Column("title", PlainText),
    Column("headline", PlainText, nullable=False),
    Column("summary", PlainText, nullable=False),
    Column("published", PlainText),
    Column("published_at", Moment),
    Column("figures", Integer, nullable=False),
    Column("flags", Integer, nullable=False),
    # Last: SQLite would read the whole of it to get at a column behind it.
    Column("document", Text, nullable=False),
    Index("briefs_newest", "created", "number"),
    Index("briefs_flagged", "flagged", "created", "number"),
    Index("briefs_published", "published_at"),
    Index("briefs_updated", "updated"),
    sqlite_autoincrement=True,  # a number is never given twice: words of a deleted brief must not find another
)
figures = Table(
    "brief_figures",
    metadata,
    Column("brief", Number, ForeignKey("briefs.number", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("unit", PlainText),
    Column("low", ExactNumber),
    Column("high", ExactNumber),
    Index("brief_figures_number", "unit", "high", "low", "brief"),
    Index("brief_figures_kind", "kind", "high", "low", "brief"),
)
feedback = Table(
    "feedback",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("brief", Number, ForeignKey("briefs.number", ondelete="CASCADE"), nullable=False),
    Column("target", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("correction", PlainText),
    Column("note", PlainText),
    Column("editor", PlainText),
    Column("created", Moment, nullable=False),
    Index("feedback_brief", "brief"),
    sqlite_autoincrement=True,
)
keys = Table(
    "api_keys",
    metadata,
    Column("prefix", Text, primary_key=True),
    Column("name", PlainText, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created", Moment, nullable=False),
    Column("expires", Moment),
    Column("revoked", Moment),
    Column("last_used", Moment),
    Index(
        "api_keys_name",
        "name",
        unique=True,
        sqlite_where=text("revoked IS NULL"),
        postgresql_where=text("revoked IS NULL"),
    ),
)
sessions = Table(
    "sessions",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("key", Text, ForeignKey("api_keys.prefix", ondelete="CASCADE"), nullable=False),
    Column("created", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Index("sessions_expires", "expires"),
)
answers = Table(
    "answers",
    metadata,
    Column("client", PlainText, primary_key=True),
    Column("key", PlainText, primary_key=True),
    Column("request_sha256", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("owner", JSON, nullable=False),
    Column("begun", Moment, nullable=False),
    Column("finished", Boolean, nullable=False),
    Column("status", Integer),
    Column("headers", JSON),
    Column("body", LargeBinary),
    Index("answers_begun", "begun"),
)
feeds = Table(
    "feeds",
    metadata,
    Column("url", PlainText, primary_key=True),
    Column("title", PlainText),
    Column("added", Moment, nullable=False),
    Column("etag", PlainText),
    Column("modified", PlainText),
    Column("polled", Moment),
    Column("error", PlainText),
)
feed_entries = Table(
    "feed_entries",
    metadata,
    Column("feed", PlainText, ForeignKey("feeds.url", ondelete="CASCADE"), primary_key=True),
    Column("entry", PlainText, primary_key=True),
    Column("brief_id", PlainText),
    Column("error", PlainText),
    Column("marked", Moment, nullable=False),
)
