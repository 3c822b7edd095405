"""What a supervisor must know to start, restart and stop one child."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, ParamSpec, TypeAlias, TypeVar

from exmc.actors.errors import BadChildSpecError
from exmc.actors.exit_reason import Reason, is_orderly
from exmc.actors.process.behaviour import Behaviour, Role, is_behaviour
from exmc.actors.process.starting import Launch

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from exmc.actors.pid import Shutdown
    from exmc.actors.process.here import Name
    from exmc.actors.supervision.backoff import Backoff

P = ParamSpec("P")
T = TypeVar("T")

Restart: TypeAlias = Literal["permanent", "transient", "temporary"]

RESTARTS: Final = ("permanent", "transient", "temporary")
ROLES: Final = ("worker", "supervisor")


class Template:
    """A behaviour whose objects are made beforehand and copied for each start."""

    @classmethod
    def spec(cls: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return such an object: ChildSpec("jobs", Jobs.spec(max_children=64)).

        Args:
            *args: As for the class.
            **kwargs: As for the class.
        """
        return cls(*args, **kwargs)


@dataclass(frozen=True)
class ChildSpec:
    """One child.

    Attributes:
        id: Its name inside the supervisor.
        behaviour: A class, or an object to copy for each start.
        args, kwargs: For its init.
        restart: "permanent" always restarts it, "transient" only after an exit that
            was not orderly, "temporary" never.
        shutdown: Seconds between the signal "shutdown" and "kill"; "brutal_kill" for
            "kill" at once; "infinity" to wait. By default what the behaviour says.
        type: "worker" or "supervisor"; by default what the behaviour says.
        name: A name to register each incarnation under.
        backoff: Wait before restarts; None restarts at once.
        significant: Its orderly end may end the supervisor: see auto_shutdown.
        start_timeout: Seconds its init may take; None for as long as it likes.
    """

    id: Hashable
    behaviour: type[Behaviour] | Behaviour
    args: tuple[object, ...] = ()
    kwargs: dict[str, object] = field(default_factory=dict[str, object])
    restart: Restart = "permanent"
    shutdown: Shutdown | None = None
    type: Role | None = None
    name: Name | None = None
    backoff: Backoff | None = None
    significant: bool = False
    start_timeout: float | None = None

    def __post_init__(self) -> None:
        self._require("id", is_hashable(self.id), "hashable, such as a string")
        self._require(
            "behaviour",
            is_behaviour(self.behaviour),
            "a GenServer, Process or Supervisor class, or an object of one",
        )
        self._require(
            "args", isinstance(self.args, tuple), "a tuple, such as (10,) for one"
        )
        self._require("kwargs", isinstance(self.kwargs, dict), "a dict")
        self._require("restart", self.restart in RESTARTS, f"one of {RESTARTS}")
        self._require("type", self.type in (None, *ROLES), f"one of {ROLES}")
        self._require(
            "shutdown",
            is_shutdown(self.stopping),
            'seconds >= 0, "brutal_kill" or "infinity"',
        )
        self._require(
            "significant",
            not (self.significant and self.restart == "permanent"),
            "False for a permanent child, which never ends for good",
        )

    def _require(self, field_name: str, holds: bool, domain: str) -> None:  # noqa: FBT001 (a private check)
        if not holds:
            message = (
                f"{field_name} of child {self.id!r} must be {domain}, "
                f"got {getattr(self, field_name)!r}."
            )
            raise BadChildSpecError(message)

    @property
    def stopping(self) -> Shutdown:
        """How it is stopped: what the spec says, or else the behaviour."""
        return self.behaviour.shutdown if self.shutdown is None else self.shutdown

    @property
    def role(self) -> Role:
        """Whether it is a worker or a supervisor."""
        return self.behaviour.role if self.type is None else self.type

    @property
    def launch(self) -> Launch:
        """How it is started."""
        return Launch(
            self.behaviour, self.args, self.kwargs, self.name, self.start_timeout
        )

    def restarts_after(self, reason: Reason) -> bool:
        """Tell whether the child is to be started again."""
        if self.restart == "transient":
            return not is_orderly(reason)
        return self.restart == "permanent"


def checked_spec(wanted: object) -> ChildSpec:
    """Return what is to describe a child, if it does.

    Raises:
        BadChildSpecError: It is something else.
    """
    if isinstance(wanted, ChildSpec):
        return wanted
    raise BadChildSpecError(f"A child is described by a ChildSpec, got {wanted!r}.")


def is_hashable(value: object) -> bool:
    """Tell whether a value can be looked up, with all that it consists of."""
    try:
        hash(value)
    except TypeError:
        return False
    return True


def is_shutdown(value: object) -> bool:
    """Tell whether a value says how to stop a child."""
    if isinstance(value, str):
        return value in {"brutal_kill", "infinity"}
    return isinstance(value, int | float) and value >= 0
