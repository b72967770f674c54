"""How Alembic runs the migrations: on the connection that it is given, in its transaction."""

from __future__ import annotations

from alembic import context

from usage_tui.server.db.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
