from __future__ import annotations

import numpy as np
import pytest

from exmc.typing import Integers, Matrix, Vector
from tests.native.subset.compiling import Compiled, compiled, refused


def assignments(x: float, v: Vector, m: Matrix) -> float:
    a = b = 1
    a, b = b + 1, a
    c: float = 2
    c += a
    v[0] = v[1] = c
    v[2] += b
    m[1, 2] = x
    m[1, 2] *= 3
    m[0][1] = v[0]
    left, right = m[0], m[1]
    left, right = right, left
    left[0] -= 5.0
    right[:] = 7.0
    return c + a


def loops(n: int, out: Integers) -> int:  # noqa: C901 - each kind of loop
    total = 0
    for i in range(n):
        if i % 2 == 0:
            continue
        for j in range(i, n, 3):
            if j > 8:
                break
            total += j
    for k in range(n - 1, -1, -2):
        out[k] = k * total
    i = n
    while True:
        i -= 1
        if i < 3:
            break
        if i == 5:
            continue
        total += i
    for _ in range(0):
        total = -1
    return total


def branches(i: int) -> int:
    if i < 0:
        return -1
    elif i == 0:  # noqa: RET505 - elif is what is tested
        i += 10
    elif i == 1:
        pass
    else:
        if i > 5:
            return 6
        i = 2 * i
    return i


def all_paths(i: int) -> int:
    while True:
        if i > 10:
            return i
        i += 3


def without_result(v: Vector, stop: bool) -> None:
    """Has a docstring."""
    v[0] = 1.0
    if stop:
        return
    v[1] = 2.0


def integers(a: Integers, b: Integers, n: int) -> None:
    a[:] = 7
    a[1:n] = b[2 : n + 1]
    a[0] += b[0]


@pytest.fixture(scope="module")
def native() -> Compiled:
    functions = (assignments, loops, branches, all_paths, without_result)
    return compiled(*functions, integers)


@pytest.mark.native
def test_assignments_do_what_they_do_in_python(native: Compiled) -> None:
    def run(function: object) -> tuple[float, Vector, Matrix]:
        v, m = np.arange(3.0), np.ones((2, 3))
        assert callable(function)
        return function(0.5, v, m), v, m

    for ours, pythons in zip(run(native["assignments"]), run(assignments), strict=True):
        np.testing.assert_array_equal(ours, pythons)


@pytest.mark.native
@pytest.mark.parametrize("n", [0, 1, 2, 7, 12])
def test_loops_do_what_they_do_in_python(native: Compiled, n: int) -> None:
    ours, pythons = np.zeros((2, 12), np.int64)
    assert native["loops"](n, ours) == loops(n, pythons)
    np.testing.assert_array_equal(ours, pythons)


@pytest.mark.native
@pytest.mark.parametrize("i", [-3, 0, 1, 4, 9])
def test_branches_and_returns_do_what_they_do_in_python(
    native: Compiled, i: int
) -> None:
    assert native["branches"](i) == branches(i)
    assert native["all_paths"](i) == all_paths(i)


@pytest.mark.native
def test_a_kernel_without_a_result_returns_none(native: Compiled) -> None:
    v = np.zeros(2)
    assert native["without_result"](v, True) is None
    assert v.tolist() == [1.0, 0.0]
    native["without_result"](v, False)
    assert v.tolist() == [1.0, 2.0]


@pytest.mark.native
def test_ints_are_filled_and_copied(native: Compiled) -> None:
    ours, pythons = np.zeros((2, 6), np.int64)
    b = np.arange(10, 17)
    native["integers"](ours, b, 4)
    integers(pythons, b, 4)
    np.testing.assert_array_equal(ours, pythons)


def float_into_int(x: float) -> int:
    i = 1
    i = x  # type: ignore[assignment]
    return i + 1


def for_each(v: Vector) -> float:
    total = 0.0
    for x in v:
        total += x
    return total


def loop_else(n: int) -> int:
    while n > 0:
        n -= 1
    else:  # noqa: PLW0120 - what is tested
        n = 5
    return n


def no_result(x: float) -> float:
    if x > 0.0:
        return  # type: ignore[return-value]  # noqa: RET502 - what is tested
    return x


def wrong_result(x: float) -> int:
    return x  # type: ignore[return-value]


def raises(x: float) -> float:
    raise ValueError(x)


def formats(x: float) -> float:
    x  # noqa: B018 - what is tested
    return x


def zero_step(n: int) -> int:
    for i in range(0, n, 0):
        n = i
    return n


def attribute_target(v: Vector) -> None:
    v.shape = 3


def power_of_vector(v: Vector) -> None:
    v **= 2


def none_bound(v: Vector) -> None:
    w = without_result(v, True)  # type: ignore[func-returns-value]  # noqa: F841


def float_into_ints(a: Integers, x: float) -> None:
    a[:] = x


@pytest.mark.parametrize(
    ("function", "message", "line"),
    [
        (float_into_int, "this is float, not int", 2),
        (for_each, r"a loop runs over range", 2),
        (loop_else, "a loop has no else", 1),
        (no_result, "this kernel returns float", 2),
        (wrong_result, "this is float, not int", 1),
        (raises, "Raise is not in the subset", 1),
        (formats, "an expression by itself has no effect", 1),
        (zero_step, "the step of a range", 1),
        (attribute_target, "one assigns to names", 1),
        (power_of_vector, r"vectors take \+= -=", 1),
        (none_bound, "this call gives nothing", 1),
        (float_into_ints, "ints are filled by an int", 1),
    ],
)
def test_what_is_outside_is_refused_at_its_line(
    function: object, message: str, line: int
) -> None:
    assert callable(function)
    assert refused(function, message) == line
