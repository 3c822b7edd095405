"""Arguments on which implementations of the same bits must agree."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from exmc.numerics.elementary import ELEMENTARY, exponential

INF, NAN = np.inf, np.nan
_SPECIAL = [0.0, 5e-324, 1e-310, 2.0**-1022, 1e-20, 0.5, 1.0, 1.5, 2.0, 2.5, 8.0]
_SPECIAL += [26.5, 30.0, 40.0, 300.0, 708.39, 708.4, 709.79, 745.0, 1e6, 1e9]
_SPECIAL += [-exponential.SMALLEST, exponential.LARGEST]
_SPECIAL += [2.0**51 + 0.5, 2.0**52, 2.0**53 + 2.0, 1e154, 1e300, 1.79e308, INF]


def arity(name: str) -> int:
    return len(inspect.signature(ELEMENTARY[name]).parameters) - 1


def wide() -> Any:
    """Numbers of every size and sign, and the special ones; a multiple of 8."""
    rng = np.random.Generator(np.random.PCG64(1))
    special = np.array([*_SPECIAL, *(-x for x in _SPECIAL), NAN])
    sizes = np.exp(rng.uniform(-744.0, 709.0, 150))
    x = [
        special,
        sizes,
        -sizes,
        rng.uniform(-750.0, 750.0, 150),
        rng.uniform(0, 1, 150),
    ]
    joined = np.concatenate([*x, 5.0 * rng.standard_normal(150)])
    return np.append(joined, np.ones(-len(joined) % 8))


def arguments(name: str) -> list[Any]:
    rng = np.random.Generator(np.random.PCG64(2))
    x = wide()
    return [x, *(rng.permutation(x) for _ in range(arity(name) - 1))]


def same_bits(ours: Any, theirs: Any) -> None:
    """Equal, zeros with their signs; one NaN is as good as another."""
    np.testing.assert_array_equal(ours, theirs)
    numbers = ~np.isnan(ours)
    signs = np.signbit(ours), np.signbit(theirs)
    np.testing.assert_array_equal(signs[0][numbers], signs[1][numbers])
