"""The queue from one index; levels, representatives, recusals, the organisation's history."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OPEN = sa.text("status NOT IN ('closed', 'archived')")
_RUNNING = sa.text("stopped_at IS NULL")
_READ_BY_THE_QUEUE = [
    *("next_due_at", "id", "status", "urgency", "regime", "kind"),
    *("community_id", "grid_id", "lead_unit", "level"),
]
_NO_LONGER_ASKED = ("status", "urgency", "next_due_at")


def upgrade() -> None:
    _change_columns()
    _change_indexes()
    _create_tables()


def _change_columns() -> None:
    op.add_column(
        "petition_case",
        sa.Column("level", sa.String(length=20), nullable=False, server_default="community"),
    )
    op.add_column(
        "petition_supporter",
        sa.Column("representative", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with op.batch_alter_table("petition_idempotency_key") as keys:
        keys.drop_column("petition_number")


def _change_indexes() -> None:
    for column in _NO_LONGER_ASKED:
        op.drop_index(f"ix_petition_case_{column}", "petition_case")
    op.drop_index("ix_petition_case_open", "petition_case")
    _index_where("ix_petition_case_open", "petition_case", _READ_BY_THE_QUEUE, _OPEN)
    op.drop_index("ix_petition_clock_running", "petition_clock")
    _index_where("ix_petition_clock_running", "petition_clock", ["due_at"], _RUNNING)


def _create_tables() -> None:
    op.create_table(
        "petition_recusal",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("recused_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["petition_case.id"]),
        sa.PrimaryKeyConstraint("case_id", "person"),
    )
    op.create_table(
        "petition_organisation_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _index_where(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_table("petition_organisation_version")
    op.drop_table("petition_recusal")
    op.drop_index("ix_petition_clock_running", "petition_clock")
    op.create_index("ix_petition_clock_running", "petition_clock", ["stopped_at", "due_at"])
    op.drop_index("ix_petition_case_open", "petition_case")
    _index_where("ix_petition_case_open", "petition_case", ["next_due_at"], _OPEN)
    for column in _NO_LONGER_ASKED:
        op.create_index(f"ix_petition_case_{column}", "petition_case", [column])
    with op.batch_alter_table("petition_idempotency_key") as keys:
        keys.add_column(sa.Column("petition_number", sa.String(length=40), nullable=True))
    op.drop_column("petition_supporter", "representative")
    op.drop_column("petition_case", "level")
