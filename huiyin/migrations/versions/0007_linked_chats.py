"""Link several chats of one person by a code."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("chat_resident") as table:
        table.add_column(sa.Column("person", sa.String(length=40), nullable=True))
        table.create_index("ix_chat_resident_person", ["person"])
    op.create_table(
        "chat_link_code",
        sa.Column("code_digest", sa.String(length=64), primary_key=True),
        sa.Column("resident", sa.String(length=40), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_chat_link_code_resident", "chat_link_code", ["resident"])


def downgrade() -> None:
    op.drop_table("chat_link_code")
    with op.batch_alter_table("chat_resident") as table:
        table.drop_index("ix_chat_resident_person")
        table.drop_column("person")
