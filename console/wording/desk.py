"""Words for the desk itself: roles, audit actions, notices, parts, versions of texts."""

from console.language import Words

ROLE = Words(
    {
        "committee": "社区党委",
        "department": "承办单位",
        "grid_worker": "网格员",
        "supervisor": "督办",
        "curator": "知识管理员",
        "admin": "系统管理员",
        "resident": "居民",
        "system": "系统",
    }
)

ROLE_HINT = Words(
    {
        "committee": "甄别、分拨、回访、办结本社区的工单",
        "department": "签收、办理、答复交给本单位的工单",
        "grid_worker": "办理自己网格的工单",
        "supervisor": "查看全部工单和数据，督办、复查",
        "curator": "管理政策文件，看没有答上来的提问",
        "admin": "管理账号和审计记录，看不到居民的诉求",
    }
)

AUDIT = Words(
    {
        "sign_in": "登录",
        "sign_in_failed": "登录失败",
        "sign_in_locked": "登录被锁定",
        "sign_out": "退出",
        "change_password": "修改自己的密码",
        "turn_on_second_factor": "开启两步验证",
        "turn_off_second_factor": "关闭两步验证",
        "drop_second_factor": "取消他人的两步验证",
        "unlock_staff": "解除登录锁定",
        "export_audit": "导出审计记录",
        "export_cases": "导出工单",
        "export_figures": "导出报表",
        "search_phone": "按电话查找",
        "create_token": "新建访问令牌",
        "revoke_token": "停用访问令牌",
        "link_chat": "关联聊天账号",
        "unlink_chat": "解除聊天账号",
        "act_from_chat": "在工作群里办理",
        "create_staff": "新建账号",
        "change_staff": "修改账号",
        "deactivate_staff": "停用账号",
        "activate_staff": "启用账号",
        "reset_password": "重置密码",
        "reveal_contact": "查看联系方式",
        "forget_resident": "删除居民个人信息",
        "export_resident": "导出居民个人信息",
        "import_texts": "导入文件",
        "publish_version": "发布版本",
        "lapse_version": "废止版本",
        "edit_version": "修改版本信息",
        "force_publish": "强制发布",
        "roll_back": "撤回发布",
        "change_gate": "修改把关问题",
        "change_bank": "修改问题库",
        "draft_faq": "起草常见问题",
        "recall_answers": "通知已答复的居民",
        "answer_again": "重新答复居民",
        "retry_job": "重做后台任务",
        "drop_job": "放弃后台任务",
        "accept_example": "采用更正样例",
        "refuse_example": "不用更正样例",
        "edit_organisation": "修改组织",
        "refused": "越权访问被拒绝",
    }
)

TARGET = Words(
    {
        "staff": "账号",
        "case": "工单",
        "version": "版本",
        "token": "令牌",
        "permission": "权限",
        "import": "导入",
        "trial": "把关问题",
        "bank": "问题库",
        "change": "操作",
        "message": "居民消息",
        "job": "后台任务",
        "example": "更正样例",
        "street": "街道",
        "communities": "社区",
        "grids": "网格",
        "estates": "小区",
        "buildings": "楼栋",
        "units": "单位",
        "duties": "职责事项",
        "deadlines": "时限",
    }
)

JOB = Words({"deliver_notification": "通知居民"})

NOTICE = Words(
    {
        "unit_new_case": "有新工单，待甄别",
        "unit_case_dispatched": "工单已分拨到本单位，请签收",
        "unit_co_handling": "请本单位协办",
        "unit_objected": "承办单位提出了异议，请核实",
        "unit_objection_upheld": "异议已同意",
        "unit_objection_overruled": "异议没有采纳，请继续办理",
        "unit_sent_back": "工单被退回",
        "unit_part_reply": "协办单位已反馈",
        "unit_whistled": "社区吹哨，请按时报到",
        "unit_reported_in": "被吹哨的单位已报到",
        "unit_extension_asked": "申请延期，请审批",
        "unit_extension_approved": "延期已同意",
        "unit_extension_refused": "延期没有同意，按原期限办理",
        "unit_replied": "承办单位已答复，请回访",
        "unit_closed": "工单已办结",
        "unit_reopened": "工单转入重办",
        "unit_urged": "居民催办",
        "unit_supplemented": "居民补充了情况",
        "unit_supervised": "工单已被督办",
        "unit_escalated": "已升级督办",
        "unit_split": "并案已拆分",
        "unit_rerouted": "原单位或者网格已撤销，请重新分派",
        "unit_withdrawn": "居民已撤回",
        "unit_review_asked": "居民申请复查、复核",
        "unit_deadline_near": "时限将到",
        "unit_deadline_missed": "已经超时",
    }
)

STANDING = Words(
    {
        "answering": "居民可查到",
        "coming": "还没生效",
        "ended": "已失效",
        "draft": "草稿",
        "review": "待审核",
        "replaced": "已被新文件替换",
    }
)

DELIVERY = Words({"pending": "等待发送", "sent": "已送达", "failed": "没有送达"})

DELIVERY_PROBLEM = Words(
    {
        "address_gone": "对方已经收不到",
        "AddressGone": "对方已经收不到",
        "MessageRefused": "渠道没有接受",
        "RetryLater": "渠道暂时不通",
        "WaitForResident": "要等居民先来消息",
        "failed": "多次没有送到",
    }
)
"""Why a message did not arrive, by what the delivery notes."""

NO_ANSWER = Words(
    {
        "nothing_near": "没有足够接近的条文，居民会看到“没有查到”。",
        "not_in_force": "最接近的条文不在有效期内，居民会看到“没有查到”。",
        "empty_index": "知识库里还没有发布的文件。",
    }
)

IN_VAIN = Words(
    {
        "nothing_near": "没有查到",
        "not_in_force": "条文不在有效期",
        "empty_index": "还没有文件",
        "not_useful": "居民觉得没用",
    }
)

HIT_REASON = Words(
    {
        "whole": "整条意思",
        "part": "局部意思",
        "lexical": "相同字词",
        "matched": "逐词意思",
        "plain": "通用意思",
        "plain_matched": "逐词通用意思",
        "plain_spread": "逐词参差",
        "expected": "有所问的内容",
        "fixed": "固定答复",
    }
)

TRIAL_KIND = Words({"answer": "应当答得出", "refuse": "应当说没有查到"})

GATE_PROBLEM = Words(
    {
        "answered": "不该答的答了",
        "not_answered": "该答的没有答出来",
        "other_text": "答的是别的文件",
        "other_article": "答的是别的条文",
        "phrase_missing": "引文里没有应有的字",
    }
)

REPLY_KIND = Words(
    {
        "answer": "引用原文回答",
        "clarify": "先问居民想问哪一个",
        "nothing_near": "没有查到",
        "not_in_force": "没有查到（条文不在有效期）",
        "empty_index": "没有查到（还没有文件）",
    }
)

CHANGE = Words(
    {
        "publish": "发布",
        "lapse": "废止",
        "edit": "修改信息",
        "rollback": "撤回",
    }
)

TILE = Words(
    {
        "registered": "待甄别",
        "screened": "待分拨",
        "dispatched": "待签收",
        "objected": "待定异议",
        "whistled": "吹哨待报到",
        "due_today": "今天到期",
        "overdue": "已超时",
        "replied": "答复待回访",
        "all": "全部在办",
    }
)

LOG_KIND = Words(
    {
        "visit": "入户走访",
        "patrol": "巡查",
        "call": "接到电话",
        "office": "居民来访",
    }
)
