from __future__ import annotations

from exmc.actors import GenServer, Runtime, spawn, start, start_link
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.kernel.ties import NONE_YET
from tests.actors.scenario import scenario


class Quiet(GenServer):
    """Does nothing."""


@scenario
async def test_a_process_that_nothing_binds_has_no_ties(rt: Runtime) -> None:
    pid = spawn(Quiet)
    assert isinstance(pid, ControlBlock)
    assert pid.ties is None
    assert (pid.parent, pid.name, pid.pid) == (None, None, pid)
    for empty in (pid.links, pid.watchers, pid.holdings):
        assert empty is NONE_YET
    assert rt.root.links is NONE_YET


@scenario
async def test_a_link_ties_a_process_to_its_parent(rt: Runtime) -> None:
    pid = await start_link(Quiet)
    assert isinstance(pid, ControlBlock)
    assert pid.parent is rt.root
    assert (set(pid.links), set(rt.root.links)) == ({rt.root}, {pid})
    pid.disown()
    assert pid.links is rt.root.links is NONE_YET


@scenario
async def test_ancestors_are_told_nearest_first(rt: Runtime) -> None:
    seen = list[object]()

    class Child(GenServer):
        async def init(self, depth: int) -> None:
            if depth:
                seen.append(await start(Child, depth - 1))

    eldest = await start(Child, 2)
    youngest, middle = seen
    assert isinstance(youngest, ControlBlock)
    assert youngest.ancestors == (middle, eldest, rt.root)
    assert youngest.lineage == (youngest, middle, eldest, rt.root)
