"""What can go wrong with a petition. Every error carries data; the wording is the caller's."""

from typing import Any


class PetitionError(Exception):
    """Base of everything this room raises.

    Attributes:
        key: Stable name of the error, for wording and HTTP tables.
        facts: What happened, as plain data without personal data.
    """

    key = "petition_error"

    def __init__(self, **facts: Any) -> None:
        """Keep ``facts``; the message is for logs only."""
        self.facts = facts
        words = ", ".join(f"{name}={value}" for name, value in facts.items())
        super().__init__(f"{self.key}: {words}")


class CaseNotFound(PetitionError):
    """No such case, or none that this actor may know of. Facts: ``case_id``."""

    key = "case_not_found"


class PetitionNotFound(PetitionError):
    """No petition has this number. Facts: ``number``."""

    key = "petition_not_found"


class WrongReceiptCode(PetitionError):
    """The receipt code does not open this petition. Facts: ``number``."""

    key = "wrong_receipt_code"


class InvalidDraft(PetitionError):
    """The form can't be filed as it stands. Facts: ``field``, ``problem``."""

    key = "invalid_draft"


class ReasonRequired(PetitionError):
    """This action needs words. Facts: ``action``, ``field``."""

    key = "reason_required"


class ActionNotAllowed(PetitionError):
    """The case can't take this action now: reload it and offer what it can take.

    Facts: ``status``, ``action`` and, where a rule beside the table refused it, ``because``
    (``designated``, ``objection_window_closed``, ``already_redone``, ``no_request``,
    ``merged``, ``final``, ``not_a_petition``, ``review_first``, ``window_closed``,
    ``same_person``, ``too_long``, ``not_whistled``, ``not_co_handler``, ``same_case``, …).
    """

    key = "action_not_allowed"


class NotPermitted(PetitionError):
    """This actor may not do this to this case. Facts: ``action``, ``case_id``, ``because``."""

    key = "not_permitted"


class StaleCase(PetitionError):
    """Somebody else acted first: reload and look again.

    Facts: ``case_id``, ``expected_version``, ``version``.
    """

    key = "stale_case"


class AlreadyJoined(PetitionError):
    """The resident already stands behind this case. Facts: ``case_id``, ``number``."""

    key = "already_joined"


class KeyReused(PetitionError):
    """An idempotency key came back with another command: use a new key. Facts: ``command``."""

    key = "key_reused"


class CommandUnfinished(PetitionError):
    """A command with this key was begun and no result is known; it may still be going on.

    Look at what became of it, then use a new key. Facts: ``command``.
    """

    key = "command_unfinished"


class UnknownUnit(PetitionError):
    """The organisation has no such unit. Facts: ``unit_id``."""

    key = "unknown_unit"


class InvalidOrganisation(PetitionError):
    """The organisation's files contradict themselves. Facts: ``file``, ``problem``."""

    key = "invalid_organisation"


class ContactUnreadable(PetitionError):
    """No key that we hold opens this contact field: the key was changed or lost."""

    key = "contact_unreadable"


class UnknownThing(PetitionError):
    """The organisation has no such thing. Facts: ``kind``, ``thing``."""

    key = "unknown_thing"


class CannotClose(PetitionError):
    """Something leans on what was to be closed.

    Facts: ``because`` (``leads_community``, ``not_empty``, ``served_alone``,
    ``needs_another_grid``), ``names`` of what leans on it.
    """

    key = "cannot_close"
