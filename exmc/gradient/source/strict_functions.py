"""What the source of the strict emitter calls: the definition of every bit."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from exmc.gradient.program import LANES, lane_axis
from exmc.gradient.source import strict_matrices
from exmc.gradient.source.fast_functions import spread, stepwise
from exmc.numerics import reductions
from exmc.numerics.elementary import ELEMENTARY, scalar
from exmc.numerics.elementary.arrays import ARRAYS
from exmc.numerics.elementary.floats import FLOATS
from exmc.numerics.lanes import lane_sum

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from exmc.typing import Array, Matrix, Vector


def total(x: Array, axes: tuple[int, ...]) -> Array:
    """Return the sum over axes by the rule of `exmc.gradient.program.lane_axis`."""
    lanes = lane_axis(x.shape)
    kept = [axis for axis in range(x.ndim) if axis not in axes]
    shape = [x.shape[axis] for axis in kept]
    if lanes not in axes:
        rows = np.transpose(x, (*axes, *kept)).reshape(-1, *shape)
        return in_order(np.ascontiguousarray(rows), initial=0.0)
    order = [axis for axis in axes if axis != lanes]
    rows = np.transpose(x, (*kept, *order, lanes))
    missing = -x.shape[lanes] % LANES
    padded = np.pad(rows, [(0, 0)] * (x.ndim - 1) + [(0, missing)])
    return lane_sum(padded.reshape(*shape, -1))


def in_order(rows: Array, initial: float = -0.0) -> Array:
    """Return the sum along the first axis, one at a time.

    Args:
        rows: C-contiguous.
        initial: What the sum starts from; -0.0 changes nothing.
    """
    if rows[:1].size == 1:  # numpy would sum what looks like a vector pairwise
        series = np.concatenate([[initial], rows.reshape(-1)])
        return np.add.accumulate(series)[-1:].reshape(rows.shape[1:])
    return np.asarray(np.add.reduce(rows, axis=0, initial=initial))


def quartered(index: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where partial sum i mod 4 of each place is, for entry i of the last axis.

    See `exmc.gradient.program.scatter_sums`; the result is flat.
    """
    places: NDArray[np.int64] = 4 * index + np.arange(index.shape[-1]) % 4
    return places.ravel()


def joined(partial: Vector) -> Vector:
    """Return the sum of each place's four partial sums."""
    sums = partial.reshape(-1, 4)
    halves: Array = sums[:, :2] + sums[:, 2:]
    return halves[:, 0] + halves[:, 1]


def largest(x: Array, axes: tuple[int, ...]) -> Array:
    """Return the maximum over axes; 0.0 if it is a zero of either sign."""
    return np.asarray(np.maximum.reduce(x, axes) + 0.0)


def combine(m: Matrix, x: Vector) -> Vector:
    """Return the sum of x[j] m[j], from j = 0 up."""
    return in_order(np.ascontiguousarray(m * x[:, None]))


def project(m: Matrix, g: Vector) -> Vector:
    """Return the lane sums of m[j] g."""
    return lane_sum(np.ascontiguousarray(m * g))


def recur(a: Array | float, x: Array, *, reverse: bool) -> Array:
    """Return y[..., t] = a[..., t] y[..., t - 1] + x[..., t], with y[..., -1] = 0.

    From the other end, y[..., t] = a[..., t] y[..., t + 1] + x[..., t], if reverse.
    """
    if not reverse:
        return stepwise(a, x)
    return stepwise(a if isinstance(a, float) else a[..., ::-1], x[..., ::-1])[
        ..., ::-1
    ]


def _elementary() -> dict[str, Any]:
    """Return every elementary function, on arrays and on floats."""
    names: dict[str, Any] = {}
    for name, function in ELEMENTARY.items():
        names[name] = partial(function, ARRAYS)
        quick = vars(scalar).get(name, partial(function, FLOATS))
        names[f"float_{name}"] = quick
    return names


FUNCTIONS: Final[Mapping[str, Any]] = {
    **_elementary(),
    "amax": largest,
    "ascontiguousarray": np.ascontiguousarray,
    "bincount": np.bincount,
    "cholesky": strict_matrices.cholesky,
    "cholesky_back": strict_matrices.cholesky_back,
    "combine": combine,
    "dot": reductions.dot,
    "empty": np.empty,
    "float64": np.float64,
    "gaussian": strict_matrices.gaussian,
    "inf": math.inf,
    "joined": joined,
    "lane_sum": reductions.lane_sum,
    "nan": math.nan,
    "ndarray": np.ndarray,
    "project": project,
    "quartered": quartered,
    "ravel": np.ravel,
    "recur": recur,
    "solve_lower": strict_matrices.solve_lower,
    "spread": spread,
    "sum": total,
    "zeros": np.zeros,
}
