"""The organisation stated at the desk, the language of a person, phones that can be looked for."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_VERSIONS = "petition_organisation_version"


def upgrade() -> None:
    op.add_column(
        _VERSIONS,
        sa.Column("origin", sa.String(length=10), nullable=False, server_default="files"),
    )
    op.add_column(_VERSIONS, sa.Column("author", sa.String(length=100), nullable=True))
    op.add_column(_VERSIONS, sa.Column("note", sa.Text(), nullable=True))
    op.add_column("desk_staff", sa.Column("language", sa.String(length=10), nullable=True))
    op.add_column("petition_petition", sa.Column("phone_index", sa.String(length=64)))
    op.create_index("ix_petition_petition_phone_index", "petition_petition", ["phone_index"])


def downgrade() -> None:
    op.drop_index("ix_petition_petition_phone_index", "petition_petition")
    op.drop_column("petition_petition", "phone_index")
    op.drop_column("desk_staff", "language")
    for column in ("note", "author", "origin"):
        op.drop_column(_VERSIONS, column)
