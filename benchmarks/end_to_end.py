"""Speed and memory of the whole road: message in, understood, answered, stored, replies out.

Each message goes through inbox, parser, texts, dialogue, petitions and database, as on the web
channel. Prints messages per second and latencies with 1 and with 8 residents talking at once,
passages embedded per second, and the memory of the process. Run: make bench
"""

import resource
import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from bot.channels.memory import MemoryChannel
from bot.messages import IncomingMessage, ResidentAddress
from huiyin.bootstrap import Service
from huiyin.cores import leave_cores_to_messages
from huiyin.preparation import (
    create_sample_accounts,
    import_sample_texts,
    prepare_database,
    warm_up,
)
from huiyin.settings import Settings
from knowledge.curation import list_documents, passages_of

CHANNEL = "memory"
MESSAGES_A_RESIDENT = 60
SCRIPT = (
    "你好",
    "物业费是怎么收的",
    "那空置的房子呢",
    "办居住证要带什么材料",
    "槐荫里小区2号楼楼道灯坏了好几天了晚上看不见",
    "取消",
    "电动车能推上楼充电吗",
    "老人高龄津贴多大岁数能领",
    "锦绣家园3号楼电体坏了两天了没人修",
    "算了不报了",
    "狗证一年多少钱",
    "谢谢",
)
"""Written for this benchmark; greetings, questions, follow-ups, petitions begun and cancelled."""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        service = fresh_service(Path(folder))
        _print_index_speed(service)
        warm_up(service)
        for residents in (1, 8):
            _print_figures(residents, _talk(service, residents))
        service.close()
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory of the process, peak: {peak_mib:.0f} MiB")


def fresh_service(folder: Path) -> Service:
    """A service with its own database and the models that were prepared before."""
    (folder / "models").symlink_to(Settings().data_dir.resolve() / "models")
    service = Service(settings=Settings(data_dir=folder, parser="local"))
    prepare_database(service)
    create_sample_accounts(service)
    leave_cores_to_messages()
    service.embedder.load()
    service.local_parser.prepare()
    service.channels[CHANNEL] = MemoryChannel(name=CHANNEL)
    return service


def _print_index_speed(service: Service) -> None:
    began = time.perf_counter()
    import_sample_texts(service)
    service.texts.refresh()
    seconds = time.perf_counter() - began
    count = sum(
        len(passages_of(service.open_session, version.id))
        for document in list_documents(service.open_session)
        for version in document.versions
    )
    speed = count / seconds
    print(f"import and index: {count} passages in {seconds:.1f} s, {speed:.1f} passages/s")


def _talk(service: Service, residents: int) -> tuple[float, list[float]]:
    """Let ``residents`` talk at once; seconds in all and milliseconds of each message."""
    latencies: list[float] = []
    threads = [
        threading.Thread(target=_talk_as, args=(service, f"r{residents}-{n}", latencies))
        for n in range(residents)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began, latencies


def _talk_as(service: Service, chat_id: str, latencies: list[float]) -> None:
    address = ResidentAddress(channel=CHANNEL, chat_id=chat_id)
    for number in range(MESSAGES_A_RESIDENT):
        # A different word each time: nobody's message is found in a cache.
        text = f"{SCRIPT[number % len(SCRIPT)]}{'。' * (number // len(SCRIPT))} {chat_id[-1]}"
        began = time.perf_counter()
        service.inbox.answer(
            IncomingMessage(
                address=address,
                update_id=f"{chat_id}-{number}",
                received_at=service.clock.now(),
                text=text,
            )
        )
        latencies.append((time.perf_counter() - began) * 1000)


def _print_figures(residents: int, measured: tuple[float, Sequence[float]]) -> None:
    seconds, latencies = measured
    cuts = statistics.quantiles(latencies, n=100)
    speed = len(latencies) / seconds
    print(
        f"{residents} residents at once: n={len(latencies)}, {speed:.1f} messages/s, "
        f"p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, p99 {cuts[98]:.0f} ms"
    )


if __name__ == "__main__":
    main()
