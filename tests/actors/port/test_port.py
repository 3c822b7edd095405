from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exmc.actors import (
    CallError,
    ChildSpec,
    CrashReport,
    Down,
    Exit,
    GenServer,
    Pid,
    Port,
    PortData,
    PortExit,
    PortSpec,
    Reason,
    Runtime,
    StartError,
    Supervisor,
    activate_port,
    close_port,
    monitor,
    open_port,
    port_command,
    port_info,
    register,
    send_exit,
    start,
    stop,
    telemetry,
    unregister,
    which_children,
)
from exmc.actors.port.channel import Channel
from exmc.actors.port.launching import Launched
from exmc.actors.port.reaper import REAPER
from exmc.actors.testing import wait_until_idle
from tests.actors.port.programs import Witness, python, shell
from tests.actors.scenario import advance, during, fails_with, scenario

STUBBORN = shell("trap 'echo term' TERM; echo up; while :; do sleep 100 & wait; done")
"""Lets nothing but SIGKILL end it."""

FLOOD = python(
    "import sys, struct\n"
    "for n in range(int(sys.argv[1])):\n"
    "    sys.stdout.buffer.write(struct.pack('>I', 1000) + bytes([n % 256]) * 1000)\n",
    "3000",
)


async def heard(rt: Runtime, port: Pid, count: int) -> bytes:
    """Receive so many bytes of a raw stream."""
    got = b""
    while len(got) < count:
        got += (await rt.receive(PortData, lambda m: m.port is port)).data
    return got


async def ended(rt: Runtime, port: Pid) -> object:
    return (await rt.receive(PortExit, lambda m: m.port is port)).reason


@pytest.mark.parametrize(
    ("code", "how", "exit_reason"),
    [
        ("exit 0", ("exit", 0), "normal"),
        ("exit 3", ("exit", 3), ("exit", 3)),
        ("kill -9 $$", ("signal", 9), ("signal", 9)),
    ],
)
@scenario
async def test_a_port_ends_as_its_process_has_ended(
    rt: Runtime, code: str, how: Reason, exit_reason: Reason
) -> None:
    rt.trap_exit = True
    port = await open_port(shell(code))
    assert await ended(rt, port) == how
    assert await rt.receive(Exit) == Exit(port, exit_reason)
    # Who owns it says what there is to say: nothing has crashed here.
    assert [r for r in rt.reports if isinstance(r, CrashReport)] == []


@scenario
async def test_all_that_a_process_said_comes_before_its_end(rt: Runtime) -> None:
    spec = PortSpec(FLOOD, packet=4)
    port = await open_port(spec)
    messages = list[object]()
    while not messages or not isinstance(messages[-1], PortExit):
        messages.append(await rt.receive(object))
    data = [m.data for m in messages if isinstance(m, PortData)]
    assert data == [bytes([n % 256]) * 1000 for n in range(3000)]
    assert messages[-1] == PortExit(port, ("exit", 0))


@scenario
async def test_a_death_is_seen_though_a_grandchild_keeps_the_stream_open(
    rt: Runtime,
) -> None:
    port = await open_port(shell("sleep 100 & echo $!; exit 4"))
    grandchild = Witness(int(await heard(rt, port, 2)))
    assert await ended(rt, port) == ("exit", 4)
    assert grandchild.gone()


@scenario
async def test_who_asks_for_nothing_holds_the_process_back(rt: Runtime) -> None:
    port = await open_port(PortSpec(FLOOD, packet=4, active=2))
    first = [(await rt.receive(PortData)).data[0] for _ in range(2)]
    await wait_until_idle(rt)
    assert await rt.receive(PortData, timeout=0) is None
    await activate_port(port, 3)
    more = [(await rt.receive(PortData)).data[0] for _ in range(3)]
    assert [*first, *more] == [0, 1, 2, 3, 4]
    info = await port_info(port)
    assert info.undelivered + 5 <= info.received / 1004 < 3000
    await activate_port(port, 10_000)
    assert await ended(rt, port) == ("exit", 0)


@scenario
async def test_what_nobody_asked_for_is_said_before_the_end(rt: Runtime) -> None:
    port = await open_port(PortSpec(shell("echo last words"), active=0))
    assert await heard(rt, port, 11) == b"last words\n"
    assert await ended(rt, port) == ("exit", 0)


@scenario
async def test_a_port_that_forgets_to_drain_breaks_that_law(
    rt: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Channel, "drain", lambda _channel: None)
    port = await open_port(PortSpec(shell("echo last words"), active=0))
    assert await ended(rt, port) == ("exit", 0)
    assert await rt.receive(PortData, timeout=0) is None


@scenario
async def test_a_closed_port_asks_then_insists_then_forces(rt: Runtime) -> None:
    spec = PortSpec(STUBBORN, close_grace=3.0, term_grace=4.0)
    port = await open_port(spec)
    assert await heard(rt, port, 3) == b"up\n"
    monitor(port)
    send_exit(port, "shutdown")
    await advance(rt, 2.9)
    assert await rt.receive(PortData, timeout=0) is None
    await advance(rt, 0.1)
    assert await heard(rt, port, 5) == b"term\n"
    await advance(rt, 3.9)
    assert await rt.receive(PortExit, timeout=0) is None
    await advance(rt, 0.1)
    assert await ended(rt, port) == ("signal", signal.SIGKILL)
    assert (await rt.receive(Down)).reason == "shutdown"


@scenario
async def test_a_process_in_which_the_kernel_kills_nobody_is_left_behind(
    rt: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = await open_port(PortSpec(STUBBORN, close_grace=0, term_grace=0))
    os_pid = (await port_info(port)).os_pid
    killpg = os.killpg
    with monkeypatch.context() as patch:
        patch.setattr(os, "killpg", lambda *_: None)
        patch.setattr(signal, "pidfd_send_signal", lambda *_: None)
        send_exit(port, "shutdown")
        await advance(rt, 0.9)
        assert await rt.receive(PortExit, timeout=0) is None
        await advance(rt, 0.1)
        assert await ended(rt, port) == ("lost", os_pid)
    witness = Witness(os_pid)
    killpg(os_pid, signal.SIGKILL)
    assert witness.gone()
    REAPER.join()


@scenario
async def test_a_silent_process_is_hung_and_killed(rt: Runtime) -> None:
    rt.trap_exit = True
    port = await open_port(PortSpec("cat", hung_after=5.0))
    await advance(rt, 4.0)
    await port_command(port, b"alive")
    assert await heard(rt, port, 5) == b"alive"
    await advance(rt, 4.9)
    assert await rt.receive(PortExit, timeout=0) is None
    witness = Witness((await port_info(port)).os_pid)
    await advance(rt, 0.1)
    assert await ended(rt, port) == ("hung", 5.0)
    assert await rt.receive(Exit) == Exit(port, ("hung", 5.0))
    assert [*rt.reports] == []
    assert witness.gone()


@scenario
async def test_a_process_that_was_not_listened_to_is_not_hung(
    rt: Runtime, tmp_path: Path
) -> None:
    rt.trap_exit = True
    os.mkfifo(told := tmp_path / "told")
    code = shell(f"printf a; read line; printf b; : > {told}; read line")
    port = await open_port(PortSpec(code, hung_after=1.0, active=1))
    assert (await rt.receive(PortData)).data == b"a"
    await port_command(port, b"\n")
    told.read_bytes()
    await advance(rt, 5.0)
    assert await rt.receive(PortExit, timeout=0) is None
    await activate_port(port, 2)
    assert (await rt.receive(PortData)).data == b"b"
    await advance(rt, 1.0)
    assert await ended(rt, port) == ("hung", 1.0)


@scenario
async def test_a_process_that_breaks_the_framing_is_killed(rt: Runtime) -> None:
    rt.trap_exit = True
    code = shell("head -c 3; printf '\\377\\377'; cat")
    port = await open_port(PortSpec(code, packet=2, largest=1000))
    witness = Witness((await port_info(port)).os_pid)
    await port_command(port, b"x")
    assert (await rt.receive(PortData)).data == b"x"
    assert await ended(rt, port) == ("bad_packet", 65535)
    assert witness.gone()


@pytest.mark.parametrize("reason", ["normal", "shutdown", "kill"])
@scenario
async def test_a_port_is_closed_when_its_owner_ends(rt: Runtime, reason: str) -> None:
    class Owner(GenServer):
        async def init(self) -> None:
            port = await open_port("cat", link=False)
            opened.append((port, Witness((await port_info(port)).os_pid)))

    opened = list[tuple[Pid, Witness]]()
    owner = await rt.start(Owner)
    ((port, witness),) = opened
    monitor(port)
    send_exit(owner, reason) if reason == "kill" else await stop(owner, reason)
    assert (await rt.receive(Down)).reason == "normal"
    assert witness.gone()


@scenario
async def test_a_killed_port_takes_its_process_along(rt: Runtime) -> None:
    port = await open_port(STUBBORN, link=False)
    witness = Witness((await port_info(port)).os_pid)
    monitor(port)
    send_exit(port, "kill")
    assert (await rt.receive(Down)).reason == "killed"
    assert witness.gone()


@scenario
async def test_a_port_that_takes_too_long_to_open_leaves_no_process(
    rt: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def for_ever(launched: Launched, _clock: object) -> bytes:
        with contextlib.closing(launched.complaints):
            witnesses.append(Witness(launched.process.os_pid))
            await asyncio.Event().wait()
        return b""

    witnesses = list[Witness]()
    monkeypatch.setattr("exmc.actors.port.port.complaint", for_ever)
    opening = open_port("sleep 100", timeout=5.0)
    error = await fails_with(StartError, during(rt, opening, 5.0))
    assert error.reason == "timeout"
    assert witnesses[0].gone()


@scenario
async def test_a_supervisor_starts_another_one_for_an_owner_by_name(
    rt: Runtime,
) -> None:
    register("owner")
    spec = ChildSpec("worker", Port, args=(shell("echo $$; cat"), "owner"))
    supervisor = await rt.start(Supervisor(), [spec])
    pids = list[int]()
    for _ in range(2):
        said = await rt.receive(PortData)
        pids.append(int(said.data))
        os.kill(pids[-1], signal.SIGKILL)
        assert await ended(rt, said.port) == ("signal", 9)
    said = await rt.receive(PortData)
    assert len({*pids, int(said.data)}) == 3
    (child,) = await which_children(supervisor)
    assert child.pid is said.port
    unregister()


@scenario
async def test_a_port_without_owner_or_parent_is_refused(rt: Runtime) -> None:
    error = await fails_with(StartError, start(Port, "cat"))
    assert "pass owner=, a pid or a name" in str(error)
    assert rt.processes == ()


@scenario
async def test_what_becomes_of_a_process_is_told_to_telemetry(rt: Runtime) -> None:
    events = list[tuple[str, Any]]()

    def note(
        event: tuple[str, ...], _measured: object, known: Any, _config: object
    ) -> None:
        events.append((event[2], known.get("reason")))

    rt.trap_exit = True
    telemetry.attach("test", ("exmc", "worker"), note)
    try:
        await close_port(await open_port("cat"))
        hanging = await open_port(PortSpec("sleep 100", hung_after=1.0))
        await advance(rt, 1.0)
        await ended(rt, hanging)
    finally:
        telemetry.detach("test")
    assert events == [
        ("start", None),
        ("down", ("exit", 0)),
        ("start", None),
        ("hung", None),
        ("down", ("hung", 1.0)),
    ]


@scenario
async def test_a_process_that_somebody_else_reaps_is_lost_and_not_waited_for(
    rt: Runtime,
) -> None:
    rt.trap_exit = True
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        port = await open_port("cat")
        os_pid = (await port_info(port)).os_pid
        os.kill(os_pid, signal.SIGKILL)
        assert await ended(rt, port) == ("lost", os_pid)
    finally:
        signal.signal(signal.SIGCHLD, before)


@scenario
async def test_sigchld_is_left_to_the_program(rt: Runtime) -> None:
    def mine(_number: int, _frame: object) -> None:
        pass

    before: Callable[..., object] | int | None = signal.signal(signal.SIGCHLD, mine)
    try:
        await close_port(await open_port("cat"))
        assert signal.getsignal(signal.SIGCHLD) is mine
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert rt.processes == ()


@scenario
async def test_a_process_that_has_closed_its_input_refuses_what_is_sent(
    rt: Runtime,
) -> None:
    port = await open_port(shell("exec 0<&- 1>&-; sleep 100"))
    error = await fails_with(CallError, until_refused(port))
    assert "no longer reads" in str(error)
    assert rt.processes == (port,)


async def until_refused(port: Pid) -> None:
    while True:
        await port_command(port, b"x")
