from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exmc.gradient.builder import Builder
from exmc.gradient.lowering.places import (
    added,
    even_steps,
    gathered,
    place_of_view,
    placed,
    positions,
    rearranged,
)
from tests.plain.program_evaluator import evaluate
from tests.plain.program_evaluator import positions as plain_positions

Arrange = Callable[[Any], Any]

SHAPE = (2, 3, 4)
Z = np.arange(24.0)

FREE: list[Arrange] = [
    lambda a: a,
    lambda a: a[1, :, ::-2],
    lambda a: a[..., None, 0],
    lambda a: np.transpose(a, (2, 0, 1)),
    lambda a: np.diagonal(a, 1, 1, 2),
    lambda a: np.broadcast_to(a[:, :1], (5, *SHAPE)),
    lambda a: np.reshape(a, (6, 4)),
]
COPIED: list[Arrange] = [
    lambda a: np.roll(a, 1),
    lambda a: a[:, [0, 2, 2]],
    lambda a: np.repeat(a, 2, axis=1),
]
COPIED_EVENLY: list[Arrange] = [
    lambda a: a[:, [0, 2]],
    lambda a: np.tile(a[0, 0, :1], 4),
    lambda a: np.transpose(a).ravel()[:2],
]


@pytest.mark.parametrize("arrange", FREE)
def test_a_view_shows_its_place(arrange: Arrange) -> None:
    seen = place_of_view(SHAPE, arrange)
    assert seen is not None
    shape, (offset, strides) = seen
    at = np.broadcast_to(plain_positions(shape, offset, strides), shape)
    np.testing.assert_array_equal(at, positions(SHAPE, arrange))


@pytest.mark.parametrize("arrange", COPIED)
def test_a_copy_has_no_place_of_its_own(arrange: Arrange) -> None:
    assert place_of_view(SHAPE, arrange) is None
    assert even_steps(positions(SHAPE, arrange)) is None


@pytest.mark.parametrize("arrange", COPIED_EVENLY)
def test_a_copy_in_even_steps_is_a_view_all_the_same(arrange: Arrange) -> None:
    assert place_of_view(SHAPE, arrange) is None
    assert even_steps(positions(SHAPE, arrange)) is not None


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(-5, 5)), max_size=3),
    st.integers(50, 60),
)
def test_even_steps_are_found(axes: list[tuple[int, int]], offset: int) -> None:
    shape, strides = [n for n, _ in axes], [s for _, s in axes]
    at = np.broadcast_to(plain_positions(shape, offset, strides), shape)
    found = even_steps(at)
    assert found is not None
    np.testing.assert_array_equal(
        np.broadcast_to(plain_positions(shape, *found), shape), at
    )


def test_one_entry_out_of_line_is_seen() -> None:
    at = np.arange(12).reshape(3, 4)
    at[2, 3] += 1
    assert even_steps(at) is None


def result(make: Callable[[Builder, Any], Any]) -> Any:
    build = Builder(24)
    node = make(build, build.reshape(build.input(), SHAPE))
    flat = build.reshape(node, (node.size,))
    program, data = build.program(build.const(0.0), flat)
    return evaluate(program, data, Z)[1].reshape(node.shape)


@pytest.mark.parametrize("arrange", [*FREE, *COPIED, *COPIED_EVENLY])
def test_a_node_is_rearranged_as_an_array_is(arrange: Arrange) -> None:
    expected = arrange(Z.reshape(SHAPE))
    got = result(lambda build, x: rearranged(build, x, arrange))
    np.testing.assert_array_equal(got, expected)


def test_an_index_is_data_even_in_even_steps() -> None:
    at = np.array([[0, 2], [4, 6]])
    got = result(lambda build, x: gathered(build, x, at))
    np.testing.assert_array_equal(got, Z[at])


@pytest.mark.parametrize("arrange", [FREE[1], FREE[3], COPIED[0]])
def test_placed_entries_stand_where_they_would_be_read(arrange: Arrange) -> None:
    def back(build: Builder, x: Any) -> Any:
        return placed(build, rearranged(build, x, arrange), SHAPE, arrange)

    expected = np.zeros(24)
    at = positions(SHAPE, arrange).ravel()
    expected[at] = Z[at]
    np.testing.assert_array_equal(result(back).ravel(), expected)


def test_all_entries_in_order_need_no_place() -> None:
    build = Builder(24)
    node = placed(build, build.input(), (24, 1), lambda a: a[:, 0])
    assert node.op == "view"
    assert placed(build, build.input(), (24,), lambda a: a[::-1]).op == "assemble"


def test_entries_of_one_place_are_added() -> None:
    at = np.zeros(SHAPE, dtype=np.int64)
    got = result(lambda build, x: added(build, x, (3,), at))
    np.testing.assert_array_equal(got, [Z.sum(), 0.0, 0.0])
