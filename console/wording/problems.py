"""What staff read when something can't be done: what happened, and what to do now."""

from collections.abc import Mapping
from string import Formatter

from console.language import Words, translate

PROBLEM = Words(
    {
        # the desk
        "sign_in_needed": "请先登录。登录后会回到刚才的页面。",
        "sign_in_refused": "用户名或者密码不对，请再试一次。忘记密码请找管理员重置。",
        "sign_in_refused.code": "动态码不对或者已经用过。请等下一个动态码再试。",
        "sign_in_refused.ticket": "停得太久了，请重新输入用户名和密码。",
        "too_many_attempts": "输错次数太多，请 {minutes} 分钟后再试，或者请管理员重置密码。",
        "permission_missing": "您的账号不能打开这个页面。需要的话，请管理员调整角色。",
        "chat_not_linked": (
            "请先关联工作账号：在工作台“我的账号”里取关联码，再私下发给机器人。只有办理工单的人员能操作。"
        ),
        "forgery_token_wrong": "页面已经过期，这次没有提交。请刷新页面后再试。",
        "password_change_needed": "请先把初始密码改成自己的密码。",
        "weak_password": "这个密码不能用，请换一个。",
        "weak_password.short": "密码至少 10 个字符。可以用几个不相干的词连起来，好记也安全。",
        "weak_password.long": "密码太长，请控制在 200 个字符以内。",
        "weak_password.common": "这个密码太容易猜到，请换一个。",
        "weak_password.same": "新密码和原来的一样，请换一个。",
        "invalid_input": "请检查填写的内容。",
        "invalid_input.required": "这一项需要填写。",
        "invalid_input.unknown": "没有这个选项，请重新选择。",
        "invalid_input.number": "请填写一个数字。",
        "invalid_input.building_number": "楼号只写数字或者字母，如 3 或 A。",
        "invalid_input.name_taken": "已经有同名的，请换一个名称。",
        "invalid_input.rule_exists": (
            "这只钟已经有一条时限用于同样的事项。请改那一条，或者把适用范围分开。"
        ),
        "invalid_input.seen_another": (
            "您打开以后，别人改过这一项。下面是您填的内容；请对照最新内容再保存。"
        ),
        "invalid_input.phone": "请填写完整的电话号码，至少 7 位数字。",
        "invalid_input.date": "请填写一个日期。",
        "invalid_input.not_equal": "两次输入的密码不一样。",
        "invalid_input.username_form": (
            "用户名用小写字母开头，由小写字母、数字、点或者短横组成，2 至 40 个字符。"
        ),
        "invalid_input.department_needs_unit": "承办单位人员需要选择所属单位。",
        "invalid_input.wrong_password": "当前密码不对。",
        "invalid_input.wrong_code": "动态码不对。请看看手机时间是否准确，再输入新的动态码。",
        "invalid_input.too_many_tokens": "令牌最多 10 个，请先停用不用的。",
        "invalid_input.no_such_case": "没有找到这个编号的工单，请核对。",
        "invalid_input.too_long": "内容太长，请缩短后再提交。",
        "invalid_input.too_many_views": "常用列表最多 20 个，请先删掉不用的。",
        "invalid_input.number_of_cases": "请勾选 1 至 50 件工单。",
        "log_entry_not_found": "没有这条记录，或者您不能查看。",
        "log_entry_filed": "这条记录已经转成诉求 {number}，没有再登记一次。",
        "job_not_parked": "它已经不在这里了，也许别人刚处理过。",
        "example_decided": "它已经有人审过了，或者没有这一条。",
        "bulk_not_found": "没有这次批量操作，或者不是您做的。",
        "staff_not_found": "没有这个账号。",
        "username_taken": "这个用户名已经有人用过，请换一个。",
        "own_account": "不能修改自己的角色或者停用自己，请另一位管理员操作。",
        "last_admin": "至少要保留一位管理员。",
        "attachment_not_found": "没有这个附件，或者您不能查看。",
        "upload_refused": "这个文件不能上传。",
        "upload_refused.too_large": "文件太大，单个文件请控制在 {megabytes} MB 以内。",
        "upload_refused.not_an_image": "只能上传照片（JPG、PNG、WebP）。",
        "upload_refused.empty": "文件是空的，请重新选择。",
        "upload_refused.number": "请选择 1 至 {files} 个文件。",
        "feature_missing": "这个部分还没有启用。",
        "http_404": "没有这个页面。请检查网址，或者回到看板。",
        "http_405": "这个地址不能这样访问。请回到看板重新操作。",
        "http_413": "提交的内容太大，没有保存。请减少文件后再试。",
        "http_422": "填写的内容不完整，请检查后再试。",
        "http_429": "操作太频繁，请稍后再试。",
        "http_500": "系统出了点问题，刚才的操作没有保存。请稍后再试；仍不行请联系管理员。",
        # petitions
        "case_not_found": "没有这件工单，或者它不在您的权限范围内。",
        "petition_not_found": "没有这个编号的诉求。",
        "not_permitted": "这件工单的这一步不由您办理。",
        "not_permitted.confidential": "居民要求保密，承办单位不能查看联系方式。请通过社区联系。",
        "stale_case": "在您填写的时候，工单有了新的变化。您填的内容还在，请看过最新情况后再提交。",
        "key_reused": "这个幂等键已经用于另一个请求。请换一个新的键再提交。",
        "command_unfinished": (
            "同样的请求已经开始，还不知道结果，也许仍在进行。请先查看结果；没有办成的，换一个新的键再提交。"
        ),
        "action_not_allowed": "工单现在是“{status_word}”，不能{action_word}。请看看最新情况。",
        "action_not_allowed.designated": "社区已经核实并指定由本单位办理，不能再提异议。",
        "action_not_allowed.objection_window_closed": "提出异议的时限已过。确有困难请联系社区。",
        "action_not_allowed.already_redone": "已经重办过一次，请转督办。",
        "action_not_allowed.no_request": "没有待审批的申请。",
        "action_not_allowed.already_asked": "这件工单已经申请过剔除，不用再申请。",
        "action_not_allowed.already_settled": "这个申请已经有人审批过。",
        "action_not_allowed.same_person": "申请人不能审批自己的申请。",
        "action_not_allowed.too_long": "超过了可以延长的最多天数。",
        "action_not_allowed.already_extended": "已经延期过一次，不能再延。",
        "action_not_allowed.no_extension_rule": "危急事项和水电气热、电梯停用不能延期。",
        "action_not_allowed.already_involved": "这个单位已经在主办或者协办。",
        "action_not_allowed.already_whistled": "已经向这个单位吹过哨，正等它报到。",
        "action_not_allowed.shielded": "反映的就是这个单位，不能把工单交给它。",
        "action_not_allowed.no_unit": "系统没有建议单位，请选择一个单位。",
        "action_not_allowed.no_rule": "时限规则里没有报到时限，请管理员补上。",
        "action_not_allowed.not_merged": "这件没有并入别的工单，不用拆分。",
        "action_not_allowed.too_many_representatives": "代表最多五名（《信访工作条例》第二十条）。",
        "action_not_allowed.highest_level": "已经由区里督办，没有更高一级。",
        "action_not_allowed.not_higher": "只能升到更高一级。",
        "action_not_allowed.report": "举报不升级：只由受理的单位和督办人员知道。",
        "not_permitted.another_person": "只能为自己申请回避。",
        "action_not_allowed.same_case": "不能并入它自己。",
        "action_not_allowed.different_regime": "保密件、检举控告件不能和普通工单并案。",
        "action_not_allowed.merged": "这件工单已经并入他案，请到那件工单上办理。",
        "action_not_allowed.final": "已经复核终结，不再受理同一事实。",
        "action_not_allowed.withdrawn": "居民已经撤回。",
        "action_not_allowed.not_a_petition": "只有信访事项可以复查、复核。",
        "action_not_allowed.window_closed": "时限已经过了。",
        "reason_required": "请写明理由。",
        "reason_required.reply": "请写答复的内容。",
        "reason_required.text": "请写内容。",
        "reason_required.question": "请写要问居民的问题。",
        "reason_required.units": "请至少选一个单位。",
        "invalid_draft": "填写的内容不能用，请检查。",
        "invalid_draft.string_too_long": "内容太长，请缩短到 2 万字以内。",
        "invalid_draft.greater_than": "天数要大于 0。",
        "invalid_draft.unknown_estate": "没有这个小区，请从列表里选。",
        "invalid_draft.not_a_staff_outcome": "请选择办理结果。",
        "wrong_receipt_code": "编号和查询码对不上。",
        "invalid_organisation": "组织信息有错误，请管理员检查配置文件。",
        "unknown_thing": "没有这一项，可能已经撤销。请回到列表看看。",
        "cannot_close": "现在还不能撤销。",
        "cannot_close.leads_community": "它是{names}的社区党委。请先给社区改选别的单位，再撤销。",
        "cannot_close.not_empty": "里面还有{names}。请先把它们撤销或者改到别的社区。",
        "cannot_close.served_alone": (
            "{names}只负责这里，撤销后会变成负责全部地方。请先修改它负责的地方。"
        ),
        "cannot_close.needs_another_grid": "网格里还有楼栋或者道路，请选择由哪个网格接管。",
        "unknown_unit": "没有这个单位，请从列表里选。",
        "already_joined": "这位居民已经附议过。",
        "contact_unreadable": "联系方式无法解密，可能换过密钥。请联系管理员。",
        # knowledge
        "unreadable_file": "{source}：{reason}",
        "unknown_version": "没有这个版本。",
        "unknown_question": "没有这条提问。",
        "version_not_allowed": "这个版本现在不能这样操作，请刷新后再看。",
        "unfinished_draft": "草稿里还有“【待补充】”，请补全后再发布。",
        "invalid_facts": "填写的内容不能用，请检查。",
        "invalid_facts.before_effective_from": "失效日期不能早于施行日期。",
        "invalid_facts.before_valid_from": "截止日期不能早于开始日期。",
        "invalid_facts.needed": "这一项需要填写。",
        "invalid_facts.empty": "这一项需要填写。",
        "invalid_facts.length": "这一项空着或者太长，请修改。",
        "invalid_facts.refused_questions_expect_nothing": "应当拒答的问题不用写出处。",
        "unknown_entry": "没有这一条，可能已经删除。",
        "change_not_undoable": "只能撤回最近的一次操作，请先撤回后来的。",
        "publication_overtaken": "刚才有别人发布了内容，请重新查看影响后再发布。",
        "gate_refused": "有 {count} 个把关问题会答错，没有发布。请修改文件或者问题后再试。",
        "still_in_force": "这个版本现在仍然有效，不用通知居民。",
        "knowledge_error": "知识库暂时不能用，请稍后再试。",
    }
)

_VARIANTS = ("because", "problem", "field")
NAMES_SAID = 3


def sentence_for(key: str, facts: Mapping[str, object]) -> str:
    """The sentence of an error: the most particular one that the table has."""
    words = (str(facts[name]) for name in _VARIANTS if facts.get(name))
    keys = (*(f"{key}.{word}" for word in words), key, "http_500")
    template = next(PROBLEM[name] for name in keys if name in PROBLEM)
    needed = {name for _, name, _, _ in Formatter().parse(template) if name}
    return template.format(**{name: _said(facts.get(name, "")) for name in needed})


def _said(fact: object) -> object:
    """A list is named by its first few."""
    if not isinstance(fact, list):
        return fact
    names = translate("、").join(str(one) for one in fact[:NAMES_SAID])
    if len(fact) <= NAMES_SAID:
        return names
    return translate("{names}等 {n} 个").format(names=names, n=len(fact))
