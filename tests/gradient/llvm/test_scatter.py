from __future__ import annotations

import numpy as np
import pytest

from exmc.gradient.llvm.frame import Frame
from exmc.gradient.llvm.memory import row_major
from exmc.gradient.llvm.scatter import Sums
from exmc.gradient.program import scatter_sums
from exmc.native.assembler import Module
from tests.gradient.llvm.machine import (
    PROCESSORS,
    assert_strict_bits,
    numbers,
    vector_of,
)
from tests.gradient.programs import Case

pytestmark = pytest.mark.native


def scattered(shape: tuple[int, ...], places: int, *, groups: bool = False) -> Case:
    rng = np.random.Generator(np.random.PCG64(4))
    index = rng.integers(places, size=shape)
    index = np.sort(index.ravel()).reshape(shape) if groups else index
    return vector_of(
        lambda b, _: b.scatter(b.data(numbers(*shape)), b.index(index), (places,))
    )


@pytest.mark.parametrize(
    ("shape", "places"),
    [((5,), 9), ((19,), 3), ((100,), 7), ((3, 10), 20), ((3, 10), 4), ((10, 3), 4)],
)
def test_scatters_have_the_strict_bits(shape: tuple[int, ...], places: int) -> None:
    for processor in PROCESSORS:
        assert_strict_bits(scattered(shape, places), processor)


def test_entries_of_a_group_may_follow_each_other() -> None:
    assert_strict_bits(scattered((100,), 7, groups=True))


def test_a_scalar_may_be_scattered() -> None:
    case = vector_of(lambda b, z: b.scatter(b.sum(z), b.index(3), (5,)))
    assert_strict_bits(case)


@pytest.mark.parametrize(("places", "count"), [(25, 4), (26, 1)])
def test_many_entries_have_four_sums_a_place(places: int, count: int) -> None:
    assert scatter_sums(100, places) == count
    program = scattered((100,), places).program
    frame = Frame(Module(), program)
    frame.memory[program.vector] = row_major("%out", (places,))
    sums = Sums(frame, program.vector)
    assert sums.count == count
    assert frame.work == (104 if count == 4 else 0)
