"""What the kernels ask of vectors: energy and direction.

Rule for this file: the compilable subset (exmc.native.subset).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from exmc.numerics.reductions import dot
from exmc.typing import Vector

Rows: TypeAlias = Sequence[Vector]
"""The rows of a matrix. Python walks a tuple of them, machine code the matrix."""


def kinetic_energy(momentum: Vector) -> float:
    """Half the squared norm, in nats (unit mass)."""
    return 0.5 * dot(momentum, momentum)


def turns(first_momentum: Vector, last_momentum: Vector, travel: Vector) -> bool:
    """Tell whether either momentum fails to point along the travel between the two."""
    return not (dot(first_momentum, travel) > 0.0 and dot(last_momentum, travel) > 0.0)
