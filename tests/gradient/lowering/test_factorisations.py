from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd.scipy.linalg import solve_triangular

from exmc.gradient.lowering import NoRuleError, program_of_density, program_of_values
from exmc.gradient.lowering.factorisations import LINALG_RULES, OURS, SCIPY_RULES
from exmc.numerics import differentiable as ours
from tests.gradient.lowering.agreement import agrees, values_agree
from tests.plain.program_evaluator import evaluate

Function = Callable[[Any], Any]

N = 4
WEIGHTS = np.arange(16.0).reshape(N, N)
FIXED = 3.0 * np.eye(N) + 0.5


def covariance(z: Any) -> Any:
    return anp.exp(z[0]) * FIXED + anp.outer(z, z)


def lower(z: Any) -> Any:
    return anp.tril(anp.outer(z, z)) + 2.0 * anp.eye(N)


def tall(z: Any) -> Any:
    return anp.outer(z, anp.arange(1.0, 3.0))


ROWS: dict[str, Function] = {
    "cholesky": lambda z: anp.linalg.cholesky(covariance(z)) * WEIGHTS,
    "det": lambda z: anp.linalg.det(covariance(z)) / 100.0,
    "inv": lambda z: anp.linalg.inv(covariance(z)) * WEIGHTS,
    "slogdet": lambda z: anp.linalg.slogdet(covariance(z))[1],
    "solve": lambda z: anp.linalg.solve(covariance(z), z),
    "solve, columns": lambda z: anp.linalg.solve(covariance(z), tall(z)),
    "solve, lower": lambda z: anp.linalg.solve(lower(z), z),
    "solve, upper": lambda z: anp.linalg.solve(lower(z).T, tall(z)),
    "solve, known matrix": lambda z: anp.linalg.solve(FIXED, z),
    "solve, turned": lambda z: anp.linalg.solve(covariance(z).T, z),
    "solve_triangular": lambda z: solve_triangular(lower(z), z, lower=True),
    "solve_triangular, turned": lambda z: solve_triangular(
        lower(z), z, trans="T", lower=True
    ),
    "solve_triangular, upper": lambda z: solve_triangular(lower(z).T, tall(z)),
    "ours, cholesky": lambda z: ours.cholesky(covariance(z)) * WEIGHTS,
    "ours, solve_lower": lambda z: ours.solve_lower(lower(z), z),
    "ours, solve_lower turned": lambda z: ours.solve_lower(
        lower(z), tall(z), transposed=True
    ),
    "ours, gaussian": lambda z: ours.gaussian(covariance(z), z)[0],
    "ours, cholesky_back": lambda z: ours.cholesky_back(lower(z), lower(z)),
    "mvn": lambda z: ours.mvn_total(z, anp.ones(N), covariance(z)),
    "mvn of rows": lambda z: ours.mvn_total(anp.outer(z, z), z, covariance(z)),
}


def test_every_rule_has_a_row() -> None:
    names = {name.split(",")[0] for name in ROWS}
    assert set(LINALG_RULES) | set(SCIPY_RULES) <= names
    assert {f"ours, {name}" for name in OURS} <= set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_a_factorisation_gives_numpys_answer(name: str) -> None:
    assert values_agree(ROWS[name], N)


@pytest.mark.parametrize("name", [n for n in ROWS if n != "ours, cholesky_back"])
def test_its_gradient_is_autograds(name: str) -> None:
    assert agrees(lambda z: anp.sum(ROWS[name](z) ** 2), N)


def test_one_factor_serves_all_that_is_asked_of_a_matrix() -> None:
    def function(z: Any) -> Any:
        k = covariance(z)
        return z @ anp.linalg.solve(k, z) + anp.linalg.slogdet(k)[1]

    lowered = program_of_density(function, N)
    ops = [i.op for i in lowered.program.instructions]
    assert ops.count("cholesky") == 1


def test_a_matrix_that_is_not_positive_definite_elsewhere_gives_nan() -> None:
    def function(z: Any) -> Any:
        return anp.linalg.slogdet(z[0] * anp.eye(2) + 0.1)[1]

    lowered = program_of_density(function, 1, np.array([5.0]))
    with pytest.raises(np.linalg.LinAlgError):
        evaluate(lowered.program, lowered.data, np.array([-5.0]))


REFUSED: list[tuple[Function, str]] = [
    (
        lambda z: anp.linalg.inv(WEIGHTS + anp.outer(z, z) + FIXED),
        "inv is given a matrix that is not symmetric",
    ),
    (
        lambda z: anp.linalg.inv(-covariance(z)),
        "inv is given a matrix that is not positive definite",
    ),
    (
        lambda z: anp.linalg.inv(anp.array([covariance(z)] * 2)),
        "inv is given a stack of matrices",
    ),
    (
        lambda z: anp.linalg.cholesky(anp.array([covariance(z)] * 2)),
        "cholesky is given a stack of matrices",
    ),
    (
        lambda z: solve_triangular(lower(z), z, unit_diagonal=True),
        "solve_triangular has a unit diagonal",
    ),
]


@pytest.mark.parametrize(("function", "message"), REFUSED)
def test_what_no_triangle_can_solve_is_refused(
    function: Function, message: str
) -> None:
    with pytest.raises(NoRuleError, match=f"^{message}$"):
        program_of_values(lambda z: [function(z)], N, 16)
