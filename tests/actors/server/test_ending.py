from __future__ import annotations

import pytest

from exmc.actors import GenServer, Reason, Runtime, start
from exmc.actors.exit_reason import ProcessExit
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.server.ending import end
from tests.actors.scenario import scenario


class Leaving(GenServer):
    """Notes why it is asked to clean up, and fails at it for one reason."""

    def __init__(self) -> None:
        self.log: list[Reason] = []

    async def terminate(self, reason: Reason, /) -> None:
        self.log.append(reason)
        if reason == "fail":
            raise ValueError(reason)


async def ended_with(server: Leaving, reason: Reason) -> Reason:
    pid = await start(server)
    assert isinstance(pid, ControlBlock)
    with pytest.raises(ProcessExit) as it:
        await end(server, pid, reason, "last")
    return it.value.reason


@pytest.mark.parametrize("reason", ["normal", "shutdown", ("shutdown", 1)])
@scenario
async def test_an_orderly_end_is_not_reported(rt: Runtime, reason: Reason) -> None:
    server = Leaving()
    assert await ended_with(server, reason) == reason
    assert (server.log, list(rt.reports)) == ([reason], [])


@scenario
async def test_what_terminate_raises_becomes_the_reason(rt: Runtime) -> None:
    reason = await ended_with(Leaving(), "fail")
    assert reason[0] == "error"
    assert isinstance(reason[1], ValueError)
    assert len(list(rt.reports)) == 1
