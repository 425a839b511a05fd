"""What residents are told when something happens to their petition, in simplified Chinese.

The keys are those of ``petitions.notices`` with "notice." before them. «{words}» is shown as a
quote below the sentence.
"""

SENTENCES: dict[str, str] = {
    "notice.case_screened": "{number}「{title}」社区已经核实，正在交给该办的单位。",
    "notice.case_dispatched": "{number}「{title}」已交给{unit}。{next}",
    "notice.case_reassigned": "{number}「{title}」改由{unit}办理。{next}",
    "notice.case_signed_for": "{number}「{title}」{unit}已经签收，开始办理。{next}",
    "notice.case_suspended": "{number}「{title}」要等条件具备后接着办，原因在下面。"
    "有变化我就告诉您。",
    "notice.case_resumed": "{number}「{title}」接着办了。{next}",
    "notice.case_extended": "{number}「{title}」需要多一点时间，原因在下面。{next}",
    "notice.case_supplement_asked": "{number}「{title}」承办的人想多了解一点，请直接回复：",
    "notice.case_replied": "{number}「{title}」{unit}答复了。请看看办得怎么样，不满意会重办。",
    "notice.case_sent_back": "{number}「{title}」的答复经社区核对还不够，已经让{unit}接着办。"
    "{next}",
    "notice.case_followed_up": "{number}「{title}」的回访已经记下，谢谢您。",
    "notice.case_closed": "{number}「{title}」已经办结：{outcome}。没有解决的话，请直接告诉我。",
    "notice.case_reopened": "{number}「{title}」重新办理了，由{unit}接着办。{next}",
    "notice.case_split": "{number}「{title}」和别的事分开了，单独接着办。",
    "notice.case_escalated": "{number}「{title}」没有按时办好，现在由上一级盯着办。",
    "notice.case_supervised": "{number}「{title}」已由督办的人盯着办，有结果我就告诉您。",
    "notice.case_merged": "{number}「{title}」和邻居反映的是同一件事，合在一起办，"
    "您的编号照样能查。",
    "notice.case_review_decided": "{number}「{title}」的复查有结果了，在下面。",
    "notice.case_rereview_decided": "{number}「{title}」的复核有结果了，在下面。",
    "notice.digest": "有 {count} 条新进展，每件最新的情况在下面。",
    "notice.other": "{number}「{title}」有了新进展，可以点「查看」。",
    "recall.successor": "您之前问过「{question}」，我引用的《{title}》已经不执行了，"
    "请不要再照着办。现在执行的是《{successor}》，您可以把问题再发一次。",
    "recall.nothing": "您之前问过「{question}」，我引用的《{title}》已经不执行了，"
    "请不要再照着办。需要的话，可以把问题再发一次。",
    "label.show": "查看",
    "citation.reply": "{unit} · {day}",
    "outcome.resolved": "已解决",
    "outcome.explained": "已作解释说明",
    "outcome.not_supported": "不予支持",
    "outcome.other_channel": "请走法定途径",
    "outcome.withdrawn": "已撤回",
    "outcome.merged": "已并案",
    "outcome.none": "已处理",
}
