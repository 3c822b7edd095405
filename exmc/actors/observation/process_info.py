"""What one living process is doing, as data, and many of them as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from exmc.actors.pid import Pid

Status: TypeAlias = Literal["idle", "ready", "running", "suspended"]


@dataclass(frozen=True, slots=True)
class ProcessInfo:
    """One process at the moment it was observed.

    Attributes:
        pid: Its identity.
        name: Its registered name, or None.
        kind: The class of its behaviour.
        ancestors: Who started it, who started that, and so on, nearest first; some
            may be dead.
        status: "idle" without a message, "ready" to run, "running" (it is the one
            that observes), or "suspended" while its handler waits.
        where: The line that runs or waits, and what it has called; None otherwise.
        mailbox: Messages not yet received.
        reductions: Messages handled.
        busy_s: Seconds that its code has run; None unless the runtime measures it.
        links: Those who get a signal when it ends.
        monitors: The processes that it monitors.
        monitored_by: The processes that monitor it.
        restarts: How often its supervisor had to start it again since it last got
            on (mark_progress); None if no supervisor started it.
    """

    pid: Pid
    name: str | None
    kind: str
    ancestors: tuple[Pid, ...]
    status: Status
    where: str | None
    mailbox: int
    reductions: int
    busy_s: float | None
    links: tuple[Pid, ...]
    monitors: tuple[Pid, ...]
    monitored_by: tuple[Pid, ...]
    restarts: int | None

    @property
    def title(self) -> str:
        """Its pid, its kind and its name if it has one."""
        titled = f"{self.pid} {self.kind}"
        return f"{titled} ({self.name})" if self.name else titled


LEFT_OUT: Final = "-"
"""What a table shows for nothing."""

HEADER: Final = (
    "pid",
    "name",
    "kind",
    "status",
    "mailbox",
    "reductions",
    "busy s",
    "links",
    "restarts",
    "where",
)

TO_THE_RIGHT: Final = frozenset({"mailbox", "reductions", "busy s", "links"})


def table(infos: Iterable[ProcessInfo]) -> str:
    """Return processes as a table of plain text, a line each."""
    rows = [HEADER, *map(cells, infos)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(line(row, widths) for row in rows)


def cells(info: ProcessInfo) -> tuple[str, ...]:
    """Return the columns of one process."""
    return (
        str(info.pid),
        info.name or LEFT_OUT,
        info.kind,
        info.status,
        str(info.mailbox),
        str(info.reductions),
        LEFT_OUT if info.busy_s is None else f"{info.busy_s:.3f}",
        str(len(info.links)),
        LEFT_OUT if info.restarts is None else str(info.restarts),
        info.where or LEFT_OUT,
    )


def line(row: Sequence[str], widths: Sequence[int]) -> str:
    """Return one row, its columns as wide as they must be."""
    padded = (
        cell.rjust(width) if name in TO_THE_RIGHT else cell.ljust(width)
        for name, cell, width in zip(HEADER, row, widths, strict=True)
    )
    return "  ".join(padded).rstrip()


def tree(infos: Iterable[ProcessInfo]) -> str:
    """Return processes as a tree of plain text, each under the one that started it.

    Where that one is dead the process stands under the nearest ancestor alive.
    """
    shown = list(infos)
    known = {info.pid for info in shown}
    under: dict[Pid | None, list[ProcessInfo]] = {}
    for info in shown:
        above = next((pid for pid in info.ancestors if pid in known), None)
        under.setdefault(above, []).append(info)
    return "\n".join(branches(under, None))


def branches(
    under: dict[Pid | None, list[ProcessInfo]], top: Pid | None
) -> Iterator[str]:
    """Give the lines of those that stand under a process, and under them.

    Without recursion: processes may start each other in a chain of any length.
    """
    waiting = [(info, "", "") for info in reversed(under.get(top, []))]
    while waiting:
        info, before, after = waiting.pop()
        where = f": {info.where}" if info.where else ""
        yield f"{before}{info.title}{where}"
        children = under.get(info.pid, [])
        lines = [(child, f"{after}├─ ", f"{after}│  ") for child in children[:-1]]
        lines += [(child, f"{after}└─ ", f"{after}   ") for child in children[-1:]]
        waiting += reversed(lines)
