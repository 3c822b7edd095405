from __future__ import annotations

from exmc.actors import Runtime, VirtualClock
from exmc.actors.port.silence import Silence
from tests.actors.scenario import advance, scenario


def listening(rt: Runtime, longest: float | None) -> tuple[Silence, list[float]]:
    heard = list[float]()
    silence = Silence(rt.clock, longest, lambda: heard.append(rt.clock.now()))
    silence.begin()
    return silence, heard


@scenario
async def test_silence_is_noticed_when_it_is_too_long_and_once(rt: Runtime) -> None:
    _, heard = listening(rt, 5.0)
    await advance(rt, 4.9)
    assert heard == []
    await advance(rt, 100.0)
    assert heard == [5.0]


@scenario
async def test_silence_that_is_broken_begins_anew(rt: Runtime) -> None:
    silence, heard = listening(rt, 5.0)
    await advance(rt, 3.0)
    silence.broken()
    await advance(rt, 4.9)
    assert heard == []
    await advance(rt, 1.0)
    assert heard == [8.0]


@scenario
async def test_who_may_be_silent_for_ever_costs_no_timer(rt: Runtime) -> None:
    assert isinstance(rt.clock, VirtualClock)
    silence, heard = listening(rt, None)
    assert rt.clock.next_due() is None
    silence.end()
    assert heard == []


@scenario
async def test_nobody_is_told_of_a_silence_that_has_ended(rt: Runtime) -> None:
    silence, heard = listening(rt, 5.0)
    silence.end()
    await advance(rt, 100.0)
    assert heard == []
