"""The log-density of each family in mpmath, in any number of digits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mpmath import exp, log, log1p, loggamma, mpf, pi

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.distributions.distribution import Family

Number = Any


def normal(x: Number, mu: Number, sigma: Number) -> Number:
    return -(((x - mu) / sigma) ** 2) / 2 - log(sigma) - log(2 * pi) / 2


def cauchy(x: Number, alpha: Number, beta: Number) -> Number:
    return -log(pi * beta * (1 + ((x - alpha) / beta) ** 2))


def student_t(x: Number, nu: Number, mu: Number, sigma: Number) -> Number:
    peak = loggamma((nu + 1) / 2) - loggamma(nu / 2) - log(nu * pi) / 2 - log(sigma)
    return peak - (nu + 1) / 2 * log1p(((x - mu) / sigma) ** 2 / nu)


def gamma(x: Number, alpha: Number, beta: Number) -> Number:
    return alpha * log(beta) - loggamma(alpha) + (alpha - 1) * log(x) - beta * x


def beta(x: Number, alpha: Number, beta: Number) -> Number:
    norm = loggamma(alpha) + loggamma(beta) - loggamma(alpha + beta)
    return (alpha - 1) * log(x) + (beta - 1) * log1p(-x) - norm


def binomial(x: Number, n: Number, p: Number = None, logit_p: Number = None) -> Number:
    ways = loggamma(n + 1) - loggamma(x + 1) - loggamma(n - x + 1)
    odds = logit_p if p is None else log(p / (1 - p))
    return ways - x * log1p(exp(-odds)) - (n - x) * log1p(exp(odds))


FORMULAS: dict[str, Callable[..., Number]] = {
    "Normal": normal,
    "HalfNormal": lambda x, sigma: log(2) + normal(x, 0, sigma),
    "Cauchy": cauchy,
    "HalfCauchy": lambda x, beta: log(2) + cauchy(x, 0, beta),
    "StudentT": student_t,
    "HalfStudentT": lambda x, nu, sigma: log(2) + student_t(x, nu, 0, sigma),
    "Exponential": lambda x, lam: log(lam) - lam * x,
    "Gamma": gamma,
    "Beta": beta,
    "Uniform": lambda x, lower, upper: 0 * x - log(upper - lower),
    "LogNormal": lambda x, mu, sigma: normal(log(x), mu, sigma) - log(x),
    "Laplace": lambda x, mu, b: -abs(x - mu) / b - log(2 * b),
    "Bernoulli": lambda x, **odds: binomial(x, mpf(1), **odds),
    "Binomial": binomial,
    "Poisson": lambda x, mu: x * log(mu) - mu - loggamma(x + 1),
}


def log_prob(family: Family, **changed: Number) -> Number:
    """Give the exact log-density at `value`, with some parameters changed."""
    given = {name: mpf(float(number)) for name, number in family.values().items()}
    at = given | changed
    name = next(c.__name__ for c in type(family).__mro__ if c.__name__ in FORMULAS)
    return FORMULAS[name](at.pop("value"), **at)
