from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from exmc.actors import (
    BadAddressError,
    CallError,
    CallTimeoutError,
    Exit,
    GenServer,
    NoProcessError,
    Pid,
    PortData,
    PortExit,
    PortSpec,
    Process,
    Runtime,
    StartError,
    Supervisor,
    activate_port,
    close_port,
    open_port,
    port_command,
    port_info,
    send,
    stop,
    whereis,
)
from exmc.actors.clock import Turn
from exmc.actors.process.behaviour import Behaviour
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo, Stubborn
from tests.actors.port.programs import shell
from tests.actors.scenario import advance, during, fails_with, scenario


async def said(rt: Runtime, port: Pid, count: int) -> bytes:
    got = b""
    while len(got) < count:
        got += (await rt.receive(PortData, lambda m: m.port is port)).data
    return got


@scenario
async def test_what_is_sent_comes_back_from_who_says_it_again(rt: Runtime) -> None:
    port = await open_port("cat", name="echo")
    await port_command("echo", b"hello")
    assert await said(rt, port, 5) == b"hello"
    assert whereis("echo") is port
    info = await port_info(port)
    assert (info.command, info.sent, info.received) == (("cat",), 5, 5)
    assert (info.unsent, info.undelivered) == (0, 0)
    assert await close_port("echo") == ("exit", 0)
    assert not port.alive
    assert rt.kernel.dead_letters == 0


@scenario
async def test_messages_keep_their_bounds(rt: Runtime) -> None:
    port = await open_port(PortSpec("cat", packet=4))
    messages = [b"one", b"", b"x" * 100_000]
    for message in messages:
        await port_command(port, message)
    assert [(await rt.receive(PortData)).data for _ in messages] == messages
    await close_port(port)


@scenario
async def test_a_message_too_long_for_its_header_is_the_senders_mistake(
    rt: Runtime,
) -> None:
    port = await open_port(PortSpec("cat", packet=1))
    error = await fails_with(ValueError, port_command(port, b"x" * 256))
    assert "use packet=4" in str(error)
    await port_command(port, b"still there")
    assert await said(rt, port, 11) == b"still there"
    await close_port(port)


@scenario
async def test_what_is_not_bytes_is_the_senders_mistake() -> None:
    port = await open_port("cat")
    text: Any = "hello"
    error = await fails_with(TypeError, port_command(port, text))
    assert str(error) == (
        "The data of a port are bytes, got a str; encode it: text.encode()."
    )
    number: Any = 3
    error = await fails_with(TypeError, port_command(port, number))
    assert str(error) == (
        "The data of a port are bytes, got a int; "
        "give bytes, a bytearray or another buffer."
    )
    assert port.alive
    await close_port(port)


@pytest.mark.parametrize("behaviour", [Echo, GenServer, Stubborn, Supervisor])
@pytest.mark.parametrize(
    "ask",
    [
        close_port,
        activate_port,
        port_info,
        lambda address: port_command(address, b"x"),
    ],
)
@scenario
async def test_a_process_that_is_no_port_is_not_even_asked(
    rt: Runtime,
    behaviour: type[Behaviour],
    ask: Callable[[Pid | str], Awaitable[object]],
) -> None:
    other = await rt.start(behaviour, name="other")
    needed = (
        f"{other} is a {behaviour.__name__}; a Port is needed, give its name or pid"
    )
    for address in (other, "other"):
        error = await fails_with(BadAddressError, ask(address))
        assert str(error).startswith(needed)
    await fails_with(BadAddressError, ask(rt.root.pid))
    assert other.alive
    assert len(rt.reports) == 0


@scenario
async def test_a_buffer_may_be_used_again_at_once(rt: Runtime) -> None:
    port = await open_port("cat")
    buffer = bytearray(b"hello")
    sending = asyncio.ensure_future(port_command(port, buffer))
    await Turn()
    buffer[:] = b"bye"
    await sending
    assert await said(rt, port, 5) == b"hello"
    await close_port(port)


@scenario
async def test_fewer_messages_than_none_cannot_be_asked_for(rt: Runtime) -> None:
    port = await open_port(PortSpec(shell("cat; echo end"), active=1))
    await port_command(port, b"one")
    assert await said(rt, port, 3) == b"one"
    error = await fails_with(ValueError, activate_port(port, -1))
    assert str(error).startswith("more must be at least 0 messages, got -1")
    await close_port(port)


@scenario
async def test_all_who_close_a_port_hear_how_it_ended(rt: Runtime) -> None:
    port = await open_port(PortSpec("sleep 100", close_grace=1.0), link=False)
    closing = asyncio.gather(*[close_port(port) for _ in range(3)])
    await wait_until_idle(rt)
    await advance(rt, 1.0)
    assert await closing == [("signal", signal.SIGTERM)] * 3
    assert await rt.receive(PortExit, timeout=0) is None


@scenario
async def test_who_closes_a_port_that_is_stopped_hears_how_it_ended(
    rt: Runtime,
) -> None:
    port = await open_port(PortSpec("sleep 100", close_grace=1.0), link=False)
    ending = asyncio.gather(stop(port), close_port(port))
    await wait_until_idle(rt)
    await advance(rt, 1.0)
    _, how = await ending
    assert how == ("signal", signal.SIGTERM)


@scenario
async def test_who_sends_more_than_fits_waits_until_it_is_taken(rt: Runtime) -> None:
    size = 1 << 22
    port = await open_port(shell("read go <&2; wc -c"))
    port_stopped = (await port_info(port)).os_pid
    os.kill(port_stopped, signal.SIGSTOP)
    sending = asyncio.ensure_future(port_command(port, bytes(size)))
    await wait_until_idle(rt)
    assert not sending.done()
    # Meanwhile the port can be asked.
    assert 0 < (await port_info(port)).unsent < size
    os.kill(port_stopped, signal.SIGKILL)
    assert (await fails_with(CallError, sending)).reason in {
        "closed",
        ("signal", signal.SIGKILL),
    }
    await rt.receive(PortExit)


@scenario
async def test_large_output_and_large_input_cross_without_deadlock(
    rt: Runtime,
) -> None:
    size = 1 << 22
    port = await open_port("cat")
    sending = asyncio.ensure_future(port_command(port, bytes(size)))
    assert await said(rt, port, size) == bytes(size)
    await sending
    assert await close_port(port) == ("exit", 0)


@scenario
async def test_what_was_sent_is_written_before_the_input_ends(rt: Runtime) -> None:
    port = await open_port("wc -c")
    size = 1 << 22
    sending = asyncio.ensure_future(port_command(port, bytes(size)))
    await wait_until_idle(rt)
    assert await close_port(port) == ("exit", 0)
    await sending
    assert int(await said(rt, port, 1)) == size


@scenario
async def test_who_does_not_wait_long_enough_is_told(rt: Runtime) -> None:
    port = await open_port("sleep 100")
    sending = port_command(port, bytes(1 << 22), timeout=5.0)
    await fails_with(CallTimeoutError, during(rt, sending, 5.0))


@scenario
async def test_the_owner_that_closes_its_port_gets_no_further_word(
    rt: Runtime,
) -> None:
    rt.trap_exit = True
    port = await open_port("cat")
    assert await close_port(port) == ("exit", 0)
    assert await rt.receive(Exit) == Exit(port, "normal")
    assert await rt.receive(PortExit, timeout=0) is None


@scenario
async def test_the_owner_is_told_when_another_closes_its_port(rt: Runtime) -> None:
    class Other(Process):
        async def run(self, port: Pid, owner: Pid) -> None:
            send(owner, ("closed", await close_port(port)))

    port = await open_port("cat")
    await rt.start(Other, port, rt.root.pid)
    assert await rt.receive(PortExit) == PortExit(port, ("exit", 0))
    assert await rt.receive(tuple) == ("closed", ("exit", 0))


@scenario
async def test_closing_a_port_that_ends_by_itself_meanwhile_is_no_error(
    rt: Runtime,
) -> None:
    port = await open_port(shell("read line; exit 3"), link=False)
    os.kill((await port_info(port)).os_pid, signal.SIGKILL)
    assert await close_port(port) == ("signal", 9)
    await fails_with(NoProcessError, close_port(port))
    await fails_with(NoProcessError, port_command(port, b"x"))
    assert rt.processes == ()


@pytest.mark.parametrize(
    ("spec", "cause"),
    [
        (PortSpec("/no/such"), "No such file"),
        (PortSpec("/etc"), "Permission denied"),
        (PortSpec("cat", cwd="/no/such"), "in '/no/such': No such file"),
        (PortSpec("cat", stderr="/no/such/log"), "No such file"),
    ],
)
@scenario
async def test_a_program_that_cannot_be_run_is_a_failed_start_with_a_remedy(
    rt: Runtime, spec: PortSpec, cause: str
) -> None:
    error = await fails_with(StartError, open_port(spec))
    assert cause in str(error)
    assert rt.processes == ()


@scenario
async def test_a_spec_that_is_none_is_refused_where_it_is_made(rt: Runtime) -> None:
    error = await fails_with(StartError, open_port([]))
    assert "command of a port must be" in str(error)
    assert rt.processes == ()
