"""The few cases of a kind, an urgency or a regime among years of closed ones, newest first."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NARROWED_BY = ("urgency", "regime", "kind")


def upgrade() -> None:
    for column in NARROWED_BY:
        op.create_index(f"ix_petition_case_{column}", "petition_case", [column, "id"])


def downgrade() -> None:
    for column in reversed(NARROWED_BY):
        op.drop_index(f"ix_petition_case_{column}", "petition_case")
