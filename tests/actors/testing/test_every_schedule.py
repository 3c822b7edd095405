from __future__ import annotations

import asyncio
import inspect

import pytest

from exmc.actors import GenServer, Pid, Runtime, call, cast, reply, send, start
from exmc.actors.server.outcome import CallOutcome
from exmc.actors.testing import every_schedule, wait_until_idle


class Last(GenServer):
    """Keeps what it was sent last."""

    def init(self) -> None:
        self.value: object = None

    def handle_info(self, message: object, /) -> None:
        self.value = message

    def handle_call(self, _request: object, _caller: object, /) -> CallOutcome:
        return reply(self.value)


class Sender(GenServer):
    """Sends what it is told to."""

    def init(self, to: Pid) -> None:
        self.to = to

    def handle_cast(self, message: object, /) -> None:
        send(self.to, message)


async def last_of_two_senders(rt: Runtime) -> object:
    """Two processes send to a third; the messages may arrive in either order."""
    last = await start(Last)
    first, second = await start(Sender, last), await start(Sender, last)
    cast(first, 1)
    cast(second, 2)
    await wait_until_idle(rt)
    return await call(last, "value")


def test_two_senders_are_heard_in_both_orders() -> None:
    seen = set[object]()

    @every_schedule()
    async def look(rt: Runtime) -> None:
        seen.add(await last_of_two_senders(rt))

    look()
    assert seen == {1, 2}


def test_a_test_that_relies_on_one_order_fails_and_names_the_seed() -> None:
    @every_schedule()
    async def naive(rt: Runtime) -> None:
        assert await last_of_two_senders(rt) == 2

    with pytest.raises(AssertionError) as caught:
        naive()
    (note,) = caught.value.__notes__
    assert note.startswith("It failed under schedule ")
    seed = int(note.split("schedule ")[1].split(";")[0])

    @every_schedule(seeds=[seed])
    async def alone(rt: Runtime) -> None:
        assert await last_of_two_senders(rt) == 2

    with pytest.raises(AssertionError):
        alone()


@every_schedule(seeds=range(5))
async def test_messages_of_one_sender_keep_their_order(rt: Runtime) -> None:
    last = await start(Last)
    for number in range(10):
        send(last, number)
    assert await call(last, "value") == 9
    await wait_until_idle(rt)


def test_each_seed_has_a_run_and_a_loop_of_its_own() -> None:
    loops = list[asyncio.AbstractEventLoop]()

    def counted() -> asyncio.AbstractEventLoop:
        loops.append(asyncio.new_event_loop())
        return loops[-1]

    @every_schedule(seeds=range(3), loop_factory=counted)
    async def nothing(rt: Runtime) -> None:
        assert rt.processes == ()

    nothing()
    assert len(loops) == 3
    assert all(loop.is_closed() for loop in loops)


def test_other_arguments_are_for_the_caller_to_give() -> None:
    given = list[object]()

    @every_schedule(seeds=[0])
    async def taking(_rt: Runtime, tmp_path: str) -> None:
        """Take an argument."""
        given.append(tmp_path)

    assert list(inspect.signature(taking).parameters) == ["tmp_path"]
    assert (taking.__name__, taking.__doc__) == ("taking", "Take an argument.")
    taking(tmp_path="here")
    assert given == ["here"]
