"""Processes that register themselves, and say what they have heard."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from exmc.actors import (
    Call,
    CallOutcome,
    GenServer,
    Outcome,
    Pid,
    Registry,
    call,
    reply,
    start,
)


class Member(GenServer):
    """Registers itself under the keys given; runs functions that it is called with."""

    def init(self, registry: str = "reg", *keys: Hashable) -> None:
        self.heard: list[object] = []
        for key in keys:
            Registry.register(registry, key, f"value of {key}")

    def handle_call(
        self, request: Callable[[], object], _caller: Call, /
    ) -> CallOutcome:
        try:
            return reply(request())
        except Exception as error:  # noqa: BLE001 (the test judges it)
            return reply(error)

    def handle_cast(self, message: BaseException, /) -> Outcome:
        raise message

    def handle_info(self, message: object, /) -> None:
        self.heard.append(message)


class Keeping(Member):
    """The same, receiving exit signals as messages."""

    trap_exit = True


async def member(*keys: Hashable, kind: type[Member] = Member) -> Pid:
    """Start a member of the registry "reg"."""
    return await start(kind, "reg", *keys)


async def within(pid: Pid, function: Callable[[], object]) -> object:
    """Run a function inside a member; what it raises is returned."""
    return await call(pid, function)


async def heard(pid: Pid) -> list[object]:
    """What has come to a member."""
    found = await call(pid, lambda: None)
    assert found is None
    target = pid.target
    assert target is not None
    member: Member = target.behaviour  # type: ignore[attr-defined]
    return member.heard
