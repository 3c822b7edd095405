"""What is given back when a process ends, even when it is killed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.actors.process.here import here
from exmc.actors.ref import Ref

if TYPE_CHECKING:
    from collections.abc import Callable


def on_exit(give_back: Callable[[], None]) -> None:
    """Call a function when the running process ends, before its death is seen.

    It runs however the process ends, after its terminate if that runs at all, on the
    loop's thread. It must neither wait nor raise.
    """
    here().hold(Ref(), give_back)
