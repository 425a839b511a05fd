"""What the figures, the sweep and the queue look for, by index."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_petition_notification_status", "petition_notification", ["status", "made_at"]
    )


def downgrade() -> None:
    op.drop_index("ix_petition_notification_status", "petition_notification")
