"""What staff read in their group: Chinese only, and nothing about who a resident is."""

from collections.abc import Mapping

EVENTS: Mapping[str, str] = {
    "emergency": "危急",
    "utility": "紧急",
    "unit_whistled": "吹哨",
    "unit_deadline_missed": "超期",
}
"""The first word of a message: the urgency of a new case, or what happened."""

STATES: Mapping[str, str] = {
    "registered": "已登记，等社区甄别分拨",
    "screened": "已甄别，等分拨",
    "dispatched": "已分拨给{unit}，等签收",
    "signed_for": "{unit}已签收",
    "objected": "{unit}提出异议，等社区决定",
    "handling": "{unit}正在办理",
    "suspended": "{unit}办理中，已挂起",
    "replied": "{unit}已答复",
    "followed_up": "已回访",
    "closed": "已办结",
    "reopened": "重办",
    "in_review": "复查中",
    "in_rereview": "复核中",
    "archived": "已归档",
}

VERBS: Mapping[str, str] = {"sign_for": "签收", "report_in": "报到"}
VIEW = "查看"

SENTENCES: Mapping[str, str] = {
    "call": "先打 {service}",
    "due": "时限 {moment}",
    "waiting_for": "等{units}报到",
    "done": "好的，已{verb}。",
    "linked": "{name}，已关联。以后在工作群里点按钮，记的是您的名字。",
    "not_linked": "关联码不对，或者过了十分钟。请在工作台“我的账号”里重新取一个。",
    "too_often": "试的次数太多，请几分钟后再试。",
    "no_group": "这里没有开通工作群。",
}
