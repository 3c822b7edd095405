from __future__ import annotations

import math

import numpy as np
import pytest

from exmc.typing import Integers, Matrix, Vector
from tests.native.subset.compiling import Compiled, compiled, refused

LIMIT = 2.5
COUNT = 3
SWITCH = True


def int_arithmetic(i: int, j: int, out: Integers) -> None:
    out[0] = i + j - i * j
    out[1] = i // j
    out[2] = i % j
    out[3] = (i & j) | (i ^ 5)
    out[4] = ~i
    out[5] = 1 << COUNT
    out[6] = i >> 1
    out[7] = -i - -j
    out[8] = i % (1 << COUNT)


def float_arithmetic(x: float, y: float, i: int, out: Vector) -> None:
    out[0] = x + y * x - y / x
    out[1] = -x * i + 1
    out[2] = (x + 1) / i
    out[3] = LIMIT * x + COUNT
    out[4] = math.inf if SWITCH else math.nan
    out[5] = x if x > y else i


def comparisons(x: float, y: float, i: int) -> int:
    bits = 0
    bits += 1 if x < y else 0
    bits += 2 if x <= y else 0
    bits += 4 if x > y else 0
    bits += 8 if x >= y else 0
    bits += 16 if x == y else 0
    bits += 32 if x != y else 0
    bits += 64 if i < COUNT <= 2 * i else 0
    bits += 128 if 0 <= x < i < 10 else 0
    bits += 256 if not i else 0
    return bits


def guarded(v: Vector, i: int) -> bool:
    return (i < len(v) and v[i] > 0.0) or i == 100


def parts(v: Vector, m: Matrix, c: Integers) -> float:
    row = m[1]
    middle = v[1 : len(v) - 1]
    block = m[1:]
    total = row[2] + middle[0] + m[2, 1] + block[1, 0] + block[1][2]
    total += v[1:][1:][0] + v[:2][1] + c[1]
    sizes = len(middle) + 10 * len(m) + 100 * m.shape[1] + 1000 * v.shape[0]
    total += sizes
    return float(total + 10000 * len(block))


def precedence(x: float, b: bool) -> float:
    return x if b and not x < 0.0 or x == -5.0 else -x  # noqa: RUF021 - what is tested


@pytest.fixture(scope="module")
def native() -> Compiled:
    functions = (int_arithmetic, float_arithmetic, comparisons, guarded, parts)
    return compiled(*functions, precedence)


@pytest.mark.native
@pytest.mark.parametrize("i", [-7, -6, 0, 1, 7, 12345678901])
@pytest.mark.parametrize("j", [-4, -1, 1, 3])
def test_ints_compute_as_in_python(native: Compiled, i: int, j: int) -> None:
    ours, pythons = np.zeros((2, 9), np.int64)
    native["int_arithmetic"](i, j, ours)
    int_arithmetic(i, j, pythons)
    np.testing.assert_array_equal(ours, pythons)


@pytest.mark.native
def test_an_int_divided_by_zero_does_not_end_the_process(native: Compiled) -> None:
    out = np.zeros(9, np.int64)
    native["int_arithmetic"](7, 0, out)
    assert (out[1], out[2]) == (7, 0)


@pytest.mark.native
@pytest.mark.parametrize(("x", "y"), [(0.1, 0.7), (-3.0, 1e300), (1e-310, -0.0)])
def test_floats_compute_as_in_python(native: Compiled, x: float, y: float) -> None:
    ours, pythons = np.zeros((2, 6))
    native["float_arithmetic"](x, y, 7, ours)
    float_arithmetic(x, y, 7, pythons)
    np.testing.assert_array_equal(ours, pythons)


@pytest.mark.native
@pytest.mark.parametrize("x", [0.0, 1.0, 2.5, math.nan, -math.inf])
@pytest.mark.parametrize("i", [0, 2, 3, 9])
def test_comparisons_are_pythons(native: Compiled, x: float, i: int) -> None:
    for y in (1.0, math.nan, math.inf):
        assert native["comparisons"](x, y, i) == comparisons(x, y, i)


@pytest.mark.native
@pytest.mark.parametrize("i", [0, 1, 2, 10**9, 100])
def test_the_second_condition_is_not_reached_in_vain(native: Compiled, i: int) -> None:
    """Reading at 10**9 would crash."""
    v = np.array([1.0, -1.0])
    assert native["guarded"](v, i) == guarded(v, i)


@pytest.mark.native
def test_parts_of_arrays_are_numpys(native: Compiled) -> None:
    rng = np.random.Generator(np.random.PCG64(3))
    v, m, c = rng.standard_normal(5), rng.standard_normal((3, 4)), np.arange(4)
    assert native["parts"](v, m, c) == parts(v, m, c)


@pytest.mark.native
@pytest.mark.parametrize("x", [1.0, -1.0, -5.0])
def test_and_or_not_bind_as_in_python(native: Compiled, x: float) -> None:
    for b in (True, False):
        assert native["precedence"](x, b) == precedence(x, b)


def power(x: float) -> float:
    y: float = x**2
    return y


def int_quotient(i: int) -> float:
    return i / 2


def negative_index(v: Vector) -> float:
    return float(v[-1])


def strided(v: Vector) -> float:
    return float(v[::2][0])


def bool_of_float(x: float) -> int:
    return 1 if x else 0


def unknown(x: float) -> float:
    x += unknown_name  # type: ignore[name-defined]  # noqa: F821
    return x


def sum_of_vectors(v: Vector) -> float:
    w = v + v
    return float(w[0])


def listed(x: float) -> float:
    return [x][0]


def one_of(x: float) -> bool:
    return x in (1.0, 2.0)


def mixed_or(x: float, i: int) -> bool:
    return x > 0.0 or i  # type: ignore[return-value]


def text_constant(x: float) -> float:
    return x + "a"  # type: ignore[operator]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (power, "for powers there is pow"),
        (int_quotient, "ints take"),
        (negative_index, "an index is not negative"),
        (strided, "without a step"),
        (bool_of_float, "this is float, not bool"),
        (unknown, "unknown_name is no variable yet"),
        (sum_of_vectors, "a vector expression stands in"),
        (listed, "List is not in the subset"),
        (one_of, "Tuple is not in the subset|comparisons are"),
        (mixed_or, "this is int, not bool"),
        (text_constant, "'a' is no variable yet, and no number"),
    ],
)
def test_what_is_outside_is_refused_at_its_line(function: object, message: str) -> None:
    assert callable(function)
    assert refused(function, message) == 1
