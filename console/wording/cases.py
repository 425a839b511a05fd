"""Words for cases: states, verbs, outcomes, clocks. One row a word of petitions."""

from console.language import Words

STATUS = Words(
    {
        "registered": "待甄别",
        "screened": "待分拨",
        "dispatched": "待签收",
        "signed_for": "已签收",
        "objected": "有异议",
        "handling": "办理中",
        "suspended": "已挂起",
        "replied": "已答复",
        "followed_up": "已回访",
        "closed": "已办结",
        "reopened": "重办",
        "in_review": "复查中",
        "in_rereview": "复核中",
        "archived": "已归档",
    }
)

VERB = Words(
    {
        "register": "登记",
        "screen": "甄别",
        "screen_and_dispatch": "甄别并分拨",
        "dispatch": "分拨",
        "reassign": "改派",
        "sign_for": "签收",
        "object": "提出异议",
        "uphold_objection": "同意异议",
        "overrule_objection": "驳回异议",
        "start": "开始办理",
        "contact": "记录联系",
        "invite_co_handler": "请求协办",
        "part_reply": "协办反馈",
        "whistle": "吹哨",
        "report_in": "报到",
        "request_extension": "申请延期",
        "approve_extension": "同意延期",
        "refuse_extension": "不同意延期",
        "suspend": "挂起",
        "resume": "恢复办理",
        "reply": "答复",
        "send_back": "退回",
        "follow_up": "回访",
        "rate": "评价",
        "close": "办结",
        "reopen": "重办",
        "ask_review": "申请复查",
        "decide_review": "复查决定",
        "ask_rereview": "申请复核",
        "decide_rereview": "复核决定",
        "archive": "归档",
        "withdraw": "撤回",
        "urge": "催办",
        "ask_supplement": "请居民补充",
        "supplement": "补充",
        "join": "附议",
        "leave": "退出附议",
        "merge": "并案",
        "absorb": "并入",
        "split": "拆分",
        "release": "拆出",
        "name_representatives": "推选代表",
        "supervise": "督办",
        "escalate": "升级督办",
        "recuse": "回避",
        "reroute": "退回重新分派",
        "note": "内部备注",
        "correct": "更正信息",
        "reveal_contact": "查看联系方式",
    }
)

HINT = Words(
    {
        "screen": "确认受理。居民会收到“已受理”的消息。",
        "screen_and_dispatch": "确认受理，并交给承办单位。",
        "dispatch": "交给一个单位主办。单位会收到消息，签收时限开始计算。",
        "reassign": "从现在的单位收回，交给另一个单位。",
        "sign_for": "确认由本单位办理。",
        "object": "认为不属于本单位职责时提出，由社区核实后决定；同意之前请不要停办。",
        "uphold_objection": "工单收回，等待重新分拨。",
        "overrule_objection": "工单仍由原单位办理，并且不能再提异议。",
        "start": "已经着手办理。",
        "contact": "已经和居民联系过。联系时限到此为止。",
        "invite_co_handler": "请另一个单位帮忙，主办单位不变。",
        "part_reply": "把本单位办理的部分告诉主办单位，居民看不到。",
        "whistle": "召集有关单位到场。每个单位都要在时限内报到。",
        "report_in": "告诉社区本单位已经到场。",
        "request_extension": "由社区党委或者督办人员审批，同意后会告知居民。",
        "approve_extension": "居民会收到延期的消息和理由。",
        "refuse_extension": "原期限不变。",
        "suspend": "需要等待时使用。时限暂停，理由会告知居民。",
        "resume": "继续办理，时限恢复计算。",
        "reply": "居民会收到这段原文，请写明做了什么、结果怎样、还可以怎么办。",
        "send_back": "写明理由，由接手的一方继续办理。",
        "follow_up": "问一问居民是否满意。",
        "close": "办结不等于解决，是否解决由居民评价。",
        "reopen": "重新办理。居民会收到消息。",
        "decide_review": "写明维持还是改变，以及理由。",
        "decide_rereview": "写明维持还是改变，以及理由。",
        "archive": "归档后仍可查看和评价。",
        "ask_supplement": "问题会原样发给居民。",
        "merge": "并入另一件同样的工单，附议的居民一起转过去。",
        "split": "撤销并案：当时一起转过去的居民跟着回来，后来附议的留在原处。",
        "supervise": "主办单位和社区都会收到督办消息。",
        "escalate": "交由上一级督办。承办单位不变，街道或者区里能看到并收到消息。",
        "name_representatives": "勾选替大家说话的人，最多五名。一个也不勾选，就是不再有代表。",
        "recuse": "与事项有利害关系的人退出。退出之后看不到、也办不了这件工单。",
        "note": "只有工作人员看得到。",
        "correct": "更正登记信息；居民的原话不会改动。",
    }
)

DONE = Words(
    {
        "screen": "已受理。",
        "screen_and_dispatch": "已受理并分拨。",
        "dispatch": "已分拨，承办单位会收到消息。",
        "reassign": "已改派。",
        "sign_for": "已签收。",
        "object": "异议已提出，等待社区决定。",
        "uphold_objection": "已同意异议，请重新分拨。",
        "overrule_objection": "已驳回异议，由原单位办理。",
        "start": "已开始办理。",
        "contact": "联系情况已记录。",
        "invite_co_handler": "已请求协办。",
        "part_reply": "协办反馈已提交。",
        "whistle": "已吹哨，各单位会收到消息。",
        "report_in": "已报到。",
        "request_extension": "延期申请已提交，等待审批。",
        "approve_extension": "已同意延期，并告知居民。",
        "refuse_extension": "已退回延期申请，原期限不变。",
        "suspend": "已挂起，时限暂停。",
        "resume": "已恢复办理。",
        "reply": "已答复，居民会收到原文。",
        "send_back": "已退回。",
        "follow_up": "回访已记录。",
        "close": "已办结。",
        "reopen": "已转入重办。",
        "decide_review": "复查决定已记录。",
        "decide_rereview": "复核决定已记录。",
        "archive": "已归档。",
        "ask_supplement": "问题已发给居民。",
        "merge": "已并案，这是继续办理的工单。",
        "split": "已拆分，这件单独继续办理。",
        "supervise": "已督办。",
        "escalate": "已升级督办。",
        "name_representatives": "代表已记录。",
        "recuse": "已回避，这件工单不再对回避的人显示。",
        "note": "备注已保存。",
        "correct": "信息已更正。",
    }
)

OUTCOME = Words(
    {
        "resolved": "已解决",
        "explained": "解释说明",
        "not_supported": "不予支持",
        "other_channel": "转法定途径",
        "withdrawn": "居民撤回",
        "merged": "并入他案",
    }
)

URGENCY = Words(
    {
        "emergency": "危急",
        "utility": "水电气热电梯",
        "long_standing": "久拖未决",
        "ordinary": "一般",
    }
)

KIND = Words(
    {
        "consult": "咨询",
        "help": "求助",
        "complaint": "投诉",
        "report_misconduct": "举报",
        "suggest": "建议",
    }
)

REGIME = Words({"service": "服务事项", "petition": "信访事项", "report": "检举控告"})

CLOCK = Words(
    {
        "register": "登记",
        "notice": "告知受理",
        "sign_for": "签收",
        "object": "可提异议",
        "contact": "联系居民",
        "feedback": "反馈",
        "handle": "办理",
        "extend": "延期",
        "review_ask": "可申请复查",
        "review": "复查",
        "rereview_ask": "可申请复核",
        "rereview": "复核",
        "rating": "居民评价",
        "report_in": "报到",
    }
)

SATISFACTION = Words(
    {
        "5": "非常满意",
        "4": "满意",
        "3": "一般",
        "2": "不满意",
        "1": "非常不满意",
    }
)

CHANNEL = Words(
    {
        "web": "网页",
        "telegram": "Telegram",
        "wechat": "微信公众号",
        "wecom": "企业微信",
        "terminal": "终端",
        "console": "工作人员代填",
    }
)

ATTACHMENT = Words(
    {
        "photo": "照片",
        "voice": "语音",
        "video": "视频",
        "document": "文件",
        "location": "位置",
        "contact": "名片",
    }
)

RESIDENT_WORDS = Words({"yes": "是", "no": "否"})

UPHELD = Words({"yes": "维持", "no": "改变"})

CLOCK_LABEL = Words(
    {
        "left": "剩 {amount}",
        "over": "已超 {amount}",
        "paused": "已暂停",
        "in_time": "按时完成",
        "late": "超时 {amount}完成",
    }
)

CLOCK_AMOUNT = Words(
    {
        "minutes": "{n} 分钟",
        "hours": "{n} 小时",
        "days": "{n} 天",
        "working_days": "{n} 个工作日",
        "one_days": "1 天",
        "one_working_days": "1 个工作日",
    }
)

UNIT_LEVEL = Words(
    {
        "community": "社区",
        "subdistrict": "街道",
        "district": "区和公用事业",
    }
)

FIELD = Words(
    {
        "unit_id": "主办单位",
        "invite_co_handler.unit_id": "协办单位",
        "co_handlers": "协办单位",
        "unit_ids": "向谁吹哨",
        "person": "谁回避（账号，不填就是自己）",
        "petition_numbers": "代表",
        "reason": "理由",
        "dispatch.reason": "给承办单位的话",
        "screen_and_dispatch.reason": "给承办单位的话",
        "approve_extension.reason": "告诉居民的理由",
        "regime": "事项性质",
        "note": "说明",
        "text": "内容",
        "reply.text": "答复内容",
        "report_in.text": "到场情况",
        "follow_up.text": "居民的话",
        "close.text": "给居民的说明",
        "contact.text": "联系情况",
        "part_reply.text": "办理情况",
        "note.text": "备注",
        "citations": "引用依据",
        "outcome": "办理结果",
        "photos": "照片",
        "reached": "联系上了吗",
        "resolved": "居民认为解决了吗",
        "satisfaction": "满意程度",
        "part": "请它做什么",
        "question": "问居民什么",
        "days": "延长多少天",
        "into": "并入哪件工单（编号）",
        "upheld": "原来的处理",
        "title": "标题",
        "category_first": "一级类别",
        "category_second": "二级类别",
        "urgency": "紧急程度",
        "estate_id": "小区",
        "building": "楼号",
        "grid_id": "网格",
        "community_id": "社区",
        "place_text": "地点",
    }
)
"""Labels of form fields: by verb and field where one verb means something of its own."""

BULK = Words(
    {
        "screen": "甄别",
        "screen_and_dispatch": "甄别并按建议分拨",
        "dispatch": "按建议分拨",
        "sign_for": "签收",
        "archive": "归档",
    }
)
"""Buttons under the list: one verb for every case that was ticked."""

CLOSING_SIGN = Words(
    {
        "no_contact": "没有联系居民的记录",
        "no_evidence": "答复没有附照片或材料",
        "last_minutes": "到期前半小时内才答复",
        "reopened": "答复以后又重办",
    }
)
