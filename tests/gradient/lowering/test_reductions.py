from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd.scipy import special

from exmc.gradient.lowering import NoRuleError, program_of_values
from exmc.gradient.lowering.reductions import LINALG_RULES, OURS, RULES
from exmc.numerics import differentiable
from tests.gradient.lowering.agreement import agrees, values_agree

Function = Callable[[Any], Any]

NAMES = ["amax", "amin", "max", "min", "prod", "sum", "mean", "std", "var"]


def over_axes(function: Callable[..., Any]) -> Function:
    """Over all axes, over one from either end, over two, and with axes kept."""

    def rows(z: Any) -> Any:
        x = anp.reshape(z, (2, 3, 2))
        answers = [function(x), function(x, axis=1), function(x, axis=-1)]
        answers += [function(x, axis=(0, 2)), function(x, axis=0, keepdims=True)]
        return anp.concatenate([1.0 * anp.ravel(answer) for answer in answers])

    return rows


def named(name: str) -> Any:
    return getattr(anp, name)


ROWS: dict[str, Function] = {
    **{name: over_axes(named(name)) for name in NAMES},
    "all": over_axes(lambda x, **more: anp.all(x > -1.0, **more)),
    "any": over_axes(lambda x, **more: anp.any(x > 1.0, **more)),
    "count_nonzero": lambda z: 1.0 * anp.count_nonzero(z > 0.0, axis=0),
    "cumsum": lambda z: anp.cumsum(anp.reshape(z, (3, 4)), axis=0) + anp.cumsum(z)[0],
    "diff": lambda z: anp.diff(anp.reshape(z, (3, 4)), 2, axis=0),
    "linspace": lambda z: anp.linspace(z[0], z[1], 5),
    "trace": lambda z: anp.trace(anp.reshape(z, (3, 4)), 1),
}
PRIVATE = {"mean", "std", "var"}
"""Their rules are those of the primitives that autograd wraps."""


def test_every_rule_has_a_row() -> None:
    known = {name.removeprefix("_primitive_") for name in RULES}
    assert known == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_a_reduction_computes_what_numpy_does(name: str) -> None:
    assert values_agree(ROWS[name], 12)


# autograd has no derivative of a product over several axes.
@pytest.mark.parametrize(
    "name", [*sorted(set(NAMES) - {"prod"}), "cumsum", "diff", "trace", "linspace"]
)
def test_its_gradient_is_autograds(name: str) -> None:
    assert agrees(lambda z: anp.sum(ROWS[name](z) ** 3), 12)


@pytest.mark.parametrize("count", [1, 2, 3, 8, 13])
def test_a_product_of_any_length_is_one(count: int) -> None:
    assert agrees(anp.prod, count)


def test_a_log_of_a_sum_does_not_overflow() -> None:
    far = np.array([800.0, -800.0, 801.0])
    assert agrees(lambda z: special.logsumexp(z + far), 3)
    assert agrees(lambda z: differentiable.logsumexp(z + far), 3)


def test_a_norm_is_the_root_of_the_squares() -> None:
    assert set(LINALG_RULES) == {"_primitive_norm"}
    assert agrees(lambda z: anp.linalg.norm(z) + anp.linalg.norm(z[:2], 2), 4)


def test_a_recurrence_has_its_gradient() -> None:
    assert set(OURS) == {"recurrence"}
    assert agrees(lambda z: anp.sum(differentiable.recurrence(z[0], z[1:]) ** 2), 6)


REFUSED: list[tuple[Function, str]] = [
    (lambda z: anp.sum(z, initial=1.0), "sum has the option initial="),
    (lambda z: special.logsumexp(z, b=np.arange(3.0)), "logsumexp has weights"),
    (lambda z: anp.linalg.norm(z, 1), "norm has the order 1"),
    (lambda z: anp.linalg.norm(anp.outer(z, z), 2), "norm has the order 2"),
]


@pytest.mark.parametrize(("function", "message"), REFUSED)
def test_options_without_a_rule_are_refused(function: Function, message: str) -> None:
    with pytest.raises(NoRuleError, match=f"^{message}$"):
        program_of_values(lambda z: [function(z)], 3, 1)
