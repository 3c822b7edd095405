"""Small processes that the tests share."""

from __future__ import annotations

import asyncio

from exmc.actors import (
    Call,
    CallOutcome,
    GenServer,
    Outcome,
    Pid,
    noreply,
    reply,
    send,
    stop_with,
)


class Echo(GenServer):
    """Replies with the request; a cast tells it what to do."""

    def init(self, log: list[object] | None = None, label: object = None) -> None:
        self.log: list[object] = [] if log is None else log
        self.label = label
        self.log.append(("started", label))

    def handle_call(self, request: object, _caller: Call, /) -> CallOutcome:
        match request:
            case ("stop", str() | tuple() as reason):
                return stop_with(reason)
            case ("raise", BaseException() as error):
                raise error
            case "never":
                return noreply()
            case _:
                return reply(request)

    def handle_cast(self, message: object, /) -> Outcome:
        match message:
            case ("stop", str() | tuple() as reason):
                return stop_with(reason)
            case ("raise", BaseException() as error):
                raise error
            case _:
                self.log.append(message)
        return None

    def handle_info(self, message: object, /) -> None:
        self.log.append(message)

    def terminate(self, reason: object, /) -> None:
        self.log.append(("terminated", self.label, reason))


class Trapping(Echo):
    """The same, receiving exit signals as messages."""

    trap_exit = True


class Stubborn(GenServer):
    """Traps exits and never gets round to them: its handler waits for ever."""

    trap_exit = True

    def init(self, log: list[object] | None = None) -> None:
        self.log: list[object] = [] if log is None else log
        send(self.pid, "hang")

    async def handle_info(self, _message: object, /) -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            self.log.append("unwound")

    def terminate(self, reason: object, /) -> None:
        self.log.append(("terminated", reason))


class Refusing(GenServer):
    """Catches whatever is thrown at it."""

    def init(self, refusals: int) -> None:
        self.refusals = refusals
        send(self.pid, "go")

    async def handle_info(self, _message: object, /) -> None:
        while self.refusals:
            try:
                await asyncio.get_running_loop().create_future()
            except BaseException:  # noqa: BLE001 (that is the point)
                self.refusals -= 1
        await asyncio.get_running_loop().create_future()


class Forwarder(GenServer):
    """Passes everything it receives on to somebody."""

    trap_exit = True

    def init(self, to: Pid) -> None:
        self.to = to

    def handle_info(self, message: object, /) -> None:
        send(self.to, message)


def alive(pid: Pid | None) -> Pid:
    """The pid of a process that is alive."""
    assert pid is not None
    assert pid.alive
    return pid
