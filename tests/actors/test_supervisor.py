from __future__ import annotations

import asyncio
from typing import Any

import pytest

from exmc.actors import (
    Backoff,
    BadChildSpecError,
    ChildSpec,
    Down,
    Exit,
    GenServer,
    Outcome,
    Pid,
    Reason,
    Runtime,
    StartError,
    Supervisor,
    SupervisorReport,
    call,
    cast,
    ignore,
    mark_progress,
    monitor,
    noreply,
    send_exit,
    start_link,
    stop,
    unlink,
    wait_for_exit,
    which_children,
)
from exmc.actors.children import Child
from exmc.actors.outcome import InitOutcome
from exmc.actors.supervisor import require_one_of
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo
from tests.actors.family import Family, Member, changed, end, kill, pid_of, pids
from tests.actors.scenario import LOOPS, advance, during, fails_with, run_on, scenario


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


# Intensity


@scenario
async def test_one_restart_too_many_ends_the_children_and_the_supervisor(
    rt: Runtime,
) -> None:
    family = Family()
    pid = await rt.start(
        Supervisor(max_restarts=3, max_seconds=5.0), family.specs("ab")
    )
    ref = monitor(pid)
    for _ in range(3):
        await kill(rt, "a")
    assert pid.alive
    family.taken()
    await kill(rt, "a")
    assert await rt.receive(Down) == Down(ref, pid, "shutdown")
    assert family.taken() == [("stop", "b")]
    last = list(rt.reports)[-1]
    assert isinstance(last, SupervisorReport)
    assert (last.event, last.child) == ("gave_up", "a")


@scenario
async def test_the_first_restart_is_too_many_when_none_is_tolerated(
    rt: Runtime,
) -> None:
    pid = await rt.start(Supervisor(max_restarts=0), Family().specs("a"))
    await kill(rt, "a")
    assert not pid.alive


@scenario
async def test_restarts_longer_ago_than_the_period_do_not_count(rt: Runtime) -> None:
    pid = await rt.start(
        Supervisor(max_restarts=1, max_seconds=5.0), Family().specs("a")
    )
    for _ in range(5):
        await kill(rt, "a")
        await advance(rt, 5.1)
    assert pid.alive


@scenario
async def test_a_supervisor_that_gives_up_is_restarted_by_its_own(
    rt: Runtime,
) -> None:
    family = Family()
    inner = ChildSpec("inner", Supervisor(max_restarts=0), (family.specs("ab"),))
    outer = await rt.start(Supervisor(), [inner])
    [before] = await which_children(outer)
    await kill(rt, "b")
    [after] = await which_children(outer)
    assert isinstance(after.pid, Pid)
    assert after.pid is not before.pid
    notes = [*(("start", n) for n in "ab"), ("stop", "a")]
    assert family.taken() == [*notes, *(("start", n) for n in "ab")]


@scenario
async def test_a_transient_supervisor_that_gives_up_is_left_alone(
    rt: Runtime,
) -> None:
    inner = ChildSpec(
        "inner",
        Supervisor(max_restarts=0),
        (Family().specs("a"),),
        restart="transient",
    )
    outer = await rt.start(Supervisor(), [inner])
    await kill(rt, "a")
    [child] = await which_children(outer)
    assert child.pid is None
    assert pids("a") == {"a": None}


@scenario
async def test_a_killed_supervisor_takes_its_children_with_it(rt: Runtime) -> None:
    pid = await rt.start(Supervisor(), Family().specs("abc"))
    send_exit(pid, "kill")
    await wait_until_idle(rt)
    assert rt.processes == ()


# Restarts that fail


@scenario
async def test_a_restart_that_fails_is_tried_again_and_each_try_counts(
    rt: Runtime,
) -> None:
    family = Family()
    pid = await rt.start(Supervisor(max_restarts=3), family.specs("a"))
    family.refusing["a"] = 2
    await kill(rt, "a")
    assert pid_of("a").alive
    family.refusing["a"] = 1
    await kill(rt, "a")
    assert not pid.alive


class Hanging(Member):
    """Its init waits, once it has been started before."""

    async def init(self, family: Family, name: str) -> None:  # type: ignore[override]  # the base need not wait
        super().init(family, name)

    @classmethod
    def of(cls, rt: Runtime) -> type[Hanging]:
        class Slow(cls):  # type: ignore[valid-type, misc]
            async def init(self, family: Family, name: str) -> None:
                await rt.clock.sleep(1.0)
                Member.init(self, family, name)

        return Slow


@scenario
async def test_a_supervisor_answers_between_restarts_that_fail(rt: Runtime) -> None:
    family = Family()
    specs = family.specs("a", behaviour=Hanging.of(rt))
    begun = rt.start(Supervisor(max_restarts=100), specs)
    pid = await during(rt, begun, 1.0)
    family.refusing["a"] = 50
    await kill(rt, "a")
    asked = which_children(pid)
    [child] = await during(rt, asked, 1.0)
    assert child.pid == "restarting"
    stopping = stop(pid, "shutdown")
    await during(rt, stopping, 1.0)
    assert not pid.alive


@scenario
async def test_one_for_all_tries_the_whole_group_again(rt: Runtime) -> None:
    family = Family()
    await rt.start(Supervisor("one_for_all"), family.specs("abc"))
    family.taken()
    family.refusing["c"] = 1
    await kill(rt, "a")
    first_try = [("start", "a"), ("start", "b"), ("stop", "b"), ("stop", "a")]
    again = [("start", name) for name in "abc"]
    assert family.taken() == [("stop", "c"), ("stop", "b"), *first_try, *again]


@scenario
async def test_rest_for_one_leaves_those_alone_that_were_restarted_already(
    rt: Runtime,
) -> None:
    family = Family()
    await rt.start(Supervisor("rest_for_one"), family.specs("abcd"))
    family.taken()
    family.refusing["c"] = 1
    await kill(rt, "b")
    stops = [("stop", "d"), ("stop", "c")]
    starts = [("start", name) for name in "bcd"]
    assert family.taken() == [*stops, *starts]


# Delays


@scenario
async def test_a_restart_may_be_delayed_and_the_delay_grows(rt: Runtime) -> None:
    family = Family()
    specs = family.specs("a", backoff=Backoff(1.0, 10.0, 2.0))
    pid = await rt.start(Supervisor(max_restarts=9, max_seconds=100), specs)
    for delay in (1.0, 2.0, 4.0, 8.0, 10.0):
        await kill(rt, "a")
        await advance(rt, delay - 0.1)
        [child] = await which_children(pid)
        assert child.pid == "restarting"
        await advance(rt, 0.1)
        assert pid_of("a").alive


class Getting(Member):
    """Says that it gets on when it is told to."""

    def handle_cast(self, reason: Reason, /) -> Outcome:
        if reason == "get on":
            mark_progress()
            return noreply()
        return super().handle_cast(reason)


@scenario
async def test_progress_resets_the_delay_and_the_count_of_restarts(
    rt: Runtime,
) -> None:
    family = Family()
    specs = family.specs("a", behaviour=Getting, backoff=Backoff(1.0, 10.0, 2.0))
    pid = await rt.start(Supervisor(max_restarts=2, max_seconds=1000.0), specs)
    for _ in range(5):
        for delay in (1.0, 2.0):
            await kill(rt, "a")
            await advance(rt, delay)
            assert pid_of("a").alive
        await end(rt, "a", "get on")
    assert pid.alive


@scenario
async def test_the_progress_of_one_child_does_not_excuse_another(rt: Runtime) -> None:
    family = Family()
    specs = family.specs("ab", behaviour=Getting)
    pid = await rt.start(Supervisor(max_restarts=2, max_seconds=1000.0), specs)
    for _ in range(3):
        await kill(rt, "a")
        if pid.alive:
            await end(rt, "b", "get on")
    assert not pid.alive


@scenario
async def test_progress_without_a_supervisor_means_nothing() -> None:
    mark_progress()


@scenario
async def test_a_delayed_group_waits_together(rt: Runtime) -> None:
    family = Family()
    specs = family.specs("abc", backoff=Backoff(1.0, 1.0))
    pid = await rt.start(Supervisor("rest_for_one"), specs)
    family.taken()
    await kill(rt, "b")
    assert [c.pid for c in await which_children(pid)][1:] == ["restarting"] * 2
    await advance(rt, 1.0)
    assert family.taken() == [("stop", "c"), ("start", "b"), ("start", "c")]


@scenario
async def test_a_failure_further_up_takes_over_a_restart_that_waits(
    rt: Runtime,
) -> None:
    family = Family()
    specs = family.specs("abc", backoff=Backoff(1.0, 1.0))
    await rt.start(Supervisor("rest_for_one"), specs)
    family.taken()
    await kill(rt, "c")
    await advance(rt, 0.5)
    await kill(rt, "a")
    await advance(rt, 0.5)
    assert family.taken() == [("stop", "b")]
    await advance(rt, 0.5)
    assert family.taken() == [("start", name) for name in "abc"]


@scenario
async def test_a_supervisor_may_be_stopped_while_a_restart_waits(rt: Runtime) -> None:
    family = Family()
    specs = family.specs("a", backoff=Backoff(1.0, 1.0))
    pid = await rt.start(Supervisor(), specs)
    await kill(rt, "a")
    await stop(pid)
    await advance(rt, 5.0)
    assert family.taken() == [("start", "a")]


# Shutdown


@scenario
async def test_a_child_that_fails_while_it_is_stopped_is_reported(
    rt: Runtime,
) -> None:
    class Failing(Member):
        def terminate(self, _reason: Reason, /) -> None:
            raise ValueError("in terminate")

    family = Family()
    specs = [family.spec("a"), family.spec("b", behaviour=Failing)]
    pid = await rt.start(Supervisor(), specs)
    family.taken()
    await stop(pid, "shutdown")
    assert family.taken() == [("stop", "a")]
    events = [r.event for r in rt.reports if isinstance(r, SupervisorReport)]
    assert events == ["shutdown_error"]


@scenario
async def test_a_child_that_has_unlinked_its_supervisor_is_stopped_with_it(
    rt: Runtime,
) -> None:
    class Unlinked(Member):
        def handle_cast(self, _message: object, /) -> None:
            unlink(pid)

    pid = await rt.start(Supervisor(), Family().specs("a", behaviour=Unlinked))
    cast("a", "go")
    await wait_until_idle(rt)
    await stop(pid)
    assert rt.processes == ()


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


# Automatic shutdown


@pytest.mark.parametrize(
    ("auto_shutdown", "ended", "over"),
    [
        ("any_significant", "a", True),
        ("any_significant", "c", False),
        ("all_significant", "a", False),
        ("all_significant", "ab", True),
    ],
)
@scenario
async def test_a_supervisor_may_end_when_its_significant_children_have(
    rt: Runtime, auto_shutdown: Any, ended: str, over: bool
) -> None:
    family = Family()
    significant = family.specs("ab", restart="transient", significant=True)
    specs = [*significant, family.spec("c", restart="transient")]
    pid = await rt.start(Supervisor(auto_shutdown=auto_shutdown), specs)
    for name in ended:
        await end(rt, name, "normal")
    assert pid.alive is not over


@scenario
async def test_a_significant_temporary_child_ends_its_supervisor_by_any_exit(
    rt: Runtime,
) -> None:
    specs = Family().specs("a", restart="temporary", significant=True)
    pid = await rt.start(Supervisor(auto_shutdown="any_significant"), specs)
    ref = monitor(pid)
    await kill(rt, "a")
    assert await rt.receive(Down) == Down(ref, pid, "shutdown")


@scenario
async def test_a_significant_child_that_is_restarted_ends_nothing(
    rt: Runtime,
) -> None:
    specs = Family().specs("a", restart="transient", significant=True)
    pid = await rt.start(Supervisor(auto_shutdown="any_significant"), specs)
    await kill(rt, "a")
    assert pid.alive


@scenario
async def test_a_significant_child_needs_a_supervisor_that_cares(rt: Runtime) -> None:
    specs = Family().specs("a", restart="transient", significant=True)
    error = await fails_with(StartError, start_link(Supervisor(), specs))
    assert str(error.reason[1]) == (
        "Child 'a' is significant, but the supervisor's auto_shutdown is "
        '"never"; set it to "any_significant" or "all_significant".'
    )
    assert rt.processes == ()


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
