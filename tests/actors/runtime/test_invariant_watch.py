from __future__ import annotations

import pytest

from exmc.actors import Pid, Runtime, VirtualClock, cast, start
from exmc.actors.testing import InvariantWatch, every_schedule, wait_until_idle
from tests.actors.actors import Echo
from tests.actors.scenario import in_plain_asyncio


def test_what_was_broken_for_a_while_is_told_afterwards() -> None:
    async def main() -> None:
        async with Runtime(VirtualClock()) as rt:
            watch, ghost = InvariantWatch(rt.kernel), Pid(99)
            watch.look()
            rt.kernel.table.add(ghost)
            watch.look()
            rt.kernel.table.discard(ghost)
            watch.look()
        assert watch.looks == 3
        with pytest.raises(AssertionError, match="The runtime was broken for a while"):
            watch.check()

    in_plain_asyncio(main)


def test_what_was_never_broken_is_not() -> None:
    async def main() -> None:
        async with Runtime(VirtualClock()) as rt:
            watch = InvariantWatch(rt.kernel)
            watch.look()
        watch.check()

    in_plain_asyncio(main)


def test_every_schedule_looks_between_any_two_turns() -> None:
    @every_schedule(seeds=[0])
    async def breaking(rt: Runtime) -> None:
        pid, ghost = await start(Echo), Pid(99)
        rt.kernel.table.add(ghost)
        cast(pid, "a turn")
        await wait_until_idle(rt)
        rt.kernel.table.discard(ghost)

    with pytest.raises(AssertionError, match="The runtime was broken for a while"):
        breaking()
