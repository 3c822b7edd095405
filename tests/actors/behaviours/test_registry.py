"""What is not in OTP's suites, and is relied on all the same: registries."""

from __future__ import annotations

from typing import Any

from exmc.actors import (
    Call,
    Down,
    Entry,
    GenServer,
    Process,
    Registry,
    Runtime,
    call,
    error_in,
    monitor,
    reply,
    send,
    send_exit,
    start,
)
from exmc.actors.errors import AlreadyRegisteredError, CallError
from exmc.actors.server.outcome import CallOutcome
from exmc.actors.testing import wait_until_idle
from tests.actors.scenario import fails_with, scenario


class Member(GenServer):
    """Registers itself when told to; notes what it is sent."""

    def init(self) -> None:
        self.notes: list[object] = []

    def handle_call(self, request: Any, _caller: Call, /) -> CallOutcome:
        if request == "notes":
            return reply(self.notes)
        Registry.register(*request)
        return reply("ok")

    def handle_info(self, message: object, /) -> None:
        self.notes.append(message)


@scenario
async def test_a_unique_key_that_is_taken_names_who_has_it(rt: Runtime) -> None:
    await rt.start(Registry("names", keys="unique"))
    first, second = await start(Member), await start(Member)
    assert await call(first, ("names", "key", 1)) == "ok"
    failed = await fails_with(CallError, call(second, ("names", "key", 2)))
    error = error_in(failed.reason)
    assert isinstance(error, AlreadyRegisteredError)
    assert error.reason == ("already_registered", first)
    assert [entry.pid for entry in Registry.lookup("names", "key")] == [first]


@scenario
async def test_a_death_frees_its_keys_before_anybody_sees_it(rt: Runtime) -> None:
    await rt.start(Registry("names"))
    seen: list[object] = []

    class Watching(Process):
        async def run(self) -> None:
            ref = monitor(member)
            await self.receive(Down, lambda d: d.ref is ref)
            seen.append(Registry.lookup("names", "key"))
            Registry.register("names", "key")
            seen.append(Registry.keys("names", self.pid))

    member = await start(Member)
    await call(member, ("names", "key"))
    await start(Watching)
    send_exit(member, "kill")
    await wait_until_idle(rt)
    assert seen == [(), ("key",)]
    assert Registry.count("names") == 0


@scenario
async def test_a_dispatch_reaches_every_subscriber_of_a_key(rt: Runtime) -> None:
    await rt.start(Registry("topics", keys="duplicate"))
    members = [await start(Member) for _ in range(5)]
    for member in members:
        await call(member, ("topics", "news"))
    send_exit(members[2], "kill")

    def tell(subscribed: tuple[Entry, ...]) -> None:
        for entry in subscribed:
            send(entry.pid, "!")

    Registry.dispatch("topics", "news", tell)
    for member in (*members[:2], *members[3:]):
        assert await call(member, "notes") == ["!"]
