"""The tables of a ledger.

Whoever changes one raises `SCHEMA_VERSION`, and writes the way there in two places: in `ledger_file` for the files of
folder jobs, and as a migration of the store for the jobs of the service.
"""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Float, Index, Integer, LargeBinary, MetaData, Table, Text, text

SCHEMA_VERSION = 2

Name = Text().with_variant(Text(collation="C"), "postgresql")
"""The order of names is that of their characters' numbers everywhere, not that of a language."""

metadata = MetaData()
articles = Table(
    "articles",
    metadata,
    Column("job", Text, primary_key=True, server_default=text("''")),  # of a folder job: empty
    Column("name", Name, primary_key=True),
    Column("path", Text, nullable=False),
    Column("member", Text),
    Column("line", Integer),
    Column("offset", BigInteger),
    Column("stat", Text),
    Column("content_sha256", Text),
    Column("config_sha256", Text),
    Column("format", Text),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("deaths", Integer, nullable=False, default=0),
    Column("error_code", Text),
    Column("error_text", Text),
    Column("language", Text),
    Column("status", Text),
    Column("seconds", JSON),
    Column("output", Text),
    Column("outputs", JSON),
    Column("brief_id", Text),
    Column("headline", Text),
    Column("figures", Integer),
    Column("duplicate_of", Text),
    Column("near_of", Text),
    Column("signature", LargeBinary),
    Column("owner", Text),
    Column("updated", Float, nullable=False),
    Index("articles_state", "state", "job", "deaths", "name"),
    Index("articles_content", "content_sha256"),
)
bands = Table(
    "bands",
    metadata,
    Column("job", Text, nullable=False, server_default=text("''")),
    Column("key", BigInteger, nullable=False, index=True),
    Column("name", Name, nullable=False, index=True),
)
runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("begin", Float, nullable=False),
    Column("end", Float),
    Column("stopped", Integer),
    Column("arguments", JSON, nullable=False),
    Column("config_sha256", Text, nullable=False),
    Column("counts", JSON),
)
owners = Table(
    "owners",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("boot", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started", Text, nullable=False),
    Column("config_sha256", Text, nullable=False),
    Column("heartbeat", Float, nullable=False),
)
