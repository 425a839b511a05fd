"""What kind of thing a question expects to read: a sum, a time, a penalty, whom to go to.

«狗证多少钱» is about the same matter as every article on dog licences; the article that answers it
names a sum. Such an article gets a little more than its likeness. Residents' and laws' ways to say
it stand in one table.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.indexes import Match

LIFT = 0.0225
"""Added to the score of a passage that holds all that is expected; chosen on questions that the
model was not tuned on: 0.01 to 0.03 do equally well."""


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """Words of a question, and what a text that answers it must hold."""

    asked: re.Pattern[str]
    told: re.Pattern[str]


def _row(asked: str, told: str) -> Expectation:
    return Expectation(asked=re.compile(asked), told=re.compile(told))


EXPECTATIONS: tuple[Expectation, ...] = (
    # How much money.
    _row(
        r"多少钱|要钱|收费|几块|费用|掏钱|交多少|罚多少|多少罚|罚款|赔多少|便宜|涨价|多少$|"
        r"补贴多少|领多少|给多少",
        r"\d[\d,，.]*\s*元|[一二三四五六七八九十百千万]+元|元[/／）)]|百分之|%|倍|免费|免收|不收费|不得收取|"
        r"罚款|减半",
    ),
    # How long, until when.
    _row(
        r"多久|几天|多少天|几个月|几年|多长时间|期限|最晚|提前|什么时候|啥时候|来得及|几号|之内",
        r"[\d一二三四五六七八九十百]+\s*(个)?(工作日|日|天|月|年|小时)|期满|届满",
    ),
    # At what hour.
    _row(r"几点", r"\d+[:：点时]|[零一二三四五六七八九十]+时"),
    # What happens to whoever does it.
    _row(
        r"罚|处罚|怎么处理|怎么处置|后果|挨",
        r"罚款|责令|处[一二三四五六七八九十\d]|警告|没收|拘留|吊销|赔偿",
    ),
    # From what age.
    _row(r"几岁|多大岁数|多大年纪|年龄", r"周岁|岁"),
    # What to bring.
    _row(
        r"什么材料|啥材料|什么手续|带什么|带啥|要啥|哪些材料",
        r"材料|证明|身份证|户口簿|复印件|提交|提供",
    ),
    # How to go about it.
    _row(
        r"(怎么|怎样|如何|咋)(去)?(申请|报名|办|领|登记|开通|预约|弄)|流程|步骤",
        r"步骤|流程|办理方式|登录|网上|预约|提出申请|提交|携带|受理|持.{1,20}(到|向)|"
        r"到.{1,20}(提出|申请|办理|登记|领取)",
    ),
    # Whether it may cost less.
    _row(r"打折|优惠|便宜|少交|减免|免费", r"优惠|减免|减半|免收|免交|免费|折"),
    # Where to go.
    _row(
        r"找谁|哪里|哪儿|什么地方|哪个部门|归谁|谁管|谁负责|去哪",
        r"部门|机构|窗口|中心|委员会|街道|公安|负责|电话|物业",
    ),
    # Who pays.
    _row(
        r"谁(出|掏|付|来付|承担|负担|赔)|算谁的|该谁",
        r"承担|负担|支付|由.{1,12}(出|付)|赔偿|费用",
    ),
    # Whether one may.
    _row(
        r"能不能|可不可以|可以.*吗|行不行|行吗|允许|能.*吗|让不让|算.*吗",
        r"可以|不得|禁止|应当|有权|允许|经.{0,10}同意",
    ),
)


def lift_expected(
    question: str, matches: Sequence[Match], texts: Sequence[str]
) -> list[tuple[Match, float]]:
    """Each match with its lifted score, best first; ``texts`` are those of the matches."""
    wanted = [row.told for row in EXPECTATIONS if row.asked.search(question)]
    scored = [
        (match, match.score + LIFT * _share_told(wanted, text))
        for match, text in zip(matches, texts, strict=True)
    ]
    return sorted(scored, key=lambda one: -one[1])


def _share_told(wanted: Sequence[re.Pattern[str]], text: str) -> float:
    return sum(1 for told in wanted if told.search(text)) / len(wanted) if wanted else 0.0
