"""What was typed into the form of a verb, read as what the verb needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeVar

from console.errors import InvalidInput
from petitions.drafts import AttachmentRef
from petitions.words import Satisfaction

Word = TypeVar("Word", bound=Enum)
LONGEST_NUMBER = 6


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Words by field as they came, from a form or from JSON, and files that are kept already."""

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    attachments: tuple[AttachmentRef, ...] = ()

    def text(self, name: str) -> str | None:
        """The words of a field, or None where there are none."""
        return next((value.strip() for value in self.words.get(name, ()) if value.strip()), None)

    def needed(self, name: str) -> str:
        """The words of a field.

        Raises:
            InvalidInput: There are none.
        """
        value = self.text(name)
        if value is None:
            raise InvalidInput(field=name, problem="required")
        return value

    def all(self, name: str) -> tuple[str, ...]:
        """All values of a field."""
        return tuple(value for value in self.words.get(name, ()) if value.strip())

    def word(self, name: str, kind: type[Word]) -> Word | None:
        """One word of an enumeration, or None where nothing was chosen.

        Raises:
            InvalidInput: The enumeration has no such word.
        """
        value = self.text(name)
        if value is None:
            return None
        try:
            return kind(value)
        except ValueError:
            raise InvalidInput(field=name, problem="unknown") from None

    def needed_word(self, name: str, kind: type[Word]) -> Word:
        """One word of an enumeration.

        Raises:
            InvalidInput: Nothing was chosen, or no such word.
        """
        word = self.word(name, kind)
        if word is None:
            raise InvalidInput(field=name, problem="required")
        return word

    def number(self, name: str) -> int:
        """A whole number.

        Raises:
            InvalidInput: It is none.
        """
        value = self.needed(name)
        if not value.isascii() or not value.isdigit() or len(value) > LONGEST_NUMBER:
            raise InvalidInput(field=name, problem="number")
        return int(value)

    def yes_or_no(self, name: str) -> bool | None:
        """What was chosen of «是» and «否», or None.

        Raises:
            InvalidInput: It is neither.
        """
        value = self.text(name)
        if value not in (None, "yes", "no"):
            raise InvalidInput(field=name, problem="unknown")
        return None if value is None else value == "yes"

    def needed_yes_or_no(self, name: str) -> bool:
        """What was chosen of «是» and «否».

        Raises:
            InvalidInput: Nothing was chosen.
        """
        answer = self.yes_or_no(name)
        if answer is None:
            raise InvalidInput(field=name, problem="required")
        return answer

    def satisfaction(self, name: str) -> Satisfaction | None:
        """One of the five levels, or None.

        Raises:
            InvalidInput: It is none of them.
        """
        value = self.text(name)
        if value is None:
            return None
        if value not in {str(level.value) for level in Satisfaction}:
            raise InvalidInput(field=name, problem="unknown")
        return Satisfaction(int(value))
