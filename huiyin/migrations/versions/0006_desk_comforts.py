"""An index of open cases; second factors, saved views, bulk actions, templates, the log."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    is_open = sa.text("status NOT IN ('closed', 'archived')")
    op.create_index(
        "ix_petition_case_open",
        "petition_case",
        ["next_due_at"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "desk_second_factor",
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("desk_staff.id"), nullable=False),
        sa.Column("sealed_secret", sa.String(length=400), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("confirmed_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("staff_id"),
    )
    op.create_table(
        "desk_saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("desk_staff.id"), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=600), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_desk_saved_view_staff_id", "desk_saved_view", ["staff_id"])
    op.create_table(
        "desk_bulk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("desk_staff.id"), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("cases", sa.JSON(), nullable=False),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("run_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_desk_bulk_staff_id", "desk_bulk", ["staff_id"])
    op.create_table(
        "desk_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("community_id", sa.String(length=100), nullable=True),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_desk_template_community_id", "desk_template", ["community_id"])
    op.create_table(
        "desk_log_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("desk_staff.id"), nullable=False),
        sa.Column("author", sa.String(length=60), nullable=False),
        sa.Column("community_id", sa.String(length=100), nullable=True),
        sa.Column("grid_id", sa.String(length=100), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("petition_number", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_desk_log_entry_staff_id", "desk_log_entry", ["staff_id"])
    op.create_index("ix_desk_log_entry_community_at", "desk_log_entry", ["community_id", "at"])


def downgrade() -> None:
    op.drop_index("ix_petition_case_open", "petition_case")
    for table in (
        "desk_log_entry",
        "desk_template",
        "desk_bulk",
        "desk_saved_view",
        "desk_second_factor",
    ):
        op.drop_table(table)
