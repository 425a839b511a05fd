"""What is an emergency, whom to call, and what only sounds like one: one table of sentences."""

import pytest

from nlu.understanding import Urgency
from nlu.urgency import assess_urgency

FIRE_BRIGADE = (
    "十二楼窗口往外冒火，快来人",
    "厨房油锅着火了，盖不住",
    "楼道里的电动车烧起来了，烟往上灌",
    "我被火堵在阳台上了，下不去",
    "车库充电桩那边自燃了一辆车",
    "起火了起火了，7栋顶楼",
    "邻居家门缝里一直冒黑烟，敲门没人应",
    "阳台杂物被烟头引燃了",
    "整个楼道都是浓烟，老人还在家里",
    "捉火了！三楼厨房",
    "配电箱在冒火花，噼里啪啦响",
    "闻到好大的煤气味，不敢开灯",
    "楼下挖断了燃气管，呲呲冒气",
    "天然气泄漏了，整层楼都是味道",
    "液化气罐在喷气，阀门关不上",
    "化工车翻在路边，黄烟飘过来，好几个人呛得吐",
    "电梯困人了，在6楼和7楼之间",
    "我和孩子被关在电梯里出不来了",
    "电梯门打不开，里面有个老太太",
    "電梯困咗人，快啲嚟",
    "孩子的手指卡在扶梯里拔不出来",
    "小孩的头卡进护栏里了，哭得厉害",
    "娃一个人被反锁在家里，灶上还烧着水",
    "有个男孩掉进窨井里了",
    "有人落水了，就在景观湖边上",
    "河里有个小孩在扑腾，不会游泳",
    "地下车库进水了还有人没上来",
    "脚手架塌了，压着人了",
    "围墙倒了埋住一个工人",
    "老楼的山墙鼓出来了，砖一直在掉，楼里还有人",
    "高压线断了掉在水坑里，旁边有人",
    "我儿子触电了，快救他",
    "吊篮断了一根绳，工人挂在半空",
    "there is a fire in the kitchen on the 5th floor",
    "I'm stuck in the elevator of building 3, please help",
    "strong gas smell in the hallway right now",
)
AMBULANCE = (
    "老人摔倒起不来了，就在单元门口",
    "我爸突然晕倒了，叫不醒",
    "有个大姐倒在地上抽搐，口吐白沫",
    "奶奶胸口疼得直冒冷汗，喘不上气",
    "孩子误吞了一颗纽扣电池",
    "我妈吃了一整瓶安眠药",
    "隔壁大爷敲门不应，隔着门听见他在里面呻吟",
    "孕妇羊水破了，打不到车",
    "他被玻璃划了，血止不住",
    "阿姨半边身子动不了，嘴也歪了",
    "有人在小区里中暑昏过去了",
    "救命啊我老公没有呼吸了",
    "爷爷吃汤圆噎住了，脸都紫了",
    "他从梯子上摔下来，头破血流",
    "楼下躺着个人一动不动，地上一滩血",
    "被蛇咬了，手肿得发黑",
    "小孩从滑梯上掉下来，喊他没反应",
    "狗咬住一个老人的腿不松口",
    "开水泼了孩子一身，起了好多泡",
    "他心脏病犯了，药找不到",
    "my father is unconscious, he fell down the stairs",
    "快叫救护车，门口有人昏迷了",
    "喝了农药，人快不行了",
    "老伴低血糖晕倒了，我抬不动",
)
POLICE = (
    "有人要跳楼，已经在楼顶坐着了",
    "对面天台边上站着个女的，一直在哭",
    "他说他不想活了，把门锁了",
    "有人拿刀在小区门口追人",
    "楼下十几个人拿棍子打群架，有人倒地了",
    "刚才有人闯进我家里来了，我躲在衣柜",
    "有个陌生男的一直跟踪我到单元门",
    "他正在打老婆，女的一直喊救命",
    "包被抢了，人往南边跑了",
    "五岁的孩子走丢了，穿红衣服",
    "我妈有老年痴呆，下午出门到现在没回家",
    "有人要把小孩抱上车带走",
    "门外有人正在撬锁",
    "我被关在出租屋里，他们收了我身份证不让走",
    "我妈正在银行给骗子转账，劝不住",
    "隔壁一直有人惨叫，还有砸东西的声音",
    "被他掐着脖子，救救我",
    "河边栏杆外面站着一个人，说要跳下去",
    "a man with a knife is threatening people at the gate",
    "someone is about to jump from the roof",
    "有人割腕了，在三单元",
    "他喝多了举着菜刀要砍人",
    "一伙人堵着门要砸我家，赶紧来",
)
TRAFFIC = (
    "路口撞车了，司机卡在里面",
    "门口有个骑电动车的被货车撞了",
    "大车侧翻横在路中间，后面刹不住",
    "出车祸了，人躺在马路上",
    "公交车撞到老人了，在站台那里",
    "三辆车连环追尾，有人受伤",
)
NO_DANGER = (
    # Negated
    "没有漏水也没有着火，就想问下物业费",
    "不是电梯困人，是电梯按钮不灵",
    "别误会没人晕倒，只是想要张轮椅",
    "家里没有煤气味了，想约安检",
    "没有发生火灾，只是演习",
    "未发生人员被困，请问电梯年检几号",
    # Past and over
    "上周电梯困了人，后来救出来了，想问有没有赔偿",
    "去年我们楼着过火，到现在楼道还是黑的没粉刷",
    "前天有人晕倒已经送医了，感谢网格员",
    "火早就扑灭了，现在想问损失找谁赔",
    "昨晚的打架民警已经处理好了",
    "我爸上个月中风抢救过来了，想办慢病证",
    "孩子找到了，谢谢大家",
    "前年有人从这楼上掉下去过，现在护栏还没修",
    "小时候我被狗咬过，所以怕狗，请管管不拴绳的",
    "那次燃气泄漏以后就没人来检查了",
    # Hypothetical and feared
    "要是着火了消防车根本进不来",
    "电梯要是困住人怎么办，维保电话都没贴",
    "万一老人摔倒起不来，一个人在家怎么呼叫",
    "楼道堆满纸箱，很容易着火",
    "这么堆着早晚要着火",
    "窨井没盖，担心小孩掉进去",
    "墙皮松了，怕砸到人",
    "如果发现煤气泄漏应该打什么电话",
    "线路老化可能引发火灾",
    "护栏太矮，孩子差点掉下去",
    # Asked about
    "高层着火坐电梯还是走楼梯，孩子写作业要用",
    "发现煤气味第一步该做什么，给老人培训用",
    "心梗出院后报销比例是多少",
    "打架斗殴一般拘留几天",
    "请问触电事故算不算工伤",
    "车祸后责任认定要多久",
    "电梯困人维保多长时间必须到场",
    "交通肇事逃逸怎么处罚",
    # Proposed
    "建议小区搞一次消防演练，讲讲着火怎么跑",
    "希望社区办个急救培训，教教噎住怎么处理",
    "建议在水塘边装护栏，防止孩子落水",
    "能不能组织防煤气中毒的讲座",
    # Quoted, named, told
    "横幅写着“谨防火灾”，字都掉了",
    "新闻里说外地有人跳楼，我们这楼顶门也没锁",
    "抖音上看到别的小区电瓶车着火了，我们也该管管",
    "电影里那种爆炸场面真吓人",
    "我妈老说“要出人命”，其实就是垃圾没清",
    "楼下店名叫“火烧云”，油烟大",
    "听说隔壁街道煤气爆炸，真的假的",
    "做梦梦见着火了，睡不着，想找人聊聊",
    # Figures of speech
    "清仓跳楼价的大喇叭从早喊到晚",
    "气死我了，物业电话没人接",
    "热死人了，活动室空调坏了",
    "这停车费贵得要命",
    "楼上蹦得我要跳楼了，去说说吧",
    "他俩打得火热，天天占着健身器材",
    "车子打不着火，挡在消防通道上",
    "急死我了，证明今天能开吗",
    "吓死宝宝了，楼道灯一闪一闪",
    "真想放把火烧了那堆垃圾，气话啊，就是想请你们清一下",
    "门口的烧烤店生意火爆，占道",
    "这价格简直是抢钱",
    "累得要死，爬了十六楼",
    "笑死，通知上把日期写错了",
    # Near by, no danger
    "我家没气了，灶打不着火，表上没字",
    "东西都锁在里面了，房东把锁芯换了",
    "钥匙锁在屋里了，有没有开锁电话",
    "药店的煤气罐送货电话是多少",
    "电梯停在一楼不动，里面没人",
    "消防栓漏水流了一地",
    "火车票怎么退",
    "广场上跳舞的音响太大",
    "医院门口打车太难",
    "想报名急救志愿者",
    "救护车通道被私家车占了",
    "养老院有没有突发心梗的急救设备",
    "楼上往下扔烟头，被子烫了个洞",
    "烟花爆竹几号能放",
    "please explain the fire drill next week, no emergency",
    "how long should an elevator rescue take according to the rules",
    # Misdeeds without danger now
    "邻居说话难听，威胁说要去投诉我",
    "自行车被偷了，监控能看吗",
    "去年被骗了三万，案子到哪一步了",
)


def table() -> list[tuple[str, str | None]]:
    """Every sentence with the number to call, None where nobody is in danger."""
    services = (("119", FIRE_BRIGADE), ("120", AMBULANCE), ("110", POLICE), ("122", TRAFFIC))
    danger = [(text, service) for service, texts in services for text in texts]
    return [*danger, *((text, None) for text in NO_DANGER)]


@pytest.mark.parametrize(("text", "service"), table())
def test_danger_is_seen_and_the_right_service_named(text: str, service: str | None) -> None:
    finding = assess_urgency(text)

    assert finding.service == service
    assert (finding.urgency is Urgency.EMERGENCY) is (service is not None)


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("整栋楼停水了，一滴都没有", Urgency.UTILITY),
        ("三号楼停电两个小时了", Urgency.UTILITY),
        ("电梯坏了，里面没有人", Urgency.UTILITY),
        ("暖气一点不热，家里才12度", Urgency.UTILITY),
        ("没有停水，就问问水费怎么交", Urgency.ORDINARY),
        ("建议停电前提前通知", Urgency.ORDINARY),
        ("楼道灯坏了半年了没人修", Urgency.LONG_STANDING),
        ("反映过好几次了还是没人管", Urgency.LONG_STANDING),
        ("垃圾站臭了三年多了", Urgency.LONG_STANDING),
        ("今天垃圾没人收", Urgency.ORDINARY),
        ("孩子今年三年级，想问转学", Urgency.ORDINARY),
        ("整棟樓停電了", Urgency.UTILITY),
        ("no hot water in our building since this morning", Urgency.UTILITY),
    ],
)
def test_what_is_out_and_what_lasts_is_told_apart(text: str, urgency: Urgency) -> None:
    assert assess_urgency(text).urgency is urgency
