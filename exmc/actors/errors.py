"""The exceptions of the runtime's own calls.

ActorError
+ CallError              a call got no reply; `reason` says why
  - CallTimeoutError       no reply in time; the process may still be working
  - NoProcessError         there is no such process, or no longer
  - CallingSelfError       a process that waits for itself would wait for ever
+ StartError             a process did not start; `reason` says why
+ ChildError             a supervisor refused; `reason` says why
+ BadChildSpecError      a field of a child spec is out of its domain
+ BadOutcomeError        a handler returned something that is no outcome
+ NameTakenError         a name has one bearer, and a process one name
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


class ChildError(ActorError):
    """A supervisor refused what was asked of it.

    Attributes:
        reason: "not_found", "running", "restarting", "already_present",
            ("already_started", pid) or "max_children".
    """

    def __init__(self, child: object, reason: Reason) -> None:
        super().__init__(f"Child {child!r}: {reason!r}.")
        self.reason = reason


class BadChildSpecError(ActorError, ValueError):
    """A field of a child spec, or of a supervisor, is out of its domain."""


class BadOutcomeError(ActorError, TypeError):
    """A handler returned something that is no outcome."""


class NameTakenError(ActorError):
    """A name has one bearer, and a process one name."""


class NoRuntimeError(ActorError, RuntimeError):
    """The caller is not inside a runtime, or not on its thread."""
