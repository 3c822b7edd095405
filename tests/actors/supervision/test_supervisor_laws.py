"""Random lives of supervisors are held against one that is plain."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from exmc.actors import (
    ChildError,
    Pid,
    Reason,
    Runtime,
    StartError,
    Supervisor,
    delete_child,
    restart_child,
    start_child,
    terminate_child,
    whereis,
    which_children,
)
from exmc.actors.supervision.child_spec import Restart
from exmc.actors.supervision.strategy import STRATEGIES, Strategy
from tests.actors.behaviours.broken import BREAKS, Break
from tests.actors.family import Family, end, kill
from tests.actors.scenario import LOOPS, advance, run_on
from tests.plain.supervisor_model import PlainSupervisor

NAMES = "abcde"
STEPS = ("end", "kill", "refuse", "advance", "add", "terminate", "restart", "delete")
LIKELY = ("end", "kill", "kill", "refuse")

Step = tuple[str, str, Any]


@some.composite
def steps(draw: some.DrawFn) -> Step:
    """Something that happens, to whom, and how."""
    what = draw(some.sampled_from(LIKELY + STEPS))
    how: dict[str, some.SearchStrategy[Any]] = {
        "end": some.sampled_from(["normal", "shutdown", ("shutdown", 1), "bad"]),
        "refuse": some.integers(0, 3),
        "advance": some.sampled_from([0.5, 1.0, 5.0, 6.0]),
        "add": some.sampled_from(["permanent", "transient", "temporary"]),
    }
    return what, draw(some.sampled_from(NAMES)), draw(how.get(what, some.none()))


restart_types = some.lists(
    some.sampled_from(["permanent", "transient", "temporary"]), min_size=1, max_size=4
)
lives = some.fixed_dictionaries(
    {
        "strategy": some.sampled_from(STRATEGIES),
        "restarts": restart_types,
        "most": some.integers(0, 4),
        "life": some.lists(steps(), max_size=12),
    }
)


class Both:
    """One supervisor, and the plain one beside it."""

    def __init__(self, rt: Runtime, strategy: Strategy, most: int) -> None:
        self.rt = rt
        self.family = Family()
        self.template = Supervisor(strategy, max_restarts=most, max_seconds=5.0)
        self.plain = PlainSupervisor(strategy, most, 5.0)

    async def begin(self, restarts: list[Restart]) -> None:
        specs = []
        for name, restart in zip(NAMES, restarts, strict=False):
            specs.append(self.family.spec(name, restart=restart))
            self.plain.add(name, restart)
        self.pid: Pid = await self.rt.start(self.template, specs)

    async def take(self, what: str, name: str, how: Any) -> None:
        match what:
            case "end" | "kill":
                await self.end(name, "killed" if what == "kill" else how)
            case "refuse":
                self.family.refusing[name] = self.plain.refusing[name] = how
            case "advance":
                await advance(self.rt, how)
                self.plain.now += how
            case _:
                with suppress(ChildError, StartError):
                    await self.ask(what, name, how)

    async def end(self, name: str, reason: Reason) -> None:
        self.plain.end(name, reason)
        if whereis(name) is None:
            return
        if reason == "killed":
            await kill(self.rt, name)
        else:
            await end(self.rt, name, reason)

    async def ask(self, what: str, name: str, how: Any) -> None:
        match what:
            case "add":
                self.plain.add(name, how)
                await start_child(self.pid, self.family.spec(name, restart=how))
            case "terminate":
                self.plain.terminate(name)
                await terminate_child(self.pid, name)
            case "restart":
                self.plain.start_again(name)
                await restart_child(self.pid, name)
            case _:
                self.plain.delete(name)
                await delete_child(self.pid, name)

    async def agree(self) -> None:
        """Check that the two are in the same state, and have come there alike."""
        assert self.family.log == self.plain.log
        assert self.pid.alive == self.plain.alive
        listed = await which_children(self.pid) if self.pid.alive else ()
        states = [(c.id, "up" if isinstance(c.pid, Pid) else "down") for c in listed]
        assert states == [(c.name, c.state) for c in self.plain.children]


def live(loop: str, life: dict[str, Any]) -> None:
    """Let both live the same life and compare them after each step."""

    async def main(rt: Runtime) -> None:
        both = Both(rt, life["strategy"], life["most"])
        await both.begin(life["restarts"])
        await both.agree()
        for step in life["life"]:
            if both.plain.alive:
                await both.take(*step)
            await both.agree()

    run_on(loop, main)


def law(examples: int, *, shrinking: bool = True) -> Callable[[str], None]:
    """The law, on so many random lives."""

    @settings(
        max_examples=examples,
        phases=list(Phase) if shrinking else [Phase.generate],
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(lives)
    def holds(loop: str, life: dict[str, Any]) -> None:
        live(loop, life)

    def on(loop: str) -> None:
        holds(loop)

    return on


@pytest.mark.parametrize("loop", sorted(LOOPS))
def test_a_supervisor_lives_as_the_plain_one_does(loop: str) -> None:
    law(25)(loop)


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("loop", sorted(LOOPS))
def test_a_supervisor_lives_as_the_plain_one_does_for_long(loop: str) -> None:
    law(800)(loop)


SEEN = (3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 22, 23)
"""Behaviours without which a supervisor lives differently."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "broken",
    [broken for broken in BREAKS if broken.behaviour in SEEN],
    ids=lambda broken: f"{broken.behaviour} {broken.name}",
)
def test_a_supervisor_without_a_behaviour_lives_differently(
    broken: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken.apply(monkeypatch)
    with pytest.raises(BaseException) as failure:  # noqa: PT011 (whatever goes wrong)
        law(3000, shrinking=False)("asyncio")
    assert not isinstance(failure.value, KeyboardInterrupt)
