"""What is kept about a run."""

from __future__ import annotations

import numpy as np

from exmc.posterior import RunMeta


def test_what_a_chain_adapted_is_kept_as_arrays() -> None:
    chain = {"step_size": 0.25, "scale": [1.0, 2.0]}
    meta = RunMeta("c0ffee", 1, 10, 10, adaptation=(chain,))
    assert meta.adaptation[0]["step_size"].shape == ()
    np.testing.assert_array_equal(meta.adaptation[0]["scale"], [1.0, 2.0])
