"""What an operator's labels leave open is filled in, and what was said is kept."""

from nlu.completing import SORTED_INTENTS, complete_labels
from nlu.local_parser import LocalParser
from nlu.training_data import Example
from nlu.understanding import Intent

FIRST_ONLY = Example(text="小区门口的路灯坏了没人修", first="城乡建设")
WHOLE = Example(
    text="路口井盖没了", intent=Intent.SUGGEST, first="城乡建设", second="城市建设和市政管理"
)


def test_the_second_level_is_found_below_the_given_first(local: LocalParser) -> None:
    (completed,) = complete_labels([FIRST_ONLY], local, intents=False)
    assert completed.first == "城乡建设"
    assert completed.second == "城市建设和市政管理"
    assert completed.intent is None


def test_an_intent_is_guessed_only_where_it_is_needed_and_never_danger(local: LocalParser) -> None:
    danger = Example(text="着火了快来人", first="城乡建设")
    completed = complete_labels([FIRST_ONLY, danger], local, intents=True)
    assert all(example.intent in SORTED_INTENTS for example in completed)


def test_what_was_said_is_kept(local: LocalParser) -> None:
    assert complete_labels([WHOLE], local, intents=True) == (WHOLE,)
