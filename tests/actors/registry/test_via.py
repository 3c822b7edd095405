from __future__ import annotations

import pytest

from exmc.actors import (
    BadAddressError,
    Down,
    NoProcessError,
    Registry,
    RegistryError,
    Runtime,
    Via,
    call,
    cast,
    monitor,
    send,
    send_after,
    send_exit,
    stop,
    whereis,
)
from exmc.actors.process.here import give_name, refusal
from tests.actors.actors import Echo
from tests.actors.registry.members import heard, member
from tests.actors.scenario import advance, fails_with, scenario

A = Via("reg", "a")


@scenario
async def test_a_registered_process_is_called_and_sent_to_by_its_key(
    rt: Runtime,
) -> None:
    await rt.start(Registry("reg"))
    pid = await member("a")
    assert whereis(A) is pid
    assert await call(A, lambda: 5) == 5
    send(A, 1)
    send_after(1.0, A, 2)
    await advance(rt, 1.0)
    assert await heard(pid) == [1, 2]


@scenario
async def test_a_registered_process_is_watched_and_stopped_by_its_key(
    rt: Runtime,
) -> None:
    await rt.start(Registry("reg"))
    pid = await member("a")
    ref = monitor(A)
    await stop(A)
    assert await rt.receive(Down) == Down(ref, pid, "normal")
    assert whereis(A) is None


@scenario
async def test_under_a_key_that_is_nobodys_there_is_no_process(rt: Runtime) -> None:
    await rt.start(Registry("reg"))
    with pytest.raises(
        NoProcessError, match=r"There is no process Via\(registry='reg', key='a'"
    ):
        await call(A, 1)
    cast(A, 1)
    send(A, 1)
    ref = monitor(A)
    assert await rt.receive(Down) == Down(ref, None, "noproc")


@scenario
async def test_without_its_registry_a_key_is_nobodys(rt: Runtime) -> None:
    assert whereis(A) is None
    assert refusal(rt.kernel, A) == "noproc"
    registry = await rt.start(Registry("reg"))
    await stop(registry)
    await fails_with(NoProcessError, call(A, 1))


@scenario
async def test_a_message_by_key_reaches_whoever_has_it_now(rt: Runtime) -> None:
    await rt.start(Registry("reg"))
    first = await member("a")
    send_exit(first, "kill")
    second = await member("a")
    send(A, 1)
    assert await heard(second) == [1]


@scenario
async def test_a_living_process_can_be_given_a_key(rt: Runtime) -> None:
    await rt.start(Registry("reg"))
    assert refusal(rt.kernel, A) is None
    give_name(rt.root, A)
    assert refusal(rt.kernel, A) == ("already_started", rt.root.pid)
    assert Registry.lookup("reg", "a") == ((rt.root.pid, None),)


@scenario
async def test_duplicate_keys_are_no_addresses(rt: Runtime) -> None:
    await rt.start(Registry("reg", keys="duplicate"))
    with pytest.raises(RegistryError, match="Registry 'reg' has \"duplicate\" keys"):
        send(A, 1)


@scenario
async def test_a_key_in_what_is_no_registry_is_refused(rt: Runtime) -> None:
    await rt.start(Echo, name="reg")
    with pytest.raises(BadAddressError, match=r"<0.1> is a Echo; a Registry is needed"):
        send(A, 1)
