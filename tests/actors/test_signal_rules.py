"""Random programs, in random orders, live as a plain model of Erlang's rules says."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from exmc.actors import Call, Down, Pid, Reason, Ref, Runtime
from exmc.actors.kernel import control_block
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.kernel.exit_signal import Effect, Fatal, Ignored, Trapped, effect
from exmc.actors.kernel.mailbox import Mailbox
from exmc.actors.kernel.names import Names
from exmc.actors.kernel.state import State
from exmc.actors.process.signals import Monitor
from exmc.actors.server import gen_server
from exmc.actors.testing import RandomOrder, check_invariants
from tests.actors import signal_programs as do
from tests.actors.scenario import LOOPS
from tests.actors.signal_subject import TracedClock, World, live, observe
from tests.plain.signal_model import Model


@pytest.fixture(autouse=True)
def _no_crash_is_logged() -> Iterator[None]:
    logging.getLogger("exmc.actors").disabled = True
    yield
    logging.getLogger("exmc.actors").disabled = False


def obeys(scene: do.Scene, loop: str = "asyncio") -> World:
    """Check that a scene goes as the model says, whatever order it runs in."""
    complaints = list[object]()

    async def main() -> World:
        asyncio.get_running_loop().set_exception_handler(
            lambda _, context: complaints.append(context)
        )
        order = RandomOrder(scene.seed)
        async with Runtime(TracedClock(), scheduling=order) as rt:
            world = await live(rt, scene)
            model = Model(scene)
            model.replay(world.trace)
            assert observe(world) == model.expected()
            check_invariants(rt.kernel)
        return world

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        world = runner.run(main())
    assert complaints == []
    return world


FAST = settings(
    max_examples=8,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
SLOW = settings(FAST, max_examples=400)


@FAST
@given(do.SCENES)
def test_processes_obey_the_rules_of_signals(scene: do.Scene) -> None:
    obeys(scene)


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("loop", sorted(LOOPS))
@SLOW
@given(do.SCENES)
def test_many_processes_obey_the_rules_of_signals(loop: str, scene: do.Scene) -> None:
    obeys(scene, loop)


# Scenes that have gone wrong once


def scene(*programs: do.Program) -> do.Scene:
    """Processes that trap no exits, each with its program."""
    return do.Scene(tuple(do.Actor(trapping=False, program=p) for p in programs), 0)


def test_a_call_whose_caller_is_dead_fails_without_a_sound() -> None:
    busy = (do.Sleep(3.0),)
    waiting = (do.Call(0, (), "reply", None),)
    killing = (do.Sleep(1.0), do.SendExit(1, "kill"), do.SendExit(0, "kill"))
    obeys(scene(busy, waiting, killing))


def test_a_call_made_while_dying_fails_without_a_sound() -> None:
    busy = (do.Sleep(3.0),)
    dying = (do.Link(2), do.SendExit(2, "bad"), do.Call(0, (), "reply", None))
    killing = (do.Sleep(1.0), do.SendExit(0, "kill"))
    obeys(scene(busy, dying, busy, killing))


# A runtime that breaks a rule is found out


def loses_a_down(monitor: Monitor, _reason: Reason) -> None:
    monitor._owner.unhold(monitor.ref)


def tells_a_down_twice(monitor: Monitor, reason: Reason) -> None:
    monitor._owner.unhold(monitor.ref)
    for _ in range(2):
        monitor._owner.deliver(Down(monitor.ref, monitor.pid, reason))


def lets_a_kill_be_trapped(
    reason: Reason, *, linked: bool, trapping: bool, from_itself: bool
) -> Effect:
    if trapping:
        return Trapped()
    return effect(reason, linked=linked, trapping=trapping, from_itself=from_itself)


def lets_normal_kill(
    reason: Reason, *, linked: bool, trapping: bool, from_itself: bool
) -> Effect:
    judged = effect(reason, linked=linked, trapping=trapping, from_itself=from_itself)
    return Fatal(reason) if judged == Ignored() else judged


def changes_reasons(
    reason: Reason, *, linked: bool, trapping: bool, from_itself: bool
) -> Effect:
    judged = effect(reason, linked=linked, trapping=trapping, from_itself=from_itself)
    return Fatal("shutdown") if isinstance(judged, Fatal) else judged


def links_one_end_only(me: ControlBlock, pid: Pid) -> None:
    if me.state is State.RUNNING:
        me.tied().add_link(pid)


def keeps_links(_me: ControlBlock, _pid: Pid) -> None:
    """Forget to unlink."""


def keeps_monitors(_me: ControlBlock, _ref: Ref) -> None:
    """Forget to demonitor."""


def keeps_names(_names: Names, _name: str, _pid: Pid) -> None:
    """Forget to free a name."""


def never_expires(*_: object) -> None:
    """Let a call wait for ever."""


def replies_never(_call: Call, _value: object) -> None:
    """Drop each reply."""


class LastInFirstOut(Mailbox[object]):
    """A mailbox that hands out the latest message first."""

    def append(self, message: object, /) -> None:
        self.appendleft(message)


BREAKS: dict[Callable[..., object], tuple[object, str]] = {
    loses_a_down: (Monitor, "down"),
    tells_a_down_twice: (Monitor, "down"),
    lets_a_kill_be_trapped: (control_block, "effect"),
    lets_normal_kill: (control_block, "effect"),
    changes_reasons: (control_block, "effect"),
    links_one_end_only: (ControlBlock, "add_link"),
    keeps_links: (ControlBlock, "drop_link"),
    keeps_monitors: (ControlBlock, "unhold"),
    keeps_names: (Names, "release"),
    never_expires: (gen_server, "expire"),
    replies_never: (Call, "reply"),
    LastInFirstOut: (control_block, "Mailbox"),
}


@pytest.fixture(scope="module")
def some_scenes() -> list[do.Scene]:
    """A few scenes, made once."""
    found = list[do.Scene]()

    @settings(FAST, max_examples=150, phases=[Phase.generate])
    @given(do.SCENES)
    def collect(scene: do.Scene) -> None:
        found.append(scene)

    collect()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: str(broken.__name__))
def test_a_runtime_is_found_out_that(
    broken: Callable[..., object],
    some_scenes: list[do.Scene],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(*BREAKS[broken], broken)

    def all_obey() -> None:
        for scene in some_scenes:
            obeys(scene)

    with pytest.raises(AssertionError):
        all_obey()
