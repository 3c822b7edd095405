from __future__ import annotations

import asyncio

import pytest

from exmc.actors import (
    ChildSpec,
    Runtime,
    Supervisor,
    call,
    cast,
    send,
    send_exit,
    start,
    start_link,
)
from exmc.actors.testing import Probe, spy, wait_until_idle
from tests.actors.actors import Echo
from tests.actors.family import pid_of
from tests.actors.scenario import fails_with, scenario


@scenario
async def test_a_probe_notes_every_message_in_order(rt: Runtime) -> None:
    probe = Probe(answering=str)
    pid = await start(probe)
    send(pid, 1)
    cast(pid, 2)
    assert await call(pid, 3) == "3"
    assert probe.received == [1, 2, 3]
    assert [c.pid for c in probe.calls] == [rt.root.pid]


@scenario
async def test_what_is_expected_is_taken_once_and_the_rest_waits() -> None:
    probe = Probe()
    pid = await start(probe)
    send(pid, "a")
    send(pid, 1)
    send(pid, 2)
    assert await probe.expect(int, lambda n: n > 1) == 2
    assert await probe.expect(object) == "a"
    assert await probe.expect(int) == 1
    await probe.expect_nothing()


@scenario
async def test_what_did_not_come_fails_with_what_did() -> None:
    probe = Probe()
    pid = await start(probe)
    send(pid, "a")
    error = await fails_with(AssertionError, probe.expect(int))
    assert str(error) == (
        "The probe has received no int that was wanted; it has ['a']."
    )
    error = await fails_with(AssertionError, probe.expect_nothing())
    assert str(error) == "The probe has also received ['a']."


@scenario
async def test_a_call_that_nobody_answers_is_answered_by_the_test() -> None:
    probe = Probe()
    pid = await start(probe)
    asking = asyncio.ensure_future(call(pid, "how much"))
    assert await probe.expect(str) == "how much"
    probe.calls[0].reply(42)
    assert await asking == 42


@scenario
async def test_a_probe_traps_exits(rt: Runtime) -> None:
    probe = Probe()
    pid = await start(probe)
    send_exit(pid, "why")
    await wait_until_idle(rt)
    assert pid.alive
    assert [m.reason for m in probe.received] == ["why"]  # type: ignore[attr-defined]


@scenario
async def test_a_probe_notes_what_each_of_its_incarnations_receives(
    rt: Runtime,
) -> None:
    probe = Probe()
    await start_link(Supervisor(), [ChildSpec("probe", probe, name="probe")])
    send("probe", 1)
    await wait_until_idle(rt)
    send_exit(pid_of("probe"), "kill")
    await wait_until_idle(rt)
    send("probe", 2)
    await wait_until_idle(rt)
    assert probe.received == [1, 2]


@scenario
async def test_a_spy_notes_and_passes_on(rt: Runtime) -> None:
    log = list[object]()
    watched = spy(await start(Echo, log))
    pid = await start(watched)
    cast(pid, "cast")
    send(pid, "sent")
    assert await call(pid, "asked") == "asked"
    await wait_until_idle(rt)
    assert log[1:] == ["cast", "sent"]
    assert watched.received == ["cast", "sent", "asked"]


@scenario
async def test_a_spy_on_the_dead_leaves_callers_waiting(rt: Runtime) -> None:
    target = await start(Echo)
    send_exit(target, "kill")
    pid = await start(spy(target))
    asking = asyncio.ensure_future(call(pid, "anybody", timeout=None))
    await wait_until_idle(rt)
    assert not asking.done()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
