"""When an event loop counts as standing still, judged from what can be seen outside.

Rule: nothing here waits, reads a clock or looks at a loop. Somebody asks the loop for a
sign of life, looks now and then whether it has come, and asks this file what to make
of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Sight:
    """What can be seen of a loop from another thread.

    Attributes:
        answers: Signs of life that it has given so far.
        turn: Equal only as long as one process has the same turn, or none has one.
    """

    answers: int
    turn: object = None


@dataclass(frozen=True, slots=True)
class Turned:
    """The loop has given the sign of life: ask for the next."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """It has not yet, and nothing is to be said about it."""


@dataclass(frozen=True, slots=True)
class Stalled:
    """It has not for too long; said once for each sign of life.

    Attributes:
        seconds: Since it was asked.
        alone: Whether one turn has lasted from the look before to this one; if not,
            many together hold the loop.
    """

    seconds: float
    alone: bool


Verdict: TypeAlias = Turned | Waiting | Stalled


@dataclass(frozen=True, slots=True)
class StallWatch:
    """What was seen of a loop that was asked for a sign of life.

    Attributes:
        limit: Seconds that the loop may take to answer.
        asked_at: When it was asked.
        seen: What was seen at the last look.
        said: Whether this stall has been spoken of.
    """

    limit: float
    asked_at: float
    seen: Sight
    said: bool = False

    def looking(self, seen: Sight, now: float) -> tuple[StallWatch, Verdict]:
        """Return the watch after a look, and what is to be done."""
        if seen.answers != self.seen.answers:
            return StallWatch(self.limit, now, seen), Turned()
        seconds = now - self.asked_at
        if self.said or seconds <= self.limit:
            return replace(self, seen=seen), Waiting()
        alone = seen.turn == self.seen.turn
        return replace(self, seen=seen, said=True), Stalled(seconds, alone)
