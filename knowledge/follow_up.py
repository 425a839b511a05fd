"""Questions that only make sense after the one before: «那费用呢？», «要带什么材料»."""

import re

OPENING = re.compile(r"^(?:那么?|还有|另外|然后|再问一?下?|请问|所以|它|这个|那个)+[，, ]*")
CLOSING = re.compile(r"(?:呢|呀|啊|吗|么|嘛|吧|了|[？?。！!~～，,\s])+$")
# What can be asked of any matter: a question of nothing else has its matter from before.
GENERAL = re.compile(
    r"费用|价格|收费|标准|要?多少钱|多少|几块|要钱|花钱|材料|资料|证件|手续|流程|步骤|时间|期限|"
    r"多久|多长|几天|什么时候|几点|啥时候|哪天|上班|电话|号码|地址|地点|地方|在?哪里?|哪儿|窗口|"
    r"怎么办理?|怎么弄|怎么|咋办|咋弄|如何|办理|申请|办|条件|要求|资格|"
    r"需要|要|带|准备|交|能|可以|可不可以|行不行|什么|啥|哪些|谁|找谁|"
    r"具体|大概|一般|还|都|也|好|是|有|没有|的|得|去|给|我|你|您|到|能不能|罚|补办|网上|代办|一共"
)


def is_follow_up(question: str) -> bool:
    """Whether ``question`` names no matter of its own."""
    return not matter_of(question)


def with_context(question: str, context: str) -> str:
    """The question with the matter it is about in front."""
    return f"{context} {_bare(question) or question}"


def matter_of(question: str) -> str:
    """What ``question`` is about, with all left aside that can be asked of anything."""
    return re.sub(r"[^\u4e00-\u9fffA-Za-z0-9]", "", GENERAL.sub("", _bare(question)))


def _bare(question: str) -> str:
    return CLOSING.sub("", OPENING.sub("", question.strip()))
