"""First schema."""

import sqlalchemy as sa
from alembic import op

from petitions.append_only import guard_history, unguard_history

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chat_contact_link",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("resident", sa.String(length=40), nullable=False),
        sa.Column("form_key", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_name", sa.String(), nullable=True),
        sa.Column("sealed_phone", sa.String(), nullable=True),
        sa.Column("contact_shown", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("token_digest"),
    )
    with op.batch_alter_table("chat_contact_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_chat_contact_link_form_key"), ["form_key"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_chat_contact_link_resident"), ["resident"], unique=False
        )

    op.create_table(
        "chat_inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("update_id", sa.String(length=100), nullable=False),
        sa.Column("resident", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "update_id"),
    )
    with op.batch_alter_table("chat_inbox", schema=None) as batch_op:
        batch_op.create_index("ix_chat_inbox_resident_status", ["resident", "status"], unique=False)
        batch_op.create_index("ix_chat_inbox_status", ["status", "not_before"], unique=False)

    op.create_table(
        "chat_lease",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "chat_outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_key", sa.String(length=100), nullable=False),
        sa.Column("resident", sa.String(length=40), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=True),
        sa.Column("notification_id", sa.Integer(), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("replaces", sa.String(length=100), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("external_id", sa.String(length=100), nullable=True),
        sa.Column("problem", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("delivery_key"),
        sa.UniqueConstraint("notification_id"),
    )
    with op.batch_alter_table("chat_outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chat_outbox_inbox_id"), ["inbox_id"], unique=False)
        batch_op.create_index(
            "ix_chat_outbox_resident_status", ["resident", "status", "id"], unique=False
        )
        batch_op.create_index("ix_chat_outbox_status", ["status", "not_before"], unique=False)

    op.create_table(
        "chat_resident",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("chat_id", sa.String(length=100), nullable=False),
        sa.Column("unreachable", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "chat_id"),
    )
    op.create_table(
        "chat_session",
        sa.Column("resident", sa.String(length=40), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("resident"),
    )
    op.create_table(
        "desk_audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("target_kind", sa.String(length=30), nullable=True),
        sa.Column("target_id", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("desk_audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_audit_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_desk_audit_actor"), ["actor"], unique=False)
        batch_op.create_index(batch_op.f("ix_desk_audit_at"), ["at"], unique=False)

    op.create_table(
        "desk_sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("desk_sign_in_failure", schema=None) as batch_op:
        batch_op.create_index("ix_desk_sign_in_failure_key_at", ["key", "at"], unique=False)

    op.create_table(
        "desk_staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=True),
        sa.Column("community_id", sa.String(length=100), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("username"),
    )
    op.create_table(
        "knowledge_collection",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("index_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "knowledge_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("collection", "title"),
    )
    op.create_table(
        "knowledge_vector",
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("model", "digest"),
    )
    op.create_table(
        "petition_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("history_hash", sa.String(length=64), nullable=False),
        sa.Column("regime", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("category_first", sa.String(), nullable=True),
        sa.Column("category_second", sa.String(), nullable=True),
        sa.Column("urgency", sa.String(length=20), nullable=False),
        sa.Column("emergency_service", sa.String(length=10), nullable=True),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("place_text", sa.Text(), nullable=True),
        sa.Column("estate_id", sa.String(), nullable=True),
        sa.Column("building", sa.String(), nullable=True),
        sa.Column("grid_id", sa.String(), nullable=True),
        sa.Column("community_id", sa.String(), nullable=True),
        sa.Column("proposed_unit", sa.String(), nullable=True),
        sa.Column("proposed_co_handlers", sa.JSON(), nullable=False),
        sa.Column("lead_unit", sa.String(), nullable=True),
        sa.Column("routing_reason", sa.JSON(), nullable=False),
        sa.Column("duty_item", sa.String(), nullable=True),
        sa.Column("in_duty_list", sa.Boolean(), nullable=False),
        sa.Column("designated", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("resolved", sa.Boolean(), nullable=True),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("supporter_count", sa.Integer(), nullable=False),
        sa.Column("urge_count", sa.Integer(), nullable=False),
        sa.Column("reopen_count", sa.Integer(), nullable=False),
        sa.Column("supervised", sa.Boolean(), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("extension_days", sa.Integer(), nullable=True),
        sa.Column("extension_asked_by", sa.String(), nullable=True),
        sa.Column("review_level", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["petition_case.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    with op.batch_alter_table("petition_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_petition_case_closed_at"), ["closed_at"], unique=False)
        batch_op.create_index(
            "ix_petition_case_community_status", ["community_id", "status"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_petition_case_estate_id"), ["estate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_petition_case_grid_id"), ["grid_id"], unique=False)
        batch_op.create_index("ix_petition_case_lead_status", ["lead_unit", "status"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_petition_case_next_due_at"), ["next_due_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_petition_case_opened_at"), ["opened_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_petition_case_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_petition_case_urgency"), ["urgency"], unique=False)

    op.create_table(
        "petition_idempotency_key",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("petition_number", sa.String(length=40), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "petition_number_sequence",
        sa.Column("heading", sa.String(length=40), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("heading"),
    )
    op.create_table(
        "desk_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["desk_staff.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_digest"),
    )
    with op.batch_alter_table("desk_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_desk_session_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_desk_session_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "desk_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["desk_staff.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_digest"),
    )
    with op.batch_alter_table("desk_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_token_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "knowledge_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("collection", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=True),
        sa.Column("issuer", sa.String(length=200), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("scope", sa.String(length=120), nullable=True),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("commencement", sa.Date(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("supersedes", sa.JSON(), nullable=False),
        sa.Column("superseded_to", sa.Date(), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["knowledge_document.id"],
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"],
            ["knowledge_version.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("collection", "source", "content_hash"),
    )
    with op.batch_alter_table("knowledge_version", schema=None) as batch_op:
        batch_op.create_index(
            "ix_knowledge_version_collection_state", ["collection", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_knowledge_version_document_id"), ["document_id"], unique=False
        )

    op.create_table(
        "petition_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("petition_number", sa.String(length=40), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("ref", sa.String(), nullable=True),
        sa.Column("mime", sa.String(), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["petition_case.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("petition_attachment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_petition_attachment_case_id"), ["case_id"], unique=False
        )

    op.create_table(
        "petition_case_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column("from_status", sa.String(length=20), nullable=True),
        sa.Column("to_status", sa.String(length=20), nullable=False),
        sa.Column("actor_role", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.String(length=100), nullable=False),
        sa.Column("actor_name", sa.String(length=100), nullable=False),
        sa.Column("actor_unit", sa.String(), nullable=True),
        sa.Column("for_resident", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("text_salt", sa.String(length=64), nullable=False),
        sa.Column("text_digest", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["petition_case.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "sequence"),
    )
    with op.batch_alter_table("petition_case_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_petition_case_entry_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_petition_case_entry_case_id"), ["case_id"], unique=False
        )

    op.create_table(
        "petition_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(length=20), nullable=False),
        sa.Column("rule_id", sa.String(length=60), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("warn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pauses", sa.JSON(), nullable=False),
        sa.Column("extensions", sa.JSON(), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["petition_case.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("petition_clock", schema=None) as batch_op:
        batch_op.create_index("ix_petition_clock_case", ["case_id", "clock"], unique=False)
        batch_op.create_index("ix_petition_clock_running", ["stopped_at", "due_at"], unique=False)

    op.create_table(
        "petition_co_handling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.Column("part", sa.Text(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["petition_case.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "unit_id"),
    )
    with op.batch_alter_table("petition_co_handling", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_petition_co_handling_case_id"), ["case_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_petition_co_handling_unit_id"), ["unit_id"], unique=False
        )

    op.create_table(
        "petition_follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("resolved", sa.Boolean(), nullable=True),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["petition_case.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("petition_follow_up", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_petition_follow_up_case_id"), ["case_id"], unique=False
        )

    op.create_table(
        "petition_notification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.String(length=40), nullable=False),
        sa.Column("petition_number", sa.String(length=40), nullable=True),
        sa.Column("resident", sa.String(length=100), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("unit_id", sa.String(length=100), nullable=True),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["petition_case.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("petition_notification", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_petition_notification_case_id"), ["case_id"], unique=False
        )
        batch_op.create_index("ix_petition_notification_resident", ["resident", "id"], unique=False)
        batch_op.create_index("ix_petition_notification_unit", ["unit_id", "status"], unique=False)

    op.create_table(
        "petition_petition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("resident", sa.String(length=100), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("category_first", sa.String(), nullable=True),
        sa.Column("category_second", sa.String(), nullable=True),
        sa.Column("urgency", sa.String(length=20), nullable=False),
        sa.Column("emergency_service", sa.String(length=10), nullable=True),
        sa.Column("place_text", sa.Text(), nullable=True),
        sa.Column("estate", sa.String(), nullable=True),
        sa.Column("building", sa.String(), nullable=True),
        sa.Column("place_detail", sa.String(), nullable=True),
        sa.Column("happened_at_text", sa.String(), nullable=True),
        sa.Column("wanted", sa.Text(), nullable=True),
        sa.Column("sealed_name", sa.Text(), nullable=True),
        sa.Column("sealed_phone", sa.Text(), nullable=True),
        sa.Column("sealed_on_behalf_of", sa.Text(), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("code_seal", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["petition_case.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idempotency_key"),
        sa.UniqueConstraint("number"),
    )
    with op.batch_alter_table("petition_petition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_petition_petition_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_petition_petition_filed_at"), ["filed_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_petition_petition_resident"), ["resident"], unique=False
        )

    op.create_table(
        "petition_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("petition_number", sa.String(length=40), nullable=False),
        sa.Column("resident", sa.String(length=100), nullable=False),
        sa.Column("result", sa.Integer(), nullable=False),
        sa.Column("speed", sa.Integer(), nullable=True),
        sa.Column("attitude", sa.Integer(), nullable=True),
        sa.Column("resolved", sa.Boolean(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["petition_case.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("petition_rating", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_petition_rating_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_petition_rating_rated_at"), ["rated_at"], unique=False)

    op.create_table(
        "petition_shield",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["petition_case.id"],
        ),
        sa.PrimaryKeyConstraint("case_id", "unit_id"),
    )
    op.create_table(
        "petition_whistle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.Column("called_by", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_in_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["petition_case.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("petition_whistle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_petition_whistle_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_petition_whistle_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "knowledge_passage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("path", sa.JSON(), nullable=False),
        sa.Column("article", sa.String(length=40), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["knowledge_version.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("version_id", "position"),
    )
    op.create_table(
        "petition_supporter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("petition_id", sa.Integer(), nullable=False),
        sa.Column("petition_number", sa.String(length=40), nullable=False),
        sa.Column("resident", sa.String(length=100), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["petition_case.id"],
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petition_petition.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("petition_id"),
        sa.UniqueConstraint("petition_number"),
    )
    with op.batch_alter_table("petition_supporter", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_petition_supporter_case_id"), ["case_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_petition_supporter_resident"), ["resident"], unique=False
        )

    op.create_table(
        "knowledge_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection", sa.String(length=64), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resident", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("passage_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("useful", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["passage_id"],
            ["knowledge_passage.id"],
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["knowledge_version.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("knowledge_question", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_knowledge_question_asked_at"), ["asked_at"], unique=False
        )
        batch_op.create_index(
            "ix_knowledge_question_outcome", ["collection", "outcome"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_knowledge_question_version_id"), ["version_id"], unique=False
        )

    guard_history(op.get_bind())


def downgrade() -> None:
    unguard_history(op.get_bind())
    with op.batch_alter_table("knowledge_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_knowledge_question_version_id"))
        batch_op.drop_index("ix_knowledge_question_outcome")
        batch_op.drop_index(batch_op.f("ix_knowledge_question_asked_at"))

    op.drop_table("knowledge_question")
    with op.batch_alter_table("petition_supporter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_petition_supporter_resident"))
        batch_op.drop_index(batch_op.f("ix_petition_supporter_case_id"))

    op.drop_table("petition_supporter")
    op.drop_table("knowledge_passage")
    with op.batch_alter_table("petition_whistle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_petition_whistle_unit_id"))
        batch_op.drop_index(batch_op.f("ix_petition_whistle_case_id"))

    op.drop_table("petition_whistle")
    op.drop_table("petition_shield")
    with op.batch_alter_table("petition_rating", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_petition_rating_rated_at"))
        batch_op.drop_index(batch_op.f("ix_petition_rating_case_id"))

    op.drop_table("petition_rating")
    with op.batch_alter_table("petition_petition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_petition_petition_resident"))
        batch_op.drop_index(batch_op.f("ix_petition_petition_filed_at"))
        batch_op.drop_index(batch_op.f("ix_petition_petition_case_id"))

    op.drop_table("petition_petition")
    with op.batch_alter_table("petition_notification", schema=None) as batch_op:
        batch_op.drop_index("ix_petition_notification_unit")
        batch_op.drop_index("ix_petition_notification_resident")
        batch_op.drop_index(batch_op.f("ix_petition_notification_case_id"))

    op.drop_table("petition_notification")
    with op.batch_alter_table("petition_follow_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_petition_follow_up_case_id"))

    op.drop_table("petition_follow_up")
    with op.batch_alter_table("petition_co_handling", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_petition_co_handling_unit_id"))
        batch_op.drop_index(batch_op.f("ix_petition_co_handling_case_id"))

    op.drop_table("petition_co_handling")
    with op.batch_alter_table("petition_clock", schema=None) as batch_op:
        batch_op.drop_index("ix_petition_clock_running")
        batch_op.drop_index("ix_petition_clock_case")

    op.drop_table("petition_clock")
    with op.batch_alter_table("petition_case_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_petition_case_entry_case_id"))
        batch_op.drop_index(batch_op.f("ix_petition_case_entry_at"))

    op.drop_table("petition_case_entry")
    with op.batch_alter_table("petition_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_petition_attachment_case_id"))

    op.drop_table("petition_attachment")
    with op.batch_alter_table("knowledge_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_knowledge_version_document_id"))
        batch_op.drop_index("ix_knowledge_version_collection_state")

    op.drop_table("knowledge_version")
    with op.batch_alter_table("desk_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_token_staff_id"))

    op.drop_table("desk_token")
    with op.batch_alter_table("desk_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_session_staff_id"))
        batch_op.drop_index(batch_op.f("ix_desk_session_expires_at"))

    op.drop_table("desk_session")
    op.drop_table("petition_number_sequence")
    op.drop_table("petition_idempotency_key")
    with op.batch_alter_table("petition_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_petition_case_urgency"))
        batch_op.drop_index(batch_op.f("ix_petition_case_status"))
        batch_op.drop_index(batch_op.f("ix_petition_case_opened_at"))
        batch_op.drop_index(batch_op.f("ix_petition_case_next_due_at"))
        batch_op.drop_index("ix_petition_case_lead_status")
        batch_op.drop_index(batch_op.f("ix_petition_case_grid_id"))
        batch_op.drop_index(batch_op.f("ix_petition_case_estate_id"))
        batch_op.drop_index("ix_petition_case_community_status")
        batch_op.drop_index(batch_op.f("ix_petition_case_closed_at"))

    op.drop_table("petition_case")
    op.drop_table("knowledge_vector")
    op.drop_table("knowledge_document")
    op.drop_table("knowledge_collection")
    op.drop_table("desk_staff")
    with op.batch_alter_table("desk_sign_in_failure", schema=None) as batch_op:
        batch_op.drop_index("ix_desk_sign_in_failure_key_at")

    op.drop_table("desk_sign_in_failure")
    with op.batch_alter_table("desk_audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_audit_at"))
        batch_op.drop_index(batch_op.f("ix_desk_audit_actor"))
        batch_op.drop_index(batch_op.f("ix_desk_audit_action"))

    op.drop_table("desk_audit")
    op.drop_table("chat_session")
    op.drop_table("chat_resident")
    with op.batch_alter_table("chat_outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_chat_outbox_status")
        batch_op.drop_index("ix_chat_outbox_resident_status")
        batch_op.drop_index(batch_op.f("ix_chat_outbox_inbox_id"))

    op.drop_table("chat_outbox")
    op.drop_table("chat_lease")
    with op.batch_alter_table("chat_inbox", schema=None) as batch_op:
        batch_op.drop_index("ix_chat_inbox_status")
        batch_op.drop_index("ix_chat_inbox_resident_status")

    op.drop_table("chat_inbox")
    with op.batch_alter_table("chat_contact_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_chat_contact_link_resident"))
        batch_op.drop_index(batch_op.f("ix_chat_contact_link_form_key"))

    op.drop_table("chat_contact_link")
