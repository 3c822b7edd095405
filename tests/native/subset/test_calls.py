from __future__ import annotations

import math

import numpy as np
import pytest

from exmc.native.loading import load
from exmc.native.target import compile_ir
from exmc.numerics.elementary import scalar
from exmc.numerics.elementary.scalar import divide, exp, log, ndtri
from exmc.typing import Density, Matrix, Vector
from tests.native.subset.compiling import Compiled, compiled, refused


def mathematics(x: float, i: int, out: Vector) -> None:
    out[0] = math.sqrt(math.fabs(x)) + abs(x)
    out[1] = abs(i) + min(i, 3) + max(i, 2, 7)
    out[2] = min(x, 0.5) + max(x, i)
    out[3] = int(x) + math.floor(x)
    out[4] = 1.0 if math.isfinite(x) else 2.0
    out[5] = 1.0 if math.isnan(x) else 2.0
    out[6] = exp(x) + log(abs(x) + 1.0) + scalar.tanh(x)
    out[7] = divide(x, 0.0) + ndtri(0.3) + float(i)


def nan_extremes(x: float, y: float, out: Vector) -> None:
    out[0] = min(x, y)
    out[1] = max(x, y)


def scale(v: Vector, factor: float) -> None:
    v *= factor


def total_of(m: Matrix, row: int) -> float:
    scale(factor=2.0, v=m[row])
    return float(m[row, 0] + m[row, 1])


def calls_others(m: Matrix) -> float:
    scale(m[0], 3)
    return total_of(m, 1) + fibonacci(10)


def fibonacci(n: int) -> int:
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)


def descend(density: Density, position: Vector, gradient: Vector, step: float) -> float:
    value = density(position, gradient)
    position += step * gradient
    return value + density(position, gradient)


@pytest.fixture(scope="module")
def native() -> Compiled:
    return compiled(mathematics, nan_extremes, calls_others, descend)


@pytest.mark.native
@pytest.mark.parametrize("x", [0.3, -2.7, 1e-300, -5.0, 40.0])
@pytest.mark.parametrize("i", [-5, 0, 8])
def test_mathematics_has_pythons_bits(native: Compiled, x: float, i: int) -> None:
    ours, pythons = np.zeros((2, 8))
    native["mathematics"](x, i, ours)
    mathematics(x, i, pythons)
    np.testing.assert_array_equal(ours, pythons)


@pytest.mark.native
@pytest.mark.parametrize("x", [1.0, math.nan, -0.0, 0.0])
@pytest.mark.parametrize("y", [2.0, math.nan, -0.0, 0.0])
def test_min_and_max_keep_the_first_as_python_does(
    native: Compiled, x: float, y: float
) -> None:
    ours, pythons = np.zeros((2, 2))
    native["nan_extremes"](x, y, ours)
    nan_extremes(x, y, pythons)
    np.testing.assert_array_equal(ours, pythons)
    np.testing.assert_array_equal(np.signbit(ours), np.signbit(pythons))


@pytest.mark.native
def test_kernels_call_each_other_and_themselves(native: Compiled) -> None:
    ours, pythons = np.ones((2, 2, 3))
    assert native["calls_others"](ours) == calls_others(pythons) == 59.0
    np.testing.assert_array_equal(ours, pythons)


QUADRATIC = """
define double @quadratic(ptr %z, ptr %out, ptr %context) {
  %work = getelementptr ptr, ptr %context, i64 1
  %scale = load double, ptr %work
  %x = load double, ptr %z
  %minus = fneg double %x
  store double %minus, ptr %out
  %square = fmul double %x, %x
  %value = fmul double %square, %scale
  ret double %value
}
"""


class Quadratic:
    """A density in machine code, and the same in Python."""

    def __init__(self) -> None:
        self._loaded = load(compile_ir(QUADRATIC))
        self._context = np.array([0.0, -0.5])
        address = self._loaded.address("quadratic")
        self.pair = np.array([address, self._context.ctypes.data])

    def __call__(self, position: Vector, gradient: Vector) -> float:
        gradient[0] = -position[0]
        return float(position[0] * position[0] * -0.5)


@pytest.mark.native
def test_a_density_is_called_with_its_context(native: Compiled) -> None:
    density = Quadratic()
    (x, g), (y, h) = np.ones((2, 2, 1))
    assert native["descend"](density, x, g, 0.25) == descend(density, y, h, 0.25)
    assert (x, g) == (y, h)


def library_exp(x: float) -> float:
    return math.exp(x)


def method(v: Vector) -> float:
    return v.sum()  # type: ignore[no-any-return]


def too_few(m: Matrix) -> float:
    return total_of(m)  # type: ignore[call-arg]


def vector_for_number(v: Vector) -> float:
    return exp(v)  # type: ignore[arg-type]


def density_of_numbers(density: Density, x: float) -> float:
    return density(x, x)  # type: ignore[arg-type]


def printed(x: float) -> float:
    print(x)  # noqa: T201 - what is tested
    return x


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (library_exp, "math.exp is no kernel and no function of the subset"),
        (method, "v.sum is no kernel"),
        (too_few, r"this kernel takes \(m, row\)"),
        (vector_for_number, "this is Vector, not float"),
        (density_of_numbers, "a density takes two vectors"),
        (printed, "print is no kernel"),
    ],
)
def test_what_is_outside_is_refused_at_its_line(function: object, message: str) -> None:
    assert callable(function)
    assert refused(function, message) == 1
