"""Continuous families in the modelling language: PyMC's names, order and defaults.

Each declares a variable of the model that is being written; `.dist` makes the
distribution by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from exmc import distributions
from exmc.model.alternatives import (
    beta_parameters,
    deviation,
    gamma_parameters,
    rate,
)
from exmc.model.variable import Options, RandomVariable

if TYPE_CHECKING:
    from exmc.model.symbolic import Value


class Flat(RandomVariable):
    """Every real number alike; improper, for priors only."""

    __slots__ = ()

    def __init__(self, name: str, **options: Unpack[Options]) -> None:
        self._declare(name, {}, options)

    @staticmethod
    def dist() -> distributions.Flat:
        """Return the distribution outside a model."""
        return distributions.Flat()


class HalfFlat(RandomVariable):
    """Every positive number alike; improper, for priors only."""

    __slots__ = ()

    def __init__(self, name: str, **options: Unpack[Options]) -> None:
        self._declare(name, {}, options)

    @staticmethod
    def dist() -> distributions.HalfFlat:
        """Return the distribution outside a model."""
        return distributions.HalfFlat()


class Normal(RandomVariable):
    """Normal with mean mu and standard deviation sigma (or precision tau)."""

    __slots__ = ()

    def __init__(
        self,
        name: str,
        mu: Value = 0.0,
        sigma: Value = None,
        tau: Value = None,
        **options: Unpack[Options],
    ) -> None:
        scale = deviation("Normal", sigma, tau)
        self._declare(name, {"mu": mu, "sigma": scale}, options)

    @staticmethod
    def dist(
        mu: Value = 0.0, sigma: Value = None, tau: Value = None
    ) -> distributions.Normal:
        """Return the distribution outside a model."""
        return distributions.Normal(mu, deviation("Normal", sigma, tau))


class HalfNormal(RandomVariable):
    """Absolute value of a Normal(0, sigma) draw (or with precision tau)."""

    __slots__ = ()

    def __init__(
        self,
        name: str,
        sigma: Value = None,
        tau: Value = None,
        **options: Unpack[Options],
    ) -> None:
        self._declare(name, {"sigma": deviation("HalfNormal", sigma, tau)}, options)

    @staticmethod
    def dist(sigma: Value = None, tau: Value = None) -> distributions.HalfNormal:
        """Return the distribution outside a model."""
        return distributions.HalfNormal(deviation("HalfNormal", sigma, tau))


class LogNormal(RandomVariable):
    """Exponential of a Normal(mu, sigma) draw (or with precision tau)."""

    __slots__ = ()

    def __init__(
        self,
        name: str,
        mu: Value = 0.0,
        sigma: Value = None,
        tau: Value = None,
        **options: Unpack[Options],
    ) -> None:
        scale = deviation("LogNormal", sigma, tau)
        self._declare(name, {"mu": mu, "sigma": scale}, options)

    @staticmethod
    def dist(
        mu: Value = 0.0, sigma: Value = None, tau: Value = None
    ) -> distributions.LogNormal:
        """Return the distribution outside a model."""
        return distributions.LogNormal(mu, deviation("LogNormal", sigma, tau))


class Cauchy(RandomVariable):
    """Cauchy with median alpha and half-width beta at half maximum."""

    __slots__ = ()

    def __init__(
        self, name: str, alpha: Value, beta: Value, **options: Unpack[Options]
    ) -> None:
        self._declare(name, {"alpha": alpha, "beta": beta}, options)

    @staticmethod
    def dist(alpha: Value, beta: Value) -> distributions.Cauchy:
        """Return the distribution outside a model."""
        return distributions.Cauchy(alpha, beta)


class HalfCauchy(RandomVariable):
    """Absolute value of a Cauchy(0, beta) draw."""

    __slots__ = ()

    def __init__(
        self, name: str, beta: Value = 1.0, **options: Unpack[Options]
    ) -> None:
        self._declare(name, {"beta": beta}, options)

    @staticmethod
    def dist(beta: Value = 1.0) -> distributions.HalfCauchy:
        """Return the distribution outside a model."""
        return distributions.HalfCauchy(beta)


class StudentT(RandomVariable):
    """Student's t with nu degrees of freedom, scaled by sigma (or precision lam)."""

    __slots__ = ()

    def __init__(
        self,
        name: str,
        nu: Value,
        mu: Value = 0.0,
        sigma: Value = None,
        lam: Value = None,
        **options: Unpack[Options],
    ) -> None:
        scale = deviation("StudentT", sigma, lam, "lam")
        self._declare(name, {"nu": nu, "mu": mu, "sigma": scale}, options)

    @staticmethod
    def dist(
        nu: Value, mu: Value = 0.0, sigma: Value = None, lam: Value = None
    ) -> distributions.StudentT:
        """Return the distribution outside a model."""
        scale = deviation("StudentT", sigma, lam, "lam")
        return distributions.StudentT(nu, mu, scale)


class HalfStudentT(RandomVariable):
    """Absolute value of a StudentT(nu, 0, sigma) draw (or with precision lam)."""

    __slots__ = ()

    def __init__(
        self,
        name: str,
        nu: Value,
        sigma: Value = None,
        lam: Value = None,
        **options: Unpack[Options],
    ) -> None:
        scale = deviation("HalfStudentT", sigma, lam, "lam")
        self._declare(name, {"nu": nu, "sigma": scale}, options)

    @staticmethod
    def dist(
        nu: Value, sigma: Value = None, lam: Value = None
    ) -> distributions.HalfStudentT:
        """Return the distribution outside a model."""
        scale = deviation("HalfStudentT", sigma, lam, "lam")
        return distributions.HalfStudentT(nu, scale)


class Exponential(RandomVariable):
    """Exponential with rate lam, or mean scale = 1 / lam."""

    __slots__ = ()

    def __init__(
        self,
        name: str,
        lam: Value = None,
        scale: Value = None,
        **options: Unpack[Options],
    ) -> None:
        self._declare(name, {"lam": rate("Exponential", lam, scale)}, options)

    @staticmethod
    def dist(lam: Value = None, scale: Value = None) -> distributions.Exponential:
        """Return the distribution outside a model."""
        return distributions.Exponential(rate("Exponential", lam, scale))


class Gamma(RandomVariable):
    """Gamma with shape alpha and rate beta, or with mean mu and deviation sigma."""

    __slots__ = ()

    def __init__(
        self,
        name: str,
        alpha: Value = None,
        beta: Value = None,
        mu: Value = None,
        sigma: Value = None,
        **options: Unpack[Options],
    ) -> None:
        shape, inverse_scale = gamma_parameters(alpha, beta, mu, sigma)
        self._declare(name, {"alpha": shape, "beta": inverse_scale}, options)

    @staticmethod
    def dist(
        alpha: Value = None, beta: Value = None, mu: Value = None, sigma: Value = None
    ) -> distributions.Gamma:
        """Return the distribution outside a model."""
        return distributions.Gamma(*gamma_parameters(alpha, beta, mu, sigma))


class Beta(RandomVariable):
    """Beta with shapes alpha and beta, or with mean mu and deviation or size nu."""

    __slots__ = ()

    def __init__(
        self,
        name: str,
        alpha: Value = None,
        beta: Value = None,
        mu: Value = None,
        sigma: Value = None,
        nu: Value = None,
        **options: Unpack[Options],
    ) -> None:
        first, second = beta_parameters(alpha, beta, mu, sigma, nu)
        self._declare(name, {"alpha": first, "beta": second}, options)

    @staticmethod
    def dist(
        alpha: Value = None,
        beta: Value = None,
        mu: Value = None,
        sigma: Value = None,
        nu: Value = None,
    ) -> distributions.Beta:
        """Return the distribution outside a model."""
        return distributions.Beta(*beta_parameters(alpha, beta, mu, sigma, nu))


class Uniform(RandomVariable):
    """Uniform between lower and upper."""

    __slots__ = ()

    def __init__(
        self,
        name: str,
        lower: Value = 0.0,
        upper: Value = 1.0,
        **options: Unpack[Options],
    ) -> None:
        self._declare(name, {"lower": lower, "upper": upper}, options)

    @staticmethod
    def dist(lower: Value = 0.0, upper: Value = 1.0) -> distributions.Uniform:
        """Return the distribution outside a model."""
        return distributions.Uniform(lower, upper)


class Laplace(RandomVariable):
    """Laplace with mean mu and scale b."""

    __slots__ = ()

    def __init__(
        self, name: str, mu: Value, b: Value, **options: Unpack[Options]
    ) -> None:
        self._declare(name, {"mu": mu, "b": b}, options)

    @staticmethod
    def dist(mu: Value, b: Value) -> distributions.Laplace:
        """Return the distribution outside a model."""
        return distributions.Laplace(mu, b)
