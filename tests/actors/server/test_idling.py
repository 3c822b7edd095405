from __future__ import annotations

from exmc.actors import (
    GenServer,
    NoReply,
    Runtime,
    Timeout,
    continue_with,
    noreply,
    send,
    start,
    system,
)
from exmc.actors.kernel.control_block import ControlBlock
from tests.actors.scenario import advance, scenario


class Waiting(GenServer):
    """Wants the next message within three seconds."""

    def init(self) -> NoReply:
        self.log: list[object] = []
        return noreply(timeout=3.0)

    def handle_info(self, message: object, /) -> NoReply | None:
        self.log.append(message)
        return None if isinstance(message, Timeout) else noreply(timeout=3.0)


async def waiting() -> tuple[ControlBlock, list[object]]:
    pid = await start(Waiting)
    assert isinstance(pid, ControlBlock)
    assert isinstance(pid.behaviour, Waiting)
    return pid, pid.behaviour.log


@scenario
async def test_a_timeout_comes_when_no_message_does(rt: Runtime) -> None:
    _, log = await waiting()
    await advance(rt, 2.9)
    assert log == []
    await advance(rt, 10.0)
    assert log == [Timeout()]


@scenario
async def test_each_message_sets_the_clock_back(rt: Runtime) -> None:
    pid, log = await waiting()
    for number in range(5):
        send(pid, number)
        send(pid, number)
        await advance(rt, 2.9)
    assert log == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    await advance(rt, 0.1)
    assert log[-1] == Timeout()


@scenario
async def test_what_asks_about_the_process_does_not(rt: Runtime) -> None:
    pid, log = await waiting()
    await advance(rt, 2.0)
    await system.get_state(pid)
    await advance(rt, 1.0)
    assert log == [Timeout()]


@scenario
async def test_a_continuation_comes_before_any_message(rt: Runtime) -> None:
    log = list[object]()

    class Continuing(GenServer):
        def init(self) -> NoReply:
            send(self.pid, "message")
            return continue_with("rest")

        def handle_continue(self, argument: object, /) -> None:
            log.append(argument)

        def handle_info(self, message: object, /) -> None:
            log.append(message)

    await start(Continuing)
    await advance(rt, 0.0)
    assert log == ["rest", "message"]
