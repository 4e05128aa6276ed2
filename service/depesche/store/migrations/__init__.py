"""Migrations of the database, run by alembic; see `store/migrating.py`.

A new one is `versions/<next number>_<what>.py` with `revision`, `down_revision` and `upgrade()`, written by hand to
say what the tables in the code say; `tests/store/test_migrations.py` holds both together. The way back is a backup.
"""
