"""How alembic runs our migrations: on the connection, and within the transaction, of who calls it."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
