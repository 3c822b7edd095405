"""A supervisor as its documentation reads: lists, loops, no processes and no waiting.

It knows nothing of delays, of significance and of children that are slow to end.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ORDERLY = ("normal", "shutdown", ("shutdown", 1))


@dataclass
class Child:
    """A child is "up", "down", or "waiting" to be started again."""

    name: str
    restart: str
    state: str = "down"


@dataclass
class PlainSupervisor:
    """What happens to the children of a supervisor, noted in a log.

    Attributes:
        refusing: Children whose start fails, and how often it still will.
        log: Starts and stops in order; a child that is killed notes nothing.
    """

    strategy: str
    max_restarts: int
    max_seconds: float
    children: list[Child] = field(default_factory=list)
    refusing: dict[str, int] = field(default_factory=dict)
    log: list[tuple[str, str]] = field(default_factory=list)
    restarts: list[float] = field(default_factory=list)
    now: float = 0.0
    alive: bool = True

    def find(self, name: str) -> Child | None:
        return next((c for c in self.children if c.name == name), None)

    # What happens to it

    def end(self, name: str, reason: object) -> None:
        child = self.find(name)
        if child is None or child.state != "up":
            return
        if reason != "killed":
            self.log.append(("stop", name))
        abnormal = reason not in ORDERLY
        if child.restart == "permanent" or (child.restart == "transient" and abnormal):
            child.state = "waiting"
            self.bring_back(child)
        else:
            self.put_away(child)

    def add(self, name: str, restart: str) -> None:
        if self.find(name) is None:
            child = Child(name, restart)
            self.children.append(child)
            if not self.start(child):
                self.children.remove(child)

    def terminate(self, name: str) -> None:
        child = self.find(name)
        if child is not None:
            self.stop(child)
            self.put_away(child)

    def start_again(self, name: str) -> None:
        child = self.find(name)
        if child is not None and child.state == "down":
            self.start(child)

    def delete(self, name: str) -> None:
        child = self.find(name)
        if child is not None and child.state == "down":
            self.children.remove(child)

    # How

    def start(self, child: Child) -> bool:
        if self.refusing.get(child.name, 0) > 0:
            self.refusing[child.name] -= 1
            return False
        self.log.append(("start", child.name))
        child.state = "up"
        return True

    def stop(self, child: Child) -> None:
        if child.state == "up":
            self.log.append(("stop", child.name))

    def put_away(self, child: Child) -> None:
        child.state = "down"
        if child.restart == "temporary":
            self.children.remove(child)

    def group(self, child: Child) -> list[Child]:
        if self.strategy == "one_for_one":
            return [child]
        if self.strategy == "one_for_all":
            return list(self.children)
        return self.children[self.children.index(child) :]

    def bring_back(self, child: Child) -> None:
        failed: Child | None = child
        while failed is not None:
            self.restarts.append(self.now)
            recent = [t for t in self.restarts if t >= self.now - self.max_seconds]
            if len(recent) > self.max_restarts:
                self.give_up()
                return
            failed = self.restart_group_of(failed)

    def restart_group_of(self, child: Child) -> Child | None:
        """Return the child whose start failed, or None."""
        for other in reversed(self.group(child)):
            if other is not child:
                self.stop(other)
                self.put_away(other)
        group = self.group(child)
        for member in group:
            member.state = "waiting"
        for member in group:
            if not self.start(member):
                return member
        return None

    def give_up(self) -> None:
        for child in reversed(self.children):
            self.stop(child)
        self.children.clear()
        self.alive = False
