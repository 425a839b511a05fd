"""What can go wrong at the desk itself; each carries data, the wording stands elsewhere."""

from typing import Any


class DeskError(Exception):
    """Base of everything this room raises.

    Attributes:
        key: Stable name of the error, for wording and the HTTP table.
        facts: What happened, as plain data without personal data.
    """

    key = "desk_error"

    def __init__(self, **facts: Any) -> None:
        """Keep ``facts``."""
        self.facts = facts
        super().__init__(self.key)


class SignInNeeded(DeskError):
    """Nobody is signed in, or the session has ended: sign in and come back."""

    key = "sign_in_needed"


class SignInRefused(DeskError):
    """Username and password don't belong together, or the account is closed."""

    key = "sign_in_refused"


class TooManyAttempts(DeskError):
    """Wait before signing in again. Facts: ``minutes``."""

    key = "too_many_attempts"


class ChatNotLinked(DeskError):
    """The chat account acts for nobody who works on cases: link it at the desk first."""

    key = "chat_not_linked"


class PermissionMissing(DeskError):
    """This person's roles don't reach to this page. Facts: ``permission``."""

    key = "permission_missing"


class ForgeryTokenWrong(DeskError):
    """The form didn't come from our own page, or from one of an older session: reload it."""

    key = "forgery_token_wrong"


class PasswordChangeNeeded(DeskError):
    """The password was given out by somebody else and has to be changed first."""

    key = "password_change_needed"


class WeakPassword(DeskError):
    """A new password is refused. Facts: ``problem`` (``short``, ``long``, ``common``, ``same``)."""

    key = "weak_password"


class InvalidInput(DeskError):
    """A form field can't be taken. Facts: ``field``, ``problem``."""

    key = "invalid_input"


class StaffNotFound(DeskError):
    """No such person. Facts: ``staff_id``."""

    key = "staff_not_found"


class UsernameTaken(DeskError):
    """Somebody has or had this username. Facts: ``field``."""

    key = "username_taken"


class OwnAccount(DeskError):
    """Nobody changes own roles or closes the own account."""

    key = "own_account"


class LastAdmin(DeskError):
    """At least one active administrator has to stay."""

    key = "last_admin"


class AttachmentNotFound(DeskError):
    """No such attachment, or none that this person may open. Facts: ``attachment_id``."""

    key = "attachment_not_found"


class UploadRefused(DeskError):
    """A file is not taken. Facts: ``problem`` (``too_large``, ``not_an_image``, ``empty``)."""

    key = "upload_refused"


class FeatureMissing(DeskError):
    """This installation has no such part (no texts loaded, no store for files)."""

    key = "feature_missing"


class BulkNotFound(DeskError):
    """No such bulk action, or somebody else's. Facts: ``bulk_id``."""

    key = "bulk_not_found"


class ExampleDecided(DeskError):
    """No such correction waits for a review (any more). Facts: ``id``."""

    key = "example_decided"


class JobNotParked(DeskError):
    """No such job waits for a person (any more). Facts: ``id``."""

    key = "job_not_parked"


class LogEntryNotFound(DeskError):
    """No such entry in the people's log, or none that this person may read."""

    key = "log_entry_not_found"


class LogEntryFiled(DeskError):
    """The entry is a petition already. Facts: ``number``."""

    key = "log_entry_filed"
