from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from exmc.numerics.autodiff import value_and_grad, xp
from exmc.numerics.differentiable import recurrence as traced
from exmc.numerics.recurrences import recurrence

STREAM = np.random.Generator(np.random.PCG64(5))
X = STREAM.standard_normal((2, 3, 5))
A = STREAM.uniform(-1, 1, (2, 3, 5))


def by_definition(a: Any, x: Any, reverse: bool) -> Any:
    """Solve (1 - a shifted) y = x for each row."""
    n = x.shape[-1]
    shift = np.eye(n, k=1 if reverse else -1)
    rows = [
        np.linalg.solve(np.eye(n) - factors[:, None] * shift, steps)
        for factors, steps in zip(
            np.broadcast_to(a, x.shape).reshape(-1, n), x.reshape(-1, n), strict=True
        )
    ]
    return np.reshape(rows, x.shape)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize(("a", "x"), [(0.5, X[0, 0]), (A[1, 2], X[0, 0]), (A, X)])
def test_a_recurrence_solves_its_equation(a: Any, x: Any, reverse: bool) -> None:
    np.testing.assert_allclose(
        recurrence(a, x, reverse=reverse), by_definition(a, x, reverse), atol=1e-13
    )


def test_a_factor_of_one_makes_a_running_sum() -> None:
    np.testing.assert_allclose(recurrence(1.0, X), np.cumsum(X, axis=-1), atol=1e-14)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("a", [0.5, A[0]])
def test_its_gradient_is_that_of_central_differences(a: Any, reverse: bool) -> None:
    count = np.size(a)

    def function(z: Any) -> Any:
        factor = z[0] if np.ndim(a) == 0 else xp.reshape(z[:count], np.shape(a))
        steps = xp.reshape(z[count:], X[0].shape)
        return xp.sum(traced(factor, steps, reverse=reverse) ** 3)

    z = np.concatenate([np.ravel(a), X[0].ravel()])
    _, gradient = value_and_grad(function)(z)
    for n, direction in enumerate(1e-6 * np.eye(len(z))):
        slope = (function(z + direction) - function(z - direction)) / 2e-6
        assert gradient[n] == pytest.approx(slope, rel=1e-6, abs=1e-7)
