"""Time and memory of the search for hot issues: ``python -m benchmarks.hot [messages]``.

The messages are made up: every estate has its own name, every event is one trouble in one
estate told in several ways, and most messages stand alone.
"""

import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from petitions.hot_issues import IssueTracker, Report

MESSAGES = 100_000
SIGNS = (
    "安宝北长春翠德东芳丰富光广桂海和恒虹湖华佳建金锦静景凯康兰乐丽"
    "林龙绿梅明南宁平青庆荣瑞盛水松泰天万文西祥欣新星秀阳怡银永玉源云泽正中紫"
)
ENDINGS = ("小区", "花园", "家园", "公寓", "新城", "国际城", "佳苑", "大厦")
TROUBLES = (
    ("电梯", "停运", "困人", "老人上下楼不便", "维保没有来"),
    ("夜市烧烤", "油烟", "噪音扰民", "凌晨还在营业", "窗户不敢开"),
    ("地下车库", "漏水", "积水", "车辆被泡", "墙面发霉"),
    ("消防通道", "被占", "堵塞", "救护车进不来", "多次投诉无果"),
    ("物业费", "上涨", "没有公示", "业主不同意", "服务下降"),
    ("工地", "夜间施工", "灰尘", "孩子睡不着", "渣土车"),
    ("垃圾桶", "满溢", "臭味", "没人清运", "蚊蝇很多"),
    ("路灯", "不亮", "晚上很黑", "有人摔倒", "半年没修"),
)


def make_messages(count: int, seed: int = 7) -> Iterator[Report]:
    """Yield made-up messages in order of time."""
    draw = random.Random(seed)
    estates = sorted({"".join(draw.sample(SIGNS, 4)) + draw.choice(ENDINGS) for _ in range(count)})
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(count):
        # A third of the messages fall on a few estates: those make the events.
        busy = draw.random() < 1 / 3
        estate = draw.choice(estates[:300] if busy else estates)
        trouble = draw.choice(TROUBLES)
        parts = draw.sample(trouble, 4)
        extra = "".join(draw.sample(SIGNS, 40))
        at += timedelta(seconds=draw.randrange(600))
        yield Report(
            id=str(number),
            at=at,
            title=f"{estate}{trouble[0]}{parts[0]}",
            body=f"我是{estate}的业主，{'，'.join(parts)}，{extra}，请有关部门尽快处理。",
            likes=draw.randrange(5),
        )


def main() -> None:
    """Print figures for the number of messages on the command line."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    messages = list(make_messages(count))
    tracker = IssueTracker()
    started, worked = time.perf_counter(), time.process_time()
    for done, message in enumerate(messages, 1):
        tracker.add(message)
        if done % max(1, count // 10) == 0:
            wall, cpu = time.perf_counter() - started, time.process_time() - worked
            print(f"{done:>8} messages  {wall:7.1f} s, of the processor {cpu:7.1f} s", flush=True)
    issues = tracker.issues(now=messages[-1].at)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{count} messages, {len(issues)} events, peak memory {memory:.2f} GiB")


if __name__ == "__main__":
    main()
