from datetime import date

import pytest

from knowledge.errors import UnreadableFile
from knowledge.imprint import read_imprint, topic_of

AMENDED = """# 云河市审计条例

2012年7月27日 云河市第十三届人民代表大会常务委员会第三十四次会议通过

2023年11月24日 云河市第十六届人民代表大会常务委员会第六次会议《关于修改〈审计条例〉的决定》修正

<!-- INFO END -->

第一条 内容。

第二条 本条例自2012年10月1日起施行。2001年发布的《云河市审计办法》同时废止。
"""

FRONT = """---
title: 停车办法
number: 槐安办发〔2024〕21号
issuer: 槐安街道办事处
effective_from: 2024-07-01
effective_to: null
scope: 槐安街道
supersedes: 停车暂行办法
topics: [停车, 12345]
---
# 停车办法

第一条 内容。
"""


def read(text, source="某条例.md", details=None):
    imprint, start = read_imprint(source, text, details)
    return imprint, text[start:]


def test_a_statute_tells_its_dates_issuer_and_what_it_repeals():
    imprint, body = read(AMENDED)
    assert imprint.title == "云河市审计条例"
    assert imprint.issuer == "云河市人民代表大会常务委员会"
    assert imprint.commencement == date(2012, 10, 1)
    assert imprint.effective_from == date(2023, 11, 24)
    assert imprint.supersedes == ("云河市审计办法",)
    assert imprint.scope == "云河市"
    assert body.lstrip().startswith("第一条")


def test_front_matter_is_believed_first():
    imprint, body = read(FRONT)
    assert imprint.number == "槐安办发〔2024〕21号"
    assert imprint.effective_from == date(2024, 7, 1)
    assert imprint.effective_to is None
    assert imprint.supersedes == ("停车暂行办法",)
    assert imprint.topics == ("停车", "12345")
    assert body.startswith("# 停车办法")


def test_details_of_the_file_stand_behind_front_matter():
    imprint, _ = read(FRONT, details={"number": "别的号", "kind": "rule"})
    assert imprint.number == "槐安办发〔2024〕21号"
    assert imprint.kind == "rule"


def test_the_day_in_the_file_name_dates_a_wording():
    imprint, _ = read("# 某条例\n\n第一条 本条例自2012年10月1日起施行。", "某条例(2017-09-22).md")
    assert imprint.effective_from == date(2017, 9, 22)


def test_in_force_at_once_means_the_day_it_was_announced():
    text = (
        "# 甲条例\n\n1998年12月26日 国务院第11次常务会议通过\n\n"
        "1999年1月22日 中华人民共和国国务院令第258号发布\n\n<!-- INFO END -->\n\n"
        "第一条 本条例自发布之日起施行。"
    )
    imprint, _ = read(text)
    assert imprint.effective_from == date(1999, 1, 22)
    assert imprint.number == "中华人民共和国国务院令第258号"
    assert imprint.scope == "全国"


def test_a_limited_text_tells_its_last_day():
    imprint, _ = read("# 暂行办法\n\n本办法自2021年5月1日起施行，有效期至2024年6月30日。")
    assert imprint.effective_to == date(2024, 6, 30)


@pytest.mark.parametrize(
    ("words", "repealed"),
    [
        ("《甲》、《乙》和《丙》同时废止。", ("甲", "乙", "丙")),
        ("2001年发布的《甲办法》（云发〔2001〕1号）同时废止。", ("甲办法",)),
        ("《实施〈水法〉办法》同时废止。", ("实施〈水法〉办法",)),
        ("一、废止《甲条例》（1992年通过）", ("甲条例",)),
        ("依照《甲条例》的规定处罚。", ()),
    ],
)
def test_what_a_text_repeals(words, repealed):
    assert read(f"# 新办法\n\n{words}")[0].supersedes == repealed


@pytest.mark.parametrize(
    ("text", "source", "title"),
    [
        ("关于停水的通知\n\n各位居民：明天停水。", "a.txt", "关于停水的通知"),
        ("各位居民，明天停水，请提前储水。\n", "停水通知.txt", "停水通知"),
        ("# 标题在这里\n正文", "a.md", "标题在这里"),
        ("# 民法典\n\n# 侵权责任编\n\n<!-- INFO END -->\n正文", "a.md", "民法典·侵权责任编"),
    ],
)
def test_where_the_title_is_found(text, source, title):
    assert read(text, source)[0].title == title


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("上海市养犬管理条例", "养犬"),
        ("北京市技术市场条例", "技术市场"),
        ("北京市实施《残疾人保障法》办法", "残疾人保障"),
        ("2026年度云河区城乡居民基本医疗保险办理指南", "城乡居民基本医疗保险"),
        ("通知", "通知"),
    ],
)
def test_the_matter_of_a_title(title, topic):
    assert topic_of(title) == topic


@pytest.mark.parametrize("front", ["title: [", "effective_from: 明天", "effective_to: 2024-13-40"])
def test_a_broken_front_matter_is_refused_with_the_reason(front):
    with pytest.raises(UnreadableFile) as refused:
        read(f"---\n{front}\n---\n正文")
    assert refused.value.reason


def test_front_matter_that_is_no_mapping_is_left_aside():
    assert read("---\n只是一句话\n---\n# 标题\n正文")[0].title == "标题"


def test_a_misprinted_day_is_none():
    assert read("# 甲办法\n\n本办法自2024年2月31日起施行。")[0].effective_from is None
