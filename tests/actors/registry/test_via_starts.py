from __future__ import annotations

import pytest

from exmc.actors import (
    BadAddressError,
    ChildSpec,
    Partition,
    Registry,
    Runtime,
    StartError,
    Supervisor,
    Via,
    call,
    send_exit,
    start,
    stop,
    whereis,
)
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo
from tests.actors.scenario import fails_with, scenario

A = Via("reg", "a")


@scenario
async def test_a_process_is_started_under_a_key(rt: Runtime) -> None:
    await rt.start(Registry("reg"))
    pid = await start(Echo, name=Via("reg", "a", value=7))
    assert Registry.lookup("reg", "a") == ((pid, 7),)
    assert await call(A, "ping") == "ping"
    await stop(A)
    assert Registry.count("reg") == 0


@scenario
async def test_a_key_that_is_taken_refuses_a_start_and_leaves_no_trace(
    rt: Runtime,
) -> None:
    await rt.start(Registry("reg"))
    first = await start(Echo, name=A)
    before = rt.processes
    error = await fails_with(StartError, start(Echo, name=A))
    assert error.reason == ("already_started", first)
    assert rt.processes == before
    assert Registry.count("reg") == 1


@scenario
async def test_no_process_starts_under_a_key_of_no_registry(rt: Runtime) -> None:
    error = await fails_with(StartError, rt.start(Echo, name=A))
    assert error.reason == "noproc"


@scenario
async def test_a_process_that_does_not_start_gives_its_key_back(rt: Runtime) -> None:
    await rt.start(Registry("reg"))
    await fails_with(StartError, start(Echo, 1, 2, 3, name=A))
    assert Registry.count("reg") == 0


@scenario
async def test_a_restarted_child_has_its_key_again(rt: Runtime) -> None:
    await rt.start(Registry("reg"))
    await rt.start(Supervisor(), [ChildSpec("a", Echo, name=A)])
    first = whereis(A)
    assert first is not None
    send_exit(first, "kill")
    await wait_until_idle(rt)
    second = whereis(A)
    assert second is not None
    assert second is not first


@scenario
async def test_an_address_that_is_no_name_starts_nothing(rt: Runtime) -> None:
    with pytest.raises(BadAddressError, match=r"Partition\(supervisor='x', key=1\) is"):
        await start(Echo, name=Partition("x", 1))
    assert rt.processes == ()
