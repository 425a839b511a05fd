"""The fixed words of a petition: its kind, its urgency, its law, what the resident thinks."""

from enum import IntEnum, StrEnum


class PetitionKind(StrEnum):
    """What the resident wants of us (北京市接诉即办工作条例 art. 2: 咨询/求助/投诉/举报/建议)."""

    CONSULT = "consult"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT_MISCONDUCT = "report_misconduct"
    SUGGEST = "suggest"


class Urgency(StrEnum):
    """How long it may wait; the same words as nlu uses, kept apart on purpose."""

    EMERGENCY = "emergency"
    UTILITY = "utility"
    LONG_STANDING = "long_standing"
    ORDINARY = "ordinary"


class LegalRegime(StrEnum):
    """Which law's clocks and shields hold: a community committee is not a petition office."""

    SERVICE = "service"
    PETITION = "petition"
    REPORT = "report"


class CaseLevel(StrEnum):
    """Who looks after a case, from the nearest to the highest."""

    COMMUNITY = "community"
    SUBDISTRICT = "subdistrict"
    DISTRICT = "district"


class Satisfaction(IntEnum):
    """The resident's five levels, 非常不满意 (1) to 非常满意 (5)."""

    VERY_DISSATISFIED = 1
    DISSATISFIED = 2
    FAIR = 3
    SATISFIED = 4
    VERY_SATISFIED = 5


class NotificationStatus(StrEnum):
    """Whether a notification went out; ``failed`` is for good."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
