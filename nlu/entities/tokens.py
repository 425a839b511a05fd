"""Words of a text with their part of speech: where a name may begin and where it cannot."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from threading import Lock

import jieba
import jieba.posseg

jieba.setLogLevel("ERROR")
_MAKING = Lock()

NEVER_IN_A_NAME = frozenset("rpcduxyeo")
"""First letters of jieba's flags: pronouns, prepositions, conjunctions, adverbs, particles."""

STOP_FLAG = "x"
SURE = 100_000
"""Frequency that makes a word stand against longer rare names around it."""

NAME_FLAGS = ("nr", "ns", "nt", "nz")

STOP_WORDS = frozenset(
    "我 你 他 她 它 咱 俺 侬 我们 你们 他们 咱们 俺们 阿拉 阮 本人 大家 住 住在 家住 在 到 来 去 是 有 从 往 "
    "反映 投诉 举报 咨询 请问 建议 希望 关于 位于 路过 经过 来自 属于 查 查处 问 问问 想问 要求 请求 "
    "恳请 求助 上报 报告 领导 您好 你好 麻烦 帮 帮忙 能否 可否 觉得 看到 发现 听说 因为 由于 导致 造成 "
    "整个 整 全 每 各 某 该 此 本 这 那 这个 那个 哪个 哪 什么 一个 一家 一条 几个 多个 所有 附近 旁边 "
    "对面 隔壁 楼上 楼下 前面 后面 里面 外面 上面 下面 门口 周边 周围 沿着 靠近 靠 挨着 接 等 和 与 跟 及 "
    "以及 或 或者 把 被 给 让 向 对 对于 用 就 也 都 还 又 再 才 只 不 没 没有 很 太 最 更 已 已经 正 正在 "
    "将 要 想 会 能 可以 应该 必须 需要 现在 目前 今天 昨天 明天 上 下 中 内 外 间 时 后 前 的 地 得 了 "
    "着 过 吗 呢 吧 啊 呀 新建 拟建 修建 改造 管理 居民 业主 村民 市民 住户 租户 家 户 人 名 位 座 条 个 家里 "
    "搬到 搬 租 买 卖 说 叫 请 求 问题 情况 进 出 尊敬 书记 市长 区长 县长 主任 师傅".split()
)


MORE_STOP_WORDS = "关于 门口 路口 街口 巷口 反映 位于 请问 夜里 半夜 暑假 寒假 早高峰 晚高峰 谢谢 感谢 求求".split()


@dataclass(frozen=True, kw_only=True)
class Token:
    """A word of the text; ``fixed`` words belong to something else, such as a time."""

    text: str
    start: int
    flag: str
    fixed: bool = False

    @property
    def end(self) -> int:
        """Offset behind the last character."""
        return self.start + len(self.text)

    @property
    def may_be_in_a_name(self) -> bool:
        """Whether a name of a place could contain this word."""
        outside = self.text in STOP_WORDS or self.flag[:1] in NEVER_IN_A_NAME
        return not outside and not self.fixed and self.text.isalnum()


class Tokens:
    """The words of one text, found by offset.

    Args:
        text: a reading.
        fixed: spans (start, end) whose words can be no part of a name.
    """

    def __init__(self, text: str, fixed: Iterable[tuple[int, int]] = ()) -> None:
        taken = {offset for start, end in fixed for offset in range(start, end)}
        self._tokens = _cut(text, taken)
        self._starts = [token.start for token in self._tokens]

    def at(self, offset: int) -> int:
        """Index of the word that holds the character at ``offset``."""
        return bisect_right(self._starts, offset) - 1

    def __getitem__(self, index: int) -> Token:
        return self._tokens[index]

    def begins_at(self, offset: int) -> bool:
        """Whether a word begins at ``offset``."""
        index = self.at(offset)
        return index >= 0 and self._starts[index] == offset


def is_common_word(word: str) -> bool:
    """Whether the dictionary knows ``word`` as anything but a name of a person or a place."""
    tokenizer = _tokenizer()
    known = tokenizer.tokenizer.FREQ.get(word, 0) > 0
    return known and not tokenizer.word_tag_tab.get(word, "").startswith(NAME_FLAGS)


def _cut(text: str, taken: set[int]) -> list[Token]:
    tokens, position = [], 0
    for pair in _tokenizer().lcut(text, HMM=False):
        word = pair.word
        tokens.append(Token(text=word, start=position, flag=pair.flag, fixed=position in taken))
        position += len(word)
    return tokens


def _tokenizer() -> jieba.posseg.POSTokenizer:
    # A cache alone would let every thread of the first moment read the dictionary for itself,
    # a second of work each.
    with _MAKING:
        return _made_tokenizer()


@cache
def _made_tokenizer() -> jieba.posseg.POSTokenizer:
    # Our own copy: words added here must not change jieba for others in the process.
    words = jieba.Tokenizer()
    words.initialize()
    for word in (*STOP_WORDS, *MORE_STOP_WORDS):
        if len(word) > 1:
            words.add_word(word, freq=SURE, tag=STOP_FLAG)
    return jieba.posseg.POSTokenizer(words)
