"""One pass over draws and gradients against two."""

from __future__ import annotations

import numpy as np
import pytest

from exmc.sampler.moments import (
    GRADIENT_MEAN,
    GRADIENT_SQUARES,
    POSITION_MEAN,
    POSITION_SQUARES,
    WINDOW_ROWS,
    learn_pair,
)


@pytest.mark.parametrize("offset", [0.0, 1e8], ids=["centred", "far from zero"])
@pytest.mark.parametrize("first", [0, WINDOW_ROWS])
def test_one_pass_agrees_with_two_passes(offset: float, first: int) -> None:
    rng = np.random.Generator(np.random.PCG64(7))
    pairs = offset + rng.standard_normal((300, 2, 3))
    windows, scratch = np.zeros((2 * WINDOW_ROWS, 3)), np.zeros((1, 3))
    for count, (position, gradient) in enumerate(pairs, 1):
        learn_pair(tuple(windows), first, count, position, gradient, tuple(scratch))
    means = windows[[first + POSITION_MEAN, first + GRADIENT_MEAN]]
    squares = windows[[first + POSITION_SQUARES, first + GRADIENT_SQUARES]]
    np.testing.assert_allclose(means, pairs.mean(axis=0), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(squares / 299, pairs.var(axis=0, ddof=1), rtol=1e-6)
    others = np.delete(windows, slice(first, first + WINDOW_ROWS), axis=0)
    np.testing.assert_array_equal(others, 0.0)


def test_a_pair_is_not_kept_by_reference() -> None:
    windows, position, gradient = np.zeros((4, 1)), np.ones(1), np.ones(1)
    learn_pair(tuple(windows), 0, 1.0, position, gradient, (np.zeros(1),))
    position[:] = gradient[:] = 100.0
    np.testing.assert_array_equal(windows[:, 0], [1.0, 1.0, 0.0, 0.0])
