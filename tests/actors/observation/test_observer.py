from __future__ import annotations

import asyncio
from collections.abc import Callable

from exmc.actors import (
    ChildSpec,
    GenServer,
    Pid,
    Process,
    Runtime,
    Supervisor,
    call,
    cast,
    link,
    monitor,
    observer,
    reply,
    send,
    start,
    wait_for_exit,
)
from exmc.actors.observation.observer import observe
from exmc.actors.observation.process_info import ProcessInfo
from exmc.actors.server.outcome import CallOutcome
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo
from tests.actors.scenario import advance, scenario


class Acting(GenServer):
    """Does what it is told to, in its own process."""

    async def handle_call(
        self, act: Callable[[], object], _caller: object, /
    ) -> CallOutcome:
        done = act()
        return reply(await done if asyncio.iscoroutine(done) else done)

    async def handle_info(self, _message: object, /) -> None:
        await self.inner()

    async def inner(self) -> None:
        await asyncio.get_running_loop().create_future()


class Listening(Process):
    """Waits for a message that nobody sends."""

    async def run(self) -> None:
        await self.receive(str)


def about(rt: Runtime, pid: Pid) -> ProcessInfo:
    [info] = [info for info in observe(rt.kernel) if info.pid is pid]
    return info


@scenario
async def test_every_living_process_is_seen_the_oldest_first(rt: Runtime) -> None:
    first, second = await rt.start(Echo, name="first"), await rt.start(Acting)
    seen = observe(rt.kernel)
    assert [info.pid for info in observe(rt)] == [info.pid for info in seen]
    assert [info.pid for info in seen] == [rt.root.pid, first, second]
    assert [(info.name, info.kind) for info in seen[1:]] == [
        ("first", "Echo"),
        (None, "Acting"),
    ]


@scenario
async def test_a_process_at_rest_is_idle_and_stands_nowhere(rt: Runtime) -> None:
    info = about(rt, await rt.start(Echo))
    assert (info.status, info.where, info.mailbox) == ("idle", None, 0)


@scenario
async def test_a_process_with_messages_is_ready_and_they_are_counted(
    rt: Runtime,
) -> None:
    pid = await rt.start(Echo)
    for number in range(3):
        send(pid, number)
    assert (about(rt, pid).status, about(rt, pid).mailbox) == ("ready", 3)
    before = about(rt, pid).reductions
    await wait_until_idle(rt)
    assert (about(rt, pid).status, about(rt, pid).mailbox) == ("idle", 0)
    assert about(rt, pid).reductions == before + 3


@scenario
async def test_a_process_whose_handler_waits_is_suspended_at_its_line(
    rt: Runtime,
) -> None:
    pid = await rt.start(Acting)
    send(pid, "wait")
    send(pid, "next")
    await wait_until_idle(rt)
    info = about(rt, pid)
    handler, inner = Acting.handle_info.__code__, Acting.inner.__code__
    assert (info.status, info.mailbox) == ("suspended", 1)
    assert info.where == (
        f"test_observer.py:{handler.co_firstlineno + 1} in handle_info"
        f" > inner:{inner.co_firstlineno + 1}"
    )


@scenario
async def test_a_process_with_a_body_is_suspended_in_its_receive(rt: Runtime) -> None:
    pid = await rt.start(Listening)
    await wait_until_idle(rt)
    info = about(rt, pid)
    assert info.status == "suspended"
    assert str(info.where).endswith("in run > receive")


@scenario
async def test_the_one_that_observes_is_running_at_its_own_line(rt: Runtime) -> None:
    pid = await rt.start(Acting)

    def look() -> ProcessInfo:
        return about(rt, pid)

    info = await call(pid, look)
    assert info.status == "running"
    line = Acting.handle_call.__code__.co_firstlineno + 3
    assert str(info.where).startswith(f"test_observer.py:{line} in handle_call > look:")


@scenario
async def test_links_and_monitors_are_seen_from_both_ends(rt: Runtime) -> None:
    one, two = await rt.start(Acting), await rt.start(Echo)
    await call(one, lambda: link(two))
    await call(one, lambda: (monitor(two), monitor(two)))
    seen = about(rt, one)
    assert seen.links == (rt.root.pid, two)
    assert (seen.monitors, seen.monitored_by) == ((two, two), ())
    seen = about(rt, two)
    assert seen.links == (rt.root.pid, one)
    assert (seen.monitors, seen.monitored_by) == ((), (one, one))


@scenario
async def test_a_call_under_way_is_no_monitor(rt: Runtime) -> None:
    pid = await rt.start(Echo)
    waiting = asyncio.ensure_future(call(pid, "never", timeout=1.0))
    await wait_until_idle(rt)
    assert about(rt, pid).monitored_by == ()
    await advance(rt, 1.0)
    await asyncio.wait({waiting})
    assert waiting.exception() is not None


@scenario
async def test_ancestors_are_known_nearest_first_even_without_a_link(
    rt: Runtime,
) -> None:
    parent = await rt.start(Acting)
    child = await call(parent, lambda: start(Echo))
    assert about(rt, child).ancestors == (parent, rt.root.pid)
    assert about(rt, child).links == ()


@scenario
async def test_restarts_are_those_of_the_supervisor_since_the_last_progress(
    rt: Runtime,
) -> None:
    specs = [ChildSpec("a", Echo, name="a"), ChildSpec("b", Echo, name="b")]
    supervisor = await rt.start(Supervisor(), specs)
    for _ in range(2):
        [info] = [info for info in observe(rt.kernel) if info.name == "a"]
        cast(info.pid, ("stop", "bad"))
        await wait_for_exit(info.pid)
        await wait_until_idle(rt)
    restarts = {info.name: info.restarts for info in observe(rt.kernel)}
    assert (restarts["a"], restarts["b"]) == (2, 0)
    assert about(rt, supervisor).restarts is None


@scenario
async def test_what_is_observed_can_be_printed(rt: Runtime) -> None:
    await rt.start(Supervisor(), [ChildSpec("a", Echo, name="a")])
    infos = observer.observe(rt.kernel)
    assert len(observer.table(infos).splitlines()) == 4
    assert observer.tree(infos).splitlines()[-1] == "   └─ <0.2> Echo (a)"
