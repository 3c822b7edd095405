from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from exmc.gradient.node import Node
from exmc.gradient.plain_builder import PlainBuilder as B
from exmc.gradient.source.fast import FAST
from exmc.gradient.source.strict import STRICT
from exmc.gradient.source.structure import STRUCTURE
from tests.gradient.source.lines import scalar_line, vector_line

INDEX = np.array([3, 1, 4])


@pytest.mark.parametrize("rules", [FAST, STRICT], ids=["fast", "strict"])
@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (lambda b, z: b.view(z, (4,), 2, (1,)), "z[2:6]"),
        (lambda b, z: b.gather(z, b.index(INDEX)), "z.take(d0)"),
        (
            lambda b, z: b.scatter(b.gather(z, b.index(INDEX)), b.index(INDEX), (9,)),
            "bincount(d0, z.take(d0), 9)",
        ),
        (
            lambda b, z: b.view(
                b.scatter(b.view(z, (3,), 0, (1,)), b.index(INDEX), (3, 3)),
                (9,),
                0,
                (1,),
            ),
            "bincount(d0, z[0:3], 9).reshape(3, 3).reshape(9,)",
        ),
    ],
)
def test_moving_numbers_is_the_same_for_both_emitters(
    expression: Callable[[B, Node], Node], text: str, rules: object
) -> None:
    assert vector_line(expression, rules) == text


def test_a_view_of_one_entry_is_a_float() -> None:
    assert scalar_line(lambda b, z: b.view(z, (), 5, ()), STRUCTURE) == "z.item(5)"


def test_a_repeated_number_stays_a_number() -> None:
    def expression(b: B, z: Node) -> Node:
        return b.mul(b.view(b.view(z, (), 5, ()), (12,), 0, (0,)), z)

    assert vector_line(expression, FAST) == "z.item(5) * z"
