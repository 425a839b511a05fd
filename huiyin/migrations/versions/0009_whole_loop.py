"""The queue from one index; a key of filing needs no number beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OPEN = "status NOT IN ('closed', 'archived')"
_READ_BY_THE_QUEUE = [
    *("next_due_at", "id", "status", "urgency", "regime", "kind"),
    *("community_id", "grid_id", "lead_unit"),
]


def upgrade() -> None:
    op.drop_index("ix_petition_case_open", "petition_case")
    op.drop_index("ix_petition_case_urgency", "petition_case")
    op.drop_index("ix_petition_case_next_due_at", "petition_case")
    _index_open_cases(_READ_BY_THE_QUEUE)
    with op.batch_alter_table("petition_idempotency_key") as keys:
        keys.drop_column("petition_number")


def downgrade() -> None:
    with op.batch_alter_table("petition_idempotency_key") as keys:
        keys.add_column(sa.Column("petition_number", sa.String(length=40), nullable=True))
    op.drop_index("ix_petition_case_open", "petition_case")
    _index_open_cases(["next_due_at"])
    op.create_index("ix_petition_case_next_due_at", "petition_case", ["next_due_at"])
    op.create_index("ix_petition_case_urgency", "petition_case", ["urgency"])


def _index_open_cases(columns: list[str]) -> None:
    op.create_index(
        "ix_petition_case_open",
        "petition_case",
        columns,
        sqlite_where=sa.text(_OPEN),
        postgresql_where=sa.text(_OPEN),
    )
