"""The staff group: its messages, groups that moved, chat accounts of staff."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    _create_posts()
    op.create_table(
        "chat_moved_group",
        sa.Column("channel", sa.String(length=40), primary_key=True),
        sa.Column("chat_id", sa.String(length=100), primary_key=True),
        sa.Column("moved_to", sa.String(length=100), nullable=False),
    )
    op.create_table(
        "desk_chat_account",
        sa.Column("account_digest", sa.String(length=64), primary_key=True),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("desk_staff.id"), nullable=False),
        _moment("linked_at"),
    )
    op.create_index("ix_desk_chat_account_staff_id", "desk_chat_account", ["staff_id"])
    op.create_table(
        "desk_chat_code",
        sa.Column("code_digest", sa.String(length=64), primary_key=True),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("desk_staff.id"), nullable=False),
        _moment("expires_at"),
        sa.Column("used_by", sa.String(length=64), nullable=True),
    )
    op.create_index("ix_desk_chat_code_staff_id", "desk_chat_code", ["staff_id"])


def _create_posts() -> None:
    op.create_table(
        "chat_staff_post",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("post_key", sa.String(length=120), nullable=False, unique=True),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("case_number", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _moment("made_at"),
        _moment("not_before", nullable=True),
        sa.Column("external_id", sa.String(length=100), nullable=True),
        sa.Column("problem", sa.String(length=200), nullable=True),
    )
    op.create_index("ix_chat_staff_post_case_number", "chat_staff_post", ["case_number"])
    op.create_index("ix_chat_staff_post_waits", "chat_staff_post", ["waits"])


def downgrade() -> None:
    op.drop_table("desk_chat_code")
    op.drop_table("desk_chat_account")
    op.drop_table("chat_moved_group")
    op.drop_table("chat_staff_post")
