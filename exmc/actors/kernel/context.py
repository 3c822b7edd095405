"""The contexts in which processes run: one each, and none for whoever needs none."""

from __future__ import annotations

import contextvars
from typing import TypeVar

P = TypeVar("P")


def is_bare(context: contextvars.Context) -> bool:
    """Tell whether nothing is set in a context of the runtime but who runs."""
    return len(context) <= 1


def bare(current: contextvars.ContextVar[P], process: P) -> contextvars.Context:
    """Make a context in which nothing is set but who runs."""
    context = contextvars.Context()
    context.run(current.set, process)
    return context


def inherited(
    current: contextvars.ContextVar[P], process: P
) -> contextvars.Context | None:
    """Copy the running context for a new process; None if there is nothing in it."""
    context = contextvars.copy_context()
    if len(context) <= 1:
        return None
    context.run(current.set, process)
    return context
