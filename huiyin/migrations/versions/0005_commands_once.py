"""Results of commands that are carried out once; what the queue and the sweeps look for."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "petition_idempotency_key", sa.Column("command", sa.String(length=64), nullable=True)
    )
    op.add_column("petition_idempotency_key", sa.Column("result", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("petition_idempotency_key") as batch_op:
        batch_op.drop_column("result")
        batch_op.drop_column("command")
