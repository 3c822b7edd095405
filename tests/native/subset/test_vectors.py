from __future__ import annotations

import numpy as np
import pytest

from exmc.numerics.elementary import strict
from exmc.numerics.reductions import all_finite, dot, lane_sum
from exmc.typing import Matrix, Vector
from tests.native.subset.compiling import Compiled, compiled, refused

SIZES = [0, 1, 3, 7, 8, 9, 15, 16, 29]


def updates(v: Vector, w: Vector, m: Matrix, s: float, i: int) -> None:
    v[:] = (w - s * v) / (1.0 + w * w) - -v
    v += i * w
    v -= 2.0
    v *= w + m[0]
    v /= np.sqrt(np.abs(w)) + 1
    m[1] = np.where((v > w) & (w <= 3.0) | (v == 0.0), strict.exp(-np.abs(v)), w)
    m[2][:] = m[1]
    m[2][1:] *= s
    m[2][1:] += m[2][1:] - m[1][1:]
    v[:] = v + v[:]
    m[0] = i


def whole_matrices(m: Matrix, other: Matrix, s: float) -> None:
    m[:] = 0.5 * (m + other)
    m += s
    other[1:] = m[1:] * 2.0


def reductions(v: Vector, w: Vector, out: Vector) -> bool:
    out[0] = dot(v, w)
    out[1] = lane_sum(v)
    out[2] = dot(v - 0.5 * w, v) * 2.0
    out[3] = lane_sum(np.where(v > 0.0, v, 1.0))
    out[4] = lane_sum(1.0 / (v + 10.0))
    return all_finite(v * w)


@pytest.fixture(scope="module")
def native() -> Compiled:
    return compiled(updates, whole_matrices, reductions)


@pytest.mark.native
@pytest.mark.parametrize("n", SIZES)
def test_vector_statements_have_numpys_bits(native: Compiled, n: int) -> None:
    def run(function: object) -> tuple[Vector, Vector, Matrix]:
        rng = np.random.Generator(np.random.PCG64(n))
        v, w = rng.standard_normal((2, n))
        m = rng.standard_normal((3, n))
        assert callable(function)
        function(v, w, m, 0.3, 2)
        return v, w, m

    for ours, numpys in zip(run(native["updates"]), run(updates), strict=True):
        np.testing.assert_array_equal(ours, numpys)


@pytest.mark.native
@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (4, 8)])
def test_whole_matrices_have_numpys_bits(
    native: Compiled, shape: tuple[int, int]
) -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    a, b = rng.standard_normal((2, *shape))
    x, y = a.copy(), b.copy()
    native["whole_matrices"](a, b, 0.1)
    whole_matrices(x, y, 0.1)
    np.testing.assert_array_equal(a, x)
    np.testing.assert_array_equal(b, y)


@pytest.mark.native
@pytest.mark.parametrize("n", SIZES)
def test_reductions_have_the_bits_of_the_lane_rule(native: Compiled, n: int) -> None:
    v, w = np.random.Generator(np.random.PCG64(n)).standard_normal((2, n))
    ours, numpys = np.zeros((2, 5))
    assert native["reductions"](v, w, ours) == reductions(v, w, numpys)
    np.testing.assert_array_equal(ours, numpys)


@pytest.mark.native
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [0, 7, 8, 10])
def test_one_entry_that_is_not_finite_is_found(
    native: Compiled, bad: float, place: int
) -> None:
    v = np.ones(11)
    v[place] = bad
    assert not native["reductions"](v, np.ones(11), np.zeros(5))


@pytest.mark.native
def test_nothing_beyond_the_end_is_touched(native: Compiled) -> None:
    for n in SIZES:
        room = np.full(n + 16, 3.0)
        native["updates"](room[8 : 8 + n], np.ones(n), np.ones((3, n)), 0.3, 2)
        np.testing.assert_array_equal(np.delete(room, range(8, 8 + n)), 3.0)


def outer_shape(v: Vector, m: Matrix) -> None:
    v[:] = m


def vector_modulo(v: Vector, w: Vector) -> None:
    v[:] = v % w


def no_vector(x: float) -> float:
    return lane_sum(x)  # type: ignore[arg-type]


def one_argument(v: Vector) -> float:
    return dot(v)  # type: ignore[call-arg]


def chained(v: Vector, w: Vector) -> None:
    v[:] = np.where(0.0 < w < 1.0, v, w)


def shifted(v: Vector) -> None:
    v[1:] = v[: len(v) - 1]


def shifted_whole(v: Vector, s: float) -> None:
    v[1:] += s * v


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (outer_shape, "Vector stands here; this is Matrix"),
        (vector_modulo, "this operation does not take vectors"),
        (no_vector, "a reduction takes vectors"),
        (one_argument, "this reduction takes 2 vector expressions"),
        (shifted, "it may overlap with the target"),
        (shifted_whole, "it may overlap with the target"),
        (chained, "this operation does not take vectors"),
    ],
)
def test_what_is_outside_is_refused_at_its_line(function: object, message: str) -> None:
    assert callable(function)
    assert refused(function, message) == 1
