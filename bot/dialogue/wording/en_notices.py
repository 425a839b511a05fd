"""The notices in English; the keys are those of ``zh_cn_notices``."""

SENTENCES: dict[str, str] = {
    "notice.case_screened": "{number} “{title}”: checked by the community, now being passed on.",
    "notice.case_dispatched": "{number} “{title}”: passed to {unit}. {next}",
    "notice.case_reassigned": "{number} “{title}”: now with {unit}. {next}",
    "notice.case_signed_for": "{number} “{title}”: {unit} has taken it up. {next}",
    "notice.case_suspended": "{number} “{title}” has to wait for the reason below. I will tell you "
    "when it goes on.",
    "notice.case_resumed": "{number} “{title}” goes on. {next}",
    "notice.case_extended": "{number} “{title}” needs more time for the reason below. {next}",
    "notice.case_supplement_asked": "{number} “{title}”: the people handling it would like to know "
    "more. Please reply here:",
    "notice.case_replied": "{number} “{title}”: {unit} has answered. How was it? If you are not "
    "satisfied it is done again.",
    "notice.case_sent_back": "{number} “{title}”: the answer was not good enough, so {unit} goes "
    "on. {next}",
    "notice.case_followed_up": "{number} “{title}”: your feedback is noted, thank you.",
    "notice.case_closed": "{number} “{title}” is closed: {outcome}. If it is not solved, just tell "
    "me.",
    "notice.case_reopened": "{number} “{title}” is taken up again by {unit}. {next}",
    "notice.case_split": "{number} “{title}” is handled on its own again.",
    "notice.case_escalated": "{number} “{title}” was not done in time; a higher office now "
    "watches it.",
    "notice.case_supervised": "{number} “{title}” is now watched by a supervisor.",
    "notice.case_merged": "{number} “{title}” is handled together with your neighbours' petition. "
    "Your number stays valid.",
    "notice.case_review_decided": "{number} “{title}”: the review is decided, see below.",
    "notice.case_rereview_decided": "{number} “{title}”: the second review is decided, see below.",
    "notice.digest": "{count} pieces of news; the latest of each petition is below.",
    "notice.other": "{number} “{title}” has moved on; tap “Show”.",
    "recall.successor": "You asked “{question}” and I quoted 《{title}》. It no longer holds; "
    "please don't go by it. Now 《{successor}》 applies: just send your question again.",
    "recall.nothing": "You asked “{question}” and I quoted 《{title}》. It no longer holds; "
    "please don't go by it. If you need to, send your question again.",
    "label.show": "Show",
    "citation.reply": "{unit} · {day}",
    "outcome.resolved": "resolved",
    "outcome.explained": "explained",
    "outcome.not_supported": "not supported",
    "outcome.other_channel": "another legal way applies",
    "outcome.withdrawn": "withdrawn",
    "outcome.merged": "merged",
    "outcome.none": "handled",
}
