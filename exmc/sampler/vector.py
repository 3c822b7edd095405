"""In-place arithmetic on vectors: all that the kernels know of linear algebra.

Every vector has shape (dim,). The kernels of nuts.py and leapfrog.py are scalar
code; whatever runs over `dim` numbers is one of these functions, so that they
can be numpy here and loops in machine code elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exmc.numerics.guards import finite_or_nan

if TYPE_CHECKING:
    from exmc.typing import Vector


def copy(target: Vector, source: Vector) -> None:
    """Make `target` equal to `source`."""
    target[:] = source


def fill(target: Vector, value: float) -> None:
    """Set every entry of `target` to `value`."""
    target.fill(value)


def add(target: Vector, source: Vector) -> None:
    """Add `source` to `target`."""
    np.add(target, source, target)


def add_scaled(target: Vector, factor: float, source: Vector) -> None:
    """Add `factor` times `source` to `target`."""
    target += factor * source


def set_difference(target: Vector, minuend: Vector, subtrahend: Vector) -> None:
    """Make `target` equal to `minuend` less `subtrahend`."""
    np.subtract(minuend, subtrahend, target)


def kinetic_energy(momentum: Vector) -> float:
    """Half the squared norm, in nats (unit mass); NaN when it overflows."""
    return 0.5 * finite_or_nan(momentum.dot(momentum))


def turns(first_momentum: Vector, last_momentum: Vector, travel: Vector) -> bool:
    """Tell whether either momentum fails to point along the travel between the two."""
    return not (first_momentum.dot(travel) > 0.0 and last_momentum.dot(travel) > 0.0)
