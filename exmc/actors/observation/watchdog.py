"""A thread that says which handler keeps the event loop from turning.

Python cannot interrupt a handler that computes, or waits without `await`; but another
thread can see that the loop gives no sign of life, and on which line its thread is.
What counts as a stall is decided in stall.py.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from exmc.actors.events import LOOP_STALL
from exmc.actors.kernel.reports import StallReport, logger
from exmc.actors.observation.records import kind_of, on_stage, turn_in
from exmc.actors.observation.stall import Sight, Stall, StallWatch
from exmc.actors.observation.where import running_at, told
from exmc.actors.telemetry import execute

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.actors.kernel.kernel import Kernel

LIMIT: Final = 0.1
"""Seconds that the loop may stand still before somebody is named."""

EVERY: Final = 0.05
"""Seconds between two looks."""


class Watchdog:
    """Names the process that blocks the event loop: in the log while it does.

    When the loop turns again the stall is kept in the runtime's reports and becomes the
    telemetry event ("exmc", "loop", "stall"), both with its whole duration as far as
    it is known. What lasts longer than `limit + 2 * every` is surely seen. A loop in
    which nothing moves is not woken.

    A call that keeps Python's lock (the GIL) keeps the watchdog from looking, too: it
    then names the line that is running when the lock is released, mostly the same. On
    a machine too busy to run the watchdog in time that may be anybody's.

    Args:
        kernel: Of the runtime; the watchdog is made on the thread of its loop.
        limit: Seconds that the loop may stand still.
        every: Seconds between two looks.
        now: The clock by which a stall is measured, in seconds. It is not the
            runtime's: a handler may block while that stands still.
    """

    def __init__(
        self,
        kernel: Kernel,
        *,
        limit: float = LIMIT,
        every: float = EVERY,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._kernel = kernel
        self._every = every
        self._now = now
        self._loop_thread = threading.get_ident()
        self._answers = 0
        self._watch = StallWatch(limit, every, now(), self._sight())
        self._closing = threading.Event()
        self._thread = threading.Thread(
            target=self._keep_looking, name="exmc.actors watchdog", daemon=True
        )

    def start(self) -> None:
        """Begin to look, in a thread of its own."""
        self._watch = replace(self._watch, looked_at=self._now())
        self._thread.start()

    def close(self) -> None:
        """Stop looking; the thread has ended when this returns. Idempotent."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> StallReport | None:
        """Look once, from another thread than the loop's; return a new stall."""
        now = self._now()
        look = self._watch.looking(self._sight(), now)
        self._watch = look.watch
        if look.ask:
            self._soon(self._answer)
        return None if look.stall is None else self._noticed(look.stall, now)

    def _keep_looking(self) -> None:
        loop = self._kernel.loop
        while not (self._closing.wait(self._every) or loop.is_closed()):
            self.look()

    def _sight(self) -> Sight:
        busy = on_stage(self._kernel) is not None
        return Sight(self._answers, busy, turn_in(self._kernel))

    def _answer(self) -> None:
        self._answers += 1

    def _soon(self, callback: Callable[..., object], *args: object) -> None:
        """Call a function when the loop turns; once it is closed, never."""
        with contextlib.suppress(RuntimeError):
            self._kernel.loop.call_soon_threadsafe(callback, *args)

    def _noticed(self, stall: Stall, now: float) -> StallReport | None:
        answers = self._answers
        report = self._sampled(now - stall.since, alone=stall.alone)
        if report is None or self._answers != answers:
            return None
        logger.warning("%s", report)
        self._soon(self._over, report, stall.since)
        return report

    def _sampled(self, seconds: float, *, alone: bool) -> StallReport | None:
        """Return what holds the loop; None if it only waits for something to do."""
        block = on_stage(self._kernel)
        frames = sys._current_frames()  # noqa: SLF001 (documented, whatever its name)
        where = told(running_at(frames.get(self._loop_thread)))
        if block is not None:
            kind = kind_of(block)
            return StallReport(block.pid, block.name, kind, where, seconds, alone)
        # The machine stood still, not the loop, if the loop runs no code.
        outside = StallReport(None, None, None, where, seconds, alone)
        return None if where is None else outside

    def _over(self, stall: StallReport, began: float) -> None:
        """Keep a stall that has ended just now."""
        ended = replace(stall, seconds=self._now() - began)
        self._kernel.reports.stall(ended)
        known = {"pid": ended.pid, "kind": ended.kind, "name": ended.name}
        execute(
            LOOP_STALL, {"duration": ended.seconds}, {**known, "where": stall.where}
        )
