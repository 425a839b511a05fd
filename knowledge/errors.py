"""What can go wrong with the texts, and what the caller can do about it."""


class KnowledgeError(Exception):
    """Base of every error of this room."""


class UnreadableFile(KnowledgeError):
    """A file holds nothing that can be imported; ``reason`` says why, in words for a curator."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class UnknownVersion(KnowledgeError):
    """There is no version with this id."""

    def __init__(self, version_id: int) -> None:
        super().__init__(f"no version {version_id}")
        self.version_id = version_id


class UnknownQuestion(KnowledgeError):
    """There is no recorded question with this id."""

    def __init__(self, question_id: int) -> None:
        super().__init__(f"no question {question_id}")
        self.question_id = question_id


class VersionNotAllowed(KnowledgeError):
    """A version in this state cannot take this step; look at it again and choose another."""

    def __init__(self, version_id: int, state: str, step: str) -> None:
        super().__init__(f"version {version_id} is {state}: {step} is not possible")
        self.version_id = version_id
        self.state = state
        self.step = step


class UnfinishedDraft(KnowledgeError):
    """A draft still holds the mark of a gap; fill it in before it is published."""

    def __init__(self, version_id: int) -> None:
        super().__init__(f"version {version_id} has a gap to be filled in")
        self.version_id = version_id


class InvalidFacts(KnowledgeError):
    """What a curator stated cannot be; ``field`` and ``problem`` say what and why."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class UnknownEntry(KnowledgeError):
    """There is no entry with this id; ``kind`` is trial, bank, change, passage or question."""

    def __init__(self, kind: str, entry_id: int) -> None:
        super().__init__(f"no {kind} {entry_id}")
        self.kind = kind
        self.entry_id = entry_id


class ChangeNotUndoable(KnowledgeError):
    """Only the newest change can be undone; undo the later ones first."""

    def __init__(self, change_id: int) -> None:
        super().__init__(f"change {change_id} is not the newest one")
        self.change_id = change_id


class PublicationOvertaken(KnowledgeError):
    """Somebody else published while the gate was looking; look again."""


class WrongVectors(KnowledgeError):
    """An embedder gave vectors of another shape or length than it promised."""
