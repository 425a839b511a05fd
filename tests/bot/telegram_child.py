"""A bot process to be killed: python -m tests.bot.telegram_child FOLDER SERVER PAUSE_SECONDS.

It takes updates from a Telegram server, thinks for so long about each, and answers.
"""

import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

from bot.pump import Pump
from nlu.understanding import Understanding
from petitions.organisation_files import load_organisation
from tests.bot.chat_fakes import RuleParser, ShelfOfTexts
from tests.bot.chat_world import ChatWorld
from tests.bot.telegram_helpers import make_channel_at

SAMPLE = Path(__file__).resolve().parents[2] / "examples" / "community"


class SlowParser(RuleParser):
    """Thinks before it understands."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def parse(self, text: str) -> Understanding:
        time.sleep(self._seconds)
        return super().parse(text)


def tick(world: ChatWorld, start: datetime, began: float) -> None:
    """Turn the world's clock as time goes by, a hundred times as fast: leases end soon."""
    while True:
        world.now = start + timedelta(seconds=100 * (time.monotonic() - began))
        time.sleep(0.02)


def main(folder: str, server: str, pause: str) -> None:
    """Serve until killed."""
    parser = SlowParser(float(pause))
    world = ChatWorld(Path(folder), load_organisation(SAMPLE), parser, ShelfOfTexts())
    channel = make_channel_at(server)
    world.channels[channel.name] = channel  # type: ignore[index]
    # The clock of this world stands still; leases and pauses need one that runs.
    began = time.monotonic()
    start = world.now
    ticking = threading.Thread(target=tick, args=(world, start, began), daemon=True)
    ticking.start()
    Pump(world.inbox, world.delivery, sweep_seconds=0.1).start()
    channel.run(world.inbox.receive, threading.Event())


if __name__ == "__main__":
    main(*sys.argv[1:])
