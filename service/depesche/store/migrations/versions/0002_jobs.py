"""Jobs with their articles: the ledger of the folder job (its version 2), inputs, and the order of the outcomes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _make_jobs()
    _make_ledger()


def _make_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("client", sa.Text, nullable=False),
        sa.Column("label", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("articles", sa.Integer, nullable=False),
        sa.Column("refused", sa.Integer, nullable=False),
        sa.Column("events", sa.Integer, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("touched", _MOMENT, nullable=False),
        sa.Column("started", _MOMENT),
        sa.Column("ended", _MOMENT),
        sa.Index("jobs_client", "client", "created", "id"),
        sa.Index("jobs_state", "state", "created"),
    )
    op.create_table(
        "job_inputs",
        sa.Column("job", sa.Text, sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("name", _NAME, primary_key=True),
        sa.Column("format", sa.Text),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "job_events",
        sa.Column("job", sa.Text, sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", _NAME, nullable=False),
    )


def _make_ledger() -> None:
    op.create_table(
        "articles",
        sa.Column("job", sa.Text, primary_key=True, server_default=""),
        sa.Column("name", _NAME, primary_key=True),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("member", sa.Text),
        sa.Column("line", sa.Integer),
        sa.Column("offset", sa.BigInteger),
        sa.Column("stat", sa.Text),
        sa.Column("content_sha256", sa.Text),
        sa.Column("config_sha256", sa.Text),
        sa.Column("format", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("deaths", sa.Integer, nullable=False),
        sa.Column("error_code", sa.Text),
        sa.Column("error_text", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("status", sa.Text),
        sa.Column("seconds", sa.JSON),
        sa.Column("output", sa.Text),
        sa.Column("outputs", sa.JSON),
        sa.Column("brief_id", sa.Text),
        sa.Column("headline", sa.Text),
        sa.Column("figures", sa.Integer),
        sa.Column("duplicate_of", sa.Text),
        sa.Column("near_of", sa.Text),
        sa.Column("signature", sa.LargeBinary),
        sa.Column("owner", sa.Text),
        sa.Column("updated", sa.Float, nullable=False),
        sa.Index("articles_state", "state", "job", "deaths", "name"),
        sa.Index("articles_content", "content_sha256"),
    )
    op.create_table(
        "owners",
        sa.Column("owner", sa.Text, primary_key=True),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("boot", sa.Text, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("started", sa.Text, nullable=False),
        sa.Column("config_sha256", sa.Text, nullable=False),
        sa.Column("heartbeat", sa.Float, nullable=False),
    )
