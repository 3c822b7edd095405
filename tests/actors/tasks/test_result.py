from __future__ import annotations

import pytest

from exmc.actors import Exited, Ok, TaskError


def test_a_value_is_unwrapped() -> None:
    assert Ok(3).unwrap() == 3


def test_an_exit_is_unwrapped_as_an_error_that_names_the_reason() -> None:
    with pytest.raises(TaskError, match=r"^The task ended with 'killed'") as caught:
        Exited("killed").unwrap()
    assert caught.value.reason == "killed"
    assert caught.value.__cause__ is None


def test_the_exception_of_the_function_is_the_cause() -> None:
    error = ZeroDivisionError()
    with pytest.raises(TaskError) as caught:
        Exited(("error", error)).unwrap()
    assert caught.value.__cause__ is error
