from __future__ import annotations

from exmc.actors import Runtime, cancel_timer, send_after, send_exit, start
from exmc.actors.testing.leaks import pending_timers
from tests.actors.actors import Echo
from tests.actors.scenario import advance, scenario


@scenario
async def test_a_message_comes_after_its_seconds_and_not_before(rt: Runtime) -> None:
    send_after(3.0, rt.root.pid, "late")
    await advance(rt, 2.9)
    assert await rt.receive(str, timeout=0) is None
    await advance(rt, 0.1)
    assert await rt.receive(str, timeout=0) == "late"


@scenario
async def test_a_cancelled_timer_says_how_long_was_left(rt: Runtime) -> None:
    timer = send_after(3.0, rt.root.pid, "never")
    await advance(rt, 1.0)
    assert cancel_timer(timer) == 2.0
    assert cancel_timer(timer) is None
    await advance(rt, 10.0)
    assert await rt.receive(str, timeout=0) is None


@scenario
async def test_a_timer_that_has_fired_cannot_be_cancelled(rt: Runtime) -> None:
    timer = send_after(0.0, rt.root.pid, "at once")
    await advance(rt, 0.0)
    assert cancel_timer(timer) is None
    assert rt.root.watchers == {}


@scenario
async def test_a_timer_vanishes_with_a_receiver_that_dies() -> None:
    pid = await start(Echo)
    timer = send_after(3.0, pid, "never")
    send_exit(pid, "kill")
    assert cancel_timer(timer) is None


@scenario
async def test_a_timer_for_the_dead_does_nothing(rt: Runtime) -> None:
    pid = await start(Echo)
    send_exit(pid, "kill")
    timer = send_after(1.0, pid, "never")
    assert pending_timers(rt.kernel) == []
    assert cancel_timer(timer) is None
    await advance(rt, 2.0)
    assert rt.kernel.dead_letters == 0


@scenario
async def test_a_name_is_looked_up_when_the_seconds_are_over(rt: Runtime) -> None:
    log = list[object]()
    send_after(1.0, "echo", "early")
    send_after(2.0, "echo", "hello")
    await advance(rt, 1.5)
    await rt.start(Echo, log, name="echo")
    await advance(rt, 1.0)
    assert log[1:] == ["hello"]
