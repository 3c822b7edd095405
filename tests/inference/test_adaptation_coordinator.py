from __future__ import annotations

from exmc.actors import run
from exmc.actors.testing import virtual_runtime
from exmc.inference.adaptation_coordinator import (
    AdaptationCoordinator,
    adaptations,
    publish,
)
from exmc.inference.assignment import Adapted


def test_the_latest_word_of_each_chain_is_published() -> None:
    early = Adapted(0.5, [1.0], [0.0], 10)
    late = Adapted(0.25, [2.0], [0.0], 20)

    async def main() -> None:
        async with virtual_runtime() as (runtime, _clock):
            coordinator = await runtime.start(AdaptationCoordinator, 2)
            assert await adaptations(coordinator) == (None, None)
            publish(coordinator, 1, early)
            publish(coordinator, 1, late)
            assert await adaptations(coordinator) == (None, late)

    run(main)
