from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from exmc.actors import (
    ChildSpec,
    Down,
    DynamicSupervisor,
    Exit,
    GenServer,
    Pid,
    Reason,
    Runtime,
    Supervisor,
    cast,
    monitor,
    send,
    send_exit,
    start,
    start_child,
    start_link,
    unlink,
)
from exmc.actors.clock import Turn
from exmc.actors.kernel.mailbox import Mailbox
from exmc.actors.pid import Shutdown
from exmc.actors.supervision.child_lifecycle import (
    BREATH,
    Stopping,
    is_expected,
    stop_child,
)
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo, Stubborn, Trapping
from tests.actors.scenario import during, scenario


class Slow(GenServer):
    """Obeys, but takes its time."""

    trap_exit = True

    def init(self, seconds: float, rt: Runtime) -> None:
        self.seconds, self.clock = seconds, rt.clock

    async def terminate(self, _reason: Reason, /) -> None:
        await self.clock.sleep(self.seconds)


@scenario
async def test_a_child_that_obeys_ends_with_shutdown() -> None:
    for kind in (Echo, Trapping):
        pid = await start_link(kind)
        assert await stop_child(pid, 5.0) == "shutdown"
        assert not pid.alive


@scenario
async def test_a_child_that_does_not_obey_in_time_is_killed(rt: Runtime) -> None:
    pid = await start_link(Stubborn)
    ref = monitor(pid)
    assert await during(rt, stop_child(pid, 5.0), 4.9, 0.1) == "killed"
    assert await rt.receive(Down) == Down(ref, pid, "killed")


@scenario
async def test_a_child_that_obeys_slowly_is_given_its_time(rt: Runtime) -> None:
    pid = await start_link(Slow, 4.0, rt)
    assert await during(rt, stop_child(pid, 5.0), 4.0) == "shutdown"


@scenario
async def test_infinity_waits_however_long(rt: Runtime) -> None:
    pid = await start_link(Slow, 1e6, rt)
    assert await during(rt, stop_child(pid, "infinity"), 999_999.0, 1.0) == "shutdown"


@scenario
async def test_a_brutal_kill_is_at_once_and_without_terminate() -> None:
    log = list[object]()
    pid = await start_link(Trapping, log)
    assert await stop_child(pid, "brutal_kill") == "killed"
    assert len(log) == 1


@scenario
async def test_a_child_that_has_unlinked_itself_is_stopped_all_the_same(
    rt: Runtime,
) -> None:
    class Unlinked(GenServer):
        def init(self, parent: Pid) -> None:
            unlink(parent)

    pid = await start_link(Unlinked, rt.root.pid)
    assert await stop_child(pid, 5.0) == "shutdown"


@scenario
async def test_a_child_that_ends_by_itself_meanwhile_gives_its_own_reason(
    rt: Runtime,
) -> None:
    class Failing(GenServer):
        def terminate(self, _reason: Reason, /) -> None:
            raise ValueError("in terminate")

        trap_exit = True

    rt.trap_exit = True
    pid = await start_link(Failing)
    reason = await stop_child(pid, 5.0)
    assert repr(reason) == "('error', ValueError('in terminate'))"


@pytest.mark.parametrize("shutdown", [5.0, "brutal_kill", "infinity"])
@scenario
async def test_a_child_that_was_dead_before_gives_the_reason_it_had(
    rt: Runtime, shutdown: Shutdown
) -> None:
    rt.trap_exit = True
    pid = await start_link(Echo)
    cast(pid, ("stop", "by itself"))
    await wait_until_idle(rt)
    assert await stop_child(pid, shutdown) == "by itself"


@scenario
async def test_stopping_takes_nothing_out_of_the_mailbox(rt: Runtime) -> None:
    rt.trap_exit = True
    pid, other = await start_link(Echo), await start_link(Echo)
    send(rt.root.pid, "hello")
    send_exit(other, "bad")
    await stop_child(pid, 5.0)
    await stop_child(other, 5.0)
    assert list(rt.root.mailbox) == ["hello", Exit(other, "bad"), Exit(pid, "shutdown")]


@scenario
async def test_children_stopped_together_take_the_time_of_the_slowest(
    rt: Runtime,
) -> None:
    kinds: list[tuple[float, Shutdown]] = [(1.0, 5.0), (9.0, "infinity"), (9.0, 3.0)]
    pids = {await start_link(Slow, s, rt): shutdown for s, shutdown in kinds}
    pids[await start_link(Stubborn)] = "brutal_kill"
    pids[await start_link(Stubborn)] = 3.0
    stopping = Stopping().stop_together(pids.items())
    reasons = await during(rt, stopping, 1.0, 2.0, 6.0)
    said = [reasons[pid] for pid in pids]
    assert said == ["shutdown", "shutdown", "killed", "killed", "killed"]


@scenario
async def test_of_children_stopped_together_some_may_be_dead_already(
    rt: Runtime,
) -> None:
    rt.trap_exit = True
    children = [await start_link(Echo) for _ in range(4)]
    for pid, reason in zip(children, ("bad", "worse"), strict=False):
        send_exit(pid, reason)
    unlink(children[2])
    send_exit(children[2], "unseen")
    reasons = await Stopping().stop_together((pid, 5.0) for pid in children)
    assert [reasons[p] for p in children] == ["bad", "worse", "noproc", "shutdown"]


@scenario
async def test_stopping_may_be_abandoned(rt: Runtime) -> None:
    pid = await start_link(Stubborn)
    together = Stopping().stop_together([(pid, "infinity")])
    for stopping in (together, stop_child(pid, "infinity")):
        task = asyncio.ensure_future(stopping)
        await wait_until_idle(rt)
        task.cancel()
        await asyncio.wait({task})
    watchers = getattr(pid.target, "watchers")  # noqa: B009 (internal)
    assert dict(watchers) == {}


@pytest.mark.parametrize("together", [False, True])
@scenario
async def test_what_has_another_parent_or_none_is_stopped_all_the_same(
    together: bool,
) -> None:
    for supervisor in (Supervisor(), DynamicSupervisor()):
        pid, log = await start(supervisor), list[object]()
        await start_child(pid, ChildSpec("a", Trapping, (log,)))
        if together:
            reasons = await Stopping().stop_together([(pid, "infinity")])
            assert reasons == {pid: "shutdown"}
        else:
            assert await stop_child(pid, "infinity") == "shutdown"
        assert log[1:] == [("terminated", None, "shutdown")]


@scenario
async def test_a_runtime_may_be_left_while_a_supervisor_has_no_parent() -> None:
    log = list[object]()
    await start(Supervisor(), [ChildSpec("a", Trapping, (log,))])


class Read(Mailbox[object]):
    """Counts how many messages are looked at."""

    looks = 0

    def __reversed__(self) -> Iterator[object]:
        for message in super().__reversed__():
            type(self).looks += 1
            yield message


@pytest.mark.parametrize("together", [False, True])
@scenario
async def test_each_message_is_looked_at_once_however_many_have_died(
    rt: Runtime, together: bool
) -> None:
    rt.trap_exit = True
    children = [await start_link(Echo) for _ in range(50)]
    for pid in children:
        send_exit(pid, "bad")
    rt.root.mailbox, Read.looks = Read(rt.root.mailbox), 0
    stopping = Stopping()
    if together:
        await stopping.stop_together((pid, 5.0) for pid in children)
    else:
        for pid in reversed(children):
            assert await stopping.stop(pid, 5.0) == "bad"
    assert Read.looks <= 51


@pytest.mark.parametrize("together", [False, True])
@scenario
async def test_others_have_their_turn_while_many_are_stopped(together: bool) -> None:
    children = [await start_link(Echo) for _ in range(3 * BREATH)]
    turns = list[int]()

    async def look() -> None:
        while living := sum(pid.alive for pid in children):
            turns.append(living)
            await Turn()

    looking, stopping = asyncio.ensure_future(look()), Stopping()
    if together:
        await stopping.stop_together((pid, 5.0) for pid in children)
    else:
        for pid in children:
            await stopping.stop(pid, 5.0)
    await looking
    assert len(turns) == 3


@pytest.mark.parametrize(
    ("reason", "shutdown", "expected"),
    [
        ("shutdown", 5.0, True),
        (("shutdown", 1), 5.0, True),
        ("normal", "infinity", True),
        ("noproc", 5.0, True),
        ("killed", 5.0, False),
        ("bad", 5.0, False),
        ("killed", "brutal_kill", True),
        ("bad", "brutal_kill", False),
        (("error", ValueError()), "infinity", False),
    ],
)
def test_an_end_is_expected_if_it_is_the_one_asked_for(
    reason: Reason, shutdown: float, expected: bool
) -> None:
    assert is_expected(reason, shutdown) is expected
