from __future__ import annotations

import asyncio

import pytest

from exmc.actors import (
    Exit,
    GenServer,
    NoProcessError,
    Registry,
    Runtime,
    send_exit,
    start,
    stop,
)
from exmc.actors.process.here import here
from exmc.actors.registry.entries import UniqueEntries
from exmc.actors.registry.owners import Owners
from tests.actors.actors import Echo
from tests.actors.registry.members import Keeping, heard, member
from tests.actors.scenario import scenario


@scenario
async def test_an_owner_is_held_once_however_many_keys_it_has(rt: Runtime) -> None:
    me, registry = here(), await rt.start(Echo)
    owners = Owners(registry, UniqueEntries())
    before = len(me.holdings)
    assert owners.add(me, "a", 1) is None
    assert owners.add(me, "b", 2) is None
    assert owners.add(me, "b", 3) is me.pid
    assert len(me.holdings) == before + 1
    owners.remove(me, "a")
    assert len(me.holdings) == before + 1
    owners.remove(me, "b")
    owners.remove(me, "b")
    assert len(me.holdings) == before


@scenario
async def test_who_is_refused_owns_nothing(rt: Runtime) -> None:
    me, registry = here(), await rt.start(Echo)
    owners = Owners(registry, UniqueEntries())
    owners.entries.add("a", registry, 1)
    assert owners.add(me, "a", 2) is registry
    assert len(me.holdings) == 0


@scenario
async def test_an_owner_that_traps_exits_hears_of_the_registrys_end_and_lives(
    rt: Runtime,
) -> None:
    registry = await rt.start(Registry("reg"))
    owner = await member("a", "b", kind=Keeping)
    send_exit(registry, "kill")
    assert await heard(owner) == [Exit(registry, "killed")]
    assert owner.target is not None
    assert owner.target.holdings == {}  # type: ignore[attr-defined]
    await stop(owner)


@scenario
async def test_an_owners_end_is_no_message_to_its_registry(rt: Runtime) -> None:
    registry = await rt.start(Registry("reg"))
    owner = await member("a")
    send_exit(owner, "kill")
    assert registry.target is not None
    assert len(registry.target.mailbox) == 0  # type: ignore[attr-defined]
    assert registry.alive


class Leaving(GenServer):
    """Leaves a task behind that registers its process after its death."""

    def init(self, died: asyncio.Event, left: list[asyncio.Task[None]]) -> None:
        async def late() -> None:
            await died.wait()
            Registry.register("reg", "a")

        left.append(asyncio.ensure_future(late()))


@scenario
async def test_a_dead_process_cannot_be_registered_by_what_it_left(
    rt: Runtime,
) -> None:
    await rt.start(Registry("reg"))
    died, left = asyncio.Event(), list[asyncio.Task[None]]()
    send_exit(await start(Leaving, died, left), "kill")
    died.set()
    with pytest.raises(NoProcessError, match=r"<0.2> has ended; it cannot be regist"):
        await left[0]
    assert Registry.count("reg") == 0
