"""Briefs with their figures and words, feedback, keys, sessions, answers by idempotency key, feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_EXACT = sa.Numeric().with_variant(sa.Text(), "sqlite")
_WORDS = {
    "sqlite": (
        "CREATE VIRTUAL TABLE brief_words USING fts5(headline, summary, key_points, german, stems,"
        ' tokenize = "unicode61 remove_diacritics 2")',
        "CREATE TRIGGER brief_words_deleted AFTER DELETE ON briefs"
        " BEGIN DELETE FROM brief_words WHERE rowid = old.number; END",
    ),
    "postgresql": (
        "CREATE TABLE brief_words (brief BIGINT PRIMARY KEY REFERENCES briefs (number) ON DELETE CASCADE,"
        " words TSVECTOR NOT NULL)",
        "CREATE INDEX brief_words_words ON brief_words USING gin (words)",
    ),
}


def upgrade() -> None:
    """Make the tables."""
    _make_briefs()
    _make_access()
    _make_feeds()


def _make_briefs() -> None:
    op.create_table(
        "briefs",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("client", sa.Text),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("updated", _MOMENT, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("flagged", sa.Integer, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("article_name", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("headline", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("published", sa.Text),
        sa.Column("published_at", _MOMENT),
        sa.Column("figures", sa.Integer, nullable=False),
        sa.Column("flags", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Index("briefs_newest", "created", "number"),
        sa.Index("briefs_flagged", "flagged", "created", "number"),
        sa.Index("briefs_published", "published_at"),
        sa.Index("briefs_updated", "updated"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "brief_figures",
        sa.Column("brief", _NUMBER, sa.ForeignKey("briefs.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("unit", sa.Text),
        sa.Column("low", _EXACT),
        sa.Column("high", _EXACT),
        sa.Index("brief_figures_number", "unit", "high", "low", "brief"),
        sa.Index("brief_figures_kind", "kind", "high", "low", "brief"),
    )
    op.create_table(
        "feedback",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("brief", _NUMBER, sa.ForeignKey("briefs.number", ondelete="CASCADE"), nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("correction", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("editor", sa.Text),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Index("feedback_brief", "brief"),
        sqlite_autoincrement=True,
    )
    for statement in _WORDS[op.get_bind().dialect.name]:
        op.execute(statement)


def _make_access() -> None:
    op.create_table(
        "api_keys",
        sa.Column("prefix", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("expires", _MOMENT),
        sa.Column("revoked", _MOMENT),
        sa.Column("last_used", _MOMENT),
        sa.Index(
            "api_keys_name",
            "name",
            unique=True,
            sqlite_where=sa.text("revoked IS NULL"),
            postgresql_where=sa.text("revoked IS NULL"),
        ),
    )
    op.create_table(
        "sessions",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, sa.ForeignKey("api_keys.prefix", ondelete="CASCADE"), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("expires", _MOMENT, nullable=False),
        sa.Index("sessions_expires", "expires"),
    )
    op.create_table(
        "answers",
        sa.Column("client", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("request_sha256", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("owner", sa.JSON, nullable=False),
        sa.Column("begun", _MOMENT, nullable=False),
        sa.Column("finished", sa.Boolean, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("headers", sa.JSON),
        sa.Column("body", sa.LargeBinary),
        sa.Index("answers_begun", "begun"),
    )


def _make_feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("title", sa.Text),
        sa.Column("added", _MOMENT, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("modified", sa.Text),
        sa.Column("polled", _MOMENT),
        sa.Column("error", sa.Text),
    )
    op.create_table(
        "feed_entries",
        sa.Column("feed", sa.Text, sa.ForeignKey("feeds.url", ondelete="CASCADE"), primary_key=True),
        sa.Column("entry", sa.Text, primary_key=True),
        sa.Column("brief_id", sa.Text),
        sa.Column("error", sa.Text),
        sa.Column("marked", _MOMENT, nullable=False),
    )
