from __future__ import annotations

import numpy as np
import pytest

from exmc.gradient.llvm.memory import Memory, lanes_last, moved, row_major
from exmc.native.assembler import Assembler, Module
from tests.gradient.llvm.machine import assert_strict_bits, machine_outputs, vector_of

pytestmark = pytest.mark.native

SIZES = [1, 3, 8, 11, 16, 21]


def test_a_pointer_that_is_known_is_one_instruction() -> None:
    assembler = Assembler(Module())
    memory = Memory("%x", (12, 1), 5)
    assert memory.pointer(assembler, (2, 3)) == "%t1"
    assert "ptr %x, i64 32" in assembler.body("")
    assert memory.row(assembler, 2) == Memory("%x", (1,), 29)


def test_no_step_is_no_instruction() -> None:
    assembler = Assembler(Module())
    assert moved(assembler, "%x", 0) == "%x"
    assert Memory("%x", (1,)).start(assembler) == "%x"
    assert Memory("%x", (0,)).pointer(assembler, ("%i",)) == "%x"


def test_a_view_of_memory_is_memory() -> None:
    whole = row_major("%x", (3, 4))
    assert whole == Memory("%x", (4, 1))
    assert whole.viewed((2, (1, 0, 4))) == Memory("%x", (1, 0, 4), 2)


@pytest.mark.parametrize(
    ("shape", "strides"),
    [((5,), (1,)), ((3, 9), (9, 1)), ((9, 3), (1, 9)), ((2, 9, 3), (27, 1, 9))],
)
def test_kept_arrays_lie_in_the_order_of_their_loop(
    shape: tuple[int, ...], strides: tuple[int, ...]
) -> None:
    memory = lanes_last("%x", shape)
    assert memory.strides == strides
    places = np.add.reduce(np.multiply(np.indices(shape).T, strides), axis=-1)
    assert sorted(places.ravel()) == list(range(places.size))


def start_of(size: int, stride: int) -> int:
    return 2 + max(0, -stride * (size - 1))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("stride", [0, 1, -1, 2, -3])
def test_entries_are_read_at_any_stride(stride: int, size: int) -> None:
    start = start_of(size, stride)
    case = vector_of(lambda b, z: b.view(z, (size,), start, (stride,)), 80)
    _, vector = machine_outputs(case)
    np.testing.assert_array_equal(vector, case.z[start + stride * np.arange(size)])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("stride", [1, -1, 3])
def test_entries_are_written_at_any_stride(stride: int, size: int) -> None:
    place = start_of(size, stride), (stride,)
    whole = (place[0] + abs(stride) * size,)
    assert_strict_bits(
        vector_of(lambda b, z: b.assemble([b.neg(z)], [place], whole), size)
    )
