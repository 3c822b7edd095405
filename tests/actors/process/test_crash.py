from __future__ import annotations

from exmc.actors import (
    CrashReport,
    GenServer,
    Outcome,
    Pid,
    Runtime,
    cast,
    stop_with,
)
from exmc.actors.process.behaviour import Behaviour
from exmc.actors.process.crash import LONGEST, describe
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo
from tests.actors.scenario import scenario


class Unprintable:
    def __repr__(self) -> str:
        raise ValueError("no")


class Holder(Behaviour):
    def __init__(self, value: object) -> None:
        self.pid = Pid(1)
        self.value = value


def test_a_state_is_its_attributes_without_the_pid() -> None:
    assert describe(Holder(3)) == "{'value': 3}"


def test_a_state_that_cannot_be_printed_does_not_hide_the_crash() -> None:
    assert describe(Holder(Unprintable())).startswith("{'value': <Unprintable instance")


def test_a_choice_that_fails_does_not_hide_the_crash() -> None:
    class Broken(Holder):
        def for_reports(self, state: dict[str, object]) -> dict[str, object]:
            raise ValueError(len(state))

    assert describe(Broken(1)) == "(not printable: ValueError(1))"


def test_a_long_state_is_cut() -> None:
    assert len(describe(Holder("x" * 10 * LONGEST))) < 200
    many = Holder(0)
    vars(many).update({f"name{i}": "x" * 79 for i in range(100)})
    assert len(describe(many)) == LONGEST + 3


def test_a_behaviour_may_choose_what_is_shown() -> None:
    class Discreet(Holder):
        def for_reports(self, state: dict[str, object]) -> dict[str, object]:
            return {"keys": len(state)}

    assert describe(Discreet("secret")) == "{'keys': 1}"


@scenario
async def test_how_an_outside_process_ended_is_no_crash(rt: Runtime) -> None:
    class Owner(GenServer):
        def handle_cast(self, message: tuple[str, int]) -> Outcome:
            return stop_with(message)

    for reason in (("signal", 9), ("exit", 3)):
        cast(await rt.start(Owner), reason)
        await wait_until_idle(rt)
    assert list(rt.reports) == []


@scenario
async def test_a_crash_is_reported_with_what_the_process_was_doing(rt: Runtime) -> None:
    error = ValueError("bad")
    pid = await rt.start(Echo, None, "me", name="echo")
    cast(pid, ("raise", error))
    await wait_until_idle(rt)
    [report] = rt.reports
    assert isinstance(report, CrashReport)
    assert (report.pid, report.name, report.kind) == (pid, "echo", "Echo")
    assert report.reason == ("error", error)
    assert "raise" in repr(report.last_message)
    assert "'label': 'me'" in report.state
    assert report.parent is rt.root.pid
    assert report.initial_call == "tests.actors.actors.Echo"
    assert report.links == (rt.root.pid,)
    assert "ValueError: bad" in report.traceback
