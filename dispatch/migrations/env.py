"""What Alembic runs for every command; the connection comes from `dispatch.migrations`."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from dispatch.models import Base, UtcDateTime


def _is_ours(name: str | None, type_: str, _parents: Any) -> bool:
    # APScheduler makes and changes its own table.
    return not (type_ == "table" and name == "apscheduler_jobs")


def _render(type_: str, item: Any, _autogen_context: Any) -> str | Literal[False]:
    # Migrations must not change when the models do, so they name plain database types.
    return "sa.DateTime(timezone=True)" if type_ == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    include_name=_is_ours,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
