"""Processes that own tasks, and functions for tasks, which these tests share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from exmc.actors import Call, CallOutcome, GenServer, reply
from exmc.actors.process.here import here


class Owner(GenServer):
    """Runs, for each call, the async function that it is given."""

    def init(self) -> None:
        self.received: list[object] = []

    async def handle_call(
        self, function: Callable[[], Awaitable[object]], _caller: Call, /
    ) -> CallOutcome:
        return reply(await function())

    def handle_info(self, message: object, /) -> None:
        self.received.append(message)


class Trapping(Owner):
    """The same, receiving exit signals as messages."""

    trap_exit = True


async def received() -> list[object]:
    """Give what an Owner has received, or will, when called by it."""
    owner = here().behaviour
    assert isinstance(owner, Owner)
    return [*owner.received, *here().mailbox]


async def forever() -> Any:
    await asyncio.get_running_loop().create_future()


def boom(*_: object) -> Any:
    raise ZeroDivisionError("boom")
