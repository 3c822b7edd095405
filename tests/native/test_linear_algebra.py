"""The kernels of `exmc.numerics.linear_algebra` as machine code have Python's bits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from exmc.native.subset import Kernels
from exmc.numerics import linear_algebra
from exmc.typing import Array
from tests.native.levels import HERE

pytestmark = pytest.mark.native

NAMES = (
    "cholesky",
    "cholesky_back",
    "gaussian",
    "solve_lower",
    "solve_lower_vector",
    "solve_upper",
    "solve_upper_vector",
)
PYTHON = {name: getattr(linear_algebra, name) for name in NAMES}
SIZES = [1, 2, 7, 8, 9, 16, 23, 40]


LEVELS = [*(pytest.param(x, marks=pytest.mark.slow) for x in HERE[:-1]), HERE[-1]]


@pytest.fixture(scope="module", params=LEVELS)
def native(request: pytest.FixtureRequest) -> Mapping[str, Callable[..., Any]]:
    kernels = Kernels(*PYTHON.values())
    return kernels.load(kernels.compiled(request.param))


def results(kernels: Mapping[str, Callable[..., Any]], n: int) -> list[Array]:
    """What every kernel makes of one random problem of size n."""
    rng = np.random.Generator(np.random.PCG64(n))
    factors = rng.standard_normal((n, n + 3))
    a, g, b = factors @ factors.T, rng.standard_normal((n, n)), factors[:, :3].copy()
    r = b[:, 0].copy()
    lower, gradient, inverse, u, root = np.zeros((5, n, n))
    forth, back = np.zeros((2, n, 3))
    once, twice, solved = np.zeros((3, n))
    kernels["cholesky"](a, lower, u)
    kernels["cholesky_back"](lower, g, gradient, u, root)
    kernels["solve_lower"](lower, b, forth)
    kernels["solve_upper"](lower, b, back)
    kernels["solve_lower_vector"](lower, r, once)
    kernels["solve_upper_vector"](lower, r, twice)
    value = kernels["gaussian"](a, r, solved, inverse, u, root)
    found = [lower, gradient, forth, back, once, twice, solved, inverse]
    return [*found, np.array(value)]


@pytest.mark.parametrize("n", SIZES)
def test_every_kernel_has_pythons_bits(
    native: Mapping[str, Callable[..., Any]], n: int
) -> None:
    for ours, pythons in zip(results(native, n), results(PYTHON, n), strict=True):
        np.testing.assert_array_equal(ours, pythons)


def test_a_matrix_that_is_not_positive_definite_is_nan_throughout(
    native: Mapping[str, Callable[..., Any]],
) -> None:
    lower, scratch = np.zeros((2, 9, 9))
    native["cholesky"](np.ones((9, 9)), lower, scratch)
    assert np.isnan(lower).all()
