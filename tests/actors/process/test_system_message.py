from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from exmc.actors import Runtime
from exmc.actors.errors import CallError, NoProcessError
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.pid import Pid
from exmc.actors.process.system_message import SystemMessage
from tests.actors.scenario import in_plain_asyncio, scenario


class Answering:
    """A request that is answered with the process it reached."""

    def carried_out(self, block: ControlBlock, message: SystemMessage) -> None:
        message.answer(block.pid)

    def __repr__(self) -> str:
        return "Answering()"


class Failing:
    """A request that cannot be carried out."""

    def carried_out(self, block: ControlBlock, message: SystemMessage) -> None:
        raise ValueError(block.pid, message)


def asked(
    test: Callable[[SystemMessage, asyncio.Future[object]], None],
) -> None:
    async def main() -> None:
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        test(SystemMessage(Pid(1), Answering(), future), future)

    in_plain_asyncio(main)


def test_only_the_first_answer_counts() -> None:
    def test(message: SystemMessage, future: asyncio.Future[object]) -> None:
        message.answer(1)
        message.answer(2)
        message.fail(ValueError())
        message.down("killed")
        assert future.result() == 1

    asked(test)


@pytest.mark.parametrize(
    ("reason", "kind"), [("x", CallError), ("noproc", NoProcessError)]
)
def test_an_asker_learns_how_the_server_ended(
    reason: str, kind: type[CallError]
) -> None:
    def test(message: SystemMessage, future: asyncio.Future[object]) -> None:
        message.down(reason)
        error = future.exception()
        assert type(error) is kind
        assert isinstance(error, CallError)
        assert error.reason == reason

    asked(test)


def test_a_system_message_prints_what_is_asked_and_by_whom() -> None:
    def test(message: SystemMessage, _future: asyncio.Future[object]) -> None:
        assert repr(message) == "SystemMessage(Answering() from <0.1>)"

    asked(test)


@scenario
async def test_a_request_is_carried_out_on_the_process_it_reached(rt: Runtime) -> None:
    future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    assert SystemMessage(rt.root.pid, Answering(), future).handled_by(rt.root) is None
    assert await future is rt.root.pid


@scenario
async def test_a_request_that_raises_fails_for_the_asker_only(rt: Runtime) -> None:
    future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    SystemMessage(rt.root.pid, Failing(), future).handled_by(rt.root)
    assert isinstance(future.exception(), ValueError)
