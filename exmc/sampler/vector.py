"""In-place arithmetic on vectors: all that the kernels know of linear algebra.

Every vector has shape (dim,). The kernels of nuts.py and leapfrog.py are scalar
code; whatever runs over `dim` numbers is one of these functions, so that they
can be numpy here and loops in machine code elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    target += source


def add_scaled(target: Vector, factor: float, source: Vector) -> None:
    """Add `factor` times `source` to `target`."""
    target += factor * source


def set_difference(target: Vector, minuend: Vector, subtrahend: Vector) -> None:
    """Make `target` equal to `minuend` less `subtrahend`."""
    target[:] = minuend - subtrahend


def set_sum(target: Vector, first: Vector, second: Vector) -> None:
    """Make `target` equal to `first` plus `second`."""
    target[:] = first + second


def kinetic_energy(momentum: Vector) -> float:
    """Half the squared norm, in nats (unit mass); NaN when it overflows."""
    return 0.5 * finite_or_nan(momentum.dot(momentum))


def points_along(momentum: Vector, direction: Vector) -> bool:
    """Tell whether the angle between the two is below 90 degrees."""
    return bool(momentum.dot(direction) > 0.0)
