from __future__ import annotations

import re
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from numpy.typing import ArrayLike
from scipy import stats

from exmc.compiler import CompiledModel, compile_model
from exmc.errors import (
    BadDataError,
    BadParameterError,
    ModelError,
    NoFreeVariableError,
    OptionError,
    ShapeMismatchError,
    SlowGradientWarning,
    UnknownVariableError,
)
from exmc.ir.serialise import from_parts, to_parts
from exmc.model import (
    Deterministic,
    Flat,
    HalfFlat,
    HalfNormal,
    Model,
    Normal,
    Potential,
    Uniform,
    model_of_logp,
)
from exmc.sampler import STATS
from tests.ir.graphs import MAKERS, POINTS, eight_schools, everything, graph_of, normal

CASES = [(name, choice) for name in MAKERS for choice in (False, True)]


def compiled(name: str, noncentered: bool) -> CompiledModel:
    return compile_model(MAKERS[name](), noncentered=noncentered)


@pytest.mark.parametrize(("name", "noncentered"), CASES)
def test_the_gradient_equals_central_differences(name: str, noncentered: bool) -> None:
    model = compiled(name, noncentered)
    z = model.unconstrain(POINTS[name])
    value, gradient = model.value_and_grad(z)
    assert value == model.log_density(z)
    for i, nudge in enumerate(np.eye(model.dim) * 1e-5):
        up, down = model.log_density(z + nudge), model.log_density(z - nudge)
        assert gradient[i] == pytest.approx((up - down) / 2e-5, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize(("name", "noncentered"), CASES)
def test_unconstrain_undoes_constrain(name: str, noncentered: bool) -> None:
    model = compiled(name, noncentered)
    z = np.random.Generator(np.random.PCG64(5)).uniform(-2, 2, model.dim)
    np.testing.assert_allclose(model.unconstrain(model.constrain(z)), z, atol=1e-9)


@pytest.mark.parametrize(("name", "noncentered"), CASES)
def test_a_row_holds_what_constrain_gives_in_the_order_of_the_schema(
    name: str, noncentered: bool
) -> None:
    model = compiled(name, noncentered)
    z = np.linspace(-1.0, 1.0, model.dim)
    values, schema = model.constrain(z), model.schema
    row = np.zeros(schema.columns)
    model.constrain_into(z, row[schema.position_columns.stop :])
    assert list(values) == [variable.name for variable in schema.variables]
    for variable in schema.variables:
        part = row[schema.columns_of(variable.name)].reshape(variable.shape)
        np.testing.assert_array_equal(part, values[variable.name])


def test_the_schema_lists_the_users_variables_and_no_hidden_one() -> None:
    schema = compiled("everything", noncentered=True).schema
    assert [(v.name, v.shape, v.kind) for v in schema.variables] == [
        ("mu", (), "free"),
        ("spread", (), "free"),
        ("a", (3,), "free"),
        ("b", (2, 3), "free"),
        ("p", (), "free"),
        ("slope", (), "deterministic"),
    ]
    assert schema.stats == STATS
    assert schema.variable("a").dims == ("group",)
    assert schema.coords == {"group": ("a", "b", "c")}


def test_what_is_noncentred_is_named() -> None:
    assert compiled("everything", noncentered=True).noncentered == ("a", "b")
    assert compiled("everything", False).noncentered == ()


def test_a_coordinate_has_a_name() -> None:
    assert compiled("eight_schools", False).name_of(3) == "theta[B]"


def test_values_are_arrays_of_floats_that_belong_to_the_caller() -> None:
    with Model() as model:
        x = Normal("x", shape=2)
        Deterministic("sign", x > 0)
    one = model.compile()
    z = np.array([1.0, -1.0])
    values = one.constrain(z)
    assert values["sign"].dtype == np.float64
    assert values["sign"].tolist() == [1.0, 0.0]
    values["x"][:] = 7.0
    assert z.tolist() == [1.0, -1.0]


def test_overflow_is_nan_and_no_warning() -> None:
    with Model() as model:
        Normal("y", 0.0, HalfFlat("s"), observed=1.0)
    # A simplified program stays finite for longer: log(exp(z)) is z.
    one = model.compile(backend="autograd")
    gradient = np.zeros(1)
    for z in (np.array([-800.0]), np.array([800.0]), np.array([np.nan])):
        assert np.isnan(one.log_density(z))
        assert np.isnan(one.value_and_grad(z)[0])
        assert np.isnan(one.density(z, gradient))
        one.constrain(z)


@pytest.mark.parametrize(("name", "noncentered"), CASES)
def test_the_terms_add_up_to_the_log_density(name: str, noncentered: bool) -> None:
    model = compiled(name, noncentered)
    z = model.unconstrain(POINTS[name])
    total = sum(model.terms(z).values())
    assert total == pytest.approx(model.log_density(z), rel=1e-12)


def test_the_term_that_is_not_finite_is_told_from_the_others() -> None:
    with Model() as model:
        x = Normal("x", 0.0, 1.0)
        Normal("y", 0.0, 1.0)
        Potential("hopeless", np.log(-1.0 - x**2))
    terms = model.compile().terms(np.zeros(2))
    assert [name for name, part in terms.items() if np.isnan(part)] == ["hopeless"]
    assert set(terms) == {"x", "y", "hopeless"}


def test_density_writes_the_gradient() -> None:
    model = compiled("eight_schools", False)
    z, gradient = np.linspace(-1.0, 1.0, 10), np.empty(10)
    value, slope = model.value_and_grad(z)
    assert model.density(z, gradient) == value
    assert gradient.tolist() == slope.tolist()


WRONG = {
    "short": np.zeros(9),
    "long": np.zeros(11),
    "empty": np.zeros(0),
    "a row": np.zeros((1, 10)),
    "a number": np.float64(1.0),
}
BACKENDS: list[Any] = [
    "autograd",
    "numpy",
    "strict",
    pytest.param("native", marks=pytest.mark.native),
]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("z", WRONG.values(), ids=WRONG)
def test_a_position_of_another_shape_is_refused_by_every_backend(
    z: Any, backend: Any
) -> None:
    model = compile_model(eight_schools(), backend=backend)
    right = np.zeros(10)
    says = rf"shape \(10,\).* got {re.escape(str(z.shape))}.*unconstrain"
    calls = (model.value_and_grad, model.log_density, model.constrain, model.terms)
    for call in calls:
        with pytest.raises(ShapeMismatchError, match=says):
            call(z)
    for pair in ((z, right), (right, z)):
        with pytest.raises(ShapeMismatchError, match=re.escape(str(z.shape))):
            model.density(*pair)


def test_a_backend_that_there_is_not_is_refused() -> None:
    unknown: Any = "gpu"
    with pytest.raises(OptionError, match=r"one of 'auto', .*'autograd', got 'gpu'"):
        compile_model(eight_schools(), backend=unknown)


@pytest.mark.parametrize("scale", [1e-300, 1e-170, 1e170, 1e300])
def test_a_scale_whose_square_float64_cannot_hold_gives_no_wrong_number(
    scale: float,
) -> None:
    with Model() as model:
        HalfNormal("x", scale)
    compiled = model.compile(backend="numpy")
    with pytest.warns(SlowGradientWarning, match="float64 cannot hold"):
        assert compiled.backend == "autograd"
    value, gradient = compiled.value_and_grad(np.log([2.0]) + np.log(scale))
    assert value == pytest.approx(stats.halfnorm.logpdf(2.0) + np.log(2.0))
    assert gradient == pytest.approx([1.0 - 4.0])


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_position_may_be_any_array_of_real_numbers(backend: Any) -> None:
    model = compile_model(eight_schools(), backend=backend)
    z = np.arange(10.0) / 8.0
    value, gradient = model.value_and_grad(z)
    unaligned = np.frombuffer(b"." + z.tobytes(), np.uint8)[1:].view(np.float64)
    forms: list[Any] = [z.tolist(), z.astype(np.float32), np.repeat(z, 2)[::2]]
    for form in [*forms, unaligned]:
        got = model.value_and_grad(form)
        assert (got[0], got[1].tolist()) == (value, gradient.tolist())
        assert model.log_density(form) == model.log_density(z)
    others: list[Any] = [z + 1j, ["a"] * 10, None]
    for other in others:
        with pytest.raises(BadDataError, match="A position must be"):
            model.value_and_grad(other)


def test_density_is_nan_when_only_the_gradient_is_not_finite() -> None:
    model = model_of_logp(lambda x: -np.sqrt(np.abs(x)), 1.0).compile()
    at_the_kink, gradient = np.array([0.0]), np.empty(1)
    assert model.log_density(at_the_kink) == 0.0
    assert np.isnan(model.density(at_the_kink, gradient))


def test_a_matrix_that_cannot_be_factorised_is_nan_and_no_crash() -> None:
    def logp(x: Any) -> Any:
        return anp.sum(anp.linalg.cholesky(anp.eye(2) * x))

    model, gradient = model_of_logp(logp, 1.0).compile(), np.empty(1)
    for _ in range(2):
        assert np.isnan(model.log_density(np.array([-1.0])))
        assert np.isnan(model.density(np.array([-1.0]), gradient))
    assert model.density(np.array([4.0]), gradient) == 4.0
    assert gradient.tolist() == [0.5]


def test_a_constant_density_has_gradient_zero() -> None:
    with Model() as model:
        Flat("x", shape=2)
    value, gradient = model.compile().value_and_grad(np.ones(2))
    assert (value, gradient.tolist()) == (0.0, [0.0, 0.0])


def test_without_initial_values_there_is_no_initial_point() -> None:
    assert compiled("eight_schools", False).initial_point() is None


def test_an_initial_value_is_a_start_in_the_users_units() -> None:
    with Model() as model:
        mu = Normal("mu", 0, 10, initval=3.0)
        tau = HalfNormal("tau", 10)
        Normal("x", mu, tau, shape=2, initval=[4.0, 1.0])
    for choice in (False, True):
        one = model.compile(noncentered=choice)
        start = one.initial_point()
        assert start is not None
        values = one.constrain(start)
        assert values["mu"] == 3.0
        assert values["tau"] == 1.0
        np.testing.assert_allclose(values["x"], [4.0, 1.0])


@pytest.mark.parametrize("noncentered", [False, True])
def test_a_variable_without_initial_value_starts_at_zero_below_one_that_has_it(
    noncentered: bool,
) -> None:
    with Model() as model:
        upper = HalfNormal("upper", 1.0, initval=0.1)
        Uniform("inside", 0.0, upper)
        mu = Normal("mu", 0.0, 10.0, initval=7.0)
        x = Normal("x", mu, upper)
        Normal("last", x, upper, initval=7.5)
    compiled_model = model.compile(noncentered=noncentered)
    start = compiled_model.initial_point()
    assert start is not None
    values = compiled_model.constrain(start)
    assert values["upper"] == pytest.approx(0.1)
    assert values["inside"] == pytest.approx(0.05)
    assert values["mu"] == 7.0
    assert values["x"] == (7.0 if noncentered else 0.0)
    assert values["last"] == pytest.approx(7.5)


def test_whole_numbers_as_parameters_do_not_overflow() -> None:
    with Model() as model:
        Normal("x", 0, 10**10)
        Uniform("u", -(2**62) - 1, 2**62)
    z = np.array([3e9, 0.5])
    value, gradient = model.compile().value_and_grad(z)
    assert value == pytest.approx(
        stats.norm.logpdf(3e9, 0, 1e10) + stats.logistic.logpdf(0.5)
    )
    np.testing.assert_allclose(gradient, [-3e-11, -np.tanh(0.25)], rtol=1e-12)


def test_a_function_without_a_gradient_is_refused_before_sampling() -> None:
    with Model() as model:
        x = Normal("x", 0.0, 1.0, shape=(3, 3))
        Potential("diagonal", np.einsum("ii->i", x))
    message = (
        "^The gradient of the log-density cannot be computed: ValueError: einstein "
    )
    with pytest.raises(ModelError, match=message):
        model.compile()


def test_a_point_must_name_every_variable() -> None:
    message = "^Unknown value of 'tau': a point needs a value for each free variable.$"
    with pytest.raises(UnknownVariableError, match=message):
        compiled("eight_schools", False).unconstrain({"mu": 1.0})


def test_a_point_must_have_the_shapes_of_the_variables() -> None:
    point: dict[str, ArrayLike] = {"mu": 0.0, "tau": 1.0, "theta": [1.0, 2.0]}
    message = r"^'theta' has shape \(8,\), got a value of shape \(2,\); give one number"
    with pytest.raises(ShapeMismatchError, match=message):
        compiled("eight_schools", False).unconstrain(point)


def test_a_graph_that_came_from_a_file_compiles_to_the_same_density() -> None:
    for make in (eight_schools, everything):
        here = compile_model(make(), noncentered=True)
        there = compile_model(from_parts(*to_parts(make())), noncentered=True)
        z = np.linspace(-1.0, 1.0, here.dim)
        assert here.value_and_grad(z)[0] == there.value_and_grad(z)[0]
        assert (here.value_and_grad(z)[1] == there.value_and_grad(z)[1]).all()


def test_an_ill_formed_graph_is_refused() -> None:
    with pytest.raises(BadParameterError, match="^Parameter sigma of 'x'"):
        compile_model(graph_of(normal("x", 0.0, -1.0)))
    with pytest.raises(NoFreeVariableError, match="^No free variable: the model has"):
        compile_model(graph_of())
