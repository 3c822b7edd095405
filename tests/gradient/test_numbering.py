from __future__ import annotations

import numpy as np
import pytest

from exmc.gradient.numbering import live, numbered
from exmc.gradient.plain_builder import PlainBuilder


def test_what_no_output_needs_is_left_out() -> None:
    b = PlainBuilder(3)
    x = b.input()
    b.make("exp", (x,))
    total = b.sum(x)
    assert live([total]) == [x, total]


def test_the_order_depends_on_the_outputs_not_on_the_building() -> None:
    texts = []
    for first in ("exp", "log"):
        b = PlainBuilder(3)
        b.make(first, (b.input(),))
        both = b.add(b.make("exp", (b.input(),)), b.make("log", (b.input(),)))
        texts.append(b.program(b.sum(both), both)[0].text)
    assert texts[0] == texts[1]


def test_a_deep_chain_needs_no_deep_stack() -> None:
    b = PlainBuilder(1)
    x = b.input()
    for _ in range(5000):
        x = b.make("exp", (x,))
    assert len(live([x])) == 5001


def test_slots_are_numbered_in_the_order_of_the_instructions() -> None:
    b = PlainBuilder(3)
    index, values = b.index([2, 0, 1]), b.data([1.0, 2.0, 3.0])
    x = b.mul(b.gather(b.input(), index), values)
    program, data = numbered(3, b.const(0.0), x)
    assert program.slots == (("int64", (3,)), ("float64", (3,)))
    np.testing.assert_array_equal(data[0], [2, 0, 1])
    np.testing.assert_array_equal(data[1], [1.0, 2.0, 3.0])


@pytest.mark.parametrize("swapped", [True, False])
def test_outputs_of_other_shapes_are_refused(*, swapped: bool) -> None:
    b = PlainBuilder(3)
    vector = b.input()
    scalar = vector if swapped else b.view(vector, (1, 3), 0, (3, 1))
    with pytest.raises(ValueError, match="Outputs have shapes"):
        numbered(3, b.sum(vector), scalar) if not swapped else numbered(
            3, scalar, vector
        )
