from __future__ import annotations

import numpy as np

from exmc.gradient.node import Node
from exmc.gradient.plain_builder import PlainBuilder as B
from exmc.gradient.source.fast import FAST
from tests.gradient.source.lines import beforehand_of, body_of, source_of


def test_a_whole_function_reads_like_one_written_by_hand() -> None:
    def make(b: B, z: Node) -> tuple[Node, Node]:
        scale = b.apply("exp", b.view(z, (), 0, ()))
        rest = b.mul(scale, b.view(z, (3,), 1, (1,)))
        residual = b.sub(b.data([1.0, 2.0, 3.0]), rest)
        gradient = b.assemble([scale, residual], [(0, ()), (1, (1,))], (4,))
        return b.sum(b.mul(residual, residual)), gradient

    assert source_of(make, FAST, 4) == (
        "def bind(data, otherwise):\n"
        "    d0, = data\n"
        "    def function(z, out):\n"
        "        try:\n"
        "            t3 = float_exp(z.item(0))\n"
        "            t7 = d0 - t3 * z[1:4]\n"
        "            out[0] = t3\n"
        "            out[1:4] = t7\n"
        "            return float(t7.dot(t7))\n"
        "        except (ArithmeticError, ValueError):\n"
        "            return otherwise(z, out)\n"
        "    return function\n"
    )


def test_what_depends_on_data_alone_is_computed_once() -> None:
    def make(b: B, z: Node) -> tuple[Node, Node]:
        total = b.sum(b.apply("log", b.data(np.arange(1.0, 13.0))))
        return b.const(0.0), b.mul(b.apply("exp", total), z)

    assert beforehand_of(make, FAST) == [
        "d0, = data",
        "c2 = log(d0)",
        "ones_12 = ones(12)",
        "c3 = float(c2.dot(ones_12))",
        "c4 = float_exp(c3)",
    ]
    assert body_of(make, FAST) == ["out[:] = c4 * z", "return 0.0"]


def test_gaps_of_the_output_are_zeros() -> None:
    def make(b: B, z: Node) -> tuple[Node, Node]:
        return b.const(0.0), b.assemble([b.apply("exp", z)], [(2, (1,))], (15,))

    assert body_of(make, FAST)[:2] == ["out.fill(0.0)", "out[2:14] = exp(z)"]


def test_an_output_that_is_read_again_is_an_array_first() -> None:
    def make(b: B, z: Node) -> tuple[Node, Node]:
        both = b.assemble([z, z], [(0, (1,)), (12, (1,))], (24,))
        return b.sum(both), both

    assert body_of(make, FAST) == [
        "a1 = empty(24)",
        "a1[0:12] = z",
        "a1[12:24] = z",
        "out[:] = a1",
        "return float(a1.dot(ones_24))",
    ]


def test_many_numbers_of_one_array_are_read_as_a_list() -> None:
    def make(b: B, z: Node) -> tuple[Node, Node]:
        return b.add(*(b.view(z, (), k, ()) for k in range(4))), z

    assert body_of(make, FAST) == [
        "l0 = z.tolist()",
        "out[:] = z",
        "return l0[0] + l0[1] + l0[2] + l0[3]",
    ]


def test_long_expressions_are_cut() -> None:
    def make(b: B, z: Node) -> tuple[Node, Node]:
        x = z
        for _ in range(100):
            x = b.apply("tanh", x)
        return b.const(0.0), x

    lines = body_of(make, FAST)
    assert len(lines) > 5
    assert max(map(len, lines)) < 100


def test_a_number_is_made_an_array_where_one_is_needed() -> None:
    def make(b: B, z: Node) -> tuple[Node, Node]:
        same = b.view(b.sum(z), (12,), 0, (0,))
        return b.sum(same), b.apply("recur", same, z, reverse=False)

    assert "w2 = spread(t2, (12,))" in body_of(make, FAST)
