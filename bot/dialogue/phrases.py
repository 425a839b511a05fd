"""Set phrases that decide a step by themselves, as data: no model is asked about «等一下».

They are looked for in simplified characters; :func:`plain` prepares a message for that.
"""

import re
import unicodedata

from bot.dialogue.wording.traditional import to_simplified

LOOKED_AT = 200
"""Set phrases stand in short messages or at the beginning of long ones."""

WAIT = re.compile(
    r"^(额|呃|嗯|哎|那|你|您|咱|给我|稍微|[，,、\s])*(先?等等|先?等(一?下|一?会儿?|会|我(一下|看看|找找|问问)?)|稍等(一?下)?|待会儿?(再说)?|我(先)?(看看|想想|找找|问问)"
    r"|(让我)?想一?想|hold on|wait|one moment|just a (sec|moment)).{0,6}$",
    re.IGNORECASE,
)
CANCEL = re.compile(
    r"^(算了(吧|不说了)?|.{0,8}(就|先)?(不|别)(报|提交|登记|反映)了(吧)?|取消(吧|提交)?|不(提交|填|弄|报|登记)了|不想(填|弄|报|登记)了|退出|放弃"
    r"|cancel|never ?mind|stop)$",
    re.IGNORECASE,
)
OF_OTHERS = re.compile(
    r"(让|叫|请|要|跟|劝|管管|告诉)(一下)?(他|她|它|人家|楼上|楼下|隔壁|邻居|对方|物业|店家|施工|那家)"
)
"""«让他别弄了» is what is wanted of somebody else, and takes nothing back."""
NOTHING_MORE = re.compile(r"^(就|也)?(没有?了|没别的了?|没有别的了?|就这些了?|就这样了?|没要改的)$")
SKIP = re.compile(
    r"^(跳过|略过?|没有?了?|不知道|不清楚|没想好|随便|都行|不用了?|不留(了)?|不填|无|不方便|不想留|不需要"
    r"|skip|no|none|nope)$",
    re.IGNORECASE,
)
CONFIRM = re.compile(
    r"^(对的?|是的?|没错|没问题|可以(了|的)?|好的?|行的?|嗯+|确认(提交)?|提交吧?|就这样(吧)?|正确|同意|ok(ay)?|yes|y"
    r"|confirm|submit)(的|吧|了|呢|啊|呀)?$",
    re.IGNORECASE,
)
ANGRY = re.compile(
    r"气死|烦死|火大|窝火|受够|忍无可忍|骗子|垃圾(机器人|东西|物业|玩意)|什么玩意|废物|有完没完|欺负人|"
    r"王八|混蛋|他妈的?|妈的|特么|tmd|nmd|傻[逼Xx]|脑残|吃干饭|放屁|狗屁|滚(蛋|吧|$)|"
    r"ridiculous|fed up|furious|rubbish bot",
    re.IGNORECASE,
)
ANGRY_FILLER = re.compile(
    r"你们?|他们?|我|们|都|就|真|是|的|了|吧|啊|呀|这|那|帮|群|个|些|什么|东西|人|办|事|到底|管|不|没|太|一|给|干|嘛"
    r"|社区|物业|居委会|[\W_]"
)
"""What is left of a curse beside its curse words; no matter can be made of it."""
QUESTION = re.compile(
    r"[?？]|吗|么$|呢$|[怎咋](么|样|个)?(办|弄|整|申请|交|缴|算|收|补|走|报|领|取|查)|多少|几(点|岁|天|块|号|年|个月)|"
    r"什么时候|啥时候|多久|多大|哪里|哪儿|在哪|去哪|能不能|可不可以|行不行|会不会|有没有|该不该|用不用|"
    r"要不要|是不是|需要(什么|啥)|要带(什么|啥)|要(什么|啥)(材料|手续|条件)|如何|"
    r"^(what|when|where|how|who|can|may|is|are|do|does)\b",
    re.IGNORECASE,
)
FOLLOW_UP = re.compile(
    r"^(那(么|个|如果|要是|我|他|她|孩子|老人|费用|时间|材料)?|还要|还需要|要是|如果|费用|多少钱|多久|几天|在哪|去哪|"
    r"材料|需要什么|要带|带什么|要准备|大?前年|去年|上一?年|今年|明年|后年|电话|周末|and |"
    r"what about|how much|how long)",
    re.IGNORECASE,
)
ONE_MORE = re.compile(r"^(还有|另外|再就是|再有|对了|顺便|also|another)", re.IGNORECASE)
CORRECTION = re.compile(
    r"不是.{1,20}(是|而是)|应该是|写错|错了|不对|改成|改为|说错|更正|not .{1,20} but|wrong|change",
    re.IGNORECASE,
)
GOES_ON = re.compile(
    r"又|还(是|在)(那样|老样子|漏|吵|响|堵|坏|滴)|仍然?|依然|"
    r"越来越|更(严重|厉害|大)|刚(才|刚)(说|讲|报|反映|忘)|忘了说|漏说|那(个|家|边|户)人?|就是(他|她|它|那)|"
    r"(他|她)们?(还|又|今天|昨|晚上|半夜)|\b(again|still|it is|they also)\b",
    re.IGNORECASE,
)
"""Words that go on from something said before."""
WANTED = re.compile(
    r"希望|要求|请(你们|贵|尽快|马上|帮|派|给|求|物业|社区|有关|相关)|能不能|能否|可不可以|赶紧|尽快|抓紧|麻烦|建议|"
    r"求(解决|帮|处理)|想(要|让)|应该|给(个)?(说法|解决|处理|修)|来(人)?(修|看|查|处理)|没人(修|管|处理|来)|还我|退(钱|款|费)|赔(偿|钱)|道歉|"
    r"(要|让|叫)(他们?|她们?|物业|对方|你们|开发商|邻居)|please|want",
    re.IGNORECASE,
)
WANTED_CLAUSE = re.compile(r"(?:希望|要求|请求|恳请|建议|麻烦|请(?!问))[^。！？!?；;\n]{2,60}")
EXPLICIT: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("supplement", re.compile(r"^(我)?(再|还要|想|要)*补充(一下|一点|说明|情况)?([:：,，]|$)")),
    ("human", re.compile(r"^(请|帮我|我要|要|想)?(转|找|接)?(人工|真人)(客服|服务)?(吧|谢谢)?$")),
    (
        "track",
        re.compile(r"^(我要|我想|帮我)?((查|看)(一下|一查|看|询)?)?(我的?)?(进度|诉求|工单)(吧)?$"),
    ),
    ("urge", re.compile(r"^(帮我|请|再)?催(办)?(一下|一催)?(吧)?$")),
    ("withdraw", re.compile(r"^(我要|我想|帮我)?撤(回|销)(吧|诉求|工单)*$")),
)
"""Words that name what they want, as the intent's word; no classifier knows better."""
SMALL_TALK = re.compile(
    r"^(你好|您好|在吗|谢谢|感谢|多谢|好的?|知道了|取消|算了|不用了?|thanks|thank you|hello|ok)",
    re.IGNORECASE,
)
SATISFIED = re.compile(r"满意|滿意|satisfied", re.IGNORECASE)
NO_PLACE_YET = re.compile(
    r"^.{0,4}(他|她|他们|人|火|烟|还)(还|又|仍|就|在|没|来|走|敲|砸|喊)|^(快|救命|怎么办|我怕|好怕|害怕|嗯+|啊+)"
)
"""What somebody in fear says instead of a place."""
HOPELESS = re.compile(
    r"自杀|轻生|不想活|活不下去|跳楼|割腕|想死|活着(真|太|也)?(没|累)|suicid|kill myself",
    re.IGNORECASE,
)
DISTRESSED = re.compile(
    r"(日子|实在|真的?|都|快|要)*(过|撑|熬|扛)不下去|撑不住了|快(要)?崩溃|(心里|我|真)(好|很|太|真)?(难受|难过|绝望|憋屈)"
    r"(?!.*(味|吵|热|冷))|没人管我|i can'?t (go on|cope)",
    re.IGNORECASE,
)
"""Somebody is in a bad way: met kindly before anything is asked."""
ON_BEHALF = re.compile(
    r"(?:替|帮|代)(?:我(?:们)?家?的?)?(妈妈?|母亲|爸爸?|父亲|爷爷|奶奶|姥姥|姥爷|外婆|外公|公公|婆婆|岳父|岳母|邻居|老人|朋友|"
    r"孩子)(?:[^，。,]{0,4})(?:反映|问|报|说|投诉|登记|咨询)"
)
NO_CONTACT = re.compile(
    r"^(不留(了|吧)?|不方便|删(掉|除)|去掉|不要|算了|no|none|remove).{0,6}$|"
    r"^(我|就|还是|电话|手机号?|号码|姓名)*(先|可以)?(不|别|甭|勿)(太)?(想|愿意?|肯|打算|能|给|说|填|提供)+(留|给|说|填|写|讲|提供|透露)?"
    r"(你们?|我?的?(电话|手机|号码|联系方式|姓名|名字).{0,4}|了|吧)*$",
    re.IGNORECASE,
)
"""«不留», «不想说电话»."""
FIELD_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "place",
        re.compile(r"地点|地址|位置|小区|几?[号栋幢座]楼?|单元|place|address|building", re.I),
    ),
    ("time", re.compile(r"时间|日期|什么时候|time|date", re.I)),
    ("contact", re.compile(r"电话|手机|联系|称呼|姓名|phone|contact|name", re.I)),
    ("category", re.compile(r"类别|分类|类型|category", re.I)),
    ("privacy", re.compile(r"匿名|保密|身份|anonym|confidential", re.I)),
    ("wanted", re.compile(r"希望|要求|诉求|wanted", re.I)),
    ("matter", re.compile(r"事情|内容|描述|经过|matter|text", re.I)),
)
"""Words that name a row of the card."""


def plain(text: str) -> str:
    """The beginning of a message as set phrases are looked for: simplified, trimmed, one line."""
    head = unicodedata.normalize("NFKC", text[:LOOKED_AT])
    return to_simplified(head).strip().strip("。.!！~～,，…、 ").strip()


def is_only_anger(text: str) -> bool:
    """Whether the words curse and say nothing that could be handled."""
    words = plain(text)
    rest = ANGRY_FILLER.sub("", ANGRY.sub("", words))
    return bool(ANGRY.search(words)) and not rest


def is_question(text: str) -> bool:
    """Whether the words ask something, as far as signs of a question go."""
    return bool(QUESTION.search(plain(text)))


def holds_words(text: str) -> bool:
    """Whether there is anything to read: a letter, a digit or a Chinese character."""
    return any(unicodedata.category(sign)[0] in "LN" for sign in text)


def field_named(text: str) -> str | None:
    """Which row of the card the words name, or None."""
    words = plain(text)
    return next((name for name, pattern in FIELD_WORDS if pattern.search(words)), None)
