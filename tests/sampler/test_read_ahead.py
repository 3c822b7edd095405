"""However a stream is read, its numbers come in one order and are counted."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis.strategies import integers, lists

from exmc.numerics.random import TREE, Stream
from exmc.sampler.read_ahead import BLOCK, ReadAhead

ALL = Stream.keyed(3, 0, TREE).uniforms(40 * BLOCK)


def reader(consumed: int = 0) -> ReadAhead:
    return ReadAhead(Stream.keyed(3, 0, TREE, consumed).uniforms, consumed)


@given(lists(integers(0, 3 * BLOCK), max_size=8))
def test_any_cutting_gives_the_same_numbers(sizes: list[int]) -> None:
    numbers = reader()
    got = np.concatenate([np.empty(0), *(numbers.take(size) for size in sizes)])
    np.testing.assert_array_equal(got, ALL[: sum(sizes)])
    assert numbers.consumed == sum(sizes)


def test_looking_ahead_uses_nothing_up() -> None:
    numbers = reader()
    seen = numbers.ahead(5)[:5].copy()
    assert numbers.consumed == 0
    np.testing.assert_array_equal(numbers.take(5), seen)


@given(integers(0, 5000))
def test_a_reader_opened_at_its_count_goes_on_where_the_other_stopped(
    used: int,
) -> None:
    numbers = reader()
    numbers.ahead(used + 1000)
    numbers.use(used)
    again = reader(numbers.consumed)
    np.testing.assert_array_equal(again.take(10), ALL[used : used + 10])
    assert again.consumed == used + 10
