from __future__ import annotations

from typing import Any

from exmc.actors import (
    Exited,
    Ok,
    Runtime,
    TaskSupervisor,
    TaskTimeoutError,
    VirtualClock,
)
from exmc.actors.kernel.mailbox import NOTHING
from exmc.actors.process.here import here
from exmc.actors.tasks.stream_flight import Flight, Passenger
from exmc.actors.tasks.stream_options import StreamPlan
from exmc.actors.testing import wait_until_idle
from tests.actors.scenario import advance, scenario
from tests.actors.tasks.owners import boom, forever


def doubled(x: int) -> int:
    return 2 * x


async def as_told(item: object) -> object:
    """Return at once, or never if told so."""
    return await forever() if item == "never" else item


def departing(function: Any, changes: list[int], **options: Any) -> Flight[Any]:
    plan = StreamPlan(**{"max_concurrency": 3, **options})
    return Flight(here(), function, plan, lambda: changes.append(1))


@scenario
async def test_each_item_has_a_task_whose_result_is_announced(rt: Runtime) -> None:
    changes: list[int] = []
    flight = departing(doubled, changes)
    await flight.launch(1)
    await flight.launch(2)
    assert (flight.window.give(), len(rt.processes)) == (NOTHING, 2)
    await wait_until_idle(rt)
    assert [flight.window.give(), flight.window.give()] == [Ok(2), Ok(4)]
    assert len(changes) == 2


@scenario
async def test_a_task_may_be_started_by_a_supervisor(rt: Runtime) -> None:
    flight = departing(doubled, [], supervisor=await rt.start(TaskSupervisor))
    await flight.launch(1)
    await wait_until_idle(rt)
    assert flight.window.give() == Ok(2)


@scenario
async def test_a_crash_is_a_failure_of_all_where_they_are_linked(rt: Runtime) -> None:
    flight = departing(boom, [])
    await flight.launch("never")
    await flight.launch(1)
    await wait_until_idle(rt)
    assert flight.failure is not None
    assert isinstance(flight.failure.__cause__, ZeroDivisionError)
    assert rt.processes == ()


@scenario
async def test_a_crash_is_a_result_where_they_are_not(rt: Runtime) -> None:
    flight = departing(boom, [], linked=False, zip_input_on_exit=True)
    await flight.launch(1)
    await wait_until_idle(rt)
    result = flight.window.give()
    assert isinstance(result, Exited)
    assert result.reason[0] == 1
    assert flight.failure is None


@scenario
async def test_a_task_that_is_late_is_killed_alone(rt: Runtime) -> None:
    flight = departing(as_told, [], timeout=2.0, on_timeout="kill_task")
    await flight.launch("never")
    await advance(rt, 1.0)
    await flight.launch("never")
    await advance(rt, 1.0)
    assert [flight.window.give(), flight.window.give()] == [Exited("timeout"), NOTHING]
    assert len(rt.processes) == 1
    await advance(rt, 1.0)
    assert flight.window.give() == Exited("timeout")
    assert flight.failure is None


@scenario
async def test_a_task_that_is_late_ends_all_where_that_was_asked_for(
    rt: Runtime,
) -> None:
    changes: list[int] = []
    flight = departing(as_told, changes, timeout=2.0)
    await flight.launch("never")
    await flight.launch("never")
    await advance(rt, 2.0)
    assert isinstance(flight.failure, TaskTimeoutError)
    assert rt.processes == ()
    assert changes != []


@scenario
async def test_closing_kills_and_is_not_announced(rt: Runtime) -> None:
    changes: list[int] = []
    flight = departing(as_told, changes)
    for item in ("never", "now"):
        await flight.launch(item)
    flight.close()
    flight.close()
    assert rt.processes == ()
    await advance(rt, 9.0)
    assert (changes, flight.failure) == ([], None)


def test_a_passenger_without_a_timer_has_none_to_stop() -> None:
    Passenger(0, None).stop_timer()


@scenario
async def test_a_task_that_has_ended_by_the_time_it_is_timed_has_no_timer(
    rt: Runtime,
) -> None:
    flight = departing(doubled, [], supervisor=await rt.start(TaskSupervisor))
    await flight.launch(1)
    assert flight.window.give() == Ok(2)
    assert isinstance(rt.clock, VirtualClock)
    assert rt.clock.next_due() is None
