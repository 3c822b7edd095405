"""The Python engine: quiet, and the normals of the stream."""

from __future__ import annotations

import numpy as np

from exmc.numerics.random import MOMENTUM, Stream
from exmc.sampler import PYTHON, ChainSettings, NutsChain, block
from exmc.sampler.memory import Memory
from tests.sampler.densities import standard_normal


def test_overflow_on_the_way_is_a_divergence_and_not_a_warning() -> None:
    settings = ChainSettings(tune=0, draws=1, step_size=1e200, max_treedepth=5)
    one = NutsChain(standard_normal, 1, settings, 1, 0, initial=np.zeros(1))
    one.start()
    row = one.advance(1)[0]
    assert row[block.DIVERGING_COLUMN] == 1.0
    assert row[block.STATS_COLUMNS] == 0.0


def test_normals_are_those_of_the_stream() -> None:
    kernels = PYTHON(Memory(1, ChainSettings()))
    uniforms = Stream.keyed(1, 0, MOMENTUM).uniforms(50)
    expected = Stream.keyed(1, 0, MOMENTUM).normals(50)
    np.testing.assert_array_equal(kernels.normals(uniforms), expected)
