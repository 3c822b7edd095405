"""Where a suspended coroutine, or the code on a stack, stands: as a line of text.

"shop.py:12 in handle_call > price:31 > fetch (web.py:80) > sleep" is a handler that
called price, that called fetch, that waits in sleep. The frames of the runtime and of
asyncio that lie above the user's code are left out, those below are the name of the
first: what the user's code has called.
"""

from __future__ import annotations

import asyncio
import gc
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType

MACHINERY: Final = ("exmc.actors.kernel", "exmc.actors.process", "exmc.actors.server")
"""Packages that run the user's code; their frames above it say nothing."""

LIBRARIES: Final = ("exmc.actors", "asyncio", "selectors")
"""What the user's code calls; deeper than its first frame nobody wants to look."""

LOOP_FUNCTIONS: Final = (
    "run",
    "run_until_complete",
    "run_forever",
    "_run_once",
    "_run",
)
"""The functions of asyncio that a callback is called from."""

MOST_FRAMES: Final = 100
"""Frames of a chain that are looked at: two tasks may wait for each other."""

MOST_SHOWN: Final = 12
"""Places in one line of text; in a longer chain the middle is left out."""

GAP: Final = "..."


@dataclass(frozen=True, slots=True)
class Place:
    """A line of code that is being executed, or that waits.

    Attributes:
        module: Its dotted name.
        file: The file's own name.
        line: From 1.
        function: The function's own name.
    """

    module: str
    file: str
    line: int
    function: str

    def within(self, packages: Iterable[str]) -> bool:
        """Tell whether it is in one of some packages."""
        return any(
            self.module == p or self.module.startswith(f"{p}.") for p in packages
        )


def place_of(frame: FrameType) -> Place:
    """Return where a frame stands."""
    module = str(frame.f_globals.get("__name__", ""))
    code = frame.f_code
    return Place(module, PurePath(code.co_filename).name, frame.f_lineno, code.co_name)


def suspended_at(coroutine: object) -> tuple[Place, ...]:
    """Return where a suspended coroutine waits, its own frame first."""
    return tuple(map(place_of, islice(frames_of(coroutine), MOST_FRAMES)))


def frames_of(awaited: object) -> Iterator[FrameType]:
    """Go from a coroutine through everything that it waits for, task or generator."""
    for _ in range(2 * MOST_FRAMES):
        for prefix in ("cr", "gi", "ag"):
            frame = getattr(awaited, f"{prefix}_frame", None)
            if frame is not None:
                yield frame
        awaited = next_of(awaited)
        if awaited is None:
            return


def next_of(awaited: object) -> object:
    """Return what a coroutine, generator or awaitable waits for, or None."""
    for attribute in ("cr_await", "gi_yieldfrom", "ag_await"):
        if hasattr(awaited, attribute):
            found: object = getattr(awaited, attribute)
            return found
    # An opaque awaitable, such as the step of an async generator or the iterator of
    # a task's future, does not say what it waits for; but it holds it.
    for held in gc.get_referents(awaited):
        if isinstance(held, asyncio.Task):
            return held.get_coro()
        if is_chain(held):
            return held
    return None


def is_chain(value: object) -> TypeGuard[object]:
    """Tell whether a value is a coroutine or generator, of whatever making."""
    return any(hasattr(value, f"{prefix}_frame") for prefix in ("cr", "gi", "ag"))


def running_at(innermost: FrameType | None) -> tuple[Place, ...]:
    """Return where the code on a stack stands, the outermost frame first.

    What called the process, or the event loop's callback, is left out; nothing is left
    of a loop that waits for something to do.
    """
    places: list[Place] = []
    frame = innermost
    while frame is not None:
        places.append(place_of(frame))
        frame = frame.f_back
    places.reverse()
    return tuple(places[first_of_interest(places) :])


def first_of_interest(places: list[Place]) -> int:
    """Return the index of the first place that is a process's, or a callback's."""
    for index, place in enumerate(places):
        if place.within(("exmc.actors.kernel",)):
            return index
    if places and places[-1].module == "selectors":
        return len(places)
    for index in range(len(places), 0, -1):
        place = places[index - 1]
        if place.function in LOOP_FUNCTIONS and place.within(("asyncio",)):
            return index
    return 0


def told(places: tuple[Place, ...]) -> str | None:
    """Return places as one line of text, or None if there are none."""
    shown = of_interest(places)
    if not shown:
        return None
    parts = [f"{shown[0].file}:{shown[0].line} in {shown[0].function}"]
    file = shown[0].file
    has_user = any(is_the_users(place) for place in shown)
    for place in shown[1:]:
        if has_user and not is_the_users(place):
            parts.append(place.function)
        elif place.file == file:
            parts.append(f"{place.function}:{place.line}")
        else:
            parts.append(f"{place.function} ({place.file}:{place.line})")
            file = place.file
    if len(parts) > MOST_SHOWN:
        half = MOST_SHOWN // 2
        parts[half:-half] = [GAP]
    return " > ".join(parts)


def is_the_users(place: Place) -> bool:
    """Tell whether a place is not in the runtime or in asyncio."""
    return not place.within(LIBRARIES)


def of_interest(places: tuple[Place, ...]) -> tuple[Place, ...]:
    """Leave out what runs the user's code, and what lies deep below it."""
    first = next((i for i, p in enumerate(places) if not p.within(MACHINERY)), 0)
    kept = places[first:]
    if not any(map(is_the_users, kept)):
        return kept
    return tuple(
        place
        for above, place in zip((None, *kept), kept, strict=False)
        if is_the_users(place) or above is None or is_the_users(above)
    )
