from __future__ import annotations

from exmc.actors.kernel.mailbox import NOTHING
from exmc.actors.server.outcome import (
    Ignore,
    NoReply,
    Reply,
    Stop,
    continue_with,
    ignore,
    noreply,
    reply,
    stop_with,
)


def test_each_function_makes_its_outcome() -> None:
    assert reply(1, then="a", timeout=2.0) == Reply(1, then="a", timeout=2.0)
    assert noreply(then="a", timeout=2.0) == NoReply("a", 2.0)
    assert continue_with("a") == NoReply("a")
    assert stop_with("normal", reply=3) == Stop("normal", 3)
    assert ignore() == Ignore()


def test_none_can_be_replied_and_continued_with() -> None:
    assert reply(None).then is NOTHING
    assert continue_with(None).then is None
    assert stop_with("normal").reply is NOTHING
    assert stop_with("normal", reply=None).reply is None
