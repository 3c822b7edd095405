"""A call nobody waits for, for tests that need no loop."""

from __future__ import annotations

from unittest.mock import Mock

from exmc.actors.pid import Pid
from exmc.actors.process.envelope import Call


def a_call(request: object) -> Call:
    """A call that has reached a server."""
    return Call(Pid(1), request, Mock())
