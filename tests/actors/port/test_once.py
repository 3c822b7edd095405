from __future__ import annotations

import asyncio

from exmc.actors import Runtime
from exmc.actors.port.once import Once
from tests.actors.scenario import during, scenario


@scenario
async def test_everybody_who_waits_gets_what_came(rt: Runtime) -> None:
    once = Once[str](rt.clock)
    waiting = [asyncio.ensure_future(once.within(s)) for s in (None, 5.0)]
    await asyncio.wait(waiting, timeout=0)
    once.came("it")
    assert await asyncio.gather(*waiting) == ["it", "it"]
    assert await once.within(0.0) == "it"


@scenario
async def test_who_has_waited_long_enough_gets_nothing(rt: Runtime) -> None:
    assert await during(rt, Once[str](rt.clock).within(5.0), 5.0) is None


@scenario
async def test_only_the_first_counts(rt: Runtime) -> None:
    once = Once[int](rt.clock)
    once.came(1)
    once.came(2)
    assert once.value == 1


@scenario
async def test_nobody_waits_in_vain_for_who_was_cancelled(rt: Runtime) -> None:
    once = Once[int](rt.clock)
    waiting = asyncio.ensure_future(once.within(None))
    await asyncio.wait({waiting}, timeout=0)
    waiting.cancel()
    await asyncio.wait({waiting})
    once.came(1)
    assert once.value == 1
