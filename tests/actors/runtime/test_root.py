from __future__ import annotations

from exmc.actors import Exit, Pid, Runtime, link, send_exit, start
from exmc.actors.runtime.root import Root
from tests.actors.actors import Echo
from tests.actors.scenario import scenario


@scenario
async def test_the_root_is_the_first_process(rt: Runtime) -> None:
    assert repr(rt.root.pid) == "<0.0>"
    assert rt.root.pid.alive


@scenario
async def test_no_signal_ends_the_root(rt: Runtime) -> None:
    pid = await start(Echo)
    link(pid)
    send_exit(pid, "kill")
    assert rt.root.pid.target is not None
    for reason in ("bad", "kill"):
        rt.root.pid.target.exit(pid, reason, linked=False)
    assert rt.root.pid.alive
    assert len(rt.root.mailbox) == 0


@scenario
async def test_the_root_receives_signals_once_it_traps_them(rt: Runtime) -> None:
    rt.trap_exit = True
    assert rt.trap_exit
    send_exit(rt.root.pid, "bad")
    assert await rt.receive(Exit) == Exit(rt.root.pid, "bad")


@scenario
async def test_a_root_knows_how_its_children_want_to_be_stopped(rt: Runtime) -> None:
    assert isinstance(rt.root, Root)
    stopping: dict[Pid, object] = dict(rt.root.stopping)
    assert stopping == {}
