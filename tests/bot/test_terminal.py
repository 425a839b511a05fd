"""The chat in the terminal."""

import io

from bot.channels.terminal import TerminalChannel, chat_in_terminal
from tests.bot.chat_world import ChatWorld


def play(world: ChatWorld, *lines: str) -> str:
    output = io.StringIO()
    world.channels["terminal"] = TerminalChannel(output)  # type: ignore[assignment]
    typed = iter(lines)

    def ask(prompt: str) -> str:
        world.later(seconds=1)
        try:
            line = next(typed)
        except StopIteration:
            raise EOFError from None
        output.write(f"{prompt}{line}\n")
        return line

    chat_in_terminal(world.inbox, world.delivery.deliver_to, ask, chat_id="me", now=world.tell_time)
    return output.getvalue()


def test_a_petition_is_filed_by_numbers(world: ChatWorld) -> None:
    shown = play(world, "锦绣家园3号楼电梯坏了", "1", "/quit", "never read")
    assert "地点：锦绣家园3号楼" in shown
    assert "  1. 确认提交" in shown
    assert "HY20261123-0001" in shown
    assert "never read" not in shown


def test_a_quote_is_set_apart_with_its_citation(world: ChatWorld) -> None:
    shown = play(world, "电动车能推上楼吗")
    assert "│ 禁止在楼道" in shown
    assert "│ —— 《电动自行车管理规定》" in shown


def test_the_place_question_takes_the_number_of_an_estate(world: ChatWorld) -> None:
    assert "地点：锦绣家园" in play(world, "楼道灯坏了没人管", "2")
