from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exmc.gradient.affine import (
    canonical,
    composed,
    is_permutation,
    positions,
    row_major,
    span,
)
from tests.plain import program_evaluator as plain

few = settings(max_examples=25, derandomize=True, database=None, deadline=None)
SHAPES = st.lists(st.integers(1, 4), max_size=3).map(tuple)


@st.composite
def views(draw: st.DrawFn, size: int) -> tuple[tuple[int, ...], int, tuple[int, ...]]:
    """A view that stays inside of `size` entries."""
    shape = draw(SHAPES)
    low = high = offset = draw(st.integers(0, size - 1))
    strides = []
    for n in shape:
        stride = draw(st.integers(-6, 6))
        reach = (n - 1) * stride
        if low + min(reach, 0) < 0 or high + max(reach, 0) >= size:
            stride = reach = 0
        low, high = low + min(reach, 0), high + max(reach, 0)
        strides.append(stride)
    return shape, offset, tuple(strides)


@few
@given(views(24))
def test_positions_are_those_of_the_plain_evaluator(
    view: tuple[tuple[int, ...], int, tuple[int, ...]],
) -> None:
    shape, offset, strides = view
    np.testing.assert_array_equal(
        positions(shape, (offset, strides)), plain.positions(shape, offset, strides)
    )


@few
@given(views(24))
def test_the_span_is_tight(view: tuple[tuple[int, ...], int, tuple[int, ...]]) -> None:
    shape, offset, strides = view
    at = positions(shape, (offset, strides))
    assert span(shape, (offset, strides)) == (at.min(), at.max() + 1)


@few
@given(st.data())
def test_a_view_of_a_view_reads_what_both_read_one_after_the_other(
    data: st.DataObject,
) -> None:
    middle, start, steps = data.draw(views(24))
    inner = positions(middle, (start, steps))
    shape, offset, strides = data.draw(views(inner.size))
    both = inner.ravel()[positions(shape, (offset, strides))]
    place = composed(shape, (offset, strides), middle, (start, steps))
    if place is not None:
        np.testing.assert_array_equal(positions(shape, place), both)


@pytest.mark.parametrize(
    ("shape", "outer", "middle", "inner", "expected"),
    [
        ((2,), (3, (1,)), (8,), (2, (1,)), (5, (1,))),
        ((2,), (1, (2,)), (4,), (4, (-1,)), (3, (-2,))),
        ((5, 2), (0, (1, 5)), (2, 5), (0, (0, 1)), (0, (1, 0))),
        ((), (7, ()), (2, 5), (0, (0, 1)), (2, ())),
        ((10,), (0, (1,)), (2, 5), (0, (0, 1)), None),
        ((3,), (3, (1,)), (2, 5), (0, (10, 1)), None),
    ],
    ids=["slices", "backwards", "turned", "entry", "no stride", "over an end"],
)
def test_compositions(
    shape: tuple[int, ...],
    outer: tuple[int, tuple[int, ...]],
    middle: tuple[int, ...],
    inner: tuple[int, tuple[int, ...]],
    expected: tuple[int, tuple[int, ...]] | None,
) -> None:
    assert composed(shape, outer, middle, inner) == expected


def test_axes_of_one_entry_have_stride_zero() -> None:
    assert canonical((1, 5, 1), (7, 1, 9)) == (0, 1, 0)
    assert row_major((2, 1, 3)) == (3, 0, 1)


@few
@given(views(12))
def test_a_permutation_has_every_neighbour_once(
    view: tuple[tuple[int, ...], int, tuple[int, ...]],
) -> None:
    shape, offset, strides = view
    at = np.sort(positions(shape, (offset, strides)).ravel())
    neighbours = bool(np.array_equal(at, at[0] + np.arange(at.size)))
    assert is_permutation(shape, strides) == neighbours
