from __future__ import annotations

import asyncio
import contextvars
import gc
from collections.abc import AsyncIterator

import pytest

from exmc.actors import (
    Down,
    Exit,
    GenServer,
    Pid,
    Runtime,
    call,
    cast,
    demonitor,
    link,
    monitor,
    reply,
    self_pid,
    send,
    send_exit,
    start,
    wait_for_exit,
    whereis,
)
from exmc.actors.clock import Turn
from exmc.actors.kernel.conduct import DEPARTED, SILENT, refuse
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.kernel.mailbox import NO_MESSAGES
from exmc.actors.kernel.ties import NONE_YET
from exmc.actors.server.outcome import CallOutcome
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo, Forwarder, Refusing, Stubborn, Trapping
from tests.actors.scenario import LOOPS, advance, scenario


class Slow(GenServer):
    """Notes when it enters and leaves a handler, which takes a second."""

    def init(self, log: list[tuple[str, object]], clock_of: Runtime) -> None:
        self.log = log
        self.clock = clock_of.clock

    async def handle_info(self, message: object, /) -> None:
        self.log.append(("in", message))
        await self.clock.sleep(1.0)
        self.log.append(("out", message))


@scenario
async def test_a_process_runs_one_handler_at_a_time_in_order(rt: Runtime) -> None:
    log = list[tuple[str, object]]()
    pid = await rt.start(Slow, log, rt)
    for number in range(3):
        send(pid, number)
    await advance(rt, 10.0)
    assert log == [(way, n) for n in range(3) for way in ("in", "out")]


@scenario
async def test_messages_of_one_sender_arrive_in_the_order_sent(rt: Runtime) -> None:
    log = list[object]()
    pid = await rt.start(Echo, log)
    for number in range(1000):
        send(pid, number)
    await wait_until_idle(rt)
    assert log[1:] == list(range(1000))


class Asking(GenServer):
    """Answers by doing what the request says, in its own process."""

    async def handle_call(self, request: object, _caller: object, /) -> CallOutcome:
        match request:
            case "timeout":
                try:
                    async with asyncio.timeout(0.001):
                        await asyncio.get_running_loop().create_future()
                except TimeoutError:
                    return reply("timed out inside")
            case "group":
                async with asyncio.TaskGroup() as group:
                    tasks = [group.create_task(self.doubled(n)) for n in range(3)]
                return reply([task.result() for task in tasks])
            case "task":
                before = asyncio.current_task()
                await Turn()
                return reply(before is asyncio.current_task())
            case "who":
                await Turn()
                async with asyncio.TaskGroup() as group:
                    child = group.create_task(self.who())
                return reply((self_pid(), child.result()))
            case _:
                pass
        return reply(None)

    async def doubled(self, number: int) -> int:
        await Turn()
        return 2 * number

    async def who(self) -> Pid:
        return self_pid()


@scenario
async def test_asyncio_works_inside_handlers(rt: Runtime) -> None:
    pid = await rt.start(Asking)
    assert await call(pid, "timeout") == "timed out inside"
    assert await call(pid, "group") == [0, 2, 4]
    assert await call(pid, "task") is True


@scenario
async def test_a_task_made_in_a_process_acts_for_that_process(rt: Runtime) -> None:
    pid = await rt.start(Asking)
    assert await call(pid, "who") == (pid, pid)


VARIABLE: contextvars.ContextVar[str] = contextvars.ContextVar("VARIABLE")


class Keeper(GenServer):
    """Keeps a value in a context variable."""

    def handle_cast(self, value: str, /) -> None:
        VARIABLE.set(value)

    async def handle_call(self, _request: object, _caller: object, /) -> CallOutcome:
        before = VARIABLE.get("nothing")
        await Turn()
        return reply((before, VARIABLE.get("nothing")))


@scenario
async def test_each_process_has_context_variables_of_its_own(rt: Runtime) -> None:
    first, second = await rt.start(Keeper), await rt.start(Keeper)
    cast(first, "first")
    assert await call(first, "get") == ("first", "first")
    assert await call(second, "get") == ("nothing", "nothing")
    assert VARIABLE.get("nothing") == "nothing"


@scenario
async def test_a_process_inherits_the_context_of_who_started_it(rt: Runtime) -> None:
    VARIABLE.set("inherited")
    pid = await rt.start(Keeper)
    VARIABLE.set("changed later")
    assert await call(pid, "get") == ("inherited", "inherited")


# Killing


@scenario
async def test_a_kill_unwinds_the_handler_before_the_death_is_seen(
    rt: Runtime,
) -> None:
    log = list[object]()
    pid = await rt.start(Stubborn, log)
    ref = monitor(pid)
    await wait_until_idle(rt)
    send_exit(pid, "kill")
    assert log == ["unwound"]
    assert not pid.alive
    assert await rt.receive(Down) == Down(ref, pid, "killed")


class LastWords(GenServer):
    """Says something while it is being killed."""

    def init(self, to: Pid) -> None:
        self.to = to
        send(self.pid, "go")

    async def handle_info(self, _message: object, /) -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            send(self.to, "last words")


@scenario
async def test_what_a_killed_process_still_sends_comes_before_its_death(
    rt: Runtime,
) -> None:
    pid = await rt.start(LastWords, rt.root.pid)
    monitor(pid)
    await wait_until_idle(rt)
    send_exit(pid, "kill")
    assert await rt.receive(object) == "last words"
    assert isinstance(await rt.receive(object), Down)


@scenario
async def test_a_handler_that_catches_everything_is_dead_all_the_same(
    rt: Runtime,
) -> None:
    pid = await rt.start(Refusing, 2)
    ref = monitor(pid)
    await wait_until_idle(rt)
    send_exit(pid, "kill")
    assert await rt.receive(Down) == Down(ref, pid, "killed")
    [abandoned] = rt.kernel.abandoned
    await wait_until_idle(rt)
    assert asyncio.iscoroutine(abandoned)
    abandoned.close()


class Nested(GenServer):
    """Waits inside a timeout inside a task group, with children of its own."""

    def init(self, log: list[object]) -> None:
        self.log = log
        send(self.pid, "go")

    async def handle_info(self, _message: object, /) -> None:
        async with asyncio.timeout(1000), asyncio.TaskGroup() as group:
            group.create_task(self.child())
            await asyncio.get_running_loop().create_future()

    async def child(self) -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            self.log.append("child cancelled")


@scenario
async def test_a_kill_takes_a_task_group_with_it(rt: Runtime) -> None:
    log = list[object]()
    pid = await rt.start(Nested, log)
    await wait_until_idle(rt)
    send_exit(pid, "kill")
    assert not pid.alive
    await wait_until_idle(rt)
    assert log == ["child cancelled"]


class Generating(GenServer):
    """Waits in the middle of an async generator."""

    def init(self, log: list[object]) -> None:
        self.log = log
        send(self.pid, "go")

    async def handle_info(self, _message: object, /) -> None:
        async for _ in self.numbers():
            await asyncio.get_running_loop().create_future()

    async def numbers(self) -> AsyncIterator[int]:
        try:
            yield 1
        finally:
            self.log.append("generator closed")


@scenario
async def test_a_kill_closes_the_async_generators_of_the_handler(rt: Runtime) -> None:
    log = list[object]()
    pid = await start(Generating, log)
    await wait_until_idle(rt)
    send_exit(pid, "kill")
    gc.collect()
    await wait_until_idle(rt)
    assert log == ["generator closed"]


class Shielded(GenServer):
    """Waits for a task that refuses to be cancelled."""

    def init(self, released: asyncio.Event) -> None:
        self.released = released
        send(self.pid, "go")

    async def handle_info(self, _message: object, /) -> None:
        await asyncio.create_task(self.refuse())

    async def refuse(self) -> None:
        while not self.released.is_set():
            try:
                await self.released.wait()
            except asyncio.CancelledError:
                continue


@scenario
async def test_a_kill_does_not_wait_for_a_task_that_refuses_to_be_cancelled(
    rt: Runtime,
) -> None:
    released = asyncio.Event()
    pid = await rt.start(Shielded, released)
    await wait_until_idle(rt)
    send_exit(pid, "kill")
    assert not pid.alive
    released.set()


class Killer(GenServer):
    """Kills a process that is linked to itself, and then goes on for a while."""

    def handle_cast(self, victim: Pid, /) -> None:
        link(victim)
        send_exit(victim, "bad")
        send(self.report_to, "still running")

    def init(self, report_to: Pid) -> None:
        self.report_to = report_to


@scenario
async def test_a_process_struck_while_it_runs_ends_after_its_last_message(
    rt: Runtime,
) -> None:
    killer = await rt.start(Killer, rt.root.pid)
    victim = await start(Echo)
    ref = monitor(killer)
    cast(killer, victim)
    assert await rt.receive(object) == "still running"
    assert await rt.receive(object) == Down(ref, killer, "bad")


@scenario
async def test_a_process_struck_while_it_runs_handles_no_further_message(
    rt: Runtime,
) -> None:
    log = list[object]()
    pid = await start(Echo, log)
    killer = await start(Killer, rt.root.pid)
    link_from = await start(Forwarder, rt.root.pid)
    assert link_from.alive
    cast(killer, pid)
    send(pid, "after its death")
    await wait_until_idle(rt)
    assert "after its death" not in log


@scenario
async def test_a_long_chain_of_links_dies_without_a_deep_stack(rt: Runtime) -> None:
    chain = [await start(Linker, None)]
    for _ in range(2000):
        chain.append(await start(Linker, chain[-1]))
    assert len(rt.processes) == 2001
    send_exit(chain[0], "bad")
    assert rt.processes == ()


class Linker(GenServer):
    """Links itself to a process."""

    def init(self, to: Pid | None) -> None:
        if to is not None:
            link(to)


@scenario
async def test_every_process_has_one_exit_reason_and_tells_it_once(
    rt: Runtime,
) -> None:
    pid = await start(Trapping)
    ref = monitor(pid)
    send_exit(pid, "kill")
    send_exit(pid, "kill")
    send_exit(pid, "again")
    assert await rt.receive(Down) == Down(ref, pid, "killed")
    assert await rt.receive(Down, timeout=0) is None


@scenario
async def test_a_name_is_free_before_the_death_is_seen(rt: Runtime) -> None:
    seen = list[Pid | None]()

    class Looker(GenServer):
        def handle_info(self, message: object, /) -> None:
            if isinstance(message, Pid):
                monitor(message)
            else:
                seen.append(whereis("named"))

    pid = await start(Echo, name="named")
    looker = await rt.start(Looker)
    send(looker, pid)
    await wait_until_idle(rt)
    send_exit(pid, "kill")
    await wait_until_idle(rt)
    assert seen == [None]


@scenario
async def test_a_dead_process_leaves_neither_links_nor_monitors_behind(
    rt: Runtime,
) -> None:
    assert rt.processes == ()
    target = await start(Echo)
    assert target.target is not None
    for _ in range(10):
        watcher = await start(Watcher, target)
        send_exit(watcher, "kill")
    assert vars_of(target) == (0, 0)


class Watcher(GenServer):
    """Links to a process, without dying of it, and monitors it."""

    trap_exit = True

    def init(self, target: Pid) -> None:
        monitor(target)


def vars_of(pid: Pid) -> tuple[int, int]:
    block = pid.target
    return len(getattr(block, "links", ())), len(getattr(block, "watchers", ()))


@scenario
async def test_a_message_to_a_dead_process_goes_nowhere(rt: Runtime) -> None:
    pid = await start(Echo)
    send(pid, "one")
    send_exit(pid, "kill")
    assert rt.kernel.dead_letters == 1
    send(pid, "two")
    await wait_until_idle(rt)


@scenario
async def test_two_receives_at_once_in_one_process_are_refused(rt: Runtime) -> None:
    first = asyncio.create_task(rt.receive(str))
    await Turn()
    with pytest.raises(RuntimeError, match=r"<0\.0> already waits for a message"):
        await rt.receive(int)
    send(rt.root.pid, "x")
    assert await first == "x"


@pytest.mark.parametrize("loop", sorted(LOOPS))
def test_a_keyboard_interrupt_in_a_handler_is_not_swallowed(loop: str) -> None:
    async def main() -> None:
        async with Runtime():
            pid = await start(Echo)
            cast(pid, ("raise", KeyboardInterrupt()))
            await wait_for_exit(pid)

    with (
        pytest.raises(KeyboardInterrupt),
        asyncio.Runner(loop_factory=LOOPS[loop]) as runner,
    ):
        runner.run(main())


@scenario
async def test_a_pid_keeps_nothing_of_a_dead_process(rt: Runtime) -> None:
    pid = await start(Echo)
    assert isinstance(pid, ControlBlock)
    send(pid, "one")
    await wait_until_idle(rt)
    send_exit(pid, "kill")
    assert (pid.behaviour, pid.conduct, pid.ties) == (DEPARTED, SILENT, None)
    assert (pid.handle_info, pid.post, list(pid.mailbox)) == (refuse, None, [])
    assert pid.context is rt.kernel.resting
    assert pid.ending is None
    pid.send("two")
    assert rt.kernel.dead_letters == 1


@scenario
async def test_an_exit_message_is_not_lost_in_a_suspended_process(
    rt: Runtime,
) -> None:
    log = list[tuple[str, object]]()
    pid = await start(Slow, log, rt)
    send(pid, 1)
    await wait_until_idle(rt)
    assert log == [("in", 1)]
    block = pid.target
    assert block is not None
    block.deliver(Exit(pid, "normal"))
    await advance(rt, 5.0)
    assert [what for _, what in log[2:]] == [Exit(pid, "normal")] * 2


@scenario
async def test_what_processes_share_while_they_have_nothing_stays_empty(
    rt: Runtime,
) -> None:
    watched, other = await start(Trapping), await start(Trapping)
    cast(watched, other)
    link(watched)
    demonitor(monitor(watched))
    send(watched, "hello")
    await wait_until_idle(rt)
    send_exit(watched, "kill")
    await wait_until_idle(rt)
    assert (list(NO_MESSAGES), NONE_YET) == ([], {})


class Orphaning(GenServer):
    """Leaves a task behind that acts for a process which is dead by then."""

    def init(self, log: list[object], dead: Pid) -> None:
        self.log, self.dead = log, dead

    async def handle_cast(self, gate: asyncio.Event, /) -> None:
        self.orphan = asyncio.create_task(self.act(gate))

    async def act(self, gate: asyncio.Event) -> None:
        await gate.wait()
        self.log.append(self_pid())
        monitor(self.dead)
        link(self.dead)
        send(self.pid, "hello")


@scenario
async def test_a_task_that_outlives_its_process_does_no_harm(rt: Runtime) -> None:
    dead, log, gate = await start(Echo), list[object](), asyncio.Event()
    send_exit(dead, "kill")
    pid = await start(Orphaning, log, dead)
    cast(pid, gate)
    await wait_until_idle(rt)
    send_exit(pid, "kill")
    gate.set()
    await wait_until_idle(rt)
    assert log == [pid]
    assert list(NO_MESSAGES) == []
    assert rt.processes == ()
