"""Offices that residents name."""

import re
from collections.abc import Iterator

from nlu.gazetteer import Gazetteer
from nlu.understanding import Entity, EntityType

FIELDS = (
    "住房和城乡建设|住建|房管|房产|生态环境|环保|民政|人力资源和社会保障|人社|劳动|社会保障|社保|医疗保障|医保|卫健|"
    "卫生健康|卫生|教育体育|教育|教体|城市管理|城管|规划|自然资源和规划|自然资源|国土|水利|水务|交通运输|交通|交运|运管|"
    "市场监督管理|市场监管|市监|工商|食药监|药监|税务|财政|审计|物价|发改|发展和改革|商务|文旅|文化|旅游|体育|"
    "农业农村|农业|林业|园林|绿化|应急管理|应急|消防|公安|司法|信访|统计|退役军人事务|退役军人|民宗|气象|国资|"
    "拆迁|动迁|征收|科技|知识产权|通信管理|邮政管理|行政审批|审批|政务服务|供电|电力|供水|自来水|燃气|热力|供热|市政|"
    "环卫|公积金|疾控|畜牧|草原|客管|军休|人才|审批服务|数据"
)
ORGANS = "管理局|事务局|分局|支局|局|委员会|委|办公室|办|厅|管理所|所|管理处|处|站|支队|大队|中队|执法队|队|"
ORGANS += "服务中心|管理中心|中心|集团|公司"
FIXED = (
    "居民委员会|居委会|居委|村委会|村民委员会|街道办事处|街道办|派出所|交警支队|交警大队|交警队|交警|城管执法队|"
    "城管队员|城管|纪检监察组|纪委监委|纪委|监委|信访办|法院执行局|人民法院|法院|检察院|人民政府|镇政府|乡政府|区政府|"
    "县政府|市政府|区委|县委|市委|残联|妇联|团委|总工会|工会|发改委|卫健委|国资委|教委|住建委|网信办|拆迁办|扶贫办|"
    "社区卫生服务中心|社区服务中心|党群服务中心|政务服务中心|人才服务中心|便民服务中心|卫生院|文化执法队|司法所|"
    "税务所|国土所|财政所|民政所|运管所|运管|疾控中心|消防队|12345|社区党委|党支部|公安局|公安分局|派出所"
)
REGION = r"(?:[\u4e00-\u9fff]{2}[市区县镇]|(?<![全本我超城夜门小社地])[市区县镇乡省])?"
CHINESE = re.compile(rf"{REGION}(?:(?:{FIELDS})(?:{ORGANS})|{FIXED})")
ENGLISH = re.compile(
    r"\b(?:police station|(?:sub-?district|community|housing|neighbou?rhood) (?:office|committee|clinic|bureau)"
    r"|(?:water|gas|electric(?:ity)?|power) company|residents'? committee|city hall)\b",
    re.IGNORECASE,
)
NOT_A_REGION = re.compile(r"^(?:我们|你们|咱们|我|本|到|去|找|给|向|的|在|让|请|被|跟|和)")


def find_departments(text: str, gazetteer: Gazetteer) -> Iterator[Entity]:
    """Offices in ``text``; the value is the official name where the gazetteer knows it."""
    for known in gazetteer.find_departments(text):
        yield _department(text, known.start, known.end, known.official)
    for match in CHINESE.finditer(text):
        skipped = NOT_A_REGION.match(match[0])
        start = match.start() + (skipped.end() if skipped else 0)
        yield _department(text, start, match.end())
    for match in ENGLISH.finditer(text):
        yield _department(text, match.start(), match.end())


def _department(text: str, start: int, end: int, value: str | None = None) -> Entity:
    kind = EntityType.DEPARTMENT
    return Entity(type=kind, text=text[start:end], start=start, end=end, value=value)
