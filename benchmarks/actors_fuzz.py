"""Storms of processes: ten million messages, thirty thousand deaths, all accounted for.

A row is one storm of an eighth of them: its loop, its clock and the order in which its
processes run. What is wrong is counted in the columns marked "!": all must be 0, which
the exit status says too. A message to a living process is handled once, in its sender's
order; one to a process that dies may lie unread, and is then found in its mailbox.
Arguments: how many messages, and how many deaths, in all.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections import Counter
from pathlib import Path

import uvloop
from harness.table import columns, heading, row

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.actors.fuzz.ledger import Ledger
from tests.actors.fuzz.storm import Weather, run
from tests.actors.fuzz.world import Plan

MESSAGES, DEATHS = 10_000_000, 30_000

LOOPS = {"uvloop": uvloop.new_event_loop, "asyncio": asyncio.new_event_loop}
CLOCKS = {"real": False, "virtual": True}
ORDERS = {"first come": None, "random": 1}

WRONG = {
    "lost": ("lost",),
    "doubled": ("duplicated",),
    "out of order": ("out of order",),
    "Downs": ("wrong downs",),
    "Exits": ("wrong exits",),
    "calls": ("wrong calls",),
    "lives": ("wrong lives",),
    "leaked": (
        *("leaked tasks", "leaked timers", "leaked descriptors", "leaked processes"),
        *("leaked names", "leaked objects"),
    ),
}


def cells(ledger: Ledger, seconds: float) -> list[object]:
    """What a row says of one storm, or of all."""
    counts, faults = ledger.counts, ledger.faults
    listed = {fault for faults in WRONG.values() for fault in faults}
    return [
        seconds,
        ledger.handled,
        ledger.deaths,
        *(counts[name] for name in ("processes", "restart", "calls", "downs")),
        counts["exits trapped"],
        *(sum(faults[fault] for fault in kinds) for kinds in WRONG.values()),
        sum(number for fault, number in faults.items() if fault not in listed),
    ]


def main() -> None:
    """Print a row for each storm, and one for all of them."""
    logging.getLogger("exmc.actors").disabled = True
    messages, deaths = [*map(int, sys.argv[1:]), MESSAGES, DEATHS][:2]
    if len(sys.argv) == 2:
        deaths = DEATHS
    heading("Storms: CPU seconds, what happened, and how often it was wrong")
    what = ["messages", "deaths", "processes", "restarts", "calls", "Downs", "Exits"]
    wrong = [f"{name}!" for name in (*WRONG, "other")]
    columns(["loop", "clock", "order", "CPU s", *what, *wrong])
    total, spent = Ledger(counts=Counter(), faults=Counter()), 0.0
    for seed, (loop, clock, order) in enumerate(
        (loop, clock, order) for loop in LOOPS for clock in CLOCKS for order in ORDERS
    ):
        plan = Plan(-(-messages // 8), -(-deaths // 8), seed=seed)
        began = time.process_time()
        ledger = run(plan, Weather(LOOPS[loop], CLOCKS[clock], ORDERS[order]))
        seconds = time.process_time() - began
        row([loop, clock, order, *cells(ledger, seconds)])
        add(total, ledger)
        spent += seconds
    row(["all", "", "", *cells(total, spent)])
    print(*total.texts, sep="\n")
    sys.exit(bool(total.faults))


def add(total: Ledger, ledger: Ledger) -> None:
    """Add the figures of one storm to those of all."""
    total.handled += ledger.handled
    total.deaths += ledger.deaths
    total.counts += ledger.counts
    total.faults += ledger.faults
    total.texts += ledger.texts


if __name__ == "__main__":
    main()
