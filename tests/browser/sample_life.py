"""A week in the sample street: cases of every state, filed and worked through the real verbs.

Pictures and browser tests are taken on it, so every page has something to show.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from PIL import Image, ImageDraw

from petitions import handling
from petitions.actors import Actor
from petitions.drafts import AttachmentRef
from petitions.filing import Receipt, file_petition, join_case, make_draft, urge_case
from petitions.follow_up import follow_up_case, rate_case
from petitions.words import LegalRegime, Satisfaction
from petitions.workflow import Outcome

HOUSING = {"category_first": "城乡建设", "category_second": "住房保障与房地产"}
CITY = {"category_first": "城乡建设", "category_second": "城市建设和市政管理"}
SAFETY = {"category_first": "政法", "category_second": "公安"}
CARE = {"category_first": "民政", "category_second": "社会福利"}
GREEN = {"category_first": "生态环境", "category_second": "环境污染防治"}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that happened, so many hours after the filing."""

    hours: float
    who: str
    verb: Callable[..., object]
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Story:
    """One petition and what became of it."""

    name: str
    hours_ago: float
    draft: dict[str, Any]
    steps: tuple[Step, ...] = ()


def by(hours: float, who: str, verb: Callable[..., object], **values: Any) -> Step:
    """A step of staff."""
    return Step(hours=hours, who=who, verb=verb, values=values)


def resident(hours: float, verb: Callable[..., object], **values: Any) -> Step:
    """A step of the resident, or of a neighbour who joins."""
    return Step(hours=hours, who="", verb=verb, values=values)


def said(title: str, matter: str, **more: Any) -> dict[str, Any]:
    """What a resident filed."""
    return {"title": title, "matter": matter, "place_text": more.get("estate", ""), **more}


def taken_on(unit: str, account: str, first: float = 0.5) -> tuple[Step, ...]:
    """Screened, given to a unit, signed for, begun, contacted."""
    return (
        by(first, "committee", handling.screen_and_dispatch, unit_id=unit),
        by(first + 0.4, account, handling.sign_for, start=True),
        by(first + 1.0, account, handling.record_contact, text="已电话联系，约好上门时间。"),
    )


STORIES: tuple[Story, ...] = (
    Story(
        name="gas",
        hours_ago=0.1,
        draft=said(
            "楼道里煤气味很重",
            "锦绣家园5栋1单元楼道里煤气味很重，三楼往上都闻得到，家里有老人孩子。",
            urgency="emergency",
            emergency_service="119",
            estate="锦绣家园",
            building="5",
            **SAFETY,
        ),
    ),
    Story(
        name="lift",
        hours_ago=26,
        draft=said(
            "电梯停用三天，老人无法下楼",
            "锦绣家园3栋2单元的电梯坏了三天了，物业说在等配件。我妈82岁住11楼，透析每周三次，"
            "现在根本下不了楼。能不能先派人用担架或者爬楼机帮一下，再催一催维修？",
            urgency="utility",
            estate="锦绣家园",
            building="3",
            place_detail="2单元",
            happened_at_text="三天前",
            wanted="先帮老人下楼去医院，尽快修好",
            contact_name="王芳",
            contact_phone="13800001234",
            on_behalf_of="李桂珍",
            **HOUSING,
        ),
        steps=(
            *taken_on("anda-elevator", "elevator", 0.3),
            resident(3, join_case, matter="3栋2单元电梯一直不动，孩子上学都得爬楼。"),
            resident(5, join_case, matter="电梯坏了没人管，我腿脚不好。"),
            by(8, "jincheng", handling.part_reply, text="爬楼机已到位，每天上午接送两户。"),
            by(
                20,
                "committee",
                handling.whistle,
                unit_ids=["jincheng-property", "yunhe-market"],
                reason="配件迟迟不到，请到现场一起定方案。",
            ),
            by(21, "jincheng", handling.report_in, text="项目经理已到场。"),
            resident(24, urge_case, text="今天又要去透析，请快一点。"),
            by(25, "committee", handling.add_note, text="已和医院约好明天的接送车。", photo=True),
        ),
    ),
    Story(
        name="charging",
        hours_ago=31,
        draft=said(
            "有人在楼道里给电动车充电",
            "槐荫里3号楼2单元一层，天天有人把电动车推进楼道充电，线从窗户拉出来，太吓人了。",
            kind="complaint",
            estate="槐荫里小区",
            building="3",
            contact_phone="13900005678",
            **SAFETY,
        ),
        steps=(by(1, "committee", handling.screen_and_dispatch, unit_id="heshun-property"),),
    ),
    Story(
        name="night work",
        hours_ago=120,
        draft=said(
            "工地半夜施工，睡不着觉",
            "河畔公寓B座对面的工地连着四天半夜两点还在打桩，孩子要中考了。",
            kind="complaint",
            estate="河畔公寓",
            building="B",
            happened_at_text="连续四天，夜里两点",
            wanted="晚上十点以后停工",
            **GREEN,
        ),
        steps=(
            *taken_on("huaian-enforcement", "urban"),
            by(
                60,
                "urban",
                handling.reply,
                text="已到工地检查，该工地没有夜间施工证明。已责令晚上22点至次日6点停工，"
                "并立案处理。如再有夜间施工，请拨打值班电话。",
                outcome=Outcome.RESOLVED,
                citations=["《噪声管理指南》第四条"],
            ),
        ),
    ),
    Story(
        name="water",
        hours_ago=0.8,
        draft=said(
            "整栋楼停水",
            "纺织厂宿舍2号楼从早上六点开始停水，没有看到通知，老人多，做不了饭。",
            urgency="utility",
            estate="纺织厂宿舍",
            building="2",
            **CITY,
        ),
        steps=(
            by(0.2, "committee", handling.screen_and_dispatch, unit_id="qinghe-water"),
            by(0.5, "water", handling.sign_for),
        ),
    ),
    Story(
        name="lamps",
        hours_ago=13 * 24,
        draft=said(
            "小区里的路灯坏了一排",
            "锦绣家园北门到6栋这一段路灯全坏了，晚上黑得看不见台阶，前天还有人摔了。",
            estate="锦绣家园",
            building="6",
            **CITY,
        ),
        steps=taken_on("jincheng-property", "jincheng", 3),
    ),
    Story(
        name="falling",
        hours_ago=9 * 24,
        draft=said(
            "楼上经常往下扔东西",
            "河畔公寓C座经常有人从高层扔烟头和酒瓶，楼下就是孩子玩的地方。",
            kind="complaint",
            estate="河畔公寓",
            building="C",
            **SAFETY,
        ),
        steps=(
            *taken_on("jincheng-property", "jincheng", 2),
            by(70, "jincheng", handling.reply, text="已张贴提示，并加装朝上的摄像头。"),
            by(
                80,
                "committee",
                follow_up_case,
                reached=True,
                resolved=False,
                satisfaction=Satisfaction.DISSATISFIED,
                words="昨天又扔了一个酒瓶，摄像头还没有装。",
            ),
            by(81, "committee", handling.reopen_case, reason="居民反映没有解决，请重新办理。"),
        ),
    ),
    Story(
        name="lift for the old house",
        hours_ago=20 * 24,
        draft=said(
            "加装电梯一层住户不同意",
            "槐荫里2号楼加装电梯谈了一年多，一层两户不同意，五六层的老人实在爬不动了。",
            urgency="long_standing",
            estate="槐荫里小区",
            building="2",
            wanted="社区出面协调",
            **HOUSING,
        ),
        steps=(
            by(5, "committee", handling.screen_and_dispatch, unit_id="huaiyin-committee"),
            by(8, "committee", handling.sign_for, start=True),
            by(9, "committee", handling.record_contact, text="已入户走访三户。"),
            resident(30, join_case, matter="支持加装电梯，我家六楼，两位老人。"),
            resident(31, join_case, matter="希望社区主持开一次会。"),
            resident(50, join_case, matter="愿意多出一点钱。"),
            by(
                100,
                "committee",
                handling.suspend,
                reason="等待一层住户的书面意见，约定下周三开协调会。",
            ),
        ),
    ),
    Story(
        name="fire lane",
        hours_ago=28,
        draft=said(
            "消防通道长期停满车",
            "河畔公寓西门进来的消防通道天天停满车，上个月救护车都开不进来。",
            kind="complaint",
            estate="河畔公寓",
            building="A",
            **SAFETY,
        ),
        steps=(
            by(2, "committee", handling.screen_and_dispatch, unit_id="jincheng-property"),
            by(
                6,
                "jincheng",
                handling.object_to_dispatch,
                reason="物业没有处罚权，占用消防通道应由消防和交警处理。",
            ),
        ),
    ),
    Story(
        name="meals",
        hours_ago=18,
        draft=said(
            "希望给独居老人送餐",
            "纺织厂宿舍有十几位独居老人，走到长者食堂要二十分钟，希望能送餐上门。",
            kind="suggest",
            estate="纺织厂宿舍",
            building="4",
            wanted="每天中午送餐",
            **CARE,
        ),
        steps=(by(2, "committee", handling.screen_case, regime=LegalRegime.PETITION),),
    ),
    Story(
        name="leak",
        hours_ago=4 * 24,
        draft=said(
            "楼上漏水，卧室顶棚已经发霉",
            "槐荫里7号楼4单元501，楼上卫生间漏水两个星期，找过物业三次，都说联系不上房主。",
            estate="槐荫里小区",
            building="7",
            place_detail="4单元501",
            contact_name="赵建国",
            contact_phone="13700009012",
            confidential=True,
            **HOUSING,
        ),
        steps=(
            *taken_on("heshun-property", "heshun", 4),
            by(
                60,
                "heshun",
                handling.request_extension,
                days=3,
                reason="楼上房主在外地，约好周五回来开门检查。",
            ),
        ),
    ),
    Story(
        name="misconduct",
        hours_ago=50,
        draft=said(
            "举报物业经理收好处",
            "和顺物业的经理把公共车位私下卖给外面的人，收现金不开票。",
            kind="report_misconduct",
            estate="槐荫里小区",
            anonymous=True,
        ),
    ),
    Story(
        name="drain",
        hours_ago=7,
        draft=said(
            "下水道返水，一楼进了脏水",
            "公交新村3号楼2单元一楼厕所返水，屋里都是脏水，已经自己掏了两次。",
            estate="公交新村",
            building="3",
            **CITY,
        ),
        steps=(
            by(1, "shuyuan", handling.screen_and_dispatch, unit_id="huimin-property"),
            by(2, "huimin", handling.sign_for, start=True),
        ),
    ),
    Story(
        name="square dance",
        hours_ago=40,
        draft=said(
            "广场舞音响声音太大",
            "阳光花园中心广场每晚跳舞到九点半，音响开得很大，5号楼都听得见。",
            kind="complaint",
            estate="阳光花园",
            building="5",
            **GREEN,
        ),
    ),
)

EARLIER = (
    ("楼门口垃圾桶满了没人清", "垃圾桶两天没清，味道很大。", "槐荫里小区", "1", CITY),
    ("单元门关不上", "门禁坏了，谁都能进。", "锦绣家园", "1", HOUSING),
    ("绿化带里种了菜", "有人在绿化带种菜还浇粪。", "锦绣家园", "8", CITY),
    ("楼道灯不亮", "声控灯坏了一个星期。", "河畔公寓", "D", HOUSING),
    ("共享单车堆在门口", "单车把人行道堵住了。", "槐荫里小区", "6", CITY),
    ("健身器材坏了", "漫步机少了一个踏板，很危险。", "纺织厂宿舍", "5", CITY),
)
"""Smaller matters of the last weeks, so that figures have an n: title, words, place, category."""
UNITS = {
    "槐荫里小区": ("heshun-property", "heshun"),
    "纺织厂宿舍": ("heshun-property", "heshun"),
    "锦绣家园": ("jincheng-property", "jincheng"),
    "河畔公寓": ("jincheng-property", "jincheng"),
}


def earlier_stories(rounds: int = 4) -> tuple[Story, ...]:
    """What was closed before, each a little otherwise."""
    return tuple(
        _closed(number, *EARLIER[number % len(EARLIER)]) for number in range(rounds * len(EARLIER))
    )


def _closed(
    number: int, title: str, matter: str, estate: str, building: str, category: dict[str, str]
) -> Story:
    unit, account = UNITS[estate]
    level = Satisfaction(5 - (number * 7) % 5) if number % 4 else None
    return Story(
        name=f"earlier {number}",
        hours_ago=26 * 24 - number * 21,
        draft=said(title, matter, estate=estate, building=building, **category),
        steps=(
            *taken_on(unit, account, 1 + (number % 5) * 6),
            by(44, account, handling.reply, text="已处理好，请您查看。", outcome=Outcome.RESOLVED),
            *_ending(level, account),
        ),
    )


def _ending(level: Satisfaction | None, account: str) -> tuple[Step, ...]:
    close = by(90, "committee", handling.close_case, outcome=Outcome.RESOLVED)
    if level is None:
        return (close,)
    rated = resident(50, rate_case, result=level, resolved=level >= Satisfaction.FAIR)
    if level >= Satisfaction.FAIR:
        return (rated, close)
    again = by(60, account, handling.start_handling)
    return (rated, again, by(70, account, handling.reply, text="已重新处理，请您再看看。"), close)


@dataclass(kw_only=True)
class Street:
    """Lets the stories happen in a database.

    Attributes:
        open_work: Opens a transaction over petitions.
        actor_of: The sample account of a username as petitions know it.
        keep: Keeps a file and gives the name that finds it again.
        now: The moment at which all of it lies in the past.
    """

    open_work: Callable[[], Any]
    actor_of: Callable[[str], Actor]
    keep: Callable[[bytes, str], str]
    now: datetime

    def live(self, stories: tuple[Story, ...]) -> dict[str, Receipt]:
        """Let them all happen; the receipts by name."""
        return {story.name: self.tell(story) for story in stories}

    def tell(self, story: Story) -> Receipt:
        """One petition from its filing to where it is now."""
        filed = self.now - timedelta(hours=story.hours_ago)
        photos = (self._photo(),) if story.name == "lift" else ()
        draft = make_draft(
            **story.draft,
            attachments=photos,
            resident=story.name,
            channel="web",
            idempotency_key=f"story {story.name}",
        )
        with self.open_work() as work:
            receipt = file_petition(work, draft, now=filed)
            for number, step in enumerate(story.steps):
                moment = filed + timedelta(hours=step.hours)
                self._do(work, receipt, step, moment, (story.name, number))
            work.commit()
        return receipt

    def _do(
        self, work: Any, receipt: Receipt, step: Step, now: datetime, place: tuple[str, int]
    ) -> None:
        values = dict(step.values)
        resident_name, number = place
        if values.pop("photo", False):
            values["attachments"] = (self._photo(),)
        if step.who:
            step.verb(work, receipt.case_id, actor=self.actor_of(step.who), now=now, **values)
        elif step.verb is join_case:
            neighbour = make_draft(
                matter=values["matter"],
                resident=f"neighbour {number} of {receipt.number}",
                channel="web",
                idempotency_key=f"{receipt.number}/{number}",
            )
            join_case(work, receipt.case_id, neighbour, now=now)
        else:
            step.verb(work, receipt.number, resident=resident_name, now=now, **values)

    def _photo(self) -> AttachmentRef:
        content = lift_door()
        ref = self.keep(content, "image/jpeg")
        return AttachmentRef(kind="photo", ref=ref, mime="image/jpeg", size_bytes=len(content))


def lift_door() -> bytes:
    """A drawn picture of a closed lift door with a paper on it."""
    picture = Image.new("RGB", (800, 600), "#d9d4c8")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((230, 60, 570, 600), fill="#8d949b", outline="#5b6268", width=8)
    pen.line((400, 60, 400, 600), fill="#5b6268", width=4)
    pen.rectangle((640, 280, 690, 380), fill="#bfc4c9", outline="#5b6268", width=4)
    pen.ellipse((655, 300, 675, 320), fill="#b3261e")
    pen.rectangle((310, 200, 490, 330), fill="#fbfaf7", outline="#57606a", width=2)
    for line in range(3):
        pen.rectangle((335, 225 + line * 35, 465, 240 + line * 35), fill="#1f2328")
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=80)
    return content.getvalue()
