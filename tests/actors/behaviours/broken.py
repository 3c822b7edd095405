"""For each behaviour of supervisors, a supervisor without it.

A break replaces one function of the supervisors by one that does almost the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from exmc.actors import ChildError, DynamicSupervisor, Supervisor
from exmc.actors.supervision import supervisor
from exmc.actors.supervision.child_lifecycle import Stopping
from exmc.actors.supervision.child_spec import ChildSpec
from exmc.actors.supervision.children import Children
from exmc.actors.supervision.restart_intensity import RestartHistory

Wrong = Callable[..., Any]


@dataclass(frozen=True)
class Break:
    """One way to get a behaviour wrong.

    Attributes:
        behaviour: Its number.
        name: What is wrong.
        where: The class or module whose function is replaced.
        function: Its name.
        wrong: Makes the wrong function of the right one.
    """

    behaviour: int
    name: str
    where: object
    function: str
    wrong: Callable[[Wrong], Wrong]

    def apply(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Break every supervisor until the test is over."""
        right = getattr(self.where, self.function)
        monkeypatch.setattr(self.where, self.function, self.wrong(right))


def always(value: object) -> Callable[[Wrong], Wrong]:
    """A function that gives one value whatever it is asked."""
    return lambda _right: lambda *_args, **_named: value


def stops_first_to_last(_right: Wrong) -> Wrong:
    return lambda children: iter(tuple(children._children.values()))


def leaves_the_others_alive(_right: Wrong) -> Wrong:
    async def wrong(_self: object) -> None:
        pass

    return wrong


def restarts_after_shutdown_only(_right: Wrong) -> Wrong:
    return lambda _spec, reason: reason == "shutdown"


def restarts_transients_always(_right: Wrong) -> Wrong:
    return lambda spec, _reason: spec.restart != "temporary"


def restarts_temporaries(_right: Wrong) -> Wrong:
    return lambda _spec, _reason: True


def group(of: str) -> Callable[[Wrong], Wrong]:
    """Take the group of another strategy."""
    return lambda right: lambda _strategy, ids, failed: right(of, ids, failed)


def keeps_its_count_exactly(right: Wrong) -> Wrong:
    """Gives up one restart late."""

    def wrong(history: RestartHistory, *args: Any) -> bool:
        tolerated = right(history, *args)
        return tolerated or history._total == history._intensity.max_restarts + 1

    return wrong


def never_forgets(right: Wrong) -> Wrong:
    return lambda history, _oldest: right(history, -1.0)


def defaults_of_otp(right: Wrong) -> Wrong:
    def wrong(self: Supervisor, *args: Any, **named: Any) -> None:
        right(self, *args, **{"max_restarts": 1, **named})

    return wrong


def tries_a_failed_restart_no_more(_right: Wrong) -> Wrong:
    async def wrong(*_args: object) -> None:
        pass

    return wrong


def always_as(strategy_name: str) -> Callable[[Wrong], Wrong]:
    """Try again as a supervisor of another strategy does."""

    def make(right: Wrong) -> Wrong:
        async def wrong(self: Supervisor, *args: Any) -> object:
            mine = self.strategy
            self.strategy = strategy_name  # type: ignore[assignment]  # one of the three
            try:
                return await right(self, *args)
            finally:
                self.strategy = mine

        return wrong

    return make


def says_it_was_killed(right: Wrong) -> Wrong:
    """Gives up with an abnormal reason."""
    return lambda reason, *rest, **named: right(
        "gave_up" if reason == "shutdown" else reason, *rest, **named
    )


def stops_with(shutdown: object) -> Callable[[Wrong], Wrong]:
    """Stop every child in the same manner."""

    def make(right: Wrong) -> Wrong:
        async def wrong(self: Stopping, pid: object, _said: object) -> object:
            return await right(self, pid, shutdown)

        return wrong

    return make


def reads_no_obituary(_right: Wrong) -> Wrong:
    return lambda _self, _pid: "noproc"


def waits_for_the_link(right: Wrong) -> Wrong:
    """Believes an unlinked child to be dead."""

    async def wrong(self: Stopping, pid: Any, shutdown: object) -> object:
        if self._me.pid not in pid.target.links if pid.target else False:
            return "shutdown"
        return await right(self, pid, shutdown)

    return wrong


def stops_one_by_one(_right: Wrong) -> Wrong:
    return Supervisor.stop_children


def accepts_any_id(_right: Wrong) -> Wrong:
    return lambda self, spec: self.children.add(spec.id, spec)


def forgets_whoever_is_stopped(_right: Wrong) -> Wrong:
    return lambda _self, _child: True


def counts_all_as_active(_right: Wrong) -> Wrong:
    return property(len)  # type: ignore[return-value]  # `active` is a property


def counts_the_running_only(_right: Wrong) -> Wrong:
    def wrong(self: DynamicSupervisor, spec: ChildSpec) -> object:
        full = self.max_children is not None
        if full and self.children.active >= (self.max_children or 0):
            return ChildError(spec.id, "max_children")
        return self.children.add((spec.id, next(self._numbers)), spec)

    return wrong


def keeps_the_spec(_right: Wrong) -> Wrong:
    return lambda spec, **_changes: spec


def waits_for_all(_right: Wrong) -> Wrong:
    return lambda self, _ended: not self.children.significant


BREAKS = [
    Break(1, "stops first to last", Children, "__reversed__", stops_first_to_last),
    Break(2, "others live on", Supervisor, "stop_children", leaves_the_others_alive),
    Break(
        3,
        "only after shutdown",
        ChildSpec,
        "restarts_after",
        restarts_after_shutdown_only,
    ),
    Break(4, "always", ChildSpec, "restarts_after", restarts_transients_always),
    Break(5, "temporaries too", ChildSpec, "restarts_after", restarts_temporaries),
    Break(6, "takes all along", supervisor, "group_of", group("one_for_all")),
    Break(7, "takes the rest along", supervisor, "group_of", group("rest_for_one")),
    Break(8, "takes all along", supervisor, "group_of", group("one_for_all")),
    Break(9, "one too many", RestartHistory, "tolerates", keeps_its_count_exactly),
    Break(10, "never forgets", RestartHistory, "_forget_before", never_forgets),
    Break(11, "OTP's", Supervisor, "__init__", defaults_of_otp),
    Break(12, "tries once", Supervisor, "_start_again", tries_a_failed_restart_no_more),
    Break(
        13, "goes on where it failed", Supervisor, "_restart", always_as("rest_for_one")
    ),
    Break(
        14, "stops the started", Supervisor, "_start_again", always_as("one_for_all")
    ),
    Break(15, "abnormally", supervisor, "stop_with", says_it_was_killed),
    Break(16, "at once", Stopping, "stop", stops_with("brutal_kill")),
    Break(17, "politely", Stopping, "stop", stops_with(5.0)),
    Break(18, "impatiently", Stopping, "stop", stops_with(5.0)),
    Break(19, "reads no obituary", Stopping, "_obituary", reads_no_obituary),
    Break(20, "waits for the link", Stopping, "stop", waits_for_the_link),
    Break(21, "one by one", DynamicSupervisor, "stop_children", stops_one_by_one),
    Break(22, "any id", Supervisor, "admit", accepts_any_id),
    Break(23, "forgets", Supervisor, "forgets", forgets_whoever_is_stopped),
    Break(24, "forgets", Supervisor, "forgets", forgets_whoever_is_stopped),
    Break(25, "all are active", Children, "active", counts_all_as_active),
    Break(26, "the running only", DynamicSupervisor, "admit", counts_the_running_only),
    Break(27, "keeps the spec", supervisor, "replace", keeps_the_spec),
    Break(29, "any is all", Supervisor, "_is_over", waits_for_all),
    Break(29, "never", Supervisor, "_is_over", always(False)),
    Break(30, "never useless", Supervisor, "useless", always(None)),
]
