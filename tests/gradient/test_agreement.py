from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from exmc.errors import UntraceableError
from exmc.gradient.agreement import check_agreement, copies, is_real

X = np.array([0.5, -1.5])


def squares(x: Any) -> Any:
    return np.sum(x * x)


def positive_squares(x: Any) -> Any:
    return np.sum(x * x) if x[0] > 0 else np.sum(x)


def as_a_vector(x: Any) -> Any:
    return np.array([np.sum(x * x)])


def failing(x: Any) -> Any:
    return x[7]


def shifting(x: Any) -> Any:
    x -= 1.0
    return np.sum((x + 1.0) ** 2)


def test_what_agrees_passes() -> None:
    check_agreement("squares", squares, squares, [X])
    check_agreement("failing", failing, failing, [X])


def test_a_function_that_changes_its_argument_does_not_change_the_others() -> None:
    check_agreement("shifting", shifting, squares, [X])
    assert X.tolist() == [0.5, -1.5]


@pytest.mark.parametrize("other", [positive_squares, as_a_vector, failing])
def test_what_differs_anywhere_is_refused(other: Callable[[Any], Any]) -> None:
    with pytest.raises(UntraceableError, match="^The function squares gives "):
        check_agreement("squares", squares, other, [X])


@pytest.mark.parametrize("result", [1, 2.0, True, np.float64(3.0), np.zeros(2)])
def test_numbers_are_real(result: object) -> None:
    assert is_real(result)


@pytest.mark.parametrize("result", [None, "1", 1j, (1.0, 2.0), np.array([1j]), [1.0]])
def test_what_is_no_number_is_not_real(result: object) -> None:
    assert not is_real(result)


def test_a_copy_of_a_number_is_the_number() -> None:
    first, second = copies([X, 3.0])
    assert first is not X
    assert first.tolist() == X.tolist()
    assert second == 3.0
