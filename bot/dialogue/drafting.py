"""Fills a form from the resident's own words. Pure but for the key and the sealing."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.form import Form
from bot.dialogue.masking import is_own_name, mask, masked
from bot.dialogue.phrases import ON_BEHALF, WANTED, WANTED_CLAUSE, is_only_anger, plain
from bot.dialogue.placing import placed, placed_by_location
from bot.dialogue.turn import Reading, Scene
from bot.messages import Attachment
from nlu.understanding import EntityType, Intent, Urgency

TITLE_CHARACTERS = 24
MANY_ATTACHMENTS = 12
KINDS = {
    Intent.CONSULT: "consult",
    Intent.REPORT_MISCONDUCT: "report_misconduct",
    Intent.SUGGEST: "suggest",
}
COMPLAINT = re.compile(
    r"投诉|告(他|她|它|你)们?|不满|乱收费|态度(太|很|特别)?(差|恶劣)|complain", re.I
)
EMPTY_REPORT = re.compile(
    r"^(你好|您好|喂)?[,，、\s]*(我们?)?(想|要|需要|来)*(反映|反应|投诉|举报|报修|报事|报个?问题|提(个|点|一个)?(意见|建议)|登记|申诉|反馈)"
    r"(一?下|一?个|点|些|某个)?(问题|事情|事儿?|情况|诉求|意见|建议)?(行吗|可以吗)?$|"
    r"^(i want to |i'd like to )?(report|complain|file)( (a|an|something))?"
    r"( problem| petition| issue)?$",
    re.IGNORECASE,
)
GREETING_OPENING = re.compile(
    r"^(尊敬的[^，,：:]{1,12}|您好|你好|大家好|领导好?|喂)[，,。：:！!、\s]*"
)
TYPOS = {
    "电体": "电梯",
    "电题": "电梯",
    "点梯": "电梯",
    "楼水": "漏水",
    "漏谁": "漏水",
    "挺水": "停水",
    "挺电": "停电",
    "听电": "停电",
    "物业非": "物业费",
    "无业费": "物业费",
    "噪因": "噪音",
    "造音": "噪音",
    "电瓶扯": "电瓶车",
    "拉圾": "垃圾",
    "垃极": "垃圾",
}
"""Slips of the keyboard that change the meaning, mended in titles only: the words of the matter
stay the resident's own, and cases are routed by both."""
CLAUSE_END = re.compile(r"[。！？!?；;，,\n]")
ANONYMOUS = re.compile(
    r"匿名|不(想|要|能)(透露|暴露|说出?)我(的)?(姓名|名字|身份|是谁)?|anonymous", re.I
)
CONFIDENTIAL = re.compile(r"保密|(别|不要)(告诉|让)(他们|对方|物业|邻居|别人)|confidential", re.I)


def form_from(reading: Reading, scene: Scene, attachments: Sequence[Attachment] = ()) -> Form:
    """A new form with everything that ``reading`` tells."""
    understanding = reading.understanding
    form = Form(
        key=scene.new_key(),
        matter="" if is_empty_report(reading.text) else words_of(reading),
        kind=kind_of(reading),
        started_at=scene.now,
        language=scene.book.language,
        urgency=understanding.urgency.value if understanding else Urgency.ORDINARY.value,
        emergency_service=understanding.emergency_service if understanding else None,
    )
    return with_attachments(enriched(form, reading, scene), tuple(attachments), scene)


def enriched(form: Form, reading: Reading, scene: Scene) -> Form:
    """The form with what further words add to the rows that are still empty."""
    form = _categorised(form, reading)
    if not form.place_known:
        form = placed(form, reading, scene.organisation)
    times = [entity.text for entity in reading.entities(EntityType.TIME)]
    behalf = ON_BEHALF.search(plain(reading.text))
    return replace(
        _with_contact(form, reading, scene),
        happened_at_text=form.happened_at_text or "、".join(times[:2]) or None,
        wanted=form.wanted or wanted_in(words_of(reading)),
        on_behalf_of=form.on_behalf_of or (behalf[1] if behalf else None),
        anonymous=form.anonymous or bool(ANONYMOUS.search(reading.text)),
        confidential=form.confidential or bool(CONFIDENTIAL.search(reading.text)),
    )


def with_attachments(form: Form, attachments: tuple[Attachment, ...], scene: Scene) -> Form:
    """The form with photos and the like; a location is its place when none is known."""
    if not attachments:
        return form
    kept = (*form.attachments, *attachments)[:MANY_ATTACHMENTS]
    form = replace(form, attachments=kept)
    if form.place_known:
        return form
    return placed_by_location(form, attachments, scene.organisation)


def with_contact(form: Form, reading: Reading, scene: Scene) -> Form:
    """The form with name and phone from ``reading`` in place of earlier ones."""
    bare = replace(form, sealed_name=None, sealed_phone=None, contact_shown=None)
    return _with_contact(bare, reading, scene, names_are_own=True)


def _with_contact(
    form: Form, reading: Reading, scene: Scene, *, names_are_own: bool = False
) -> Form:
    if form.sealed_phone:
        return form
    phones = [entity.text for entity in reading.entities(EntityType.PHONE)]
    names = [
        entity.text
        for entity in reading.entities(EntityType.NAME)
        if names_are_own or is_own_name(reading.text, entity)
    ]
    if not phones and not names:
        return form
    shown = " ".join((*names[:1], *(mask(phone) for phone in phones)))
    return replace(
        form,
        sealed_name=scene.cipher.seal(names[0]) if names else form.sealed_name,
        sealed_phone=scene.cipher.seal("、".join(phones)) if phones else None,
        contact_shown=shown,
    )


def _categorised(form: Form, reading: Reading) -> Form:
    categories = reading.understanding.categories if reading.understanding else ()
    if form.category_first or not categories:
        return form
    best = categories[0]
    return replace(form, category_first=best.first, category_second=best.second)


def words_of(reading: Reading) -> str:
    """The resident's words as they may be kept: personal numbers masked."""
    entities = reading.understanding.entities if reading.understanding else ()
    return masked(reading.text, entities).strip()


def kind_of(reading: Reading) -> str:
    """The kind of petition (北京市接诉即办工作条例 art. 2) that the words are."""
    if reading.intent in KINDS:
        return KINDS[reading.intent]
    return "complaint" if COMPLAINT.search(reading.text) else "help"


def is_empty_report(text: str) -> bool:
    """Whether somebody only says that there is something to report («我要投诉»)."""
    return bool(EMPTY_REPORT.match(plain(text)))


def wanted_in(text: str) -> str | None:
    """The clause that says what is wanted, or None."""
    match = WANTED_CLAUSE.search(text)
    return match[0].strip("，, ") if match else None


def is_wanted_clear(form: Form) -> bool:
    """Whether anybody would know what is wanted without asking.

    Something broken is to be mended, a question is to be answered, an offence is to be looked
    into; only a complaint that names no wish leaves it open.
    """
    if form.wanted or form.kind != "complaint":
        return True
    return form.urgency != Urgency.ORDINARY or bool(WANTED.search(form.matter))


def title_of(matter: str, place: str | None = None) -> str:
    """A few words for the matter: its first clause without greeting, curses and place."""
    text = _mended(GREETING_OPENING.sub("", matter.strip()))
    clauses = [clause for clause in CLAUSE_END.split(text) if clause.strip()]
    while len(clauses) > 1 and is_only_anger(clauses[0]):
        clauses.pop(0)
    if place and clauses and clauses[0].startswith(place):
        clauses[0] = clauses[0].removeprefix(place).lstrip(" 的里内")
    clauses = [clause for clause in clauses if clause.strip()]
    title = clauses[0].strip() if clauses else matter.strip()
    if len(title) < 6 and len(clauses) > 1:
        title = f"{title}，{clauses[1].strip()}"
    return title if len(title) <= TITLE_CHARACTERS else f"{title[: TITLE_CHARACTERS - 1]}…"


def _mended(text: str) -> str:
    for wrong, right in TYPOS.items():
        text = text.replace(wrong, right)
    return text
