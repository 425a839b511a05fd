"""Words for the organisation's editors: kinds of things, their fields, kinds of units."""

from console.language import Words

THING = Words(
    {
        "street": "街道",
        "communities": "社区",
        "grids": "网格",
        "estates": "小区",
        "buildings": "楼栋",
        "units": "单位",
        "roads": "道路",
        "landmarks": "地标",
        "duties": "职责事项",
        "deadlines": "时限",
        "calendar": "工作日安排",
        "city": "城市",
    }
)

THING_FIELD = Words(
    {
        "city": "城市",
        "district": "区",
        "subdistrict": "街道",
        "name": "名称",
        "committee": "社区党委",
        "number_code": "编号里的字母（一到四个，可以不填）",
        "community": "社区",
        "worker": "网格员",
        "aliases": "别名",
        "roads": "旁边的道路",
        "landmarks": "里面的地标",
        "number": "楼号",
        "grid": "网格",
        "responsible": "联楼栋的人",
        "units": "单元数",
        "floors": "层数",
        "elevator": "有电梯",
        "short_name": "简称",
        "kind": "哪一类",
        "level": "级别",
        "serves": "负责的地方",
        "phone": "电话",
        "first": "一级分类",
        "second": "二级分类",
        "keywords": "关键词",
        "lead": "主办的一类单位",
        "co_handlers": "协办的单位",
        "urgency": "紧急程度",
        "basis": "依据",
        "in_community_list": "在社区职责清单里",
        "amount": "时长",
        "unit": "时长的单位",
        "calendar": "哪些时间算",
        "warn_at": "用到百分之几时提醒",
        "source": "依据的文件",
        "article": "条款",
        "sentence": "给人看的一句话",
        "clock": "哪只钟",
        "urgencies": "用于哪些紧急程度",
        "regimes": "用于哪些事项",
        "applies": "适用范围",
    }
)

THING_HELP = Words(
    {
        "worker": "网格员的姓名或者账号，要和“账号”里的一样。",
        "aliases": "居民常用的叫法，几个就用顿号隔开。",
        "roads": "几条就用顿号隔开。",
        "landmarks": "几个就用顿号隔开。",
        "number": "只写号，如 3 或 A。",
        "serves": "一个都不勾，表示负责全部地方。",
        "keywords": "居民说到这些词就归到这一项，用顿号隔开。一个都不写，就是这个一级分类的兜底。",
        "lead": "同一类有几家的，按地方派。",
        "warn_at": "1 到 100，一般写 75。",
        "clock": "这条时限从什么时候起、管哪一步。新增以后不能改，要换就撤销了再新增。",
        "urgencies": "一个都不勾，就是都用。同一只钟，条件越多的越优先。",
        "regimes": "一个都不勾，就是都用。",
        "sentence": "居民和工作人员看到的说明，不写句号。",
    }
)

AMOUNT_UNIT = Words(
    {
        "minutes": "分钟",
        "hours": "小时",
        "days": "日",
        "working_days": "个工作日",
    }
)

RUNS_ON = Words({"always": "昼夜连续", "working_days": "只算工作日"})

YES_NO = Words({"yes": "是", "no": "否", "unknown": "不清楚"})

ORIGIN = Words({"files": "组织文件", "desk": "工作台"})

THING_CHANGE = Words({"added": "已新增", "removed": "已撤销", "changed": "已修改"})

CLOSING = Words(
    {
        "units": "这些工单回到“待分拨”，按职责清单重新建议单位，社区党委会收到通知。"
        "已经答复的不动。",
        "grids": "这些工单跟着楼栋转到接管的网格，主办单位不变。地点不清楚的回到“待分拨”。",
        "estates": "这些工单照常办理，地点改为居民原来写的文字。",
        "buildings": "这些工单照常办理，网格不变。",
        "communities": "这些工单照常办理，社区要由受理人员改正。",
        "duties": "这些工单由现在的单位继续办理。以后的同类诉求按别的事项或者由社区首接。",
    }
)

UNIT_KIND = Words(
    {
        "committee": "社区党委",
        "grid": "网格工作站",
        "property": "物业",
        "elevator": "电梯维保",
        "subdistrict_office": "街道办公室",
        "district_office": "区诉求办理中心",
        "urban_management": "城管",
        "police": "公安",
        "justice": "司法",
        "health": "卫生健康",
        "veterans": "退役军人服务",
        "housing": "住房和建设",
        "market": "市场监管",
        "fire": "消防",
        "environment": "生态环境",
        "transport": "交通运输",
        "traffic_police": "交警",
        "civil_affairs": "民政",
        "education": "教育",
        "medical_insurance": "医疗保障",
        "human_resources": "人力资源和社会保障",
        "agriculture": "农业农村",
        "culture": "文化旅游体育",
        "discipline": "纪检监察",
        "water": "供水",
        "power": "供电",
        "gas": "燃气",
        "heat": "供热",
        "telecom": "通信",
        "post": "邮政快递",
    }
)
