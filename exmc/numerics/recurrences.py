"""Linear recurrences in plain numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from exmc.typing import Array


def recurrence(a: ArrayLike, x: ArrayLike, *, reverse: bool = False) -> Array:
    """Return y[t] = a[t] y[t-1] + x[t] along the last axis, with y[-1] = 0. O(n).

    Args:
        a: A number, or the shape of x.
        x: Shape (..., n), n > 0.
        reverse: From the other end: y[t] = a[t] y[t+1] + x[t].
    """
    steps = np.asarray(x, dtype=np.float64)
    factors = np.broadcast_to(np.asarray(a, dtype=np.float64), steps.shape)
    if steps.ndim == 1:
        return _of_one_row(factors, steps, reverse=reverse)
    order = range(steps.shape[-1])
    answer, last = np.empty_like(steps), np.zeros(steps.shape[:-1])
    for t in reversed(order) if reverse else order:
        last = answer[..., t] = factors[..., t] * last + steps[..., t]
    return answer


def _of_one_row(factors: Array, steps: Array, *, reverse: bool) -> Array:
    """Go over Python floats: a step of numpy's costs as much as twenty of theirs."""
    way = -1 if reverse else 1
    last, answer = 0.0, []
    for factor, step in zip(
        factors[::way].tolist(), steps[::way].tolist(), strict=True
    ):
        last = factor * last + step
        answer.append(last)
    return np.array(answer)[::way]
