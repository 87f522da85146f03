"""Run by Alembic. The connection, its transaction and its lock are the caller's (`schema.py`)."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from tracker.storage.tables import Row


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:  # noqa: ANN401 - Alembic's signature
    """Write our column types by their module, so that a revision needs no editing."""
    if kind == "type" and type(item).__module__ == "tracker.storage.columns":
        autogen_context.imports.add("from tracker.storage import columns")
        return f"columns.{type(item).__name__}()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Row.metadata,
    # SQLite's DDL is transactional once the driver keeps its hands off (engine.py).
    transactional_ddl=True,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    compare_server_default=True,
    render_item=render_item,
)
context.run_migrations()
