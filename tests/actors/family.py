"""A supervisor with children that note what happens to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from exmc.actors import (
    ChildSpec,
    GenServer,
    Pid,
    Reason,
    Runtime,
    Supervisor,
    cast,
    send_exit,
    stop_with,
    whereis,
)
from exmc.actors.process.behaviour import Behaviour
from exmc.actors.server.outcome import Outcome
from exmc.actors.testing import wait_until_idle


@dataclass
class Family:
    """What the children of one supervisor have noted.

    Attributes:
        log: Starts and ends, in order.
        refusing: Children whose init fails, and how often it still will.
    """

    log: list[tuple[str, str]] = field(default_factory=list)
    refusing: dict[str, int] = field(default_factory=dict)

    def spec(self, name: str, **changes: Any) -> ChildSpec:
        """A child of this name, registered under it."""
        behaviour: type[Behaviour] = changes.pop("behaviour", Member)
        return ChildSpec(name, behaviour, (self, name), name=name, **changes)

    def specs(self, names: str, **changes: Any) -> list[ChildSpec]:
        """One child for each letter."""
        return [self.spec(name, **changes) for name in names]

    def taken(self) -> list[tuple[str, str]]:
        """The notes so far, which are then forgotten."""
        notes, self.log[:] = list(self.log), []
        return notes


class Member(GenServer):
    """A child that notes its start and its end."""

    trap_exit = True

    def init(self, family: Family, name: str) -> None:
        self.family, self.name = family, name
        if family.refusing.get(name):
            family.refusing[name] -= 1
            raise ValueError(name)
        family.log.append(("start", name))

    def handle_cast(self, reason: Reason, /) -> Outcome:
        return stop_with(reason)

    def terminate(self, _reason: Reason, /) -> None:
        self.family.log.append(("stop", self.name))


Making = Callable[..., Supervisor]


async def end(rt: Runtime, name: str, reason: Reason) -> None:
    """Let a child end by itself, and its supervisor see to it."""
    cast(name, reason)
    await wait_until_idle(rt)


async def kill(rt: Runtime, name: str) -> None:
    """Kill a child, and let its supervisor see to it."""
    send_exit(pid_of(name), "kill")
    await wait_until_idle(rt)


def pid_of(name: str) -> Pid:
    """The process of this name."""
    pid = whereis(name)
    assert pid is not None
    return pid


def pids(names: str) -> dict[str, Pid | None]:
    """The process of each letter."""
    return {name: whereis(name) for name in names}


def changed(before: dict[str, Pid | None]) -> str:
    """Those whose process is another one now."""
    return "".join(name for name, pid in before.items() if whereis(name) is not pid)


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


def slow(rt: Runtime, seconds: float) -> type[Member]:
    """A child that takes its time to end."""

    class Slow(Member):
        async def terminate(self, reason: Reason, /) -> None:  # type: ignore[override]  # the base does not wait
            await rt.clock.sleep(seconds)
            super().terminate(reason)

    return Slow
