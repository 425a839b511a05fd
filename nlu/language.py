"""Which language a message is in, and its simplified reading.

Conversion goes character by character, so offsets into the reading are offsets into the text.
"""

import re
from functools import cache

from opencc import OpenCC

from nlu.understanding import Language

FIRST_HAN, LAST_HAN = 0x4E00, 0x9FFF
SAMPLE_CHARACTERS = 4000
"""More than this tells nothing new about the language."""

_HAN = re.compile(r"[\u4e00-\u9fff]")
_ENGLISH_WORD = re.compile(r"[A-Za-z]{2,}")
_CHINESE_HABITS = frozenset({"ok", "hy", "app", "wifi", "vip", "ktv", "id", "pdf", "gps"})
"""Latin words that people who write Chinese use alone."""


def detect_language(text: str) -> Language:
    """The language to reply in; simplified Chinese where the text does not tell."""
    sample = text[:SAMPLE_CHARACTERS]
    if _HAN.search(sample):
        return _chinese_script(sample)
    words = {word.lower() for word in _ENGLISH_WORD.findall(sample)}
    return Language.ENGLISH if words - _CHINESE_HABITS else Language.SIMPLIFIED


def simplify(text: str) -> str:
    """``text`` in simplified characters, of the same length."""
    return text.translate(_to_simplified())


def _chinese_script(sample: str) -> Language:
    traditional = sum(character in _only_traditional() for character in sample)
    simplified = sum(character in _only_simplified() for character in sample)
    return Language.TRADITIONAL if traditional > simplified else Language.SIMPLIFIED


@cache
def _to_simplified() -> dict[int, str]:
    return _differences("t2s")


@cache
def _only_traditional() -> frozenset[str]:
    return frozenset(map(chr, _differences("t2s")))


@cache
def _only_simplified() -> frozenset[str]:
    # 后, 里 or 面 stand in traditional texts as well, so they tell nothing.
    return frozenset(map(chr, _differences("s2t"))) - _SHARED


_SHARED = frozenset(
    "㐹万丑丰了于云亘仆仇价仿伙余佛佣俊修借僵克党冬准凌几凶出划刮制千升卜占卷厂厘只台叶吁吃合吊同后向"
    "周咨咸咽哄唇喂噪回困夫夸奸姜娘它家尸局岩岳巨布帘席干幸广庵弦彩征御志念恤愈愿戚才扎托扣折抵拐挂挨"
    "挽据搜斗旋昆暗曲朱朴杆杠杯杰松板极柜栗核梁欲沈沾泛注涂涌淀游漓熏玩璇症皂矩确私秋种筑系胄背胜胡腊"
    "腌膻致舍芸苔苹范荐蒙蔑虫蚝蜡蝎表谷跖辟适郁酸采里雕面"
)


def _differences(conversion: str) -> dict[int, str]:
    converter = OpenCC(conversion)
    pairs = ((code, converter.convert(chr(code))) for code in range(FIRST_HAN, LAST_HAN + 1))
    return {code: other for code, other in pairs if other != chr(code) and len(other) == 1}
