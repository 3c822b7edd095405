"""Other ways to say a family's parameters, turned into the family's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exmc.errors import BadParameterError
from exmc.model.model import current_model
from exmc.model.symbolic import Symbolic

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.model.symbolic import Value


def deviation(family: str, sigma: Value, precision: Value, name: str = "tau") -> Value:
    """Return a standard deviation, given it or the precision 1 / sigma^2; 1 if none.

    Raises:
        BadParameterError: Both were given.
    """
    if precision is None:
        return 1.0 if sigma is None else sigma
    if sigma is not None:
        raise BadParameterError(_not_both(family, "sigma", name))
    return 1.0 / np.sqrt(positive(family, name, precision))


def rate(family: str, lam: Value, scale: Value) -> Value:
    """Return a rate, given it or the scale 1 / lam; 1 if none.

    Raises:
        BadParameterError: Both were given.
    """
    if scale is None:
        return 1.0 if lam is None else lam
    if lam is not None:
        raise BadParameterError(_not_both(family, "lam", "scale"))
    return 1.0 / positive(family, "scale", scale)


def gamma_parameters(
    alpha: Value, beta: Value, mu: Value, sigma: Value
) -> tuple[Value, Value]:
    """Return shape and rate, given them or the mean and standard deviation.

    alpha = mu^2 / sigma^2 and beta = mu / sigma^2.

    Raises:
        BadParameterError: Neither pair is complete, or both were given.
    """
    _one_pair("Gamma", {"alpha": alpha, "beta": beta}, {"mu": mu, "sigma": sigma})
    if mu is None:
        return alpha, beta
    mean = positive("Gamma", "mu", mu)
    variance = positive("Gamma", "sigma", sigma) ** 2
    return mean**2 / variance, mean / variance


def beta_parameters(
    alpha: Value, beta: Value, mu: Value, sigma: Value, nu: Value
) -> tuple[Value, Value]:
    """Return both shapes, given them, or the mean with a deviation or a size.

    alpha = mu nu and beta = (1 - mu) nu, with nu = mu (1 - mu) / sigma^2 - 1.

    Raises:
        BadParameterError: No pair is complete, or more than one was given.
    """
    spread = {"nu": nu} if sigma is None else {"sigma": sigma}
    _one_pair("Beta", {"alpha": alpha, "beta": beta}, {"mu": mu, **spread})
    if mu is None:
        return alpha, beta
    if sigma is not None and nu is not None:
        raise BadParameterError(_not_both("Beta", "sigma", "nu"))
    mean = positive("Beta", "mu", mu)
    _check("Beta", "mu", mean, "less than 1", lambda value: value < 1.0)
    if sigma is None:
        size = positive("Beta", "nu", nu)
        return mean * size, (1.0 - mean) * size
    spread = positive("Beta", "sigma", sigma)
    widest = np.sqrt(mean * (1.0 - mean))
    _check(
        "Beta",
        "sigma",
        spread,
        "less than sqrt(mu (1 - mu)), for no Beta is wider",
        lambda value: value < widest,
    )
    size = mean * (1.0 - mean) / spread**2 - 1.0
    return mean * size, (1.0 - mean) * size


def positive(family: str, name: str, value: Value) -> Value:
    """Return something positive to compute with; numbers are checked at once.

    Raises:
        BadParameterError: A number that is not above zero, or not finite.
    """
    given = quantity(value)
    _check(
        family,
        name,
        given,
        "finite and greater than zero",
        lambda value: (value > 0.0) & np.isfinite(value),
    )
    return given


def quantity(value: Value) -> Value:
    """Return something to compute with: a name becomes the variable it names."""
    if isinstance(value, str):
        return current_model(f"The name {value!r}")[value]
    return value if isinstance(value, Symbolic) else np.asarray(value, dtype=float)


def _check(
    family: str, name: str, value: Value, rule: str, holds: Callable[[Value], Value]
) -> None:
    """Refuse a number that breaks a rule; what is not known yet passes."""
    if isinstance(value, Symbolic):
        return
    right = holds(value)
    if not isinstance(right, Symbolic) and not np.all(right):
        wrong = np.broadcast_to(value, np.shape(right))[~right].ravel()[0].tolist()
        message = (
            f"Parameter {name} of {family} is {wrong!r}; it must be {rule} (for a "
            f"value that is itself unknown, pass a random variable)."
        )
        raise BadParameterError(message)


def _one_pair(family: str, own: dict[str, Value], other: dict[str, Value]) -> None:
    given = [k for k, v in (own | other).items() if v is not None]
    if given not in (list(own), list(other)):
        message = (
            f"{family} needs {' and '.join(own)}, or {' and '.join(other)}; got "
            f"{', '.join(given) or 'neither'}."
        )
        raise BadParameterError(message)


def _not_both(family: str, first: str, second: str) -> str:
    return f"{family} takes {first} or {second}, got both; leave one of them out."
