from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from exmc.actors.server.state_event import (
    EventTimeout,
    Internal,
    NamedTimeout,
    StateTimeout,
)
from exmc.actors.server.state_outcome import (
    KeepState,
    NextEvent,
    NextState,
    Postpone,
    RepeatState,
    ReplyTo,
    SetTimeout,
    event_timeout,
    keep_state,
    named_timeout,
    next_event,
    next_state,
    postpone,
    repeat_state,
    reply_to,
    state_timeout,
)
from tests.actors.calls import a_call

SETTERS: list[Callable[[float | None], SetTimeout]] = [
    state_timeout,
    event_timeout,
    lambda seconds: named_timeout("n", seconds),
]


def test_outcomes_carry_their_actions_in_order() -> None:
    actions = (postpone(), next_event(Internal("x")))
    assert actions == (Postpone(), NextEvent(Internal("x")))
    assert next_state("open", *actions) == NextState("open", actions)
    assert keep_state(*actions) == KeepState(actions)
    assert repeat_state(*actions) == RepeatState(actions)


def test_timeouts_carry_their_event() -> None:
    assert state_timeout(1.0, "x") == SetTimeout(StateTimeout("x"), 1.0)
    assert event_timeout(0, "x") == SetTimeout(EventTimeout("x"), 0)
    assert named_timeout("n", None) == SetTimeout(NamedTimeout("n"), None)


def test_a_reply_names_its_caller() -> None:
    caller = a_call("x")
    assert reply_to(caller, 1) == ReplyTo(caller, 1)


@pytest.mark.parametrize("setter", SETTERS)
@pytest.mark.parametrize("seconds", [-1.0, math.nan])
def test_a_timeout_takes_no_negative_seconds(
    setter: Callable[[float | None], SetTimeout], seconds: float
) -> None:
    with pytest.raises(ValueError, match="0 seconds or more, got .*; pass None to"):
        setter(seconds)
