from __future__ import annotations

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import value_and_grad

from exmc.errors import UntraceableError
from exmc.gradient.tape import Recording
from exmc.gradient.watched import WatchedNode, node_of, value_of


def test_the_truth_of_a_watched_value_is_not_told() -> None:
    with Recording() as tape:
        z = tape.begin(np.array([1.0, 2.0]))
        message = r"^The function branches on a value that depends on its arguments; ch"
        with pytest.raises(UntraceableError, match=message):
            bool(z[0] > 0)


def test_other_values_of_autograd_tell_theirs() -> None:
    value, _ = value_and_grad(lambda z: z if z > 0 else -z)(-2.0)
    assert value == 2.0


def test_a_value_shows_its_node_and_what_it_is() -> None:
    with Recording() as tape:
        z = tape.begin(np.array([1.0, 2.0]))
        assert isinstance(node_of(anp.exp(z)), WatchedNode)
        np.testing.assert_array_equal(value_of(z), [1.0, 2.0])
