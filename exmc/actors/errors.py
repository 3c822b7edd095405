"""The exceptions of the runtime's own calls.

ActorError
+ CallError              a call got no reply; `reason` says why
  - CallTimeoutError       no reply in time; the process may still be working
  - NoProcessError         there is no such process, or no longer
  - CallingSelfError       a process that waits for itself would wait for ever
+ StartError             a process did not start; `reason` says why
+ BadBehaviourError      what is to be started is no behaviour
+ ChildError             a supervisor refused; `reason` says why
+ BadChildSpecError      a field of a child spec is out of its domain
+ BadOutcomeError        a handler returned something that is no outcome
+ TaskError              a task gave no value; `reason` says why
  - TaskTimeoutError       it gave none in time; it may still be working
+ NotOwnerError          a task is asked about by another process than its owner
+ BadTaskOptionError     an option of a stream or of a wait is out of its domain
+ NameTakenError         a name has one bearer, and a process one name
+ RegistryError          a registry refused; `reason` says why
  - AlreadyRegisteredError a unique key has its process already
+ PortOpenError          an operating-system process cannot be run; it says why
+ BadAddressError        an address or a name is none, or leads to another kind
+ NoRuntimeError         not inside a runtime, or on another thread than its own

Not in this tree: the crash of a process. It is an exit reason (exit_reason.py),
which links and monitors receive as data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exmc.actors.exit_reason import Reason


class ActorError(Exception):
    """Anything the runtime raises on purpose."""


class CallError(ActorError):
    """A call ended without a reply.

    Attributes:
        reason: The exit reason of the process called, or why it was not asked.
    """

    def __init__(self, reason: Reason, message: str | None = None) -> None:
        super().__init__(message or f"The process called ended with {reason!r}.")
        self.reason = reason


class CallTimeoutError(CallError, TimeoutError):
    """No reply in time; a reply that comes later is dropped."""


class NoProcessError(CallError):
    """There is no such process, or no longer."""


class CallingSelfError(CallError):
    """A process that waits for itself would wait for ever."""


class StartError(ActorError):
    """A process did not start, and nothing of it is left.

    Attributes:
        reason: Such as ("already_started", pid), "timeout" or ("error", exc).
    """

    def __init__(self, what: str, reason: Reason) -> None:
        super().__init__(f"{what} did not start: {reason!r}.")
        self.reason = reason


class BadBehaviourError(ActorError, TypeError):
    """What is to be started is no class of behaviour, and no object of one."""


class ChildError(ActorError):
    """A supervisor refused what was asked of it.

    Attributes:
        reason: "not_found", "running", "restarting", "already_present",
            ("already_started", pid), "max_children" or "fixed_partitions".
    """

    def __init__(self, child: object, reason: Reason) -> None:
        super().__init__(f"Child {child!r}: {reason!r}.")
        self.reason = reason


class BadChildSpecError(ActorError, ValueError):
    """A field of a child spec, or of a supervisor, is out of its domain."""


class BadOutcomeError(ActorError, TypeError):
    """A handler returned something that is no outcome."""


class TaskError(ActorError):
    """A task gave no value.

    Attributes:
        reason: The exit reason of the task; "timeout" if it gave none in time,
            "ignored" if its owner had said that it would not ask.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class TaskTimeoutError(TaskError, TimeoutError):
    """A task gave no value in time; it may still be working."""


class NotOwnerError(ActorError, RuntimeError):
    """A task is asked about by another process than the one it works for."""


class BadTaskOptionError(ActorError, ValueError):
    """An option of a stream of tasks, or of a wait for them, is out of its domain."""


class NameTakenError(ActorError):
    """A name has one bearer, and a process one name."""


class RegistryError(ActorError):
    """A registry refused what was asked of it.

    Attributes:
        reason: "not_registered", "not_unique" or ("already_registered", pid).
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class AlreadyRegisteredError(RegistryError):
    """A unique key has its process already: reason ("already_registered", pid)."""


class BadAddressError(ActorError, TypeError):
    """What is no address or name, or leads to a process of another kind."""


class PortOpenError(ActorError):
    """An operating-system process cannot be run, or there is no room for it."""


class NoRuntimeError(ActorError, RuntimeError):
    """The caller is not inside a runtime, or not on its thread."""
