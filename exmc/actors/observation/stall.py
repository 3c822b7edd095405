"""When an event loop counts as standing still, judged from what can be seen outside.

Rule: nothing here waits, reads a clock or looks at a loop. Somebody looks now and then,
asks the loop for a sign of life when this file says so, and is told when it has not
come for too long.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Sight:
    """What can be seen of a loop from another thread.

    Attributes:
        answers: Signs of life that it has given so far.
        busy: Whether a process has its turn.
        turn: Equal only as long as it is the same turn of the same process, or as long
            as none has one.
    """

    answers: int
    busy: bool
    turn: object = None


@dataclass(frozen=True, slots=True)
class Stall:
    """The loop stands still; said once for each time.

    Attributes:
        since: The earliest instant at which it is known to have stood still.
        alone: Whether it is one turn; if not, many together hold the loop.
    """

    since: float
    alone: bool


@dataclass(frozen=True, slots=True)
class Look:
    """What a look leads to.

    Attributes:
        watch: What to look with next time.
        ask: Whether to ask the loop for a sign of life now.
        stall: What is to be spoken of, if anything.
    """

    watch: StallWatch
    ask: bool = False
    stall: Stall | None = None


@dataclass(frozen=True, slots=True)
class StallWatch:
    """What was seen of a loop at the last look.

    Attributes:
        limit: Seconds that the loop may stand still.
        every: Seconds from one look to the next.
        looked_at: When it was looked at.
        seen: What was seen.
        asked_at: Since when a sign of life is awaited; None if none is.
        said: Whether this stall has been spoken of.
    """

    limit: float
    every: float
    looked_at: float
    seen: Sight
    asked_at: float | None = None
    said: bool = False

    def looking(self, seen: Sight, now: float) -> Look:
        """Judge what is seen now.

        A loop in which nothing has moved since the last look is left in peace. Whoever
        looks much later than he wanted to was kept from it by code that did not let
        go of Python's lock, and that may be the loop's.
        """
        kept_away = now - self.looked_at > self.limit + self.every
        if self.asked_at is None or seen.answers != self.seen.answers:
            moved = seen.busy or seen.turn != self.seen.turn
            stall = Stall(self.looked_at, alone=True) if kept_away else None
            asked_at = now if moved else None
            after = StallWatch(self.limit, self.every, now, seen, asked_at, kept_away)
            return Look(after, ask=moved, stall=stall)
        if self.said or now - self.asked_at <= self.limit:
            return Look(replace(self, looked_at=now, seen=seen))
        alone = kept_away or seen.turn == self.seen.turn
        after = replace(self, looked_at=now, seen=seen, said=True)
        return Look(after, stall=Stall(self.asked_at, alone))
