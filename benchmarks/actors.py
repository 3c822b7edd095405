"""Processes of exmc.actors beside an asyncio.Queue and a Task each, pykka and xoscar.

`python benchmarks/actors.py [--no-scale] [MEASURE ...]`. CPU time of one Python
process, all sides on one event loop (uvloop's where it is installed), in short pieces
that take turns; a cell is the median, the ratios are medians with their quartiles.
Each side is written as one would write it there. pykka and xoscar are left out, and
said so, where they are not installed (`pip install pykka xoscar`); they are asked for
a thousand processes at most, and pykka's are threads.

Memory is measured in Python processes of its own: what resident memory grows by when
processes are made that nobody has sent anything to, over their number.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import actors_supervision
from actor_sides import census
from harness.interleaved import Costs, measured
from harness.table import columns, heading, row

from exmc.actors.event_loop import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actor_sides.workload import Side

SIDES = ("exmc", "queue", "pykka", "xoscar")
SUPERVISED = ("1000", "10000", "100000")
MILLION = 1_000_000
MILLION_MB = 500


@dataclass(frozen=True)
class Measure:
    """What is measured.

    Attributes:
        name: In the table.
        workload: What the sides call it.
        size: Processes.
        least: Units of work in one piece.
        bar: How many of exmc's units the Queue's cost of one must pay for; None if
            nothing is promised.
    """

    name: str
    workload: str
    size: int
    least: int
    bar: float | None = None


# A call may cost 1.5 of the Queue's, with a timeout or without.
CALL_BAR = 1 / 1.5
MEASURES = (
    Measure("spawn", "spawn", 10_000, 10_000, 8.0),
    Measure("start, with an init", "start", 10_000, 10_000),
    Measure("one-to-one message", "one-to-one", 1, 1000, 2.5),
    Measure("ping-pong hop", "ping-pong", 2, 1000, 5.0),
    Measure("ring of 100,000, hop", "ring", 100_000, 100_000, 4.0),
    Measure("ring of 1,000, hop", "ring", 1000, 1000),
    Measure("fan-in of 1,000, message", "fan-in", 1000, 10_000),
    Measure("call", "call", 1, 1000, CALL_BAR),
    Measure("call, timeout on both", "call, timeout", 1, 1000, CALL_BAR),
    Measure("call, timeout on ours only", "timed beside bare", 1, 1000, CALL_BAR),
)
IDLE_BYTES: Final = 400
IDLE_NUMBER: Final = 100_000


def present() -> list[Side]:
    """The sides that are installed; say which are not."""
    found = []
    for name in SIDES:
        try:
            found.append(importlib.import_module(f"actor_sides.{name}_side").SIDE)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            print(f"{name} is left out: it is not installed.\n")
    return found


def verdict(reached: float, bar: float | None) -> str | None:
    """Tell how a bar was met."""
    if bar is None:
        return None
    return f">= {bar:.2g}: {'held' if reached >= bar else 'MISSED'}"


async def compared(measure: Measure, sides: Sequence[Side]) -> None:
    """Print the row of one measure."""
    able = [side for side in sides if measure.workload in side.workloads]
    all_costs = await measured(measure.workload, able, measure.size, measure.least)
    costs: dict[Side, Costs] = dict(zip(able, all_costs, strict=True))
    ours, queue, *_ = all_costs
    low, middle, high = queue.over(ours)
    cells = [costs[side].median * 1e6 if side in costs else None for side in sides]
    spread = f"{middle:.2f} ({low:.2f} - {high:.2f})"
    row([f"{measure.name}, us", *cells, spread, verdict(middle, measure.bar)])


def census_of(*arguments: str) -> list[float]:
    """Count in a Python process of its own."""
    words = [sys.executable, "-m", census.__name__, *arguments]
    here = Path(__file__).parent
    told = subprocess.run(words, cwd=here, check=True, capture_output=True, text=True)
    return [float(word) for word in told.stdout.split()]


def memory(sides: Sequence[Side]) -> None:
    """Print the row of bytes for an idle process."""
    cells = []
    for side, module in zip(sides, SIDES, strict=False):
        number = min(IDLE_NUMBER, side.most)
        cells.append(census_of("idle", module, str(number))[0])
    ours, queue, *_ = cells
    held = "held" if ours <= IDLE_BYTES else "MISSED"
    ratio = f"{queue / ours:.2f}"
    row(["idle process, B", *cells, ratio, f"<= {IDLE_BYTES} B: {held}"])


def million() -> None:
    """Print what a million processes take that have each answered a call."""
    spawned, called, megabytes = census_of("million", str(MILLION))
    held = "held" if megabytes <= MILLION_MB else "MISSED"
    print(
        f"\nA million processes, each called once: {spawned:.1f} s to spawn, "
        f"{called:.1f} s to call, {megabytes:.0f} MB resident at the peak, Python and "
        f"all (<= {MILLION_MB} MB: {held}).\n"
    )


async def compare(measures: Sequence[Measure], sides: Sequence[Side]) -> None:
    """Print the rows of some measures."""
    for measure in measures:
        await compared(measure, sides)


def main() -> None:
    """Print one table, and without --no-scale what large numbers cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help="such as ring")
    parser.add_argument("--no-scale", action="store_true", help="ratios only")
    options = parser.parse_args()
    wanted = [
        measure
        for measure in MEASURES
        if not options.measures
        or any(measure.name.startswith(word) for word in options.measures)
    ]
    heading("Processes beside others")
    sides = present()
    names = [side.name for side in sides]
    columns(["CPU, or memory", *names, f"{names[1]} over exmc", "bar"])
    run(lambda: compare(wanted, sides))
    if not options.measures:
        memory(sides)
    if not options.measures and not options.no_scale:
        million()
        sys.argv[1:] = SUPERVISED
        actors_supervision.main()


if __name__ == "__main__":
    main()
