from __future__ import annotations

import asyncio
import threading

import pytest

from exmc.inference import own_thread
from exmc.inference.own_thread import OwnThread


def test_the_value_comes_from_another_thread() -> None:
    async def conduct(_stop: asyncio.Event) -> int:
        return threading.get_ident()

    assert OwnThread(conduct).result() != threading.get_ident()


def test_an_error_is_raised_in_the_caller() -> None:
    async def conduct(_stop: asyncio.Event) -> None:
        raise ZeroDivisionError("from afar")

    with pytest.raises(ZeroDivisionError, match="^from afar"):
        OwnThread(conduct).result()


def test_a_stop_reaches_the_coroutine() -> None:
    async def conduct(stop: asyncio.Event) -> str:
        await stop.wait()
        return "stopped"

    thread = OwnThread(conduct)
    thread.stop()
    assert thread.result() == "stopped"


def test_a_stop_that_comes_too_late_does_no_harm() -> None:
    async def conduct(_stop: asyncio.Event) -> int:
        return 1

    thread = OwnThread(conduct)
    assert thread.result() == 1
    thread.stop()


def test_an_abort_lets_the_coroutine_clean_up() -> None:
    cleaned = []

    async def conduct(_stop: asyncio.Event) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.append(True)

    thread = OwnThread(conduct)
    thread.abort()
    assert cleaned == [True]


def test_it_works_inside_a_running_loop() -> None:
    async def conduct(_stop: asyncio.Event) -> int:
        return 7

    async def notebook_cell() -> int:
        return OwnThread(conduct).result()

    assert asyncio.run(notebook_cell()) == 7


def test_a_stop_that_comes_too_early_is_kept() -> None:
    async def conduct(stop: asyncio.Event) -> str:
        await stop.wait()
        return "stopped"

    for _ in range(20):
        thread = OwnThread(conduct)
        thread.stop()
        assert thread.result() == "stopped"


def test_a_loop_that_cannot_be_made_is_an_error_in_the_caller(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def conduct(_stop: asyncio.Event) -> None:
        raise AssertionError

    def no_loop() -> asyncio.AbstractEventLoop:
        raise OSError("Too many open files")

    monkeypatch.setattr(own_thread, "new_event_loop", no_loop)
    thread = OwnThread(conduct)
    thread.stop()
    thread.abort()
    with pytest.raises(OSError, match="^Too many open files"):
        thread.result()
