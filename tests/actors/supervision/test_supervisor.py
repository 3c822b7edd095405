from __future__ import annotations

import asyncio

import pytest

from exmc.actors import (
    BadChildSpecError,
    CallError,
    DynamicSupervisor,
    Exit,
    Pid,
    Runtime,
    StartError,
    Supervisor,
    TaskSupervisor,
    call,
    cast,
    send,
    send_exit,
    start_link,
    telemetry,
    which_children,
)
from exmc.actors.supervision.supervisor import require_one_of
from exmc.actors.telemetry import Event, Metadata
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo
from tests.actors.family import Family, Hanging, Member, changed, end, kill, pids
from tests.actors.scenario import fails_with, scenario


@scenario
async def test_an_unknown_message_does_not_disturb_a_supervisor(rt: Runtime) -> None:
    pid = await rt.start(Supervisor(), Family().specs("a"))
    stranger = await start_link(Echo)
    assert pid.target is not None
    pid.target.deliver("hello")
    pid.target.deliver(Exit(stranger, "bad"))
    await wait_until_idle(rt)
    assert len(await which_children(pid)) == 1


def test_a_bad_argument_is_named_with_its_domain() -> None:
    with pytest.raises(
        BadChildSpecError, match=r"strategy must be one of \('one_for_one', "
    ):
        Supervisor("all_for_none")  # type: ignore[arg-type]
    with pytest.raises(BadChildSpecError, match="auto_shutdown must be one of"):
        Supervisor(auto_shutdown="always")  # type: ignore[arg-type]
    with pytest.raises(BadChildSpecError, match="A supervisor needs max_restarts >= 0"):
        Supervisor(max_restarts=-1)
    require_one_of("strategy", "a", ("a", "b"))


@pytest.mark.parametrize("kind", [Supervisor, DynamicSupervisor, TaskSupervisor])
@scenario
async def test_a_supervisor_refuses_a_request_it_does_not_know_and_lives_on(
    rt: Runtime, kind: type[Supervisor]
) -> None:
    pid = await rt.start(kind())
    error = await fails_with(CallError, call(pid, "what?"))
    assert error.reason == ("unknown_request", "what?")
    assert f"Supervisor {pid} knows no request 'what?'; it lives on." in str(error)
    assert await which_children(pid) == ()
    assert len(rt.reports) == 0


@scenario
async def test_a_supervisor_drops_a_cast_it_does_not_know_and_logs_it(
    rt: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    pid = await rt.start(Supervisor(), Family().specs("a"))
    cast(pid, "what?")
    assert len(await which_children(pid)) == 1
    [record] = caplog.records
    assert (record.name, record.levelname) == ("exmc.actors", "WARNING")
    assert record.getMessage() == f"Supervisor {pid} dropped a cast: 'what?'"


@scenario
async def test_a_child_that_is_starting_when_its_supervisor_dies_dies_too(
    rt: Runtime,
) -> None:
    specs = Family().specs("a", behaviour=Hanging.of(rt))
    starting = asyncio.ensure_future(rt.start(Supervisor(), specs))
    await wait_until_idle(rt)
    supervisor, _ = rt.processes
    send_exit(supervisor, "kill")
    await fails_with(StartError, starting)
    assert rt.processes == ()


@scenario
async def test_a_child_that_only_says_it_has_ended_is_not_restarted(
    rt: Runtime,
) -> None:
    class Lying(Member):
        def handle_info(self, supervisor: Pid, /) -> None:
            send_exit(supervisor, "I am dead")

    supervisor = await rt.start(Supervisor(), Family().specs("a", behaviour=Lying))
    before = pids("a")
    send("a", supervisor)
    await wait_until_idle(rt)
    assert changed(before) == ""
    await kill(rt, "a")
    assert changed(before) == "a"


@scenario
async def test_supervisors_made_of_one_template_share_nothing(rt: Runtime) -> None:
    family, template = Family(), Supervisor(max_restarts=1)
    supervisors = [await rt.start(template, family.specs(name)) for name in "abc"]
    for name in "abc":
        await kill(rt, name)
    assert all(supervisor.alive for supervisor in supervisors)
    assert [len(await which_children(s)) for s in supervisors] == [1, 1, 1]


@scenario
async def test_restarts_and_giving_up_are_events(rt: Runtime) -> None:
    events: list[tuple[object, ...]] = []

    def note(event: Event, _measured: object, known: Metadata, _config: object) -> None:
        events.append((event[2], known["supervisor"], known["child"], known["reason"]))

    telemetry.attach("note", ("exmc", "sup"), note)
    try:
        family = Family()
        pid = await rt.start(Supervisor(max_restarts=2), family.specs("a"))
        family.refusing["a"] = 1
        await kill(rt, "a")
        await end(rt, "a", "normal")
    finally:
        telemetry.detach("note")
    assert [(event, who, child) for event, who, child, _ in events] == [
        ("restart", pid, "a"),
        ("restart", pid, "a"),
        ("give_up", pid, "a"),
    ]
    reasons = [repr(reason) for _, _, _, reason in events]
    assert reasons == ["'killed'", "('error', ValueError('a'))", "'normal'"]
