"""What all of the curator's pages share: who may, what a form holds, how an error is told."""

from datetime import date
from typing import Annotated, Any

from fastapi import Depends

from console.auth import PostedForm, Require, SignedIn, read_form
from console.errors import InvalidInput
from console.permissions import DeskPermission
from console.problems import facts_of, sentence_of, status_of
from knowledge.errors import KnowledgeError

Curator = Annotated[SignedIn, Depends(Require(permission=DeskPermission.CURATE))]
Form = Annotated[PostedForm, Depends(read_form)]


def id_in(word: str, field: str) -> int:
    """The id that a field holds.

    Raises:
        InvalidInput: It holds none.
    """
    if not word.isascii() or not word.isdigit() or len(word) > 9:
        raise InvalidInput(field=field, problem="unknown")
    return int(word)


def day_in(form: PostedForm, field: str) -> date:
    """The day that a field of a form holds.

    Raises:
        InvalidInput: It holds none.
    """
    try:
        return date.fromisoformat(form.get(field))
    except ValueError:
        raise InvalidInput(field=field, problem="date") from None


def day_or_none(form: PostedForm, field: str) -> date | None:
    """The same where the field may be left empty.

    Raises:
        InvalidInput: It holds something else than a day.
    """
    return day_in(form, field) if form.get(field) else None


def told(error: InvalidInput | KnowledgeError | None) -> dict[str, Any]:
    """How a page tells of an error: its status, the sentence, the field it stands at."""
    if error is None:
        return {"status": 200, "sentence": "", "error_field": ""}
    return {
        "status": status_of(error),
        "sentence": sentence_of(error),
        "error_field": facts_of(error).get("field", ""),
    }
