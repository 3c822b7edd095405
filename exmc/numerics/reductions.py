"""Sums over vectors with the same bits everywhere: eight partial sums, added pairwise.

The compiler of kernels (`exmc.native.subset`) knows these functions by name. In
Python a sampler spends a third of its time here, hence the care.
"""

from __future__ import annotations

from collections import defaultdict
from math import isfinite
from typing import TYPE_CHECKING, Final

import numpy as np

from exmc.numerics.lanes import LANES

if TYPE_CHECKING:
    from exmc.typing import Matrix, Vector

__all__ = ["all_finite", "dot", "lane_sum"]

_SHORT: Final = 16
"""Up to here a vector's entries are quicker as Python's floats."""
_ABSENT: Final = [[0.0] * LANES, *([0.0] * (-n % LANES) for n in range(1, _SHORT + 1))]
"""What stands in the absent lanes of so many numbers."""

_rooms: Final[defaultdict[int, list[tuple[Vector, Matrix]]]] = defaultdict(list)
"""By length: a vector, and the same memory in rows of eight with zeros at the end.
Taking one and giving it back are single steps, so threads do not share one."""


def dot(x: Vector, y: Vector) -> float:
    """Return the sum of products; shapes (n,)."""
    n = len(x)
    if n <= _SHORT:
        return _short_sum(x * y, n)
    room = _room(n)
    np.multiply(x, y, room[0])
    return _long_sum(room, n)


def lane_sum(x: Vector) -> float:
    """Return the sum; shape (n,). See `exmc.numerics.lanes.lane_sum` for the rule."""
    n = len(x)
    if n <= _SHORT:
        return _short_sum(x, n)
    room = _room(n)
    room[0][:] = x
    return _long_sum(room, n)


def all_finite(x: Vector) -> bool:
    """Tell whether no entry is infinite or NaN; shape (n,)."""
    # A finite sum of squares has finite terms; an infinite one needs a closer look.
    return isfinite(x.dot(x)) or bool(np.isfinite(x).all())


def _room(n: int) -> tuple[Vector, Matrix]:
    try:
        return _rooms[n].pop()
    except IndexError:
        rows = np.zeros((-(-n // LANES), LANES))
        return rows.ravel()[:n], rows


def _short_sum(x: Vector, n: int) -> float:
    p: list[float] = x.tolist() + _ABSENT[n]
    if n > LANES:
        a, b, c, d, e, f, g, h, a2, b2, c2, d2, e2, f2, g2, h2 = p
        even = ((a + a2) + (e + e2)) + ((c + c2) + (g + g2))
        odd = ((b + b2) + (f + f2)) + ((d + d2) + (h + h2))
    else:
        a, b, c, d, e, f, g, h = p
        even, odd = (a + e) + (c + g), (b + f) + (d + h)
    # Partial sums begin at 0.0, which turns -0.0 into it; so does this.
    return even + odd + 0.0


def _long_sum(room: tuple[Vector, Matrix], n: int) -> float:
    a, b, c, d, e, f, g, h = np.add.reduce(room[1], 0).tolist()
    _rooms[n].append(room)
    total: float = ((a + e) + (c + g)) + ((b + f) + (d + h))
    return total + 0.0
