"""A process as others are bound to it: its ties, made when the first is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.actors.kernel.ties import NONE_YET, Ties
from exmc.actors.pid import Pid

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.actors.pid import Target, Watcher
    from exmc.actors.ref import Ref


class Tied(Pid):
    """A pid that knows whom its process is bound to.

    Attributes:
        ancestors: Who started it, who started that, and so on.
        ties: What binds it to others, once something does.
    """

    __slots__ = ("ancestors", "ties")

    def __init__(self, number: int, target: Target, ancestors: tuple[Pid, ...]) -> None:
        super().__init__(number, target)
        self.ancestors = ancestors
        self.ties: Ties | None = None

    @property
    def pid(self) -> Pid:
        """Its identity."""
        return self

    def tied(self) -> Ties:
        """Return its ties, made now if it had none."""
        if self.ties is None:
            self.ties = Ties()
        return self.ties

    @property
    def parent(self) -> Pid | None:
        """Who started it with a link, or None."""
        return None if self.ties is None else self.ties.parent

    @property
    def name(self) -> str | None:
        """Its registered name, or None."""
        return None if self.ties is None else self.ties.name

    @property
    def links(self) -> dict[Pid, None]:
        """Those who get a signal when it ends; not to be written to."""
        return NONE_YET if self.ties is None else self.ties.links

    @property
    def watchers(self) -> dict[Watcher, None]:
        """Those who are told when it ends; not to be written to."""
        return NONE_YET if self.ties is None else self.ties.watchers

    @property
    def holdings(self) -> dict[Ref, Callable[[], None]]:
        """What it lets go when it ends; not to be written to."""
        return NONE_YET if self.ties is None else self.ties.holdings

    @property
    def lineage(self) -> tuple[Pid, ...]:
        """Itself and its ancestors: the ancestors of those it starts."""
        ties = self.tied()
        if not ties.lineage:
            ties.lineage = (self.pid, *self.ancestors)
        return ties.lineage

    def add_link(self, pid: Pid) -> None:
        """Note one end of a link."""
        self.tied().add_link(pid)

    def drop_link(self, pid: Pid) -> None:
        """Forget one end of a link."""
        if self.ties is not None:
            self.ties.drop_link(pid)

    def disown(self) -> None:
        """Cut the link to the parent, so that it gets no signal from this process."""
        if self.parent is not None:
            self.drop_link(self.parent)
            if self.parent.target is not None:
                self.parent.target.drop_link(self.pid)

    def add_watcher(self, watcher: Watcher) -> None:
        """Promise to tell `watcher` when the process ends."""
        self.tied().add_watcher(watcher)

    def drop_watcher(self, watcher: Watcher) -> None:
        """Take the promise back."""
        if self.ties is not None:
            self.ties.drop_watcher(watcher)

    def hold(self, ref: Ref, let_go: Callable[[], None]) -> None:
        """Note what must be let go when the process ends."""
        self.tied().hold(ref, let_go)

    def unhold(self, ref: Ref) -> Callable[[], None] | None:
        """Forget it, and return how it is let go."""
        return None if self.ties is None else self.ties.unhold(ref)
