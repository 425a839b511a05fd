"""The words and tables of this room under one name; the classes live in the modules below."""

from petitions.drafts import AttachmentRef, PetitionDraft, make_draft
from petitions.tables import (
    Attachment,
    Case,
    CaseClock,
    CaseEntry,
    CaseShield,
    CoHandling,
    FollowUp,
    IdempotencyKey,
    Notification,
    NumberSequence,
    Petition,
    Rating,
    Supporter,
    Whistle,
)
from petitions.words import LegalRegime, NotificationStatus, PetitionKind, Satisfaction, Urgency
from petitions.workflow import CaseAction, CaseStatus, Outcome, Role

__all__ = [
    "Attachment",
    "AttachmentRef",
    "Case",
    "CaseAction",
    "CaseClock",
    "CaseEntry",
    "CaseShield",
    "CaseStatus",
    "CoHandling",
    "FollowUp",
    "IdempotencyKey",
    "LegalRegime",
    "Notification",
    "NotificationStatus",
    "NumberSequence",
    "Outcome",
    "Petition",
    "PetitionDraft",
    "PetitionKind",
    "Rating",
    "Role",
    "Satisfaction",
    "Supporter",
    "Urgency",
    "Whistle",
    "make_draft",
]
