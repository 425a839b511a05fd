"""Alembic's entry: migrate the database whose connection ``huiyin.schema`` hands over."""

from alembic import context

from huiyin.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata(),
    render_as_batch=True,
    include_name=lambda name, kind, _: kind != "table" or name in metadata().tables,
)
with context.begin_transaction():
    context.run_migrations()
