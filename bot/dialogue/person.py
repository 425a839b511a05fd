"""Who the resident is, as far as the chat knows: linking chats, and being forgotten."""

import re

from bot.dialogue.phrases import plain
from bot.dialogue.session import Session
from bot.dialogue.turn import Scene, Turn, turn

LINK = re.compile(
    r"^(我要|我想|怎么|请|帮我)?(关联|绑定|连接)(一下)?(别的|其他|另一个|我的)?(聊天|微信|手机|账号|帐号|渠道|网页)?(吧)?$"
    r"|^换个?(地方|手机|渠道)接着(说|聊|办)$|^/?link$",
    re.IGNORECASE,
)
LINK_WITH = re.compile(
    r"^(?:关联码?|绑定|连接|link)[\s:：是]*([A-Za-z0-9]{4}[- ]?[A-Za-z0-9]{4})$", re.IGNORECASE
)
FORGET = re.compile(
    r"^(请|麻烦|我要|我想|帮我|给我|把)*(删除|删掉|清除|清空|清掉|注销|抹掉)(掉|了)?(我的|我|所有|全部|个人|一切|这里的)*"
    r"(数据|资料|信息|记录|聊天|账号|帐号|东西)+(吧)?$|^把?我的(所有|全部|个人)?(数据|资料|信息|记录)+(都|全)?(删|清)(除|掉|了|空)*(吧)?$"
    r"|^(please )?(delete|erase) (all )?my data$",
    re.IGNORECASE,
)


def step_named(session: Session, scene: Scene) -> Turn | None:
    """The turn of words about the person rather than a matter, or None."""
    words = plain(scene.text)
    linked = LINK_WITH.match(words)
    if linked:
        return link_with(session, scene, linked[1])
    if LINK.match(words):
        return show_link_code(session, scene)
    return ask_to_forget(session, scene) if FORGET.match(words) else None


def show_link_code(session: Session, scene: Scene, _: str = "") -> Turn:
    """A code to say in the other chat."""
    code = scene.desk.link_code()
    return turn(session, scene.say("link.code", code=f"{code[:4]}-{code[4:]}"))


def link_with(session: Session, scene: Scene, code: str) -> Turn:
    """The code that the other chat shows."""
    done = scene.desk.link_with(code)
    return turn(session, scene.say("link.done" if done else "link.wrong"))


def ask_to_forget(session: Session, scene: Scene) -> Turn:
    """Deleting can't be undone, so it is asked once."""
    yes = scene.choice("forget.yes", "label.forget_yes")
    no = scene.choice("forget.no", "label.forget_no")
    return turn(session, scene.say("forget.confirm", yes, no))


def forget(session: Session, scene: Scene, _: str = "") -> Turn:
    """Delete, and start anew."""
    petitions_too = scene.desk.forget_me()
    said = scene.say("forget.done" if petitions_too else "forget.done_chat")
    fresh = Session(resident=session.resident, at=session.at, language=session.language)
    return turn(fresh, said)


def keep(session: Session, scene: Scene, _: str = "") -> Turn:
    """Not after all."""
    return turn(session, scene.say("forget.kept"))
