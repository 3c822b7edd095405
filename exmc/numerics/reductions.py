"""Sums over vectors with the same bits everywhere: eight partial sums, added pairwise.

The compiler of kernels (`exmc.native.subset`) knows these functions by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from exmc.typing import Vector

__all__ = ["all_finite", "dot", "lane_sum"]


def dot(x: Vector, y: Vector) -> float:
    """Return the sum of products; shapes (n,)."""
    return lane_sum(x * y)


def lane_sum(x: Vector) -> float:
    """Return the sum; shape (n,). See `exmc.numerics.lanes.lane_sum` for the rule."""
    n = x.shape[0]
    whole = n & -8
    p = x[whole:].tolist()
    p += [0.0] * (8 - len(p))
    if whole:
        rows = np.add.reduce(x[:whole].reshape(-1, 8), axis=0, initial=0.0).tolist()
        p = [a + b for a, b in zip(rows, p, strict=True)]
    a, b, c, d = p[0] + p[4], p[1] + p[5], p[2] + p[6], p[3] + p[7]
    total: float = (a + c) + (b + d)
    return total


def all_finite(x: Vector) -> bool:
    """Tell whether no entry is infinite or NaN; shape (n,)."""
    return bool(np.isfinite(x).all())
