"""Named arrays as bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from exmc.errors import FrameError
from exmc.frames import pack_arrays, unpack_arrays

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

ANY_ARRAY = st.sampled_from([np.float64, np.int64, np.bool_]).flatmap(
    lambda dtype: arrays(dtype, array_shapes(min_dims=0, min_side=0, max_side=4))
)
PACKED = pack_arrays({"x": np.arange(3.0), "flag": np.array(True)})


@settings(max_examples=40)
@given(st.dictionaries(st.text(max_size=5), ANY_ARRAY, max_size=4))
def test_arrays_come_back_bit_for_bit(sent: dict[str, NDArray[Any]]) -> None:
    got = unpack_arrays(pack_arrays(sent))
    assert list(got) == list(sent)
    for name, array in sent.items():
        assert got[name].dtype == array.dtype
        assert got[name].shape == array.shape
        assert got[name].tobytes() == array.tobytes()


def test_arrays_come_back_aligned_and_read_only() -> None:
    got = unpack_arrays(pack_arrays({"b": np.ones(3, bool), "x": np.ones(2)}))
    assert got["x"].flags.aligned
    assert not got["x"].flags.writeable


def test_transposed_and_big_endian_arrays_keep_their_values() -> None:
    matrix = np.arange(6.0).reshape(2, 3)
    got = unpack_arrays(pack_arrays({"t": matrix.T, "b": matrix.astype(">f8")}))
    np.testing.assert_array_equal(got["t"], matrix.T)
    np.testing.assert_array_equal(got["b"], matrix)


def test_a_mapping_of_memory_is_read_without_a_copy() -> None:
    memory = bytearray(pack_arrays({"x": np.zeros(2)}))
    x = unpack_arrays(memoryview(memory))["x"]
    memory[-16:] = np.array([3.0, 4.0]).tobytes()
    np.testing.assert_array_equal(x, [3.0, 4.0])


@pytest.mark.parametrize("dtype", [object, np.float32, "U3", np.uint8])
def test_another_type_is_refused_by_name(dtype: DTypeLike) -> None:
    with pytest.raises(FrameError, match=r"^Array 'x' is of type .* convert it first"):
        pack_arrays({"x": np.zeros(2, dtype)})


@pytest.mark.parametrize("size", range(len(PACKED)))
def test_bytes_cut_short_are_refused(size: int) -> None:
    with pytest.raises(FrameError, match=r"^Packed array"):
        unpack_arrays(PACKED[:size])


def test_bytes_after_the_last_array_are_refused() -> None:
    with pytest.raises(FrameError, match=r"^Packed arrays take \d+ bytes, got \d+"):
        unpack_arrays(PACKED + b"12345678")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(b'"<f8"', b'"|O8"'), (b"[3]", b"-33"), (b'"shape"', b'"shapX"')],
    ids=["a type with objects", "a shape that is no list", "an unknown field"],
)
def test_an_alien_directory_is_refused(ours: bytes, theirs: bytes) -> None:
    with pytest.raises(FrameError, match=r"^Packed array"):
        unpack_arrays(PACKED.replace(ours, theirs))


def test_a_negative_shape_is_refused() -> None:
    packed = pack_arrays({"x": np.zeros((10, 10))}).replace(b"[10,10]", b"[-1,-9]")
    with pytest.raises(FrameError, match=r"^Packed array 'x' of type '<f8' and shape"):
        unpack_arrays(packed)
