"""Discrete families in the modelling language, for observed values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from exmc import distributions
from exmc.distributions.odds import one_of_p_and_logit_p
from exmc.model.variable import Options, RandomVariable

if TYPE_CHECKING:
    from exmc.model.symbolic import Value


class Bernoulli(RandomVariable):
    """One with probability p (or log-odds logit_p), else zero."""

    __slots__ = ()

    def __init__(
        self,
        name: str,
        p: Value = None,
        logit_p: Value = None,
        **options: Unpack[Options],
    ) -> None:
        one_of_p_and_logit_p("Bernoulli", p, logit_p)
        self._declare(name, {"p": p, "logit_p": logit_p}, options)

    @staticmethod
    def dist(p: Value = None, logit_p: Value = None) -> distributions.Bernoulli:
        """Return the distribution outside a model."""
        return distributions.Bernoulli(p, logit_p)


class Binomial(RandomVariable):
    """Successes among n trials of probability p (or log-odds logit_p)."""

    __slots__ = ()

    def __init__(
        self,
        name: str,
        n: Value,
        p: Value = None,
        logit_p: Value = None,
        **options: Unpack[Options],
    ) -> None:
        one_of_p_and_logit_p("Binomial", p, logit_p)
        self._declare(name, {"n": n, "p": p, "logit_p": logit_p}, options)

    @staticmethod
    def dist(
        n: Value, p: Value = None, logit_p: Value = None
    ) -> distributions.Binomial:
        """Return the distribution outside a model."""
        return distributions.Binomial(n, p, logit_p)


class Poisson(RandomVariable):
    """Counts with mean mu."""

    __slots__ = ()

    def __init__(self, name: str, mu: Value, **options: Unpack[Options]) -> None:
        self._declare(name, {"mu": mu}, options)

    @staticmethod
    def dist(mu: Value) -> distributions.Poisson:
        """Return the distribution outside a model."""
        return distributions.Poisson(mu)
