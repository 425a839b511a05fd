"""What curators work with: changes to undo, the gate's questions, the question bank, recall."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RECALLED, DRAFT = "recalled_at", "draft_id"
DRAFT_KEY = "fk_knowledge_question_draft_id_knowledge_version"


def upgrade() -> None:
    with op.batch_alter_table("knowledge_version") as batch:
        batch.add_column(sa.Column("owner", sa.String(length=80), nullable=True))
    with op.batch_alter_table("knowledge_question") as batch:
        batch.add_column(sa.Column(RECALLED, sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column(DRAFT, sa.Integer(), nullable=True))
        batch.create_foreign_key(DRAFT_KEY, "knowledge_version", [DRAFT], ["id"])
    _create_changes()
    _create_trials()
    _create_bank()


def _create_changes() -> None:
    op.create_table(
        "knowledge_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection", sa.String(length=64), nullable=False),
        sa.Column("index_version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["undone_by_id"], ["knowledge_change.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_knowledge_change_collection", "knowledge_change", ["collection", "id"])


def _create_trials() -> None:
    op.create_table(
        "knowledge_trial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection", sa.String(length=64), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=True),
        sa.Column("article", sa.String(length=40), nullable=True),
        sa.Column("phrase", sa.String(length=400), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_knowledge_trial_collection", "knowledge_trial", ["collection"])


def _create_bank() -> None:
    op.create_table(
        "knowledge_bank",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection", sa.String(length=64), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(length=40), nullable=True),
        sa.Column("words_digest", sa.String(length=64), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["knowledge_document.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_knowledge_bank_collection", "knowledge_bank", ["collection"])


def downgrade() -> None:
    op.drop_table("knowledge_bank")
    op.drop_table("knowledge_trial")
    op.drop_table("knowledge_change")
    with op.batch_alter_table("knowledge_question") as batch:
        batch.drop_constraint(DRAFT_KEY, type_="foreignkey")
        batch.drop_column(DRAFT)
        batch.drop_column(RECALLED)
    with op.batch_alter_table("knowledge_version") as batch:
        batch.drop_column("owner")
