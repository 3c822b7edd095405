"""The choice between a probability and its log-odds."""

from __future__ import annotations

from exmc.errors import BadParameterError


def one_of_p_and_logit_p(family: str, p: object, logit_p: object) -> None:
    """Refuse both and neither.

    Raises:
        BadParameterError: Not exactly one of the two was given.
    """
    if (p is None) == (logit_p is None):
        given = "neither" if p is None else "both"
        message = (
            f"{family} needs exactly one of p and logit_p, got {given}; "
            f"pass a probability as p or log-odds as logit_p."
        )
        raise BadParameterError(message)
