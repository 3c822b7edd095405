"""Rows that are only ever added."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exmc.posterior.rows import GrowingRows


@given(st.lists(st.integers(0, 100), max_size=8))
def test_rows_come_back_in_the_order_they_were_added(counts: list[int]) -> None:
    everything = np.arange(2.0 * sum(counts)).reshape(-1, 2)
    growing = GrowingRows(2)
    for part in np.split(everything, np.cumsum(counts)):
        growing.add(part)
    assert len(growing) == sum(counts)
    np.testing.assert_array_equal(growing.view(), everything)


def test_a_view_does_not_change_when_rows_are_added() -> None:
    growing = GrowingRows(1)
    growing.add(np.zeros((3, 1)))
    view = growing.view()
    for _ in range(10):
        growing.add(np.ones((20, 1)))
    np.testing.assert_array_equal(view, np.zeros((3, 1)))


def test_a_view_cannot_be_written() -> None:
    growing = GrowingRows(1)
    growing.add(np.zeros((3, 1)))
    with pytest.raises(ValueError, match="read-only"):
        growing.view()[0] = 1.0


@pytest.mark.parametrize(
    ("start", "stop", "length"), [(0, None, 5), (2, 4, 2), (3, 99, 2), (7, 9, 0)]
)
def test_a_view_beyond_the_end_has_what_there_is(
    start: int, stop: int | None, length: int
) -> None:
    growing = GrowingRows(1)
    growing.add(np.zeros((5, 1)))
    assert len(growing.view(start, stop)) == length


def test_memory_grows_by_doubling() -> None:
    growing, blocks = GrowingRows(1), set()
    for _ in range(10_000):
        growing.add(np.zeros((1, 1)))
        blocks.add(len(growing._block))
    assert len(blocks) < 10
