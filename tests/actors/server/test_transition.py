from __future__ import annotations

import pytest

from exmc.actors.errors import BadOutcomeError
from exmc.actors.server.outcome import Reply, noreply, reply, stop_with
from exmc.actors.server.state_event import Info, Internal
from exmc.actors.server.state_outcome import (
    KeepState,
    ReplyTo,
    event_timeout,
    keep_state,
    next_event,
    next_state,
    postpone,
    repeat_state,
    reply_to,
    state_timeout,
)
from exmc.actors.server.transition import (
    Transition,
    entry,
    first_transition,
    transition,
)
from tests.actors.calls import a_call

EVENT = Info("x")


def test_another_state_is_a_change_and_is_entered() -> None:
    assert transition("a", EVENT, next_state("b")) == Transition(
        "b", changed=True, entering=True
    )


@pytest.mark.parametrize("outcome", [next_state("a"), keep_state(), noreply(), None])
def test_the_same_state_is_no_change(outcome: object) -> None:
    assert transition("a", EVENT, outcome) == Transition("a")


def test_a_repeated_state_is_entered_and_not_changed() -> None:
    assert transition("a", EVENT, repeat_state()) == Transition("a", entering=True)


def test_actions_of_a_kind_keep_their_order() -> None:
    first, second = Internal(1), Internal(2)
    timeouts = (state_timeout(1.0), event_timeout(None))
    outcome = keep_state(
        next_event(first), timeouts[0], postpone(), next_event(second), timeouts[1]
    )
    assert transition("a", EVENT, outcome) == Transition(
        "a", postponed=True, inserted=(first, second), timeouts=timeouts
    )


def test_a_reply_goes_to_the_caller_of_the_event() -> None:
    event, earlier = a_call("x"), a_call("y")
    outcome = keep_state(reply(1), reply_to(earlier, 2))
    expected = (ReplyTo(event, 1), ReplyTo(earlier, 2))
    assert transition("a", event, outcome).replies == expected
    assert transition("a", event, reply(1)).replies == expected[:1]


BAD_FOR_A_CALL = {
    None: "handle_event returned None for .*; return reply",
    42: "handle_event returned 42",
    noreply(timeout=1.0): "handle_event returned NoReply",
    Reply(1, then="x"): "has more than a value",
    Reply(1, timeout=1.0): "has more than a value",
}


@pytest.mark.parametrize("outcome", BAD_FOR_A_CALL)
def test_a_call_needs_an_outcome_that_says_what_becomes_of_it(outcome: object) -> None:
    with pytest.raises(BadOutcomeError, match=BAD_FOR_A_CALL[outcome]):  # type: ignore[index]  # it is one of its keys
        transition("a", a_call("x"), outcome)


def test_a_reply_needs_a_call() -> None:
    with pytest.raises(BadOutcomeError, match="nobody to go to.*use reply_to"):
        transition("a", EVENT, reply(1))


def test_what_is_no_action_is_refused() -> None:
    with pytest.raises(BadOutcomeError, match="'oops' is no action"):
        transition("a", EVENT, KeepState(("oops",)))  # type: ignore[arg-type]  # that is the point


def test_the_first_state_is_entered() -> None:
    timeout = state_timeout(1.0)
    assert first_transition(next_state("a", timeout)) == Transition(
        "a", changed=True, entering=True, timeouts=(timeout,)
    )


@pytest.mark.parametrize("outcome", [None, "a", keep_state(), stop_with("x")])
def test_the_first_state_must_be_said(outcome: object) -> None:
    with pytest.raises(BadOutcomeError, match=r"init returned .*; return next_state\("):
        first_transition(outcome)


def test_the_first_state_has_no_event_to_postpone() -> None:
    with pytest.raises(BadOutcomeError, match="init cannot postpone"):
        first_transition(next_state("a", postpone()))


def test_an_entry_may_reply_and_set_timeouts() -> None:
    caller, timeout = a_call("x"), state_timeout(1.0)
    outcome = keep_state(timeout, reply_to(caller, 1))
    assert entry("a", outcome) == Transition(
        "a", replies=(ReplyTo(caller, 1),), timeouts=(timeout,)
    )
    assert entry("a", None) == Transition("a")


@pytest.mark.parametrize(
    "outcome",
    [
        next_state("b"),
        repeat_state(),
        keep_state(postpone()),
        keep_state(reply(1)),
        keep_state(next_event(Internal())),
        42,
    ],
)
def test_an_entry_can_do_nothing_else(outcome: object) -> None:
    with pytest.raises(BadOutcomeError, match="handle_enter returned .*; return None"):
        entry("a", outcome)
