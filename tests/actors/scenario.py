"""An async test on every event loop, in a runtime on a virtual clock."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
import uvloop

from exmc.actors import Runtime
from exmc.actors.testing import (
    VirtualClock,
    check_invariants,
    no_leaks,
    nothing_left,
    wait_until_idle,
)

E = TypeVar("E", bound=BaseException)
T = TypeVar("T")

LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}


def scenario(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Make a test of an async function; nothing may be left when it is over.

    Its parameter `rt`, if it has one, is the runtime; the others are for pytest.
    """

    @pytest.mark.parametrize("loop", sorted(LOOPS))
    def on_a_loop(loop: str, **arguments: object) -> None:
        def with_runtime(runtime: Runtime) -> Awaitable[None]:
            if "rt" in parameters:
                return test(rt=runtime, **arguments)
            return test(**arguments)

        run_on(loop, with_runtime)

    parameters = inspect.signature(test).parameters
    loop = inspect.Parameter("loop", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    others = [p for name, p in parameters.items() if name != "rt"]
    vars(on_a_loop)["__signature__"] = inspect.Signature([loop, *others])
    on_a_loop.__name__ = test.__name__
    on_a_loop.__module__ = test.__module__
    return on_a_loop


def run_on(loop: str, test: Callable[[Runtime], Awaitable[None]]) -> None:
    """Run an async function in a runtime of its own and look for what it leaves."""

    async def main() -> None:
        async with no_leaks():
            async with Runtime(VirtualClock()) as runtime:
                kernel = runtime.kernel
                await test(runtime)
                check_invariants(kernel)
            nothing_left(kernel)

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(main())


async def during(runtime: Runtime, awaitable: Awaitable[T], *steps: float) -> T:
    """Await something that is done only after all steps of the clock were made."""
    waiting = asyncio.ensure_future(awaitable)
    for seconds in steps:
        await wait_until_idle(runtime)
        assert not waiting.done()
        await advance(runtime, seconds)
    await wait_until_idle(runtime)
    assert waiting.done()
    return await waiting


async def advance(runtime: Runtime, seconds: float) -> None:
    """Move the virtual clock of a scenario on."""
    assert isinstance(runtime.clock, VirtualClock)
    await runtime.clock.advance(seconds)


async def fails_with(error: type[E], awaitable: Awaitable[object]) -> E:
    """Check that an awaitable fails in a certain way, and return the exception."""
    with pytest.raises(error) as caught:
        await awaitable
    return caught.value


def in_plain_asyncio(main: Callable[[], Awaitable[None]]) -> None:
    """Run an async function without a runtime."""

    async def awaited() -> None:
        await main()

    asyncio.run(awaited())
