from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from exmc.actors import (
    CallError,
    ChildSpec,
    CrashReport,
    NoRuntimeError,
    Pid,
    Supervisor,
    VirtualClock,
    call,
)
from exmc.actors.process.here import here
from exmc.actors.runtime.background import BackgroundRuntime
from tests.actors.actors import Echo, Stubborn
from tests.actors.family import Family
from tests.actors.scenario import LOOPS

WATCHDOG = "exmc.actors watchdog"


@pytest.fixture(params=sorted(LOOPS))
def background(request: pytest.FixtureRequest) -> BackgroundRuntime:
    return BackgroundRuntime(loop_factory=LOOPS[request.param])


def threads_of_runtimes() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name == "exmc.actors runtime"]


def control_c() -> None:
    """Send what the keyboard does: to the whole process, not to this thread."""
    os.kill(os.getpid(), signal.SIGINT)


def test_a_plain_program_talks_to_processes(background: BackgroundRuntime) -> None:
    with background as processes:
        pid = processes.start(Echo)
        assert processes.call(pid, "hello") == "hello"
    assert not pid.alive
    assert threads_of_runtimes() == []


def test_many_threads_talk_at_once(background: BackgroundRuntime) -> None:
    with background as processes, ThreadPoolExecutor(8) as pool:
        pid = processes.start(Echo)
        answers = pool.map(lambda n: processes.call(pid, n), range(200))
        assert list(answers) == list(range(200))


def test_leaving_stops_children_in_reverse_order(
    background: BackgroundRuntime,
) -> None:
    family = Family()
    with background as processes:
        processes.start(Supervisor(), family.specs("ab"))
    assert family.log[2:] == [("stop", "b"), ("stop", "a")]


def test_an_error_in_the_block_is_raised_and_everything_stopped(
    background: BackgroundRuntime,
) -> None:
    pids = list[Pid]()

    def live() -> None:
        with background as processes:
            pids.append(processes.start(Echo))
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        live()
    assert not pids[0].alive


def test_a_handle_is_of_no_use_afterwards(background: BackgroundRuntime) -> None:
    with background as processes:
        pid = processes.start(Echo)
    for attempt in (processes.call, processes.send, processes.cast):
        with pytest.raises(NoRuntimeError, match="The runtime was left"):
            attempt(pid, "anything")


def test_it_is_entered_once(background: BackgroundRuntime) -> None:
    with background:
        pass
    with pytest.raises(NoRuntimeError, match="entered once; make another"), background:
        pass


def test_its_clock_may_be_virtual() -> None:
    clock = VirtualClock()
    with BackgroundRuntime(clock) as processes:
        processes.run(clock.advance, 3600.0)
        assert clock.now() == 3600.0


@pytest.mark.parametrize("timing", [False, True])
def test_its_processes_and_what_went_wrong_are_to_be_seen(timing: bool) -> None:
    with BackgroundRuntime(VirtualClock(), timing=timing) as processes:
        pid = processes.start(Echo, name="echo")
        processes.call(pid, "work")
        info = next(i for i in processes.observe() if i.pid is pid)
        assert (info.name, info.kind) == ("echo", "Echo")
        assert (info.busy_s is not None) is timing
        assert processes.reports() == ()
        with pytest.raises(CallError):
            processes.call(pid, ("raise", ValueError("bad luck")))
        (report,) = processes.reports()
        assert isinstance(report, CrashReport)
        assert report.pid is pid
    with pytest.raises(NoRuntimeError, match="The runtime was left"):
        processes.observe()


def test_its_invariants_are_checked_where_that_is_asked_for() -> None:
    async def break_for_a_while(pid: Pid) -> None:
        kernel, ghost = here().kernel, Pid(99)
        kernel.table.add(ghost)
        await call(pid, "a turn")
        kernel.table.discard(ghost)

    def live() -> None:
        with BackgroundRuntime(debug=True) as processes:
            processes.run(break_for_a_while, processes.start(Echo))

    with pytest.raises(AssertionError, match="The runtime was broken for a while"):
        live()


def test_whoever_blocks_it_is_named_where_that_is_asked_for() -> None:
    with BackgroundRuntime(watchdog=True) as processes:
        assert [t.name for t in threading.enumerate()].count(WATCHDOG) == 1
        assert processes.reports() == ()
    assert WATCHDOG not in [t.name for t in threading.enumerate()]


def test_control_c_while_the_program_waits_stops_everything(
    background: BackgroundRuntime,
) -> None:
    family = Family()

    def live() -> None:
        with background as processes:
            processes.start(Supervisor(), family.specs("ab"))
            pid = processes.start(Echo)
            threading.Thread(target=control_c).start()
            processes.call(pid, "never", timeout=None)

    with pytest.raises(KeyboardInterrupt):
        live()
    assert family.log[2:] == [("stop", "b"), ("stop", "a")]
    assert threads_of_runtimes() == []


def test_control_c_during_the_leaving_kills_what_is_left(
    background: BackgroundRuntime,
) -> None:
    log = list[object]()
    spec = ChildSpec("hangs", Stubborn, (log,), shutdown="infinity")

    def live() -> None:
        with background as processes:
            processes.start(Supervisor(), [spec])
            timer = threading.Timer(0.05, control_c)
            timer.start()

    with pytest.raises(KeyboardInterrupt):
        live()
    assert log == ["unwound"]
    assert threads_of_runtimes() == []


def test_what_ends_the_loop_is_told_to_waiting_threads_and_on_leaving(
    background: BackgroundRuntime,
) -> None:
    def live() -> None:
        with background as processes:
            pid = processes.start(Echo)
            with pytest.raises((NoRuntimeError, CallError)):
                processes.call(pid, ("raise", SystemExit(3)), timeout=None)

    with pytest.raises(SystemExit) as caught:
        live()
    assert caught.value.code == 3
    assert threads_of_runtimes() == []


def test_a_loop_that_cannot_be_made_is_told_at_once() -> None:
    def broken() -> None:
        raise OSError("no descriptors")

    background = BackgroundRuntime(loop_factory=broken)  # type: ignore[arg-type]
    with pytest.raises(OSError, match="no descriptors"), background:
        pass


def test_a_fork_can_neither_use_nor_stop_it(background: BackgroundRuntime) -> None:
    with background as processes:
        pid = processes.start(Echo)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                processes.send(pid, "hello")
            except NoRuntimeError:
                background.__exit__(None, None, None)
                status = 7
            finally:
                os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        assert processes.call(pid, "still there") == "still there"
