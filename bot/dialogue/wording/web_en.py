"""The same sentences in English; the keys are those of ``web_zh_cn``."""

from collections.abc import Mapping
from types import MappingProxyType

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "brand": "Huiyin",
        "title.chat": "{community} · Huiyin",
        "title.contact": "Contact details · Huiyin",
        "title.contact_done": "Contact details saved · Huiyin",
        "title.privacy": "Privacy · Huiyin",
        "title.problem": "{heading} · Huiyin",
        "header.skip": "Skip to the message box",
        "header.home": "Huiyin, back to the conversation",
        "header.elder_on": "Large type",
        "header.elder_off": "Normal type",
        "header.language": "Language",
        "log.label": "Conversation",
        "log.you": "You",
        "log.us": "Huiyin",
        "log.earlier": "Earlier messages",
        "log.newest": "Back to the latest messages",
        "log.folded": "Show what was said before",
        "log.today": "Today {clock}",
        "log.new": "New message",
        "log.choices": "You can choose",
        "log.call": "Call {number}",
        "log.waiting": "Looking into it, one moment",
        "log.reload": "Check for a reply",
        "log.photo": "Photo",
        "log.voice": "Voice",
        "log.video": "Video",
        "log.document": "File",
        "log.location": "Location",
        "log.contact": "Contact",
        "log.photo_alt": "The photo you sent",
        "notice.line": "What you say is used for your matter only.",
        "notice.link": "Privacy",
        "greeting": "Hello, this is Huiyin. Ask about a rule, report a fault or raise a problem in "
        "your own words; photos are welcome.\nIn danger, call 110, 119 or 120 first.",
        "greeting.try": "Not sure how to put it? Tap one to try:",
        "prompt.lift": "The lift is broken",
        "prompt.permit": "What do I need for a residence permit",
        "prompt.mine": "Check my petitions",
        "prompt.human": "Reach a person",
        "write.label": "Your message",
        "write.placeholder": "Just write",
        "write.send": "Send",
        "write.photo": "Photo",
        "write.location": "Location",
        "write.remove": "Remove",
        "write.photo_added": "Photo: {name}",
        "write.voice": "Speak",
        "write.voice_stop": "Done",
        "write.voice_added": "A voice message is added",
        "write.location_added": "Your location is added",
        "script.sending": "Sending",
        "script.thinking": "Got it, looking into it",
        "script.slow_send": "The network is slow, still sending. Please keep the page open.",
        "script.slow_reply": "This takes a little longer. Your message has arrived; the reply will "
        "appear here.",
        "script.offline": "You are offline. What you wrote is kept; send it once you are back.",
        "script.online": "You are back online.",
        "script.not_sent": "It was not sent. What you wrote is still below; please send it again.",
        "script.tap_not_sent": "It was not sent. Please tap again.",
        "script.too_large": "This photo is too large; the limit is {limit} MB. Please choose a "
        "smaller one.",
        "script.locating": "Finding where you are",
        "script.no_location": "The location could not be found. You can also write where it is.",
        "script.wait_first": "The last message is still being sent, one moment.",
        "script.stale": "This page has been open for a while. What you wrote is kept; please "
        "reload first.",
        "script.read_aloud": "Read aloud",
        "script.stop_reading": "Stop",
        "script.reload": "Reload the page",
        "contact.heading": "Leave your contact details",
        "contact.about": "What you raised",
        "contact.why": "The people handling it may call if something is unclear. It is handled "
        "without this too.",
        "contact.name": "Your name",
        "contact.name_hint": "For example: Ms Wang",
        "contact.phone": "Phone",
        "contact.phone_hint": "A mobile number, or a landline with its area code",
        "contact.consent": "I agree that the community keeps my name and phone number and that the "
        "community and the government office handling this use them, only to contact me.",
        "contact.consent_more": "Stored encrypted, never published. Should a company such as "
        "property management handle it, you are asked again first. You can take it back any time.",
        "contact.send": "Save",
        "contact.once": "This page works once, for {minutes} minutes.",
        "contact.back": "Leave none, back to the conversation",
        "contact.close": "To leave none, just close this page; you can file without it in the "
        "conversation you came from.",
        "contact.errors": "Nearly there. Please look at the marked fields:",
        "contact.error_name_missing": "Please write how to address you; a surname is enough.",
        "contact.error_name_too_long": "This name is too long; please shorten it.",
        "contact.error_phone_missing": "Please write a phone number.",
        "contact.error_phone_wrong": "This number looks wrong. A mobile number has 11 digits; a "
        "landline needs its area code.",
        "contact.error_consent_missing": "It can only be saved once you agree. To leave none, go "
        "back to the conversation.",
        "contact.error_word": "Please change:",
        "contact.done_heading": "Saved",
        "contact.done": "Your name and phone number are stored encrypted; only the people handling "
        "this can see them.",
        "contact.done_next": "Now go back to the conversation and tap “Confirm”.",
        "contact.done_back": "Back to the conversation",
        "contact.done_close": "You can close this page.",
        "privacy.heading": "Privacy",
        "privacy.lead": "{community} uses Huiyin to look up rules for you, file what you raise and "
        "keep you posted. This is what it keeps, why, and who can see it.",
        "privacy.what": "What is kept",
        "privacy.what_words": "Your words, photos and location, to understand what happened and "
        "where.",
        "privacy.what_contact": "Name and phone number, only if you choose to leave them. Your "
        "matter is handled without them too.",
        "privacy.what_cookie": "A random number in your browser that recognises the conversation. "
        "It does not hold your name and does not track you.",
        "privacy.what_not": "No ID number is asked for. ID and phone numbers that you type are "
        "masked in the stored conversation.",
        "privacy.who": "Who can see it",
        "privacy.who_desk": "The staff of the community and of the unit handling it, and only what "
        "they need. Looking at a phone number leaves a record.",
        "privacy.who_anonymous": "You can stay anonymous: the unit does not know who you are. Or "
        "confidential: only the community's own staff know.",
        "privacy.who_company": "Before your contact details go to a company such as property "
        "management, you are asked separately.",
        "privacy.who_never": "Nothing is published or used for advertising. A report is never "
        "disclosed to the one reported.",
        "privacy.where": "Where, and for how long",
        "privacy.where_local": "On the community's own server; phone numbers are encrypted.",
        "privacy.where_days": "Conversations are kept for {days} days; petitions and their history "
        "as the archive rules say.",
        "privacy.where_archive": "Conversations and petitions are kept until the matter is done, "
        "then cleared as the archive rules say.",
        "privacy.rights": "What you can do",
        "privacy.rights_ask": "To see, correct or delete your data or to take back consent, say "
        "“reach a person” in the conversation.",
        "privacy.rights_call": "You can also call",
        "privacy.rights_law": "These are your rights under the Personal Information Protection Law "
        "of China (articles 44 to 47).",
        "privacy.who_we": "Who is responsible",
        "privacy.back": "Back to the conversation",
        "problem.back": "Back to the conversation",
        "problem.kept": "What you wrote is still here; you can send it again:",
        "problem.call": "If it is pressing, call {community}:",
        "problem.too_large": "The file is too large",
        "problem.too_large_help": "The limit is {limit} MB, so this one was not taken. Please send "
        "a smaller one, or write first and add the photo later.",
        "problem.too_fast": "One moment, please",
        "problem.too_fast_help": "Many messages at once; everything so far has arrived. Please "
        "wait {seconds} seconds.",
        "problem.session_lost": "This page has been open for a while",
        "problem.session_lost_help": "To keep you safe, please send it again from here. What you "
        "filed is still there and opens with its number and receipt code.",
        "problem.link_over": "This link no longer works",
        "problem.link_over_help": "It works once and for a limited time. Go back to the "
        "conversation and ask for another.",
        "problem.not_found": "There is no such page",
        "problem.not_found_help": "The address may be mistyped. You can start from the "
        "conversation.",
        "problem.broken": "That did not work",
        "problem.broken_help": "The fault is ours and has been noted. Please try again in a while.",
    }
)
