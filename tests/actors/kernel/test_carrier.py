from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Awaitable, Callable

import pytest

from exmc.actors import NoRuntimeError
from exmc.actors.clock import Turn, settle
from exmc.actors.kernel.carrier import (
    BUDGET,
    MOST_PARKED,
    TICK,
    RunQueue,
    forget_cancellation,
)
from exmc.actors.kernel.state import SUSPENSION, State
from tests.actors.scenario import LOOPS


class Worker:
    """Stands in the queue with some messages; may suspend at each activation."""

    def __init__(
        self,
        queue: RunQueue,
        log: list[str],
        name: str = "worker",
        messages: int = 1,
        wait: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.queue = queue
        self.log = log
        self.name = name
        self.messages = messages
        self.wait = wait
        self.state = State.READY
        self.context = contextvars.Context()
        self.tasks: list[asyncio.Task[None]] = []

    def take_turn(self, budget: int) -> int:
        handled = min(budget, self.messages)
        self.messages -= handled
        self.log.append(f"{self.name} {handled}")
        self.state = State.IDLE if self.wait is None else State.SUSPENDED
        if self.wait is None:
            self.rest()
        return handled + 1 if self.wait is None else SUSPENSION

    def open_context(self) -> contextvars.Context:
        raise NotImplementedError

    def escaped(self, error: BaseException) -> None:
        raise error

    async def resumed(self, task: asyncio.Task[None]) -> None:
        assert self.wait is not None
        self.tasks.append(task)
        await self.wait()
        self.log.append(f"{self.name} resumed")
        self.state = State.IDLE

    def rest(self) -> None:
        if self.messages:
            self.state = State.READY
            self.queue.enqueue(self)


def with_queue(
    loop: str, test: Callable[[RunQueue, list[str]], Awaitable[None]]
) -> None:
    async def main() -> None:
        queue = RunQueue(
            asyncio.get_running_loop(), contextvars.Context(), Worker.take_turn
        )
        try:
            await test(queue, [])
        finally:
            await queue.close()
        assert queue.carriers == set()

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(main())


@pytest.fixture(params=sorted(LOOPS))
def loop(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def idle() -> None:
    await settle(lambda: 0)


def test_ready_processes_are_run_in_order_by_one_carrier(loop: str) -> None:
    async def test(queue: RunQueue, log: list[str]) -> None:
        for name in "abc":
            queue.enqueue(Worker(queue, log, name))
        assert log == []
        await idle()
        assert log == ["a 1", "b 1", "c 1"]
        assert len(queue.carriers) == 1
        assert queue.empty

    with_queue(loop, test)


def test_a_flood_of_messages_is_handled_in_portions(loop: str) -> None:
    async def test(queue: RunQueue, log: list[str]) -> None:
        queue.enqueue(Worker(queue, log, "flood", 2 * BUDGET + 1))
        queue.enqueue(Worker(queue, log, "drop"))
        await idle()
        assert log == [f"flood {BUDGET}", "drop 1", f"flood {BUDGET}", "flood 1"]

    with_queue(loop, test)


def test_a_flood_leaves_the_event_loop_its_turns(loop: str) -> None:
    async def test(queue: RunQueue, log: list[str]) -> None:
        queue.enqueue(Worker(queue, log, "flood", 3 * TICK))
        await Turn()
        asyncio.get_running_loop().call_soon(log.append, "the loop")
        await idle()
        assert log.index("the loop") <= 2 * TICK // BUDGET

    with_queue(loop, test)


def test_while_one_process_is_suspended_the_others_run(loop: str) -> None:
    async def test(queue: RunQueue, log: list[str]) -> None:
        gate = asyncio.Event()

        async def wait() -> None:
            await gate.wait()

        queue.enqueue(Worker(queue, log, "slow", wait=wait))
        queue.enqueue(Worker(queue, log, "fast"))
        await idle()
        assert log == ["slow 1", "fast 1"]
        gate.set()
        await idle()
        assert log == ["slow 1", "fast 1", "slow resumed"]

    with_queue(loop, test)


def test_a_carrier_is_used_again(loop: str) -> None:
    async def test(queue: RunQueue, log: list[str]) -> None:
        for _ in range(10):
            queue.enqueue(Worker(queue, log, wait=one_turn))
            await idle()
        assert len(queue.carriers) <= 2

    with_queue(loop, test)


async def one_turn() -> None:
    await Turn()


def test_carriers_that_are_no_longer_needed_end(loop: str) -> None:
    async def test(queue: RunQueue, log: list[str]) -> None:
        gate = asyncio.Event()

        async def wait() -> None:
            await gate.wait()

        for _ in range(3 * MOST_PARKED):
            queue.enqueue(Worker(queue, log, wait=wait))
        await settle(lambda: len(log))
        assert len(queue.carriers) >= 3 * MOST_PARKED
        gate.set()
        await settle(lambda: len(log))
        assert len(queue.carriers) <= MOST_PARKED

    with_queue(loop, test)


@pytest.mark.parametrize("parked", [False, True])
def test_a_carrier_that_is_cancelled_by_a_stranger_is_replaced(
    loop: str, parked: bool
) -> None:
    async def test(queue: RunQueue, log: list[str]) -> None:
        if parked:
            queue.enqueue(Worker(queue, log, "before"))
            await idle()
        queue.enqueue(Worker(queue, log, "after"))
        for carrier in queue.carriers:
            carrier.cancel()
        await idle()
        assert log[-1] == "after 1"

    with_queue(loop, test)


def test_the_process_keeps_one_task_until_its_handler_ends(loop: str) -> None:
    async def test(queue: RunQueue, log: list[str]) -> None:
        seen = list[asyncio.Task[None] | None]()

        async def wait() -> None:
            for _ in range(3):
                await Turn()
                seen.append(asyncio.current_task())

        worker = Worker(queue, log, wait=wait)
        queue.enqueue(worker)
        await idle()
        assert set(seen) == set(worker.tasks)
        assert len(worker.tasks) == 1

    with_queue(loop, test)


def test_closing_ends_carriers_that_are_suspended(loop: str) -> None:
    async def test(queue: RunQueue, log: list[str]) -> None:
        async def wait() -> None:
            await asyncio.get_running_loop().create_future()

        queue.enqueue(Worker(queue, log, wait=wait))
        await idle()
        await queue.close()
        assert queue.carriers == set()
        queue.enqueue(Worker(queue, log, "too late"))
        await idle()
        assert "too late 1" not in log

    with_queue(loop, test)


def test_closing_does_not_wait_for_ever_for_a_task_that_refuses(loop: str) -> None:
    async def test(queue: RunQueue, log: list[str]) -> None:
        released = asyncio.Event()

        async def wait() -> None:
            while not released.is_set():
                try:
                    await released.wait()
                except asyncio.CancelledError:
                    log.append("refused")

        queue.enqueue(Worker(queue, log, wait=wait))
        await idle()
        await queue.close(patience=0.01)
        assert "refused" in log
        released.set()
        await idle()

    with_queue(loop, test)


def test_closing_goes_through_even_when_it_is_cancelled(loop: str) -> None:
    async def test(queue: RunQueue, log: list[str]) -> None:
        async def wait() -> None:
            await asyncio.get_running_loop().create_future()

        queue.enqueue(Worker(queue, log, wait=wait))
        await idle()
        closing = asyncio.ensure_future(queue.close())
        await Turn()
        closing.cancel()
        await asyncio.wait({closing})
        assert closing.cancelled()
        assert queue.carriers == set()

    with_queue(loop, test)


def test_sending_from_another_thread_is_refused(loop: str) -> None:
    async def test(queue: RunQueue, log: list[str]) -> None:
        caught = list[str]()

        def stranger() -> None:
            try:
                queue.enqueue(Worker(queue, log))
            except NoRuntimeError as error:
                caught.append(str(error))

        thread = threading.Thread(target=stranger)
        thread.start()
        thread.join()
        [message] = caught
        assert message == (
            "A message was sent from another thread than the runtime's; "
            "use what Runtime.from_thread gives."
        )

    with_queue(loop, test)


def test_cancellation_meant_for_a_handler_is_forgotten(loop: str) -> None:
    async def main() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await Turn()
        forget_cancellation(task)
        assert task.cancelling() == 0

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(main())
