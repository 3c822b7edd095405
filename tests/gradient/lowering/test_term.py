from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from exmc.gradient.builder import Builder
from exmc.gradient.lowering.term import Term, TermLanes
from exmc.numerics.elementary import gamma
from exmc.numerics.elementary.arrays import QUICK
from tests.plain.program_evaluator import evaluate

Z = np.array([-1.5, 0.0, 0.25, 3.0])


def on_terms(function: Callable[..., Any], x: Term) -> Term:
    term: Term = function(TermLanes(x.build), x)
    return term


FORMULAS: dict[str, tuple[Callable[[Term], Term], Callable[[Any], Any]]] = {
    "sums": (lambda x: 1.0 - (x + 2.0 - x * 3.0), lambda x: 1.0 - (x + 2.0 - x * 3.0)),
    "quotients": (lambda x: 2.0 / (x + 5.0) / 3.0, lambda x: 2.0 / (x + 5.0) / 3.0),
    "powers": (lambda x: abs(x) ** 1.5 + x**2, lambda x: abs(x) ** 1.5 + x**2),
    "order": (
        lambda x: (x < 0.0) + 2.0 * (x <= 0.0) + 4.0 * (x > 0.2) + 8.0 * (x >= 3.0),
        lambda x: (x < 0) + 2.0 * (x <= 0) + 4.0 * (x > 0.2) + 8.0 * (x >= 3),
    ),
    "truth": (
        lambda x: x.truth() + 2.0 * x.negated() + 4.0 * x.equals(3.0),
        lambda x: (x != 0) + 2.0 * (x == 0) + 4.0 * (x == 3.0),
    ),
    "a choice": (lambda x: (x < 0.0).chosen(-x, 7.0), lambda x: np.where(x < 0, -x, 7)),
    "functions": (
        lambda x: (x * x + 1.0).log() + x.exp() + (x * x).log1p() + (x * x).sqrt(),
        lambda x: np.log(x * x + 1) + np.exp(x) + np.log1p(x * x) + abs(x),
    ),
    "totals": (lambda x: x * x.sum() + x.total().total(), lambda x: x * 1.75 + 1.75),
    "a negative": (lambda x: -(x * 2.0), lambda x: -2.0 * x),
    "a function of any lanes": (
        lambda x: on_terms(gamma.lgamma_half_step, x * x + 1.0),
        lambda x: gamma.lgamma_half_step(QUICK, x * x + 1.0),
    ),
}


def computed(formula: Callable[[Term], Term]) -> Any:
    build = Builder(4)
    node = formula(Term(build, build.input())).node
    program, data = build.program(build.const(0.0), node)
    return evaluate(program, data, Z)[1]


@pytest.mark.parametrize("name", FORMULAS)
def test_terms_compute_as_numbers_do(name: str) -> None:
    formula, plain = FORMULAS[name]
    np.testing.assert_allclose(computed(formula), plain(Z), rtol=1e-14)


def test_lanes_of_terms_take_numbers_too() -> None:
    lanes = TermLanes(Builder(1))
    assert lanes.divide(1.0, 4.0).node.value == 0.25
    assert lanes.equal(2.0, 2.0).node.value == 1.0
    assert lanes.log(1.0).node.value == 0.0
    assert lanes.where(lanes.equal(1.0, 2.0), 3.0, 5.0).node.value == 5.0
