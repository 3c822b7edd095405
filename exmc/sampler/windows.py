"""When warm-up does what: schedules as data, fixed before the first draw.

Numbers count tuning draws already made. A schedule says which draws teach the
metric (`first <= number < last`), after how many of them the old ones are dropped
(`switches`), and whether the metric moves with every draw or at switches only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from exmc.typing import Integers

FIRST_SHARE = 0.30
LAST_SHARE = 0.15
EARLY_WINDOW = 10
MAIN_WINDOW = 80
GROWTH = 1.5

STAN_FIRST = 75
STAN_LAST = 50
STAN_WINDOW = 25
STAN_SHORTEST = 20

# What a tuning draw teaches.
TEACHES_STEP_SIZE: Final = 0
TEACHES_METRIC: Final = 1
SWITCHES: Final = 2
"""The metric; and with it a window ends."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """What each draw of warm-up teaches.

    Attributes:
        first: Draws before this number adapt the step size only.
        last: Draws from this number on adapt the step size only.
        switches: Drop what is older than the last window after this many draws.
        every_draw: The metric moves with every draw; otherwise at switches only,
            and then dual averaging begins anew.
    """

    first: int
    last: int
    switches: frozenset[int]
    every_draw: bool

    def lessons(self, tune: int) -> Integers:
        """Return what each of `tune` draws teaches, as the numbers below."""
        lessons = np.full(tune, TEACHES_STEP_SIZE, dtype=np.int64)
        lessons[self.first : self.last] = TEACHES_METRIC
        lessons[[number - 1 for number in self.switches]] = SWITCHES
        return lessons


def continuous(tune: int) -> Schedule:
    """Windows of 10 draws in the first 30 %, then 80, 120, 180, ... draws.

    No switch happens when the window after it would not end before the last
    15 %, so that the final metric rests on enough draws.
    """
    early, last = int(FIRST_SHARE * tune), tune - int(LAST_SHARE * tune)
    switches, since, window = [], 0, MAIN_WINDOW
    for done in range(1, last + 1):
        is_early = done <= early
        length = EARLY_WINDOW if is_early else window
        following = EARLY_WINDOW if is_early else round(window * GROWTH)
        if done - since >= length and done - 1 + following <= last:
            switches.append(done)
            since = done
            if not is_early:
                window = following
    return Schedule(0, last, frozenset(switches), every_draw=True)


def stan(tune: int) -> Schedule:
    """Stan's windows: 75 draws, then 25, 50, 100, ... draws, then 50 draws.

    The last window is stretched when another one of double length would not fit.
    With less than 150 draws the shares are 15 %, 75 % and 10 %; below 20 draws only
    the step size is adapted (Stan reference manual, "Adaptation").
    """
    if tune < STAN_SHORTEST:
        return Schedule(tune, tune, frozenset(), every_draw=False)
    first, closing, window = STAN_FIRST, STAN_LAST, STAN_WINDOW
    if first + closing + window > tune:
        first, closing = int(0.15 * tune), int(0.1 * tune)
        window = tune - first - closing
    last = tune - closing
    switches, begin = [], first
    while begin < last:
        end = begin + window
        window *= 2
        if end + window > last:
            end = last
        switches.append(end)
        begin = end
    return Schedule(first, last, frozenset(switches), every_draw=False)
