from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy import special

from exmc.errors import ModelError, ShapeMismatchError, UntraceableError
from exmc.ir.evaluate import evaluate
from exmc.ir.expression import VariableRef
from exmc.model.symbolic import Symbolic

MODEL = object()
VALUES = {
    "s": np.array(0.75),
    "v": np.array([0.3, -0.6, 0.9]),
    "m": np.array([[0.5, 1.5, 2.0], [3.0, 0.2, 0.1]]),
}
S, V, M = (
    Symbolic(VariableRef(name, value.shape), MODEL) for name, value in VALUES.items()
)
X = np.array([2.0, -1.0, 0.5])


class Quantities(NamedTuple):
    """A scalar, a vector and a matrix, of numbers or of a model."""

    s: Any
    v: Any
    m: Any


Written = Callable[[Quantities], Any]

WRITTEN: list[Written] = [
    lambda q: q.s + q.v,
    lambda q: 2.0 - q.v,
    lambda q: X * q.v,
    lambda q: [1.0, 2.0, 3.0] / (q.v + 2.0),
    lambda q: np.float64(3.0) ** q.s,
    lambda q: q.v**2 % 0.5,
    lambda q: -abs(q.v),
    lambda q: q.m @ q.v,
    lambda q: X @ q.v,
    lambda q: q.m.T @ np.array([1.0, 2.0]),
    lambda q: (q.v > 0) & (q.v < 0.5) | ~(q.v == 0.9),
    lambda q: np.where((q.v >= 0) != (q.v <= 0.5), q.v, q.s),
    lambda q: np.exp(q.v) + np.log(q.v**2) + np.log1p(q.v) + np.expm1(q.v),
    lambda q: np.sqrt(np.abs(q.v)) + np.sign(q.v) + np.tanh(q.v),
    lambda q: np.sin(q.v) * np.cos(q.v) + np.arctan(q.v),
    lambda q: np.maximum(q.v, 0) - np.minimum(q.s, q.v),
    lambda q: np.logaddexp(q.s, q.v),
    lambda q: np.logaddexp.reduce(q.m, axis=1),
    lambda q: np.add.reduce(q.m),
    lambda q: np.sum(q.m, axis=0) + q.m.sum(axis=0) + np.sum(q.m),
    lambda q: np.mean(q.m, 1) + q.m.mean(1),
    lambda q: np.prod(q.v) + q.v.prod(),
    lambda q: np.cumsum(q.v) + q.v.cumsum(),
    lambda q: np.cumsum(q.m, axis=1),
    lambda q: np.dot(q.m, q.v) + q.m.dot(q.v),
    lambda q: np.dot(X, q.v),
    lambda q: np.matmul(q.m, q.v),
    lambda q: np.outer(q.v, q.v),
    lambda q: np.einsum("ij,j->i", q.m, q.v),
    lambda q: np.stack([q.v, X, 2 * q.v], axis=1),
    lambda q: np.concatenate([q.v, X, q.m[0]]),
    lambda q: np.reshape(q.m, (3, 2)) + q.m.reshape(3, 2) + q.m.reshape((3, 2)),
    lambda q: np.transpose(q.m) + q.m.transpose() + q.m.transpose(1, 0),
    lambda q: np.ravel(q.m) + q.m.ravel(),
    lambda q: np.clip(q.v, -0.5, 0.5),
    lambda q: np.max(q.m, axis=0) + np.min(q.m, axis=0) + np.amax(q.m),
    lambda q: np.var(q.m, axis=0) + np.std(q.m, axis=0, ddof=1),
    lambda q: np.diff(q.v) + np.repeat(q.s, 2) + np.squeeze(q.v[:2]),
    lambda q: np.broadcast_to(q.v, (2, 3)) + np.expand_dims(q.v, 0),
    lambda q: q.v[1:] * q.v[:-1] + q.v[0],
    lambda q: q.v[np.array([0, 2, 2, 1])],
    lambda q: q.v[[0, -1]] + q.m[:, None, 0].sum(),
    lambda q: q.m[1, ::2] + q.m[..., 1],
    lambda q: q.m[np.array([0, 1]), np.array([2, 0])],
    lambda q: q.v[np.array([True, False, True])],
    lambda q: sum(entry for entry in q.v),
    lambda q: np.zeros_like(q.v) + np.ones_like(q.v) + np.full_like(q.v, 3.0) + q.v,
    lambda q: special.expit(q.v) + special.gammaln(q.v + 2.0),
    lambda q: np.add(q.v, q.s) * np.shape(q.m)[0] + np.ndim(q.m) + np.size(q.v),
    lambda q: (
        1 / q.v + q.v / 2 + np.reciprocal(q.v) + np.square(q.v) + np.power(2, q.v)
    ),
]


@pytest.mark.parametrize("written", WRITTEN)
def test_what_is_recorded_computes_what_numpy_would(written: Written) -> None:
    symbolic = written(Quantities(S, V, M))
    plain = written(Quantities(**VALUES))
    assert isinstance(symbolic, Symbolic)
    assert symbolic.shape == np.shape(plain)
    assert symbolic.dtype == np.asarray(plain).dtype
    got = evaluate(symbolic.expression, VALUES)
    np.testing.assert_allclose(got, plain, rtol=1e-14)


def test_an_array_tells_about_itself() -> None:
    assert (M.shape, M.ndim, M.size, len(M)) == ((2, 3), 2, 6, 2)
    assert M.dtype == np.float64


def test_assigning_in_place_gives_a_new_quantity() -> None:
    total = V
    total += 1.0
    total *= 2.0
    total -= V
    total /= 3.0
    total **= 2
    np.testing.assert_allclose(
        evaluate(total.expression, VALUES), ((VALUES["v"] + 2.0) / 3.0) ** 2
    )
    assert repr(V) == "<v, shape (3,)>"


def test_a_plus_before_a_quantity_changes_nothing() -> None:
    assert +V is V


def test_a_scalar_has_no_length() -> None:
    with pytest.raises(TypeError, match="^s is a scalar and has no length.$"):
        len(S)


def test_the_truth_of_a_comparison_is_refused_with_a_remedy() -> None:
    message = (
        r"^The truth of s > 0 is not known while the model is written; choose with "
        r"np\.where\(condition, a, b\), and combine conditions with & and \| or "
        r"np\.logical_and\.$"
    )
    with pytest.raises(UntraceableError, match=message):
        bool(S > 0)
    with pytest.raises(UntraceableError, match=message):
        assert 0 < S > 0


NUMBERLESS = (
    r"^s has no numbers while the model is written; apply numpy functions to it "
    r"directly \(np\.stack or np\.concatenate join quantities, X @ b multiplies, "
    r"X\.to_numpy\(\) @ b if X is of pandas\), and read values from the posterior\.$"
)


@pytest.mark.parametrize(
    "asking",
    [
        np.asarray,
        float,
        int,
        lambda s: np.array([s, s]),
        lambda s: np.zeros(3)[s],
        X.dot,
    ],
)
def test_asking_for_numbers_is_refused_with_a_remedy(
    asking: Callable[[Any], Any],
) -> None:
    with pytest.raises(UntraceableError, match=NUMBERLESS):
        asking(S)


class Series:
    """Takes what stands on its right for an array, unless that goes before it."""

    __pandas_priority__ = 4000

    def __array__(self, *_: object, **__: object) -> Any:
        return X

    def __mul__(self, other: Any) -> Any:
        if getattr(other, "__pandas_priority__", 0) > self.__pandas_priority__:
            return NotImplemented
        return X * np.asarray(other)


class Frame:
    """A table whose @ takes what stands on its right for an array in any case."""

    def __matmul__(self, other: Any) -> Any:
        return X @ np.asarray(other)


def test_a_quantity_goes_before_a_series_on_its_left() -> None:
    assert repr(Series() * V) == "<[2.0, -1.0, 0.5] * v, shape (3,)>"
    assert Symbolic.__array_priority__ > 1000  # what pandas has for numpy's functions


def test_a_table_that_does_not_give_way_is_refused_with_its_remedy() -> None:
    message = r"^v has no numbers .* X\.to_numpy\(\) @ b if X is of pandas\), and read"
    with pytest.raises(UntraceableError, match=message):
        Frame() @ V


def test_shapes_that_do_not_go_together_are_named() -> None:
    message = (
        r"^Cannot apply add to v of shape \(3,\) and v\[:2\] of shape \(2,\): the "
        r"shapes do not broadcast; "
    )
    with pytest.raises(ShapeMismatchError, match=message):
        V + V[:2]


@pytest.mark.parametrize(
    ("asking", "message"),
    [
        (np.sort, "sort cannot be applied to a quantity of a model; write it with "),
        (np.linalg.norm, "numpy.linalg.norm cannot be applied to a quantity of a mod"),
        (np.add.accumulate, "np.add.accumulate cannot be recorded for a quantity of "),
        (lambda v: np.add(v, v, out=np.zeros(3)), "The argument out= of add cannot be"),
        (lambda v: np.sum(v, where=[True] * 3), "The argument where= of sum cannot be"),
    ],
)
def test_what_cannot_be_recorded_is_refused(
    asking: Callable[[Any], Any], message: str
) -> None:
    with pytest.raises(UntraceableError, match=f"^{message}"):
        asking(V)


def test_quantities_of_two_models_do_not_mix() -> None:
    other = Symbolic(VariableRef("z", ()), object())
    message = "^v and z belong to different models; define both in one `with` block.$"
    with pytest.raises(ModelError, match=message):
        V + other
    with pytest.raises(ModelError, match=message):
        np.stack([V, other])
    with pytest.raises(ModelError, match=message):
        V[other]


def test_a_quantity_can_be_a_key_and_be_copied() -> None:
    assert {S: 1}[S] == 1
    assert copy.copy(S).expression is S.expression


def test_a_quantity_shows_what_it_stands_for() -> None:
    assert repr(np.exp(V) + 1) == "<exp(v) + 1, shape (3,)>"
