from __future__ import annotations

import numpy as np
import pytest

from exmc.numerics.elementary import ELEMENTARY
from exmc.numerics.elementary.arrays import ARRAYS, QUICK
from tests.numerics.elementary.edges import arguments, wide


@pytest.mark.parametrize("name", ELEMENTARY)
def test_the_quick_lanes_agree_to_rounding(name: str) -> None:
    with np.errstate(all="ignore"):
        strict = ELEMENTARY[name](ARRAYS, *arguments(name))
        quick = ELEMENTARY[name](QUICK, *arguments(name))
        strict, quick = np.where(np.abs(strict) < 1e-307, 0.0, [strict, quick])
    np.testing.assert_allclose(quick, strict, rtol=1e-12, atol=1e-13)


def test_a_split_number_is_put_together_again_exactly() -> None:
    x = np.abs(wide())
    x = x[(x >= 2.0**-1022) & (x < np.inf)]
    m, e = ARRAYS.split(x)
    assert np.all((m >= np.sqrt(0.5)) & (m < np.sqrt(2.0)))
    np.testing.assert_array_equal(ARRAYS.scaled(m, e), x)


@pytest.mark.parametrize("shape", [(), (1,), (3, 2), (0,)])
def test_every_shape_is_kept(shape: tuple[int, ...]) -> None:
    for name in ("exp", "log", "lgamma", "pow"):
        x = [np.full(shape, 0.3)] * (2 if name == "pow" else 1)
        assert np.shape(ELEMENTARY[name](ARRAYS, *x)) == shape
