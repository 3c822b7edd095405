"""One test, run under many orders in which its processes may run."""

from __future__ import annotations

import asyncio
import inspect
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec

from exmc.actors.event_loop import new_event_loop
from exmc.actors.runtime.invariant_watch import InvariantWatch
from exmc.actors.testing.scheduling import RandomOrder
from exmc.actors.testing.virtual import virtual_runtime

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from typing import TypeAlias

    from exmc.actors.runtime.runtime import Runtime

P = ParamSpec("P")

SEEDS: Final = range(20)
"""Few enough for each save; a program that fails one order in four fails here."""

if TYPE_CHECKING:
    AsyncTest: TypeAlias = Callable[Concatenate[Runtime, P], Awaitable[None]]


def every_schedule(
    *,
    seeds: Iterable[int] = SEEDS,
    loop_factory: Callable[[], asyncio.AbstractEventLoop] = new_event_loop,
) -> Callable[[AsyncTest[P]], Callable[P, None]]:
    """Make a plain test of `async def test(runtime, ...)`, run once for each seed.

    Each run has a loop, a virtual clock and a runtime of its own, which picks the
    next ready process at random; its invariants, before each turn, and what it leaves
    are checked. A failure carries a note that names the seed.

    Args:
        seeds: One run for each.
        loop_factory: Makes the event loop of a run.
    """

    def decorate(test: AsyncTest[P]) -> Callable[P, None]:
        @wraps(test)
        def on_every_schedule(*args: P.args, **kwargs: P.kwargs) -> None:
            for seed in seeds:

                async def main(order: RandomOrder) -> None:
                    async with virtual_runtime(order) as (runtime, _):
                        watch = InvariantWatch(runtime.kernel)
                        order.between = watch.look
                        await test(runtime, *args, **kwargs)
                    watch.check()

                run_noting(main, seed, loop_factory)

        # What collects tests asks for the arguments of the one that it calls.
        _, *others = inspect.signature(test).parameters.values()
        vars(on_every_schedule)["__signature__"] = inspect.Signature(others)
        del vars(on_every_schedule)["__wrapped__"]
        return on_every_schedule

    return decorate


def run_noting(
    main: Callable[[RandomOrder], Awaitable[None]],
    seed: int,
    loop_factory: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    """Run an async function on a loop of its own; say the seed if it fails."""

    async def seeded() -> None:
        await main(RandomOrder(seed))

    try:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            runner.run(seeded())
    except BaseException as error:
        error.add_note(
            f"It failed under schedule {seed}; run that one alone with "
            f"@every_schedule(seeds=[{seed}])."
        )
        raise
