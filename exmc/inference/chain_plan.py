"""What stays the same for a chain, however often its worker is replaced."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.actors.port.descriptor import Descriptor
    from exmc.compiler import CompiledModel
    from exmc.inference.assignment import Assignment, Failure


@dataclass(frozen=True, slots=True)
class ChainPlan:
    """A chain's work and what goes with it.

    Attributes:
        assignment: For a new chain; a port adds epoch and checkpoint.
        data: The arrays that the workers of a run map.
        explained: Adds to a failure what only the model's owner knows.
        upgrades: Whether the run has an upgrader.
    """

    assignment: Assignment
    data: Descriptor
    explained: Callable[[Failure], Failure]
    upgrades: bool = False


def naming(model: CompiledModel) -> Callable[[Failure], Failure]:
    """Return what says whose gradient or log-density was not finite at a start."""

    def explained(failure: Failure) -> Failure:
        if failure.position is None:
            return failure
        names = [model.names[i] for i in failure.coordinates]
        if not names:
            position = np.array(failure.position, dtype=np.float64)
            parts = model.terms(position)
            names = [name for name, part in parts.items() if math.isnan(part)]
        if not names:
            return failure
        message = f"{failure.message} Not finite: {', '.join(names)}."
        return msgspec.structs.replace(failure, message=message)

    return explained
