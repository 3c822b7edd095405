"""One pass over draws and gradients against two."""

from __future__ import annotations

import numpy as np
import pytest

from exmc.sampler.moments import Moments


@pytest.mark.parametrize("offset", [0.0, 1e8], ids=["centred", "far from zero"])
def test_one_pass_agrees_with_two_passes(offset: float) -> None:
    rng = np.random.Generator(np.random.PCG64(7))
    pairs = offset + rng.standard_normal((300, 2, 3))
    moments = Moments(3)
    for pair in pairs:
        moments.learn(pair)
    assert moments.count == 300
    np.testing.assert_allclose(moments.mean, pairs.mean(axis=0), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(
        moments.variance(), pairs[:, 0].var(axis=0, ddof=1), rtol=1e-6
    )
    np.testing.assert_allclose(
        moments.squares / 299, pairs.var(axis=0, ddof=1), rtol=1e-6
    )


def test_a_pair_is_not_kept_by_reference() -> None:
    moments, pair = Moments(1), np.array([[1.0], [2.0]])
    moments.learn(pair)
    pair[:] = 100.0
    np.testing.assert_array_equal(moments.mean, [[1.0], [2.0]])
