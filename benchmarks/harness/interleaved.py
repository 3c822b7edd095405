"""Sides measured in turns, in short pieces, so that all meet the same noise."""

from __future__ import annotations

import gc
import statistics
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actor_sides.workload import Run, Side

PIECE = 0.008
"""CPU seconds of one piece, at least."""

ROUNDS = 31
FEWEST_ROUNDS = 7
ENOUGH = 3.0
"""CPU seconds of one side after which FEWEST_ROUNDS suffice."""


@dataclass(frozen=True)
class Costs:
    """What units of work cost a side: CPU seconds of one, piece by piece."""

    pieces: tuple[float, ...]

    @property
    def median(self) -> float:
        """Of one unit."""
        return statistics.median(self.pieces)

    def over(self, other: Costs) -> tuple[float, float, float]:
        """Quartiles of the ratios to another's costs in the same rounds."""
        ratios = [a / b for a, b in zip(self.pieces, other.pieces, strict=True)]
        low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
        return low, middle, high


async def measured(
    workload: str, sides: Sequence[Side], size: int, least: int
) -> list[Costs]:
    """Measure a workload on each side.

    Args:
        workload: Its name.
        sides: They take turns.
        size: Processes; a side that can have fewer has fewer.
        least: Units in one piece.
    """
    async with AsyncExitStack() as stack:
        runs = []
        for side in sides:
            await stack.enter_async_context(side.opened())
            make = side.workloads[workload]
            runs.append(await stack.enter_async_context(make(min(size, side.most))))
        units = [
            await sized(run, min(least, side.most * (least // size)))
            for side, run in zip(sides, runs, strict=True)
        ]
        return await in_turns(runs, units)


async def sized(run: Run, least: int) -> int:
    """Return how many units make a piece long enough; the work is warm then."""
    units = least
    while await run(units) < PIECE:
        units *= 2
    return units


async def in_turns(runs: Sequence[Run], units: Sequence[int]) -> list[Costs]:
    """Let every side do a piece, and again."""
    costs: list[list[float]] = [[] for _ in runs]
    most_spent = 0.0
    for done in range(ROUNDS):
        if done >= FEWEST_ROUNDS and most_spent > ENOUGH:
            break
        for side, (run, number) in enumerate(zip(runs, units, strict=True)):
            # Nobody is to clean up after another.
            gc.collect()
            costs[side].append(await run(number) / number)
        most_spent = max(sum(c) * n for c, n in zip(costs, units, strict=True))
    return [Costs(tuple(pieces)) for pieces in costs]
