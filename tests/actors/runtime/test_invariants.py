from __future__ import annotations

from collections.abc import Callable

import pytest

from exmc.actors import (
    Pid,
    Ref,
    Runtime,
    link,
    monitor,
    register,
    send,
    start,
    unregister,
)
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.process.signals import Monitor
from exmc.actors.runtime.invariants import broken_invariants, check_invariants
from exmc.actors.testing import VirtualClock, wait_until_idle
from tests.actors.actors import Echo, Stubborn
from tests.actors.scenario import in_plain_asyncio, scenario


@scenario
async def test_they_hold_of_a_runtime_in_the_middle_of_its_work(rt: Runtime) -> None:
    register("root")
    one, other = await start(Echo, name="one"), await start(Stubborn)
    link(one)
    monitor(other)
    send(one, "message")
    send(other, "message")
    assert broken_invariants(rt.kernel) == ()
    await wait_until_idle(rt)
    assert broken_invariants(rt.kernel) == ()
    unregister()


def kill_behind_the_scenes(_rt: Runtime, block: ControlBlock) -> None:
    block.pid.target = None


def let_live(_rt: Runtime, block: ControlBlock) -> None:
    block.ending = "shutdown"


def lose_a_wake_up(_rt: Runtime, block: ControlBlock) -> None:
    block.mailbox = type(block.mailbox)(["lost"])


def queue_twice(rt: Runtime, block: ControlBlock) -> None:
    send(block.pid, "message")
    rt.kernel.run_queue.enqueue(block)


def wake_up_for_nothing(rt: Runtime, block: ControlBlock) -> None:
    rt.kernel.run_queue.enqueue(block)


def forget_a_name(rt: Runtime, block: ControlBlock) -> None:
    assert block.name is not None
    rt.kernel.names.release(block.name, block.pid)


def keep_a_name_of_the_dead(rt: Runtime, _block: ControlBlock) -> None:
    rt.kernel.names.register("ghost", Pid(99))


def link_one_side(rt: Runtime, block: ControlBlock) -> None:
    block.add_link(rt.root.pid)


def link_to_the_dead(_rt: Runtime, block: ControlBlock) -> None:
    block.add_link(Pid(99))


def watch_for_nobody(rt: Runtime, block: ControlBlock) -> None:
    block.add_watcher(Monitor(Ref(), rt.root, block.pid))


BREAKS: dict[Callable[[Runtime, ControlBlock], None], str] = {
    kill_behind_the_scenes: "<0.1> is in the process table and dead",
    let_live: "<0.1> should have ended with 'shutdown'",
    lose_a_wake_up: "<0.1> has 1 messages and is not ready",
    queue_twice: "stands in the run queue twice",
    wake_up_for_nothing: "<0.1> is ready and has no message",
    forget_a_name: "<0.1> bears the name 'echo' of another",
    keep_a_name_of_the_dead: "the name 'ghost' belongs to <0.99>, which does not bear",
    link_one_side: "<0.1> is linked to <0.0>, which does not know",
    link_to_the_dead: "<0.1> is linked to <0.99>, which is dead",
    watch_for_nobody: "watches <0.1> for nobody",
}


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.__name__)
def test_a_runtime_that_breaks_one_is_found_out(
    broken: Callable[[Runtime, ControlBlock], None],
) -> None:
    async def main() -> None:
        # Never left: a broken runtime need not get to the end of its leaving.
        rt = await Runtime(VirtualClock()).__aenter__()
        block = (await start(Echo, name="echo")).target
        assert isinstance(block, ControlBlock)
        await wait_until_idle(rt)
        assert broken_invariants(rt.kernel) == ()
        broken(rt, block)
        with pytest.raises(AssertionError) as caught:
            check_invariants(rt.kernel)
        assert str(caught.value).startswith("The runtime is broken: ")
        assert BREAKS[broken] in str(caught.value)

    in_plain_asyncio(main)
