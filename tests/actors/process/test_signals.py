from __future__ import annotations

import pytest

from exmc.actors import (
    Down,
    Exit,
    GenServer,
    InitOutcome,
    Pid,
    Reason,
    Runtime,
    Stop,
    cast,
    continue_with,
    demonitor,
    link,
    monitor,
    send,
    send_exit,
    start,
    start_link,
    stop_with,
    unlink,
    whereis,
)
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo, Trapping
from tests.actors.scenario import scenario


class Doer(GenServer):
    """Does what it is cast, as itself."""

    def init(self, log: list[object] | None = None, *, trap: bool = False) -> None:
        self.log: list[object] = [] if log is None else log
        self.trap_exit = trap

    def handle_cast(self, message: object, /) -> None:
        assert callable(message)
        message()

    def handle_info(self, message: object, /) -> None:
        self.log.append(message)


async def linked(*kinds: type[GenServer]) -> list[Pid]:
    """Processes each linked to the next."""
    pids = [await start(Doer)]
    for _ in kinds:
        pids.append(await start(Doer))
        before = pids[-2]
        cast(pids[-1], lambda to=before: link(to))
    return pids


# Links


@scenario
async def test_an_abnormal_exit_takes_the_linked_along_with_the_same_reason(
    rt: Runtime,
) -> None:
    pids = await linked(Doer, Doer)
    await wait_until_idle(rt)
    refs = [monitor(pid) for pid in pids]
    send_exit(pids[1], ("custom", 3))
    downs = [await rt.receive(Down) for _ in pids]
    assert {d.ref: d.reason for d in downs} == dict.fromkeys(refs, ("custom", 3))


@scenario
async def test_a_normal_exit_leaves_the_linked_alive(rt: Runtime) -> None:
    first, second = await linked(Doer)
    await wait_until_idle(rt)
    cast(first, lambda: send_exit(first, "normal"))
    await wait_until_idle(rt)
    assert not first.alive
    assert second.alive


@scenario
async def test_one_that_traps_exits_gets_a_message_even_for_normal(
    rt: Runtime,
) -> None:
    rt.trap_exit = True
    for reason in ("normal", "shutdown", "bad"):
        pid = await start_link(Echo)
        cast(pid, ("stop", reason))
        assert await rt.receive(Exit) == Exit(pid, reason)


@scenario
async def test_kill_cannot_be_trapped_and_others_see_killed(rt: Runtime) -> None:
    rt.trap_exit = True
    pid = await start_link(Trapping)
    send_exit(pid, "kill")
    assert await rt.receive(Exit) == Exit(pid, "killed")


@scenario
async def test_a_linked_process_that_does_not_trap_dies_of_killed(
    rt: Runtime,
) -> None:
    first, second = await linked(Doer)
    await wait_until_idle(rt)
    ref = monitor(second)
    send_exit(first, "kill")
    assert await rt.receive(Down) == Down(ref, second, "killed")


@scenario
async def test_the_signal_normal_from_another_process_is_ignored(rt: Runtime) -> None:
    log = list[object]()
    plain, trapping = await start(Doer), await start(Doer, log, trap=True)
    send_exit(plain, "normal")
    send_exit(trapping, "normal")
    await wait_until_idle(rt)
    assert plain.alive
    assert log == [Exit(rt.root.pid, "normal")]


@pytest.mark.parametrize("reason", ["normal", "bad", "kill"])
@scenario
async def test_a_signal_to_oneself_ends_the_sender_at_once(
    rt: Runtime, reason: Reason
) -> None:
    log = list[object]()
    pid = await start(Doer, log)
    ref = monitor(pid)

    def suicide() -> None:
        send_exit(pid, reason)
        log.append("not reached")

    cast(pid, suicide)
    seen = "killed" if reason == "kill" else reason
    assert await rt.receive(Down) == Down(ref, pid, seen)
    assert log == []


@scenario
async def test_a_signal_to_oneself_is_trapped_like_any_other(rt: Runtime) -> None:
    log = list[object]()
    pid = await start(Doer, log, trap=True)
    cast(pid, lambda: send_exit(pid, "bad"))
    await wait_until_idle(rt)
    assert log == [Exit(pid, "bad")]


@scenario
async def test_linking_to_the_dead_gives_the_signal_noproc(rt: Runtime) -> None:
    dead = await start(Echo)
    send_exit(dead, "kill")
    log = list[object]()
    trapping, plain = await start(Doer, log, trap=True), await start(Doer)
    ref = monitor(plain)
    cast(trapping, lambda: link(dead))
    cast(plain, lambda: link(dead))
    assert await rt.receive(Down) == Down(ref, plain, "noproc")
    assert log == [Exit(dead, "noproc")]


@scenario
async def test_linking_to_oneself_does_nothing(rt: Runtime) -> None:
    link(rt.root.pid)
    assert rt.root.links == {}


@scenario
async def test_an_undone_link_has_no_effect(rt: Runtime) -> None:
    rt.trap_exit = True
    pid = await start_link(Echo)
    unlink(pid)
    send_exit(pid, "kill")
    assert await rt.receive(Exit, timeout=0) is None


@pytest.mark.parametrize("flush", [False, True])
@scenario
async def test_an_exit_already_there_stays_unless_flushed(
    rt: Runtime, flush: bool
) -> None:
    rt.trap_exit = True
    pid = await start_link(Echo)
    send_exit(pid, "kill")
    unlink(pid, flush=flush)
    left = await rt.receive(Exit, timeout=0)
    assert left == (None if flush else Exit(pid, "killed"))


# Monitors


@scenario
async def test_a_monitor_gives_exactly_one_down_with_the_real_reason(
    rt: Runtime,
) -> None:
    pid = await start(Echo)
    ref = monitor(pid)
    cast(pid, ("stop", ("shutdown", "enough")))
    assert await rt.receive(Down) == Down(ref, pid, ("shutdown", "enough"))
    assert await rt.receive(Down, timeout=0) is None


@scenario
async def test_two_monitors_give_two_downs(rt: Runtime) -> None:
    pid = await start(Echo)
    refs = {monitor(pid), monitor(pid)}
    send_exit(pid, "kill")
    assert {(await rt.receive(Down)).ref for _ in range(2)} == refs


@scenario
async def test_monitoring_the_dead_or_unknown_gives_noproc_at_once(
    rt: Runtime,
) -> None:
    dead = await start(Echo)
    send_exit(dead, "kill")
    of_dead, of_nobody = monitor(dead), monitor("nobody")
    assert await rt.receive(Down) == Down(of_dead, dead, "noproc")
    assert await rt.receive(Down) == Down(of_nobody, None, "noproc")


@scenario
async def test_a_monitor_taken_back_gives_nothing(rt: Runtime) -> None:
    pid = await start(Echo)
    demonitor(monitor(pid))
    send_exit(pid, "kill")
    assert await rt.receive(Down, timeout=0) is None


@pytest.mark.parametrize("flush", [False, True])
@scenario
async def test_a_down_already_there_stays_unless_flushed(
    rt: Runtime, flush: bool
) -> None:
    pid = await start(Echo)
    ref, other = monitor(pid), monitor(pid)
    send_exit(pid, "kill")
    demonitor(ref, flush=flush)
    left = [await rt.receive(Down, timeout=0) for _ in range(3)]
    seen = [down.ref for down in left if down is not None]
    assert seen == ([other] if flush else [ref, other])


@scenario
async def test_a_down_comes_after_all_messages_of_the_dead(rt: Runtime) -> None:
    pid, root = await start(Doer), rt.root.pid
    monitor(pid)

    def talk_and_die() -> None:
        for number in range(5):
            send(root, number)
        send_exit(pid, "bad")

    cast(pid, talk_and_die)
    got = [await rt.receive(object) for _ in range(6)]
    assert got[:5] == list(range(5))
    assert isinstance(got[5], Down)


# Sending and waiting


@scenario
async def test_sending_to_the_dead_or_unknown_does_nothing(rt: Runtime) -> None:
    dead = await start(Echo)
    send_exit(dead, "kill")
    send_exit(dead, "kill")
    send(dead, "hello")
    send("nobody", "hello")
    assert rt.kernel.dead_letters == 0


@scenario
async def test_a_name_can_be_sent_to(rt: Runtime) -> None:
    log = list[object]()
    await rt.start(Echo, log, name="echo")
    send("echo", "hello")
    await wait_until_idle(rt)
    assert log[1:] == ["hello"]
    assert whereis("echo") is not None


class Hasty(GenServer):
    """Ends before anybody can watch it."""

    def init(self) -> InitOutcome:
        return continue_with("work")

    def handle_continue(self, _: object, /) -> Stop:
        return stop_with("done already")


@scenario
async def test_who_watches_too_late_knows_no_reason_but_a_link_from_the_first_does(
    rt: Runtime,
) -> None:
    rt.trap_exit = True
    hasty = await start_link(Hasty)
    await wait_until_idle(rt)
    ref = monitor(hasty)
    assert await rt.receive(Down) == Down(ref, hasty, "noproc")
    assert await rt.receive(Exit) == Exit(hasty, "done already")
