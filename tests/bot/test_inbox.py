"""Every update once, in order, and all or nothing."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlmodel import Session, col, select

from bot.channels.base import ChannelCapabilities, RetryLater
from bot.messages import Attachment, AttachmentKind
from bot.tables import ChatInbox, ChatLease, ChatOutbox, ChatResident, ChatSession
from tests.bot.chat_world import ChatWorld, Talk


def rows(world: ChatWorld, table: Any) -> list[Any]:
    with Session(world.database, expire_on_commit=False) as database:
        return list(database.exec(select(table)))


def test_the_same_update_again_returns_the_stored_reply(world: ChatWorld) -> None:
    message = world.message("你好", update_id="7")
    first = world.inbox.answer(message)
    again = world.inbox.answer(message)
    assert first.replies == again.replies
    assert len(rows(world, ChatInbox)) == 1
    assert len(rows(world, ChatOutbox)) == 1


def test_a_repeated_confirmation_files_one_petition(world: ChatWorld, talk: Talk) -> None:
    talk.say("锦绣家园3号楼漏水")
    confirm = talk.payload("确认提交")
    first = talk._send(world.message(choice=confirm))
    second = talk._send(world.message(choice=confirm))
    assert [reply.key for reply in first] == ["filing.filed"]
    assert [reply.key for reply in second] == ["filing.filed_already"]
    assert len(world.petitions()) == 1


def test_two_taps_at_the_same_moment_file_one_petition(world: ChatWorld, talk: Talk) -> None:
    talk.say("锦绣家园3号楼漏水")
    messages = [world.message(choice=talk.payload("确认提交")) for _ in range(4)]
    keys: list[str] = []

    def tap(message: Any) -> None:
        answered = world.new_inbox().answer(message)
        keys.extend(reply.key for reply in answered.replies)

    in_threads([lambda message=message: tap(message) for message in messages])
    assert sorted(keys) == ["filing.filed", *["filing.filed_already"] * 3]
    assert len(world.petitions()) == 1


def test_the_same_update_in_two_processes_is_answered_once(world: ChatWorld) -> None:
    message = world.message("锦绣家园3号楼漏水", update_id="42")
    found: list[Any] = []
    in_threads([lambda: found.append(world.new_inbox().answer(message)) for _ in range(4)])
    assert len({answered.inbox_id for answered in found}) == 1
    assert all(answered.replies == found[0].replies and answered.done for answered in found)
    assert len(rows(world, ChatOutbox)) == 1


def test_many_residents_at_once_lose_nothing_and_keep_order(world: ChatWorld) -> None:
    def chat(name: str) -> None:
        inbox = world.new_inbox()
        for number in range(5):
            inbox.answer(world.message("你好", chat=name, update_id=f"{name}-{number}"))

    in_threads([lambda name=name: chat(name) for name in "abcdef"])
    assert len(rows(world, ChatInbox)) == 30
    assert {row.status for row in rows(world, ChatInbox)} == {"done"}
    assert len(rows(world, ChatOutbox)) == 30
    assert rows(world, ChatLease) == []
    with Session(world.database) as database:
        answered = database.exec(select(ChatOutbox).order_by(col(ChatOutbox.id))).all()
    for resident in rows(world, ChatResident):
        order = [row.inbox_id for row in answered if row.resident == resident.id]
        assert order == sorted(order)


def test_received_updates_wait_and_are_worked_through_in_order(world: ChatWorld) -> None:
    woken: list[str] = []
    world.inbox.on_received(woken.append)
    for text in ("楼道灯坏了没人管", "槐荫里5号楼", "确认"):
        world.inbox.receive(world.message(text))
    assert world.inbox.residents_waiting() == [woken[0]]
    assert world.inbox.work_through(woken[0])
    assert world.inbox.residents_waiting() == []
    assert len(world.petitions()) == 1
    assert len(set(woken)) == 1


def test_a_crash_before_the_commit_leaves_nothing_and_the_next_try_everything(
    world: ChatWorld, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk.say("锦绣家园3号楼漏水")
    confirm = world.message(choice=talk.payload("确认提交"))
    crash = Crash(world.engine.reply)
    monkeypatch.setattr(world.engine, "reply", crash)
    inbox_id = world.inbox.receive(confirm)
    resident = world.inbox.residents_waiting()[0]
    with pytest.raises(KeyboardInterrupt):
        world.inbox.work_through(resident)
    assert world.petitions() == []
    # Another process takes over once it comes up.
    assert world.new_inbox().work_through(resident)
    assert len(world.petitions()) == 1
    assert world.inbox.answer(confirm).inbox_id == inbox_id
    assert len(world.petitions()) == 1


class Crash:
    """Does everything and then dies before anybody could commit, the first time."""

    def __init__(self, real: Callable[..., Any]) -> None:
        self.real = real
        self.crashed = False

    def __call__(self, *arguments: Any) -> Any:
        result = self.real(*arguments)
        if not self.crashed:
            self.crashed = True
            raise KeyboardInterrupt
        return result


def test_a_lease_of_somebody_who_died_ends_by_itself(world: ChatWorld) -> None:
    inbox_id = world.inbox.receive(world.message("你好"))
    resident = world.inbox.residents_waiting()[0]
    with world.inbox._leases.held(f"talk:{resident}"):
        assert not world.new_inbox().work_through(resident)
        world.later(seconds=40)
        assert world.new_inbox().work_through(resident)
    assert inbox_id


def test_what_fails_three_times_is_buried_with_an_apology(
    world: ChatWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise RuntimeError("the words of 王芳 must not be kept")

    monkeypatch.setattr(world.engine, "consider", fail)
    answered = world.inbox.answer(world.message("你好"))
    assert [reply.key for reply in answered.replies] == ["broken"]
    dead = rows(world, ChatInbox)[0]
    assert (dead.status, dead.attempts, dead.problem) == ("dead", 3, "RuntimeError")


def test_the_next_message_is_answered_after_a_buried_one(
    world: ChatWorld, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(world.engine, "consider", lambda *_: 1 / 0)
        talk.say("你好")
    talk.say("你好")
    assert talk.keys == ["hello"]


def test_words_are_forgotten_where_the_app_keeps_them(world: ChatWorld, talk: Talk) -> None:
    talk.say("我叫王芳，电话13800001111，锦绣家园3栋漏水")
    assert rows(world, ChatInbox)[0].payload == {}


def test_words_are_kept_masked_where_our_page_shows_them(world: ChatWorld, talk: Talk) -> None:
    world.channel.capabilities = ChannelCapabilities(shows_history=False, contact_allowed=True)
    talk.say("联系人王芳，电话13800001111，锦绣家园3栋漏水")
    talk.tap("确认提交")
    said = [row.payload["said"] for row in rows(world, ChatInbox)]
    assert said == ["联系人王*，电话138****1111，锦绣家园3栋漏水", "确认提交"]


def test_personal_numbers_stand_nowhere_in_clear(world: ChatWorld, talk: Talk) -> None:
    talk.say("锦绣家园3栋漏水，13800001111，身份证110101199003070015")
    talk.say("还有小区门口乱停车没人管，打13900002222")
    talk.tap("确认提交")
    talk.say("13700003333")
    stored = str([row.state for row in rows(world, ChatSession)])
    stored += str([row.payload for row in rows(world, ChatInbox)])
    stored += str([row.payload for row in rows(world, ChatOutbox)])
    stored += str([petition.matter for petition in world.petitions()])
    for number in ("13800001111", "110101199003070015", "13900002222", "13700003333"):
        assert number not in stored


def photo(**more: Any) -> Attachment:
    return Attachment(kind=AttachmentKind.PHOTO, remote="file-1", **more)


def test_an_attachment_is_fetched_and_kept_before_the_answer(
    world: ChatWorld, talk: Talk, png: bytes
) -> None:
    world.channel.contents["file-1"] = png
    talk.say("锦绣家园3栋墙裂了", attachments=[photo()])
    kept = world.session()["form"]["attachments"][0]
    assert kept["mime"] == "image/png"
    assert world.attachments.path_of(kept["ref"]) is not None


def test_an_attachment_that_can_not_be_fetched_yet_lets_the_update_wait(
    world: ChatWorld, png: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    down = True

    def fetch(_: Attachment) -> bytes:
        if down:
            raise RetryLater(5)
        return png

    monkeypatch.setattr(world.channel, "fetch", fetch)
    world.inbox.receive(world.message("墙裂了", attachments=[photo()]))
    resident = world.inbox.residents_waiting()[0]
    assert not world.inbox.work_through(resident)
    assert world.inbox.residents_waiting() == []
    down = False
    world.later(seconds=6)
    assert world.inbox.residents_waiting() == [resident]
    assert world.inbox.work_through(resident)
    assert world.session()["form"]["attachments"][0]["ref"]


def test_an_attachment_that_never_comes_is_given_up_and_the_words_go_on(
    world: ChatWorld, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.channel, "fetch", raising(RetryLater(5)))
    world.inbox.receive(world.message("锦绣家园3栋墙裂了", attachments=[photo()], update_id="9"))
    world.later(minutes=11)
    talk.replies = world.inbox.answer(world.message(update_id="9")).replies
    assert talk.keys == ["problem.fetch_failed", "filing.card"]


def test_an_attachment_that_is_no_photo_is_refused_with_words(world: ChatWorld, talk: Talk) -> None:
    world.channel.contents["file-1"] = b"MZ this is a program"
    talk.say("", attachments=[photo()])
    assert talk.keys == ["problem.unknown_type"]


def test_an_attachment_that_says_it_is_too_large_is_not_fetched(
    world: ChatWorld, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.channel, "fetch", raising(AssertionError("fetched")))
    talk.say("", attachments=[photo(size_bytes=50 * 1024 * 1024)])
    assert talk.keys == ["problem.too_large"]


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*_: Any) -> Any:
        raise error

    return fail


def in_threads(tasks: list[Callable[[], Any]]) -> None:
    failures: list[BaseException] = []

    def run(task: Callable[[], Any]) -> None:
        try:
            task()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def test_the_sweep_leaves_a_resident_to_the_request_that_answers(
    world: ChatWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    parse = world.engine.consider

    def look_meanwhile(*args: Any) -> Any:
        seen.append(world.inbox.residents_waiting())
        return parse(*args)

    monkeypatch.setattr(world.engine, "consider", look_meanwhile)
    answered = world.inbox.answer(world.message("你好"))
    assert answered.done
    assert seen == [[]]
    world.inbox.receive(world.message("在吗"))
    assert world.inbox.residents_waiting() == [answered.resident]


def test_a_database_that_is_overrun_delays_an_answer_and_loses_nothing(
    world: ChatWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles: list[Exception] = [
        OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked")),
        NoConnectionLeft("QueuePool limit reached"),
    ]
    parse = world.engine.consider

    def stumble(*args: Any) -> Any:
        if troubles:
            raise troubles.pop()
        return parse(*args)

    monkeypatch.setattr(world.engine, "consider", stumble)
    answered = world.inbox.answer(world.message("你好"))
    assert answered.done
    assert answered.replies[0].key == "hello"
