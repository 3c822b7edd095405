from __future__ import annotations

import asyncio
import contextvars
import inspect
from collections.abc import Callable, Coroutine, Generator
from typing import Any

import pytest

from exmc.actors.kernel.suspension import (
    ENDED,
    NOT_BEGUN,
    Resumption,
    Suspension,
    unwind,
)
from tests.actors.scenario import in_plain_asyncio


class Owner:
    """Steps a coroutine, as a process does."""

    def __init__(self, coroutine: Coroutine[Any, Any, None]) -> None:
        self.suspension: Suspension | None = Suspension(coroutine, NOT_BEGUN)

    def step(self, advance: Callable[[Any], Any], argument: object) -> object:
        try:
            return advance(argument)
        except StopIteration:
            self.suspension = None
            return ENDED


def resumed(coroutine: Coroutine[Any, Any, None]) -> tuple[Owner, Resumption]:
    owner = Owner(coroutine)
    suspension = owner.suspension = Suspension(coroutine, coroutine.send(None))
    return owner, Resumption(owner, suspension)


def test_a_resumed_coroutine_goes_on_with_what_it_awaited() -> None:
    async def main() -> None:
        loop, got = asyncio.get_running_loop(), list[Any]()
        first, second = loop.create_future(), loop.create_future()

        async def body() -> None:
            got.append(await first)
            try:
                await second
            except ValueError as error:
                got.append(str(error))

        _, resumption = resumed(body())
        loop.call_soon(first.set_result, 1)
        loop.call_soon(second.set_exception, ValueError("bad"))
        await resumption
        assert got == [1, "bad"]

    in_plain_asyncio(main)


def test_cancelling_the_driving_task_reaches_the_coroutine() -> None:
    async def main() -> None:
        got = list[str]()

        async def body() -> None:
            try:
                await asyncio.get_running_loop().create_future()
            except asyncio.CancelledError:
                got.append("cancelled")

        async def drive() -> None:
            await resumed(body())[1]

        task = asyncio.create_task(drive())
        await asyncio.wait({task}, timeout=0.001)
        task.cancel()
        await task
        assert got == ["cancelled"]

    in_plain_asyncio(main)


def test_a_task_whose_coroutine_has_gone_is_free_at_its_next_wake_up() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        future = loop.create_future()

        async def body() -> None:
            await future

        owner, resumption = resumed(body())
        task = asyncio.ensure_future(wait_for(resumption))
        await asyncio.wait({task}, timeout=0.001)
        assert owner.suspension is not None
        assert unwind(owner.suspension.coroutine, contextvars.copy_context())
        owner.suspension = None
        future.set_result(None)
        await task

    in_plain_asyncio(main)


async def wait_for(resumption: Resumption) -> None:
    await resumption


def test_nothing_is_driven_when_the_coroutine_has_gone_before() -> None:
    async def main() -> None:
        async def body() -> None:
            await asyncio.get_running_loop().create_future()

        owner, resumption = resumed(body())
        assert owner.suspension is not None
        owner.suspension.coroutine.close()
        owner.suspension = None
        await resumption

    in_plain_asyncio(main)


def suspended(coroutine: Coroutine[Any, Any, None]) -> Coroutine[Any, Any, None]:
    coroutine.send(None)
    return coroutine


class Pause:
    def __await__(self) -> Generator[None, None, None]:
        yield


def test_unwinding_runs_the_cleanup_in_the_given_context() -> None:
    variable, got = contextvars.ContextVar[str]("variable"), list[str]()
    context = contextvars.copy_context()
    context.run(variable.set, "inside")

    async def body() -> None:
        try:
            await Pause()
        finally:
            got.append(variable.get())

    assert unwind(suspended(body()), context)
    assert got == ["inside"]


def test_a_cleanup_that_waits_is_closed_there() -> None:
    got = list[str]()

    async def body() -> None:
        try:
            await Pause()
        finally:
            got.append("cleaning")
            await Pause()
            got.append("not reached")

    assert unwind(suspended(body()), contextvars.copy_context())
    assert got == ["cleaning"]


def test_an_error_in_the_cleanup_is_dropped() -> None:
    async def body() -> None:
        try:
            await Pause()
        finally:
            raise ValueError("in cleanup")

    assert unwind(suspended(body()), contextvars.copy_context())


def test_what_has_not_begun_is_closed_with_all_that_it_was_to_await() -> None:
    async def outer(inner: Coroutine[Any, Any, None]) -> None:
        await inner

    async def body() -> None:
        raise AssertionError("never run")

    coroutines = [body()]
    for _ in range(2):
        coroutines.append(outer(coroutines[-1]))
    suspension = Suspension(coroutines[-1], NOT_BEGUN)
    assert suspension.end(contextvars.copy_context())
    assert {inspect.getcoroutinestate(c) for c in coroutines} == {inspect.CORO_CLOSED}


def test_what_has_begun_is_cancelled_before_it_is_closed() -> None:
    got = list[type[BaseException]]()

    async def body() -> None:
        try:
            await Pause()
        except BaseException as error:
            got.append(type(error))
            raise

    suspension = Suspension(suspended(body()), NOT_BEGUN)
    assert suspension.end(contextvars.copy_context())
    assert got == [asyncio.CancelledError]


def test_a_coroutine_that_will_not_end_is_told_apart() -> None:
    patience = 2

    async def body() -> None:
        nonlocal patience
        while patience:
            try:
                await Pause()
            except BaseException:  # noqa: BLE001 (that is its stubbornness)
                patience -= 1

        await Pause()

    coroutine = suspended(body())
    assert not unwind(coroutine, contextvars.copy_context())
    coroutine.close()


def test_a_keyboard_interrupt_in_the_cleanup_is_not_dropped() -> None:
    async def body() -> None:
        try:
            await Pause()
        finally:
            raise KeyboardInterrupt

    async def main() -> None:
        assert unwind(suspended(body()), contextvars.copy_context())
        await asyncio.Event().wait()

    with pytest.raises(KeyboardInterrupt):
        in_plain_asyncio(main)
