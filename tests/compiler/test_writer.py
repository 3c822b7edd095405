from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

from exmc.compiler import compile_model
from exmc.compiler.layout import layout_of
from exmc.compiler.writer import density_program, draw_program, inverse_program
from exmc.gradient.speed import Backend
from exmc.model import (
    Bernoulli,
    Beta,
    Binomial,
    Cauchy,
    Exponential,
    Flat,
    Gamma,
    HalfCauchy,
    HalfFlat,
    HalfNormal,
    HalfStudentT,
    Laplace,
    LogNormal,
    Model,
    Normal,
    Poisson,
    StudentT,
    Uniform,
    model_of_logp,
)
from exmc.rewrite import attach_default_transforms, noncenter
from tests.ir.graphs import MAKERS, POINTS
from tests.plain.evaluator import unconstrained_log_density

FREE: dict[str, Callable[[], Any]] = {
    "Flat": lambda: Flat("x", shape=2),
    "HalfFlat": lambda: HalfFlat("x", shape=2),
    "Normal": lambda: Normal("x", 1.0, [0.5, 2.0]),
    "HalfNormal": lambda: HalfNormal("x", [0.5, 2.0]),
    "Cauchy": lambda: Cauchy("x", [0.5, 2.0], 3.0),
    "HalfCauchy": lambda: HalfCauchy("x", [0.5, 2.0]),
    "StudentT": lambda: StudentT("x", 3.5, 1.0, [0.5, 2.0]),
    "HalfStudentT": lambda: HalfStudentT("x", 3.5, [0.5, 2.0]),
    "Exponential": lambda: Exponential("x", [0.5, 2.0]),
    "Gamma": lambda: Gamma("x", [0.5, 2.0], 3.0),
    "Beta": lambda: Beta("x", [0.5, 2.0], 3.0),
    "Uniform": lambda: Uniform("x", [-0.5, 2.0], 3.0),
    "LogNormal": lambda: LogNormal("x", 1.0, [0.5, 2.0]),
    "Laplace": lambda: Laplace("x", 1.0, [0.5, 2.0]),
}

SEEN: dict[str, Callable[[Any], Any]] = {
    "Normal": lambda p: Normal("y", p, p, observed=[0.3, 0.6]),
    "HalfNormal": lambda p: HalfNormal("y", p, observed=[0.3, 0.6]),
    "Cauchy": lambda p: Cauchy("y", p, p, observed=[0.3, 0.6]),
    "HalfCauchy": lambda p: HalfCauchy("y", p, observed=[0.3, 0.6]),
    "StudentT": lambda p: StudentT("y", 3.0, p, p, observed=[0.3, 0.6]),
    "HalfStudentT": lambda p: HalfStudentT("y", 3.0, p, observed=[0.3, 0.6]),
    "Exponential": lambda p: Exponential("y", p, observed=[0.3, 0.6]),
    "Gamma": lambda p: Gamma("y", p, 1 / p, observed=[0.3, 0.6]),
    "Beta": lambda p: Beta("y", p, 1 / p, observed=[0.3, 0.6]),
    "Uniform": lambda p: Uniform("y", -p, p + 1, observed=[0.3, 0.6]),
    "LogNormal": lambda p: LogNormal("y", p, p, observed=[0.3, 0.6]),
    "Laplace": lambda p: Laplace("y", p, p, observed=[0.3, 0.6]),
    "Bernoulli p": lambda p: Bernoulli("y", p, observed=[True, False]),
    "Bernoulli logit": lambda p: Bernoulli("y", logit_p=p, observed=[1, 0]),
    "Binomial p": lambda p: Binomial("y", [3, 7], p, observed=[3, 2]),
    "Binomial logit": lambda p: Binomial("y", 7, logit_p=p, observed=[3, 2]),
    "Poisson": lambda p: Poisson("y", p, observed=[3, 2]),
}

INSIDE = {
    "Beta": [0.3, 0.8],
    "Uniform": [0.5, 2.5],
}


@pytest.mark.parametrize("family", FREE)
def test_a_free_variable_of_each_family_has_scipys_density(family: str) -> None:
    with Model() as model:
        FREE[family]()
    compiled = model.compile()
    point = {"x": np.array(INSIDE.get(family, [0.7, 3.0]))}
    z = compiled.unconstrain(point)
    expected = unconstrained_log_density(compiled.graph, point)
    assert compiled.log_density(z) == pytest.approx(expected, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("family", SEEN)
def test_an_observation_of_each_family_has_scipys_density(family: str) -> None:
    with Model() as model:
        SEEN[family](Beta("p", 2.0, 2.0))
    compiled = model.compile()
    for p in (0.1, 0.45, 0.9):
        z = compiled.unconstrain({"p": p})
        expected = unconstrained_log_density(compiled.graph, {"p": p})
        assert compiled.log_density(z) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("noncentered", [False, True])
def test_a_whole_model_has_the_density_summed_by_hand(
    name: str, noncentered: bool
) -> None:
    compiled = compile_model(MAKERS[name](), noncentered=noncentered)
    z = compiled.unconstrain(POINTS[name])
    expected = unconstrained_log_density(compiled.graph, POINTS[name])
    assert compiled.log_density(z) == pytest.approx(expected, rel=1e-12)


def test_a_parent_taken_for_its_logarithm_would_be_noticed() -> None:
    graph = compile_model(MAKERS["far_parents"]()).graph
    point = POINTS["far_parents"]
    wrong = {**point, "scale": np.log(point["scale"])}
    right = unconstrained_log_density(graph, point)
    assert abs(unconstrained_log_density(graph, wrong) - right) > 1.0


def test_the_three_programs_speak_of_the_same_values() -> None:
    graph = attach_default_transforms(noncenter(MAKERS["everything"](), True))
    layout = layout_of(graph)
    names = [node.name for node in graph.sampled]
    z = np.linspace(-1.0, 1.0, layout.dim)
    values = draw_program(graph, layout, names)(z)
    parts = inverse_program(graph)(*values)
    np.testing.assert_allclose(np.concatenate([np.ravel(p) for p in parts]), z)
    (total,) = density_program(graph, layout)(z)
    point = dict(zip(names, values, strict=True))
    assert total == pytest.approx(unconstrained_log_density(graph, point), rel=1e-12)


def test_a_value_outside_moving_bounds_has_no_density() -> None:
    with Model() as model:
        Uniform("y", 0.0, HalfFlat("top"), observed=[0.5, 2.0])
    compiled = model.compile()
    assert np.isnan(compiled.log_density(np.array([0.0])))
    assert compiled.log_density(np.array([1.0])) == pytest.approx(-2.0 + 1.0)


def test_a_potential_adds_the_sum_of_its_expression() -> None:
    model = model_of_logp(lambda x: -0.5 * np.sum(x * x), [1.0, 2.0])
    assert model.compile().log_density(np.array([1.0, 2.0])) == -2.5


@pytest.mark.parametrize("z", [-700.0, -36.5, 0.3, 36.5, 700.0])
@pytest.mark.parametrize("backend", ["autograd", "numpy", "strict"])
def test_a_beta_keeps_its_slope_where_its_value_has_rounded_to_an_end(
    z: float, backend: Backend
) -> None:
    with Model() as model:
        Beta("share", 0.5, 0.05)
    value, (slope,) = model.compile(backend=backend).value_and_grad(np.array([z]))
    exact = mpmath.mpf(z)
    share = 1 / (1 + mpmath.exp(-exact))
    rest = 1 / (1 + mpmath.exp(exact))
    density = mpmath.log(share) / 2 + mpmath.log(rest) / 20
    assert value == pytest.approx(
        float(density - mpmath.log(mpmath.beta(0.5, 0.05))), rel=1e-12
    )
    assert slope == pytest.approx(float(rest / 2 - share / 20), rel=1e-12)
