"""A script run from its start to its end: CPU seconds, or memory at its peak."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from harness.dialogue import HERE, environment, family

if TYPE_CHECKING:
    from harness.dialogue import Kind

POLL_SECONDS = 0.01


def _started(
    kind: Kind, arguments: list[str], more: dict[str, str]
) -> subprocess.Popen:
    assert kind.python is not None
    return subprocess.Popen(
        [kind.python, "-m", kind.module, *arguments],
        cwd=HERE,
        env=environment(kind, EXMC_BENCHMARK_BACKEND=kind.variant, **more),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def cpu_of(kind: Kind, arguments: list[str], **more: str) -> float:
    """CPU seconds from process start to its end, all its descendants included.

    Raises:
        RuntimeError: It failed.
    """
    process = _started(kind, arguments, more)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{kind.name} {arguments} failed")
    return usage.ru_utime + usage.ru_stime


def peak_memory(kind: Kind, arguments: list[str], **more: str) -> tuple[float, float]:
    """MiB at the peak: pages of all its processes counted once, and counted each time.

    The first is what the run adds to a machine's load (`Pss` of /proc); the second
    adds up what tools such as `top` show a process (`Rss`).
    """
    process = _started(kind, arguments, more)
    once = each = 0.0
    ended = threading.Event()
    while process.poll() is None:
        pss, rss = _memory(process.pid)
        once, each = max(once, pss), max(each, rss)
        ended.wait(POLL_SECONDS)
    if process.returncode != 0:
        raise RuntimeError(f"{kind.name} {arguments} failed")
    return once, each


def _memory(pid: int) -> tuple[float, float]:
    pss = rss = 0
    for member in family(pid):
        try:
            lines = Path(f"/proc/{member}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        sizes = dict(line.split(":", 1) for line in lines[1:])
        pss += int(sizes["Pss"].split()[0])
        rss += int(sizes["Rss"].split()[0])
    return pss / 1024, rss / 1024
