"""How a task ended: with a value, or without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NoReturn, TypeAlias, TypeVar

from exmc.actors.errors import TaskError
from exmc.actors.exit_reason import error_in

if TYPE_CHECKING:
    from exmc.actors.exit_reason import Reason

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Ok(Generic[T_co]):
    """The function returned.

    Attributes:
        value: What it returned.
    """

    value: T_co

    def unwrap(self) -> T_co:
        """Return the value."""
        return self.value


@dataclass(frozen=True, slots=True)
class Exited:
    """The task's process ended before the function returned.

    Attributes:
        reason: Its exit reason; ("error", exc) if the function raised, "timeout" if
            it was killed because its time was over.
    """

    reason: Reason

    def unwrap(self) -> NoReturn:
        """Raise, with the exception of the function as the cause if there is one.

        Raises:
            TaskError: Always.
        """
        message = f"The task ended with {self.reason!r} and gave no value."
        raise TaskError(self.reason, message) from error_in(self.reason)


TaskResult: TypeAlias = Ok[T] | Exited
"""How a task of a T ended."""
