"""What binds a process to others and to time.

Most of a million idle processes have none of it: a record makes its ties when the
first is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from exmc.actors.kernel.mailbox import Aside

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from exmc.actors.clock import TimerHandle
    from exmc.actors.exit_reason import Reason
    from exmc.actors.pid import Pid, Watcher
    from exmc.actors.ref import Ref

NONE_YET: Final[dict[Any, Any]] = {}
"""The links of every process that has none, and so on; never written to."""


class Ties:
    """What one process is tied to.

    Attributes:
        parent: Who started it with a link, or None.
        name: Its registered name, or None.
        links: Those who get a signal when it ends, in order of linking.
        watchers: Those who are told when it ends, in order of asking.
        holdings: What it must let go when it ends, such as its monitors on others.
        idle: Sends it a Timeout unless a message comes first.
        arrival: Completed when a message comes, while it waits in `receive`.
        lineage: Itself and its ancestors, for those it starts.
    """

    __slots__ = (
        "arrival",
        "holdings",
        "idle",
        "lineage",
        "links",
        "name",
        "parent",
        "watchers",
    )

    def __init__(self) -> None:
        self.parent: Pid | None = None
        self.name: str | None = None
        self.links: dict[Pid, None] = NONE_YET
        self.watchers: dict[Watcher, None] = NONE_YET
        self.holdings: dict[Ref, Callable[[], None]] = NONE_YET
        self.idle: TimerHandle | None = None
        self.arrival: asyncio.Future[None] | None = None
        self.lineage: tuple[Pid, ...] = ()

    def add_link(self, pid: Pid) -> None:
        """Note one end of a link."""
        if self.links is NONE_YET:
            self.links = {}
        self.links[pid] = None

    def drop_link(self, pid: Pid) -> None:
        """Forget one end of a link."""
        self.links.pop(pid, None)
        if not self.links:
            self.links = NONE_YET

    def add_watcher(self, watcher: Watcher) -> None:
        """Note whom to tell."""
        if self.watchers is NONE_YET:
            self.watchers = {}
        self.watchers[watcher] = None

    def drop_watcher(self, watcher: Watcher) -> None:
        """Tell it nothing."""
        self.watchers.pop(watcher, None)
        if not self.watchers:
            self.watchers = NONE_YET

    def hold(self, ref: Ref, let_go: Callable[[], None]) -> None:
        """Note what must be let go."""
        if self.holdings is NONE_YET:
            self.holdings = {}
        self.holdings[ref] = let_go

    def unhold(self, ref: Ref) -> Callable[[], None] | None:
        """Forget it, and return how it is let go."""
        let_go = self.holdings.pop(ref, None)
        if not self.holdings:
            self.holdings = NONE_YET
        return let_go

    def let_go(self) -> None:
        """Let go of everything held, the idle timer too."""
        self.stop_idling()
        holdings, self.holdings = self.holdings, NONE_YET
        for let_go in holdings.values():
            let_go()

    def stop_idling(self, message: object = None) -> None:
        """Something else came: no Timeout is due. A message aside does not count."""
        if self.idle is not None and not isinstance(message, Aside):
            self.idle.cancel()
            self.idle = None

    def cut(self, dead: Pid, reason: Reason) -> None:
        """Tell the watchers, and send the signal along every link."""
        watchers, self.watchers = self.watchers, NONE_YET
        for watcher in watchers:
            watcher.down(reason)
        links, self.links = self.links, NONE_YET
        for pid in links:
            if pid.target is not None:
                pid.target.drop_link(dead)
                pid.target.exit(dead, reason, linked=True)
