"""Fill in what an operator's labels leave open, so that both engines can learn from them.

A message sorted by hand often has its first-level class only. The class below it and the intent
are taken from a parser that has not seen the message, held to what was said of it.
"""

from collections.abc import Sequence
from dataclasses import replace

from nlu.training_data import Example
from nlu.understanding import Intent, MessageParser, Understanding

SORTED_INTENTS = (Intent.REPORT, Intent.CONSULT, Intent.SUGGEST, Intent.REPORT_MISCONDUCT)
"""What a message with a matter can be; nothing else is guessed of one, least of all danger."""


def complete_labels(
    examples: Sequence[Example], parser: MessageParser, *, intents: bool
) -> tuple[Example, ...]:
    """``examples`` with a second-level class where the parser sees one.

    Args:
        examples: of an operator, or accepted corrections.
        parser: has not learnt from them.
        intents: whether each needs an intent, as for Rasa. A guessed one teaches the engine
            its own mistakes, so it is left open for an engine that can do without.
    """
    open_ones = [example for example in examples if _is_open(example, intents=intents)]
    found = parser.parse_many([example.text for example in open_ones])
    guesses = dict(zip(open_ones, found, strict=True))
    return tuple(
        _completed(example, guesses[example], intents=intents) if example in guesses else example
        for example in examples
    )


def _is_open(example: Example, *, intents: bool) -> bool:
    return (intents and example.intent is None) or (
        example.first is not None and example.second is None
    )


def _completed(example: Example, guess: Understanding, *, intents: bool) -> Example:
    return replace(
        example,
        intent=example.intent or (_likeliest_intent(guess) if intents else None),
        second=example.second or _second_below(example.first, guess),
    )


def _likeliest_intent(guess: Understanding) -> Intent:
    ranked = (guess.intent, *(intent for intent, _ in guess.alternatives))
    return next((intent for intent in ranked if intent in SORTED_INTENTS), Intent.REPORT)


def _second_below(first: str | None, guess: Understanding) -> str | None:
    fitting = (one.second for one in guess.categories if one.first == first)
    return next(fitting, None)
