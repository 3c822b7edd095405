"""Why a process ended, as data.

"normal"            its work is done
"shutdown"          its supervisor asked it to end
("shutdown", x)     the same, with a detail
"kill"              sent to end a process at once; others then see "killed"
"killed"            it was ended by a "kill"
"noproc"            there was no such process
"timeout"           it did not start in time
("error", exc)      a handler raised `exc`
("signal", n)       an operating-system process died of signal n
("exit", n)         an operating-system process returned status n
("hung", s)         an operating-system process was killed, silent for s seconds
("lost", n)         operating-system process n ended; nobody can say how

Any other string or tuple is a reason of the user's own.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final, TypeAlias

Reason: TypeAlias = str | tuple[Any, ...]

NORMAL: Final = "normal"
SHUTDOWN: Final = "shutdown"
KILL: Final = "kill"
KILLED: Final = "killed"
NOPROC: Final = "noproc"
TIMEOUT: Final = "timeout"


class ProcessExit(BaseException):
    """Unwinds the running process, which then ends with this reason.

    Attributes:
        reason: What links and monitors will see.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def is_orderly(reason: Reason) -> bool:
    """Tell whether nothing went wrong: normal, shutdown or ("shutdown", x)."""
    if isinstance(reason, tuple):
        return len(reason) == 2 and reason[0] == SHUTDOWN
    return reason in {NORMAL, SHUTDOWN}


def is_external(reason: Reason) -> bool:
    """Tell whether it is how an operating-system process ended."""
    match reason:
        case ("signal" | "exit" | "lost", int()) | ("hung", float() | int()):
            return True
        case _:
            return False


def error_in(reason: Reason) -> BaseException | None:
    """Return the exception that a reason of the form ("error", exc) carries."""
    match reason:
        case ("error", BaseException() as error):
            return error
        case _:
            return None


def reason_of(error: BaseException) -> Reason:
    """Give the reason of a process whose code let `error` escape."""
    asked = process_exit_in(error)
    if asked is not None:
        return asked.reason
    if isinstance(error, asyncio.CancelledError):
        return KILLED
    return ("error", error)


def process_exit_in(error: BaseException) -> ProcessExit | None:
    """Return the ProcessExit that an exception is, or is a group of.

    A TaskGroup makes a group of what leaves its block, and of what its tasks raise.
    """
    if isinstance(error, ProcessExit):
        return error
    if not isinstance(error, BaseExceptionGroup):
        return None
    within = [process_exit_in(part) for part in error.exceptions]
    return None if None in within else within[0]


def is_unwinding(error: BaseException) -> bool:
    """Tell whether an exception is the way out of a process, not an error in it."""
    passing = (KeyboardInterrupt, SystemExit, GeneratorExit)
    return isinstance(error, passing) or process_exit_in(error) is not None
