"""How alembic runs our migrations: on the connection, and within the transaction, of who calls it."""

from alembic import context

from depesche.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
