"""Alembic's way in: the connection is handed over by `schema.bring_up_to_date`."""

from alembic import context

from mingtang.catalog.records import Record

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Record.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
