from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from exmc.gradient.node import Node
from exmc.gradient.plain_builder import PlainBuilder as B
from exmc.gradient.source.fast import FAST
from tests.gradient.source.lines import body_of, scalar_line, vector_line


def item(b: B, z: Node, place: int) -> Node:
    return b.view(z, (), place, ())


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (lambda b, z: b.sub(item(b, z, 0), item(b, z, 1)), "z.item(0) - z.item(1)"),
        (
            lambda b, z: b.add(b.neg(item(b, z, 0)), item(b, z, 1)),
            "z.item(1) - z.item(0)",
        ),
        (lambda b, z: b.div(item(b, z, 0), item(b, z, 1)), "z.item(0) / z.item(1)"),
        (lambda b, z: b.apply("exp", item(b, z, 0)), "float_exp(z.item(0))"),
        (
            lambda b, z: b.apply(
                "where",
                b.apply("lt", item(b, z, 0), b.const(1.0)),
                item(b, z, 1),
                b.const(2.0),
            ),
            "z.item(1) if z.item(0) < 1.0 else 2.0",
        ),
        (lambda b, z: b.sum(z), "float(z.dot(ones_12))"),
        (lambda b, z: b.sum(b.mul(z, z)), "float(z.dot(z))"),
        (
            lambda b, z: b.sum(b.mul(b.const(3.0), z, b.recip(z))),
            "3.0 * float((1.0 / z).dot(z))",
        ),
        (lambda b, z: b.apply("amax", z, axes=(0,)), "float(maximum_reduce(z))"),
    ],
)
def test_numbers_are_floats_of_python(
    expression: Callable[[B, Node], Node], text: str
) -> None:
    assert scalar_line(expression, FAST) == text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (
            lambda b, z: b.add(z, item(b, z, 0), b.neg(item(b, z, 1))),
            "(z.item(0) - z.item(1)) + z",
        ),
        (
            lambda b, z: b.mul(z, item(b, z, 0), b.recip(item(b, z, 1))),
            "z.item(0) / z.item(1) * z",
        ),
        (lambda b, z: b.mul(z, b.recip(b.apply("exp", z))), "z / exp(z)"),
        (lambda b, z: b.mul(b.recip(z), b.recip(z)), "t2 * t2"),
        (lambda b, z: b.apply("lt", z, b.const(0.0)), "1.0 * (z < 0.0)"),
        (
            lambda b, z: b.apply("where", b.apply("le", z, b.const(0.0)), z, z),
            "where(z <= 0.0, z, z)",
        ),
        (lambda b, z: b.apply("where", z, z, z), "where(z != 0.0, z, z)"),
        (
            lambda b, z: b.apply("recur", b.const(1.0), z, reverse=True),
            "add_accumulate(z[..., ::-1], -1)[..., ::-1]",
        ),
        (
            lambda b, z: b.apply("recur", b.const(0.5), z, reverse=False),
            "recurrence(0.5, z)",
        ),
    ],
)
def test_numbers_come_before_arrays_and_quotients_are_divided_at_once(
    expression: Callable[[B, Node], Node], text: str
) -> None:
    assert vector_line(expression, FAST) == text


def test_a_column_is_computed_before_it_is_spread() -> None:
    def make(b: B, z: Node) -> tuple[Node, Node]:
        column = b.view(z, (12, 3), 0, (1, 0))
        rows = b.data(np.arange(36.0).reshape(12, 3))
        return b.const(0.0), b.sum(b.mul(b.apply("exp", column), rows), axes=[1])

    assert body_of(make, FAST)[0] == (
        "out[:] = (exp(z.reshape(12, 1)) * d0).dot(ones_3)"
    )


def test_products_with_a_matrix_are_blas_calls() -> None:
    def make(b: B, z: Node) -> tuple[Node, Node]:
        rows = b.data(np.arange(24.0).reshape(2, 12))
        return b.const(0.0), b.apply("combine", rows, b.apply("project", rows, z))

    assert body_of(make, FAST)[0] == "out[:] = d0.dot(z).dot(d0)"
