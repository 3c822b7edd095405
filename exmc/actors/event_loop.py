"""The event loop to run on: uvloop's where it can be imported."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

T = TypeVar("T")


def new_event_loop() -> asyncio.AbstractEventLoop:
    """Make a loop of uvloop's, or asyncio's own where uvloop is not installed."""
    try:
        import uvloop  # noqa: PLC0415 (optional)
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run an async function on a new loop, as asyncio.run does.

    Raises:
        TypeError: It is no function; a coroutine is closed.
    """
    refuse_coroutine(main)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(main())


def refuse_coroutine(main: object) -> None:
    """Check that something is a function, and not what calling it gives.

    Raises:
        TypeError: It is no function; a coroutine is closed.
    """
    if asyncio.iscoroutine(main):
        main.close()
    if not callable(main):
        raise TypeError(
            f"Give run an async function, not what calling it gives: "
            f"run(main), not run(main()); got {main!r}."
        )
