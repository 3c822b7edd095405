from __future__ import annotations

import asyncio
from typing import Any

import pytest

from exmc.actors import (
    BadChildSpecError,
    ChildSpec,
    Down,
    Exit,
    GenServer,
    Pid,
    Reason,
    Runtime,
    StartError,
    Supervisor,
    call,
    ignore,
    monitor,
    start_link,
    stop,
    wait_for_exit,
    which_children,
)
from exmc.actors.server.outcome import InitOutcome
from exmc.actors.supervision.children import Child
from exmc.actors.supervision.supervisor import require_one_of
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo
from tests.actors.family import Family, Member, changed, end, kill, pid_of, pids
from tests.actors.scenario import LOOPS, during, fails_with, run_on, scenario


class RestartLaws:
    """Subclass once per supervisor that keeps static children."""

    def make(self, *args: Any) -> Supervisor:
        return Supervisor(*args)

    async def begin(
        self, rt: Runtime, names: str, *args: Any, **changes: Any
    ) -> tuple[Family, Pid]:
        family = Family()
        supervisor = self.make(*args)
        pid = await rt.start(supervisor, family.specs(names, **changes))
        family.taken()
        return family, pid

    def run(self, loop: str, law: Any) -> None:
        run_on(loop, law)

    def test_a_permanent_child_is_restarted_after_any_exit(self, loop: str) -> None:
        async def law(rt: Runtime) -> None:
            await self.begin(rt, "a")
            for reason in ("normal", "shutdown", "bad"):
                before = pids("a")
                await end(rt, "a", reason)
                assert changed(before) == "a"
                assert pid_of("a").alive

        self.run(loop, law)

    def test_a_transient_child_is_restarted_after_an_abnormal_exit(
        self, loop: str
    ) -> None:
        async def law(rt: Runtime) -> None:
            await self.begin(rt, "a", restart="transient")
            before = pids("a")
            await kill(rt, "a")
            assert changed(before) == "a"
            assert pid_of("a").alive

        self.run(loop, law)

    def test_one_for_one_restarts_only_the_child_that_ended(self, loop: str) -> None:
        async def law(rt: Runtime) -> None:
            family, _ = await self.begin(rt, "abc", "one_for_one")
            before = pids("abc")
            await kill(rt, "b")
            assert changed(before) == "b"
            assert family.taken() == [("start", "b")]

        self.run(loop, law)

    def test_one_for_all_restarts_everybody_in_order(self, loop: str) -> None:
        async def law(rt: Runtime) -> None:
            family, _ = await self.begin(rt, "abc", "one_for_all")
            before = pids("abc")
            await kill(rt, "b")
            assert changed(before) == "abc"
            stops = [("stop", name) for name in "ca"]
            assert family.taken() == [*stops, *(("start", name) for name in "abc")]

        self.run(loop, law)

    def test_rest_for_one_restarts_those_started_later_too(self, loop: str) -> None:
        async def law(rt: Runtime) -> None:
            family, _ = await self.begin(rt, "abcd", "rest_for_one")
            before = pids("abcd")
            await kill(rt, "b")
            assert changed(before) == "bcd"
            stops = [("stop", name) for name in "dc"]
            assert family.taken() == [*stops, *(("start", name) for name in "bcd")]

        self.run(loop, law)

    def test_a_child_is_restarted_each_time_it_fails(self, loop: str) -> None:
        async def law(rt: Runtime) -> None:
            await self.begin(rt, "ab")
            for _ in range(3):
                before = pids("ab")
                await kill(rt, "a")
                assert changed(before) == "a"
                assert pid_of("a").alive

        self.run(loop, law)


@pytest.fixture(params=sorted(LOOPS))
def loop(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class TestSupervisor(RestartLaws):
    pass


class Forgetful(Supervisor):
    """Forgets the first restart of its life."""

    async def start_child(self, child: Child) -> None:
        if child.failures == 1:
            self.children.note_up(child, None)
        else:
            await super().start_child(child)


LAWS = [name for name in dir(RestartLaws) if name.startswith("test_")]


@pytest.mark.parametrize("law", LAWS)
def test_every_law_rejects_a_supervisor_that_forgets_one_restart(
    law: str, loop: str
) -> None:
    class Broken(RestartLaws):
        def make(self, *args: Any) -> Supervisor:
            return Forgetful(*args)

    with pytest.raises(AssertionError):
        getattr(Broken(), law)(loop)


# Start and stop


@scenario
async def test_children_start_in_order_and_stop_in_reverse(rt: Runtime) -> None:
    family = Family()
    pid = await rt.start(Supervisor(), family.specs("abc"))
    assert family.taken() == [("start", name) for name in "abc"]
    await stop(pid, "shutdown")
    assert family.taken() == [("stop", name) for name in "cba"]


@scenario
async def test_each_child_is_dead_before_the_next_is_asked_to_stop(
    rt: Runtime,
) -> None:
    family, alive = Family(), list[str]()

    class Noting(Member):
        async def terminate(self, _reason: Reason, /) -> None:  # type: ignore[override]  # the base does not wait
            await rt.clock.sleep(1.0)
            alive.append("".join(n for n, pid in pids("abc").items() if pid))

    specs = family.specs("abc", behaviour=Noting)
    pid = await rt.start(Supervisor(), specs)
    await during(rt, stop(pid), 1.0, 1.0, 1.0)
    assert alive == ["abc", "ab", "a"]


@pytest.mark.parametrize("failing", ["a", "b", "c"])
@scenario
async def test_a_failed_start_stops_those_before_it_and_leaves_nothing(
    rt: Runtime, failing: str
) -> None:
    family = Family(refusing={failing: 1})
    starting = start_link(Supervisor(), family.specs("abc"), name="family")
    error = await fails_with(StartError, starting)
    started = "abc"[: "abc".index(failing)]
    stops = [("stop", name) for name in reversed(started)]
    assert family.taken() == [*(("start", name) for name in started), *stops]
    assert isinstance(error.reason, tuple)
    assert error.reason[0] == "shutdown"
    kind, child, reason = error.reason[1]
    assert (kind, child, repr(reason)) == (
        "failed_to_start_child",
        failing,
        f"('error', ValueError('{failing}'))",
    )
    assert rt.processes == ()
    assert rt.kernel.names.names() == ()


@scenario
async def test_two_children_of_one_id_fail_the_start() -> None:
    family = Family()
    specs = [family.spec("a"), family.spec("a")]
    error = await fails_with(StartError, start_link(Supervisor(), specs))
    assert "Two children have the id 'a'" in str(error)
    assert family.log == []


@scenario
async def test_an_unknown_message_does_not_disturb_a_supervisor(rt: Runtime) -> None:
    pid = await rt.start(Supervisor(), Family().specs("a"))
    stranger = await start_link(Echo)
    assert pid.target is not None
    pid.target.deliver("hello")
    pid.target.deliver(Exit(stranger, "bad"))
    await wait_until_idle(rt)
    assert len(await which_children(pid)) == 1


# Restart types


@pytest.mark.parametrize("reason", ["normal", "shutdown", ("shutdown", 1)])
@scenario
async def test_a_transient_child_that_ends_in_order_keeps_its_spec(
    rt: Runtime, reason: Reason
) -> None:
    family = Family()
    pid = await rt.start(Supervisor(), family.specs("a", restart="transient"))
    await end(rt, "a", reason)
    [child] = await which_children(pid)
    assert (child.id, child.pid) == ("a", None)


@pytest.mark.parametrize("reason", ["normal", "bad"])
@scenario
async def test_a_temporary_child_is_never_restarted_and_loses_its_spec(
    rt: Runtime, reason: Reason
) -> None:
    pid = await rt.start(Supervisor(), Family().specs("a", restart="temporary"))
    await end(rt, "a", reason)
    assert await which_children(pid) == ()


@pytest.mark.parametrize("strategy", ["one_for_all", "rest_for_one"])
@scenario
async def test_a_temporary_bystander_is_stopped_and_not_restarted(
    rt: Runtime, strategy: Any
) -> None:
    family = Family()
    specs = [family.spec("a"), family.spec("b", restart="temporary")]
    pid = await rt.start(Supervisor(strategy), specs)
    await kill(rt, "a")
    assert [child.id for child in await which_children(pid)] == ["a"]
    assert pids("b") == {"b": None}


@scenario
async def test_a_bystander_sees_the_reason_shutdown(rt: Runtime) -> None:
    await rt.start(Supervisor("one_for_all"), Family().specs("ab"))
    ref = monitor("b")
    bystander = pid_of("b")
    await kill(rt, "a")
    assert await rt.receive(Down) == Down(ref, bystander, "shutdown")


@scenario
async def test_an_init_that_says_ignore_keeps_the_spec_unless_temporary(
    rt: Runtime,
) -> None:
    class Shy(GenServer):
        def init(self) -> InitOutcome:
            return ignore()

    specs = [
        ChildSpec("kept", Shy),
        ChildSpec("dropped", Shy, restart="temporary"),
    ]
    pid = await rt.start(Supervisor(), specs)
    assert [(c.id, c.pid) for c in await which_children(pid)] == [("kept", None)]


# Arguments


def test_the_defaults_are_elixirs() -> None:
    supervisor = Supervisor()
    assert supervisor.strategy == "one_for_one"
    assert supervisor.intensity.max_restarts == 3
    assert supervisor.intensity.max_seconds == 5.0
    assert supervisor.auto_shutdown == "never"


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


@scenario
async def test_a_supervisor_keeps_nothing_of_a_temporary_child_but_its_pid(
    rt: Runtime,
) -> None:
    pid = await rt.start(Supervisor(), Family().specs("a", restart="temporary"))
    children = getattr(pid.target, "behaviour").children  # noqa: B009 (internal)
    assert [child.spec.args for child in children] == [()]


@scenario
async def test_waiting_for_a_supervisor_gives_its_reason(rt: Runtime) -> None:
    pid = await rt.start(Supervisor(max_restarts=0), Family().specs("a"))
    waiting = asyncio.ensure_future(wait_for_exit(pid))
    await kill(rt, "a")
    assert await waiting == "shutdown"


@scenario
async def test_a_supervisor_refuses_requests_it_does_not_know(rt: Runtime) -> None:
    pid = await rt.start(Supervisor())
    ref = monitor(pid)
    asking = asyncio.ensure_future(call(pid, "what?"))
    down = await rt.receive(Down, lambda d: d.ref is ref)
    assert "has no attribute 'answered_by'" in repr(down.reason)
    asking.cancel()
    await asyncio.wait({asking})
