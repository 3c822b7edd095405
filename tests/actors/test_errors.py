from __future__ import annotations

from exmc.actors import errors
from exmc.actors.errors import CallError, CallTimeoutError, ChildError, StartError


def test_the_drawing_of_the_tree_names_every_exception() -> None:
    classes = [
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, Exception)
    ]
    assert errors.__doc__ is not None
    assert [name for name in classes if name not in errors.__doc__] == []


def test_a_call_error_says_how_the_process_ended() -> None:
    assert str(CallError("killed")) == "The process called ended with 'killed'."
    assert CallError("killed").reason == "killed"


def test_a_call_timeout_is_a_timeout_error() -> None:
    assert issubclass(CallTimeoutError, TimeoutError)


def test_a_start_error_names_what_did_not_start_and_why() -> None:
    error = StartError("Journal", "timeout")
    assert str(error) == "Journal did not start: 'timeout'."
    assert error.reason == "timeout"


def test_a_child_error_names_the_child_and_the_reason() -> None:
    error = ChildError("journal", "running")
    assert str(error) == "Child 'journal': 'running'."
    assert error.reason == "running"
