"""Why a function does not become a program; the caller goes on without one."""

from __future__ import annotations


class NoRuleError(Exception):
    """A function cannot become a program; the message is a clause that says why.

    Never seen by a user as an error: the gradient is then computed by autograd.
    """
