"""Shields by unit, recusals by person, whistles not answered: what each queue page reads once."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

UNANSWERED = sa.text("reported_in_at IS NULL")


def upgrade() -> None:
    op.create_index("ix_petition_shield_unit_id", "petition_shield", ["unit_id"])
    op.create_index("ix_petition_recusal_person", "petition_recusal", ["person"])
    op.create_index(
        "ix_petition_whistle_unanswered",
        "petition_whistle",
        ["case_id"],
        sqlite_where=UNANSWERED,
        postgresql_where=UNANSWERED,
    )


def downgrade() -> None:
    op.drop_index("ix_petition_whistle_unanswered", "petition_whistle")
    op.drop_index("ix_petition_recusal_person", "petition_recusal")
    op.drop_index("ix_petition_shield_unit_id", "petition_shield")
