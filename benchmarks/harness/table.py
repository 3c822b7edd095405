"""Tables on standard output, in Markdown; and what a run was made with."""

from __future__ import annotations

import datetime as dt
import math
import os
import platform
import statistics
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ABSENT = "-"


def heading(title: str) -> None:
    """Print what is measured, when, and on what."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line for line in lines if line.startswith("model name")), "?")
    today = dt.datetime.now(dt.UTC).date()
    print(f"{title}\n")
    print(
        f"{today}; {os.cpu_count()} x {model.rpartition(': ')[2]}; Linux; "
        f"Python {platform.python_version()}; load {os.getloadavg()[0]:.1f}\n"
    )


def columns(names: Sequence[str]) -> None:
    """Print the head of a table."""
    print(f"| {' | '.join(names)} |")
    print(f"|{'---|' * len(names)}", flush=True)


def row(cells: Iterable[object]) -> None:
    """Print a row."""
    print(f"| {' | '.join(map(shown, cells))} |", flush=True)


def shown(value: object) -> str:
    """Three digits of a number; a dash for what is not there."""
    match value:
        case None:
            return ABSENT
        case float() if math.isnan(value):
            return ABSENT
        case float() if abs(value) >= 1000:
            return f"{value:.0f}"
        case float():
            return f"{value:.3g}"
        case _:
            return str(value)


def ratio(one: float | None, other: float | None) -> float | None:
    """One over the other, where both are."""
    return None if one is None or not other else one / other


def geometric_mean(values: Iterable[float | None]) -> float | None:
    """Of those that are there."""
    known = [value for value in values if value is not None]
    return statistics.geometric_mean(known) if known else None
