"""Links, monitors, exit signals and the order of messages."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from exmc.actors import (
    Down,
    Exit,
    GenServer,
    Outcome,
    Pid,
    Process,
    Reason,
    Runtime,
    call,
    cast,
    demonitor,
    link,
    monitor,
    reply,
    send,
    send_exit,
    start,
    stop,
    stop_with,
    unlink,
    wait_for_exit,
    whereis,
)
from exmc.actors.clock import Turn
from exmc.actors.server.outcome import CallOutcome
from exmc.actors.testing import wait_until_idle
from tests.actors.behaviours.numbered import behaviour
from tests.actors.scenario import scenario

BAD: Reason = ("error", ValueError("bad"))


class Subject(GenServer):
    """Does in its own process what it is told; notes the other messages."""

    def init(self, *, trap_exit: bool = False) -> None:
        self.trap_exit = trap_exit
        self.notes: list[object] = []

    def handle_call(self, request: object, _caller: object, /) -> CallOutcome:
        match request:
            case "notes":
                return reply(list(self.notes))
            case (function, *arguments) if callable(function):
                return reply(function(*arguments))
            case _:
                raise AssertionError(request)

    def handle_cast(self, reason: Reason, /) -> Outcome:
        return stop_with(reason)

    def handle_info(self, message: object, /) -> None:
        self.notes.append(message)


async def subject(*, trap_exit: bool = False) -> Pid:
    """A process that nobody is linked to."""
    return await start(Subject, trap_exit=trap_exit)


async def in_process(pid: Pid, function: Any, *arguments: Any, **named: Any) -> Any:
    """Call a function inside a process."""

    def told(*all_of_them: Any) -> Any:
        return function(*all_of_them, **named)

    return await call(pid, (told, *arguments))


async def notes(pid: Pid) -> list[object]:
    """The messages that a process has received."""
    return await call(pid, "notes")  # type: ignore[no-any-return]  # an untyped call


async def end_of(rt: Runtime, pid: Pid) -> Reason | None:
    """Why a process has ended, from a monitor set before; None if it has not."""
    await wait_until_idle(rt)
    down = await rt.receive(Down, lambda d: d.pid is pid, timeout=0)
    return None if down is None else down.reason


@behaviour(31)
@scenario
async def test_a_link_passes_on_an_abnormal_end_and_its_reason_without_end(
    rt: Runtime,
) -> None:
    chain = [await subject() for _ in range(5)]
    for pid, following in pairwise(chain):
        await in_process(pid, link, following)
    alone = await subject()
    await in_process(alone, link, chain[0])
    for pid in (*chain, alone):
        monitor(pid)
    cast(alone, "normal")
    assert await end_of(rt, alone) == "normal"
    assert all(pid.alive for pid in chain)
    cast(chain[2], BAD)
    assert [await end_of(rt, pid) for pid in chain] == [BAD] * 5


@behaviour(32)
@scenario
async def test_who_traps_exits_receives_them_as_messages_but_not_kill(
    rt: Runtime,
) -> None:
    watching = await subject(trap_exit=True)
    for reason in ("normal", "shutdown", BAD):
        ending = await subject()
        await in_process(watching, link, ending)
        cast(ending, reason)
        await wait_until_idle(rt)
        assert (await notes(watching))[-1] == Exit(ending, reason)
    send_exit(watching, "bad")
    assert (await notes(watching))[-1] == Exit(rt.root.pid, "bad")
    killed = await subject(trap_exit=True)
    plain = await subject()
    for pid in (watching, plain):
        await in_process(pid, link, killed)
    for pid in (killed, plain):
        monitor(pid)
    send_exit(killed, "kill")
    assert [await end_of(rt, pid) for pid in (killed, plain)] == ["killed"] * 2
    assert (await notes(watching))[-1] == Exit(killed, "killed")


@behaviour(33)
@scenario
async def test_the_signal_normal_ends_nobody_but_its_sender(rt: Runtime) -> None:
    plain, trapping = await subject(), await subject(trap_exit=True)
    for pid in (plain, trapping):
        send_exit(pid, "normal")
        monitor(pid)
    assert await notes(plain) == []
    assert await notes(trapping) == [Exit(rt.root.pid, "normal")]
    after: list[str] = []

    class Leaving(Process):
        async def run(self) -> None:
            await self.receive(str)
            send_exit(self.pid, "normal")
            after.append("not reached")

    leaving = await start(Leaving)
    monitor(leaving)
    send(leaving, "go")
    assert await end_of(rt, leaving) == "normal"
    assert after == []
    await in_process(trapping, send_exit, trapping, "normal")
    assert (await notes(trapping))[-1] == Exit(trapping, "normal")


@behaviour(34)
@scenario
async def test_a_link_to_the_dead_gives_noproc_and_an_unlink_has_no_effect_later(
    rt: Runtime,
) -> None:
    dead = await subject()
    await stop(dead)
    trapping, plain = await subject(trap_exit=True), await subject()
    monitor(plain)
    await in_process(trapping, link, dead)
    assert await notes(trapping) == [Exit(dead, "noproc")]
    await in_process(plain, link, dead)
    assert await end_of(rt, plain) == "noproc"
    unlinked = await subject()
    await in_process(trapping, link, unlinked)
    await in_process(trapping, unlink, unlinked)
    cast(unlinked, BAD)
    await wait_until_idle(rt)
    assert await notes(trapping) == [Exit(dead, "noproc")]
    rt.trap_exit = True
    for flush in (False, True):
        late = await subject()
        link(late)
        cast(late, BAD)
        await wait_until_idle(rt)
        unlink(late, flush=flush)
        message = await rt.receive(Exit, timeout=0)
        assert message == (None if flush else Exit(late, BAD))


@behaviour(35)
@scenario
async def test_each_monitor_gives_exactly_one_down_with_the_true_reason(
    rt: Runtime,
) -> None:
    for reason in ("normal", "shutdown", BAD):
        pid = await subject()
        refs = [monitor(pid), monitor(pid)]
        cast(pid, reason)
        await wait_until_idle(rt)
        assert [await rt.receive(Down) for _ in refs] == [
            Down(ref, pid, reason) for ref in refs
        ]
        late = monitor(pid)
        assert await rt.receive(Down, timeout=0) == Down(late, pid, "noproc")
    unknown = monitor("nobody")
    assert await rt.receive(Down, timeout=0) == Down(unknown, None, "noproc")
    pid = await subject()
    before, after, kept = monitor(pid), monitor(pid), monitor(pid)
    demonitor(before)
    send_exit(pid, "kill")
    demonitor(after, flush=True)
    await wait_until_idle(rt)
    assert await rt.receive(Down, timeout=0) == Down(kept, pid, "killed")
    assert await rt.receive(object, timeout=0) is None


class Talker(Process):
    """Links itself to a listener, sends it numbers, and ends badly."""

    async def run(self, to: Pid, numbers: range) -> None:
        link(to)
        for number in numbers:
            send(to, number)
            if number % 7 == 0:
                await Turn()
        send_exit(self.pid, "done")


@behaviour(36)
@scenario
async def test_signals_arrive_in_order_and_a_name_is_free_before_its_down() -> None:
    listener = await subject(trap_exit=True)
    saying = [range(100), range(100, 200)]
    talkers = [await start(Talker, listener, numbers) for numbers in saying]
    for pid in talkers:
        await wait_for_exit(pid)
    heard = await notes(listener)
    for pid, numbers in zip(talkers, saying, strict=True):
        signals: list[object] = [*numbers, Exit(pid, "done")]
        assert [s for s in heard if s in signals] == signals
    assert heard[:100] != list(range(100))
    seen: list[object] = []

    class Watching(Process):
        async def run(self) -> None:
            ref = monitor("bearer")
            await self.receive(Down, lambda d: d.ref is ref)
            seen.append(whereis("bearer"))
            seen.append(await start(Subject, name="bearer"))

    bearer = await start(Subject, name="bearer")
    watching = await start(Watching)
    send_exit(bearer, "kill")
    await wait_for_exit(watching)
    assert seen == [None, whereis("bearer")]
