"""Which function handles which step, intent, button and command: four tables."""

from bot.dialogue import (
    belonging,
    case,
    confirming,
    consultation,
    editing,
    emergency,
    filing,
    handover,
    joining,
    meaning,
    person,
    photos,
    rating,
    resuming,
    smalltalk,
)
from bot.dialogue.session import Step
from bot.dialogue.turn import ChoiceFunction, StepFunction
from nlu.understanding import Intent

STEPS: dict[Step, StepFunction] = {
    Step.ASK_MATTER: filing.take_matter,
    Step.ASK_PLACE: filing.take_place,
    Step.ASK_WANTED: filing.take_wanted,
    Step.OFFER_JOIN: joining.take_offer,
    Step.RESUME: resuming.take_resume,
    Step.ASK_EDIT: editing.take_edit,
    Step.CARD: editing.take_card_words,
    Step.CLARIFY_TOPIC: consultation.consult,
    Step.CLARIFY_INTENT: meaning.take_meaning,
    Step.EMERGENCY_PLACE: emergency.take_alarm_place,
    Step.CHOOSE_CASE: case.take_number,
    Step.ASK_NUMBER: case.take_number,
    Step.ASK_CODE: case.take_code,
    Step.ASK_SUPPLEMENT: case.take_supplement,
    Step.CONFIRM_WITHDRAW: case.take_withdraw_words,
    Step.ASK_RATING: rating.take_rating,
    Step.ASK_COMMENT: rating.take_comment,
    Step.ASK_NOTE: handover.take_note,
}

INTENTS: dict[Intent, StepFunction] = {
    Intent.CONSULT: consultation.consult_then_next,
    Intent.REPORT: filing.start_filing,
    Intent.REPORT_MISCONDUCT: filing.start_filing,
    Intent.SUGGEST: filing.start_filing,
    Intent.EMERGENCY: filing.start_filing,
    Intent.TRACK: case.on_words("show"),
    Intent.URGE: case.on_words("urge"),
    Intent.SUPPLEMENT: case.on_words("supplement"),
    Intent.WITHDRAW: case.on_words("withdraw"),
    Intent.RATE: case.on_words("rate"),
    Intent.JOIN: case.join_in,
    Intent.HUMAN: handover.hand_over,
    Intent.GREET: smalltalk.hello,
    Intent.THANKS: smalltalk.thanks,
    Intent.AFFIRM: smalltalk.affirm_at_rest,
    Intent.DENY: smalltalk.deny_at_rest,
    Intent.CANCEL: smalltalk.nothing_to_cancel,
    Intent.OUT_OF_SCOPE: smalltalk.out_of_scope,
}

CHOICES: dict[str, ChoiceFunction] = {
    "start": smalltalk.start,
    "help": smalltalk.help_with,
    "new": filing.start_blank,
    "ask": consultation.ask_question,
    "my": case.show_mine,
    "number": case.ask_number,
    "link": person.show_link_code,
    "forget.yes": person.forget,
    "forget.no": person.keep,
    "human": handover.hand_over,
    "note": handover.ask_note,
    "useful": consultation.useful,
    "useless": consultation.useless,
    "noneed": consultation.no_need,
    "tofile": consultation.question_to_petition,
    "topic": consultation.choose_topic,
    "meant.ask": meaning.meant_to_ask,
    "meant.report": meaning.meant_to_report,
    "meant.add": belonging.add_words,
    "meant.new": belonging.begin_anew,
    "place": filing.choose_estate,
    "skip": meaning.skip,
    "join": joining.join,
    "own": joining.file_own,
    "card.confirm": confirming.confirm,
    "card.cancel": confirming.cancel,
    "card.edit": editing.edit,
    "privacy": editing.choose_privacy,
    "resume": resuming.resume,
    "discard": resuming.discard,
    "files.add": photos.add_files,
    "files.new": photos.new_files,
    "show": case.on_case_choice("show"),
    "urge": case.on_case_choice("urge"),
    "supplement": case.on_case_choice("supplement"),
    "withdraw": case.on_case_choice("withdraw"),
    "withdraw.yes": case.withdraw_confirmed,
    "withdraw.no": case.withdraw_dropped,
    "rate": case.on_case_choice("rate"),
    "rate.level": rating.choose_level,
    "alarm.true": emergency.alarm_true,
    "alarm.false": emergency.alarm_false,
}
"""What stands before the colon of a button's payload."""

COMMANDS = {"/start": "start", "/help": "help", "/new": "new", "/my": "my"}

CASE_INTENTS = frozenset(
    {Intent.TRACK, Intent.URGE, Intent.SUPPLEMENT, Intent.WITHDRAW, Intent.RATE, Intent.JOIN}
)
"""Words about a petition that is filed."""

QUESTION_STEPS = frozenset(
    {
        Step.CHOOSE_CASE,
        Step.ASK_NUMBER,
        Step.ASK_CODE,
        Step.CONFIRM_WITHDRAW,
        Step.ASK_RATING,
        Step.CLARIFY_INTENT,
        Step.CLARIFY_TOPIC,
    }
)
"""Steps that a new matter may simply leave."""

NEW_INTENTS = frozenset(
    {
        Intent.CONSULT,
        Intent.REPORT,
        Intent.REPORT_MISCONDUCT,
        Intent.SUGGEST,
        Intent.HUMAN,
        Intent.CANCEL,
        Intent.GREET,
        Intent.THANKS,
        Intent.TRACK,
        Intent.URGE,
    }
)
"""Words that start something of their own."""
