from __future__ import annotations

import asyncio

import pytest

from exmc.actors.exit_reason import (
    ProcessExit,
    Reason,
    error_in,
    is_external,
    is_orderly,
    reason_of,
)


@pytest.mark.parametrize("reason", ["normal", "shutdown", ("shutdown", "upgrade")])
def test_an_orderly_reason_is_normal_or_a_shutdown(reason: Reason) -> None:
    assert is_orderly(reason)


@pytest.mark.parametrize(
    "reason",
    ["killed", "noproc", ("error", ValueError()), ("shutdown",), ("signal", 9), "x"],
)
def test_every_other_reason_is_disorderly(reason: Reason) -> None:
    assert not is_orderly(reason)


def test_an_error_reason_carries_its_exception() -> None:
    error = ValueError("bad")
    assert error_in(("error", error)) is error
    assert error_in("normal") is None
    assert error_in(("error", "no exception")) is None


def test_an_escaped_exception_becomes_an_error_reason() -> None:
    error = ValueError("bad")
    assert reason_of(error) == ("error", error)


def test_an_exit_becomes_its_own_reason() -> None:
    assert reason_of(ProcessExit(("shutdown", 3))) == ("shutdown", 3)


def test_a_cancellation_from_outside_is_a_kill() -> None:
    assert reason_of(asyncio.CancelledError()) == "killed"


@pytest.mark.parametrize(
    ("reason", "external"),
    [
        (("signal", 9), True),
        (("exit", 0), True),
        (("lost", 0), True),
        (("signal", "nine"), False),
        (("error", ValueError()), False),
        ("killed", False),
    ],
)
def test_only_a_signal_or_a_status_comes_from_an_outside_process(
    reason: Reason, external: bool
) -> None:
    assert is_external(reason) is external
