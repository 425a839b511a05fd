"""Who somebody is and how to reach them: phones, ID numbers, names; and petition numbers."""

import re
from collections.abc import Iterator

from nlu.entities.tokens import Tokens, is_common_word
from nlu.understanding import Entity, EntityType

PETITION_NUMBER = re.compile(
    r"(?<![A-Z0-9])(?P<heading>HY[A-Z]{0,4}\d{8})-?(?P<count>\d{4,})(?!\d)", re.IGNORECASE
)
"""Up to four letters tell communities apart."""
ID_NUMBER = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d{4}[\dXx](?!\d)")
PHONE = re.compile(
    r"(?<![\dA-Za-z-])(?:(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}|0\d{2,3}[- ]?[2-8]\d{6,7})(?!\d)"
)

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余杜叶程魏苏吕丁任"
    "沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔汤"
)
TITLES = (
    "先生|女士|小姐|阿姨|大爷|大妈|大叔|大伯|大姐|大哥|叔叔|伯伯|奶奶|爷爷|师傅|老师|主任|副主任|书记|副书记|"
    "局长|科长|所长|处长|科员|站长|队长|经理|医生|大夫|警官|法官|律师|老板|同志|会计|镇长|村长|支书|某某|某|"
    "叔|姨|婶|嫂|姐|哥"
)
GIVEN = r"[\u4e00-\u9fff]{1,2}"
TITLED = re.compile(rf"[{SURNAMES}](?:{TITLES})")
FULL_TITLED = re.compile(
    rf"[{SURNAMES}]{GIVEN}(?=先生|女士|主任|书记|局长|科长|所长|师傅|老师|阿姨)"
)
INTRODUCED = re.compile(
    rf"(?:我叫|名叫|名字叫?|姓名|联系人|本人叫?|户主|申请人|投诉人|我是|就叫|换成我?(?:儿子|女儿|爱人)?|"
    rf"实名举报人?|当事人|[爸妈父母亲儿子女]叫|法人|负责人)[::是为]?\s?(?P<name>[{SURNAMES}]{GIVEN})"
    rf"(?=$|[,.。;!?\s()、:]|的|电话|手机|身份证|住|今年|联系|{TITLES})"
)
NICKNAME = re.compile(
    rf"[老小][{SURNAMES}](?=$|[,.。;!?\s]|的|说|家|反映|师傅|那|跟|给|和|他|她|你)"
)


def find_petition_numbers(text: str) -> Iterator[Entity]:
    """Numbers like HY20261122-0007; the value is in capitals with its hyphen."""
    for match in PETITION_NUMBER.finditer(text):
        value = f"{match['heading'].upper()}-{match['count']}"
        yield _entity(EntityType.PETITION_NUMBER, match.start(), match.end(), match[0], value)


def find_id_numbers(text: str) -> Iterator[Entity]:
    """Citizen ID numbers of 18 characters, found so that they can be protected."""
    for match in ID_NUMBER.finditer(text):
        value = match[0].upper()
        yield _entity(EntityType.ID_NUMBER, match.start(), match.end(), match[0], value)


def find_phones(text: str) -> Iterator[Entity]:
    """Mobile and fixed numbers; the value is bare digits without the country code."""
    for match in PHONE.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        value = digits[2:] if digits.startswith("86") else digits
        yield _entity(EntityType.PHONE, match.start(), match.end(), match[0], value)


def find_names(text: str, tokens: Tokens) -> Iterator[Entity]:
    """Persons: with a title («王阿姨»), introduced («我叫王芳») or familiar («老李»)."""
    for match in INTRODUCED.finditer(text):
        if not is_common_word(match["name"]):
            yield _entity(EntityType.NAME, match.start("name"), match.end("name"), match["name"])
    for pattern in (FULL_TITLED, TITLED, NICKNAME):
        for match in pattern.finditer(text):
            if tokens.begins_at(match.start()) and not _inside_a_word(match, tokens):
                yield _entity(EntityType.NAME, match.start(), match.end(), match[0])


def _inside_a_word(match: re.Match[str], tokens: Tokens) -> bool:
    # «高血压», «方老师傅»: the first word must not run on behind the surname and the title.
    first = tokens[tokens.at(match.start())]
    return first.end > match.end() or (len(first.text) > 1 and first.flag[:1] != "n")


def _entity(kind: EntityType, start: int, end: int, text: str, value: str | None = None) -> Entity:
    personal = kind in (EntityType.PHONE, EntityType.ID_NUMBER, EntityType.NAME)
    return Entity(type=kind, text=text, start=start, end=end, value=value, personal=personal)
