"""What every kind of process has in common, seen from the user's class."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from exmc.actors.errors import BadBehaviourError

if TYPE_CHECKING:
    from exmc.actors.kernel.conduct import Conduct
    from exmc.actors.pid import Pid, Shutdown

Role: TypeAlias = Literal["worker", "supervisor"]


class Behaviour:
    """The user's object inside a process; one object, one process.

    Attributes:
        pid: The process; set before any of the user's code runs in it.
        trap_exit: Receive exit signals as Exit messages. May change at any time.
        shutdown: How its supervisor stops it unless the child spec says otherwise:
            seconds to wait after the signal "shutdown", "brutal_kill" or "infinity".
        role: "worker" or "supervisor".
    """

    pid: Pid
    trap_exit: bool = False
    shutdown: ClassVar[Shutdown] = 5.0
    role: ClassVar[Role] = "worker"

    def for_reports(self, state: dict[str, object]) -> dict[str, object]:
        """Choose what of the state a crash report shows; by default all, shortened."""
        return state

    def make_conduct(self) -> Conduct:
        """Return how the messages of this process are taken."""
        raise NotImplementedError

    def starts_at_once(self) -> bool:
        """Tell that there is nothing to run before it is started."""
        return False


def fresh(template: type[Behaviour] | Behaviour) -> Behaviour:
    """Return an object for a new process: of a class, or a copy of a template.

    A template is an object made beforehand, such as Supervisor("one_for_all").

    Raises:
        BadBehaviourError: It is neither.
    """
    if isinstance(template, type):
        if issubclass(template, Behaviour):
            return template()
    elif isinstance(template, Behaviour):
        return copy.copy(template)
    raise BadBehaviourError(
        "A process is made of a behaviour: start a GenServer, Process or Supervisor "
        f"class, or an object of one, got {template!r}; run a function with async_task."
    )


def name_of(template: type[Behaviour] | Behaviour) -> str:
    """Return the name of the class, for messages."""
    kind = template if isinstance(template, type) else type(template)
    return kind.__name__


def is_behaviour(value: object) -> bool:
    """Tell whether a value can be started: a class of behaviour, or a template."""
    kind = value if isinstance(value, type) else type(value)
    return issubclass(kind, Behaviour)
