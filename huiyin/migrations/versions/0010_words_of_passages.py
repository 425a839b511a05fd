"""Keep the vectors of the words of a text beside its own."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("knowledge_vector") as table:
        table.add_column(sa.Column("words", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("knowledge_vector") as table:
        table.drop_column("words")
