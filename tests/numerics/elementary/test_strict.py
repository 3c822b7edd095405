from __future__ import annotations

import numpy as np
import pytest

from exmc.numerics.elementary import ELEMENTARY, scalar, strict
from tests.numerics.elementary.edges import arity

NAMES = sorted(set(ELEMENTARY) & set(vars(strict)))
X = np.linspace(0.1, 0.9, 12).reshape(3, 4)


@pytest.mark.parametrize("name", NAMES)
def test_an_array_has_in_each_entry_what_the_scalar_function_gives(name: str) -> None:
    at = (X, X[::-1])[: arity(name)]
    each = map(getattr(scalar, name), *(x.ravel().tolist() for x in at))
    values = getattr(strict, name)(*at)
    np.testing.assert_array_equal(values, np.array(list(each)).reshape(3, 4))


def test_both_modules_have_the_same_functions() -> None:
    assert set(NAMES) == set(ELEMENTARY) & set(vars(scalar))
