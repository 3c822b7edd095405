from __future__ import annotations

from typing import Any

import pytest

from exmc.actors import (
    Info,
    Runtime,
    StateEvent,
    StateOutcome,
    next_event,
    next_state,
    postpone,
    send,
    stop,
)
from exmc.actors.server.state_machine_loop import StateMachineLoop
from exmc.actors.server.transition import Transition
from exmc.actors.testing import wait_until_idle
from tests.actors.machines import Scripted
from tests.actors.scenario import advance, fails_with, scenario
from tests.actors.state_programs import Program, program
from tests.plain.state_machine import PlainStateMachine


def as_outcome(step: Transition) -> StateOutcome:
    """Say what a step is, in the words of a handler."""
    postponed = (postpone(),) if step.postponed else ()
    inserted = tuple(map(next_event, step.inserted))
    return next_state(step.state, *postponed, *inserted, *step.timeouts)


async def agrees(rt: Runtime, program: Program) -> None:
    """Run a random machine as a process and on paper; time goes on for all at once."""
    handled: list[tuple[object, object]] = []
    respond = program.responder()

    def noting(state: object, event: Any) -> StateOutcome:
        handled.append((state, event))
        return as_outcome(respond(state, event))

    plain_machine = PlainStateMachine(0, program.responder())
    pid = await rt.start(Scripted, noting, [], next_state(0))
    for happening in program.happenings:
        if isinstance(happening, str):
            plain_machine.receive(Info(happening))
            send(pid, happening)
            await wait_until_idle(rt)
        else:
            plain_machine.wait()
            await advance(rt, 1.0)
        assert handled == plain_machine.handled
    await stop(pid)


@pytest.mark.parametrize("seed", range(10))
@scenario
async def test_a_process_takes_events_in_the_order_the_manual_gives(
    rt: Runtime, seed: int
) -> None:
    await agrees(rt, program(seed))


@scenario
async def test_a_process_that_forgets_what_is_inside_it_is_found_out(
    rt: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settle(
        loop: StateMachineLoop, event: StateEvent | None, step: Transition
    ) -> None:
        loop._queue.advance(event, step)

    monkeypatch.setattr(StateMachineLoop, "_settle", settle)
    await fails_with(AssertionError, agrees(rt, program(0)))
