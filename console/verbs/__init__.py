"""What staff can do to a case, as one table that draws the forms, takes the posts and the API."""

from console.verbs.calls import VerbCall
from console.verbs.fields import Field, FieldKind
from console.verbs.inputs import Inputs
from console.verbs.offering import find_verb, main_verb, offered
from console.verbs.table import UNUSED_ACTIONS, VERBS, Verb

__all__ = [
    "UNUSED_ACTIONS",
    "VERBS",
    "Field",
    "FieldKind",
    "Inputs",
    "Verb",
    "VerbCall",
    "find_verb",
    "main_verb",
    "offered",
]
