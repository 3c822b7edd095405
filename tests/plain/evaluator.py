"""The log-density of a graph, added up by hand from scipy's log-densities.

Slow and obvious: a value is computed anew each time it is asked for, by recursion. It
shares no code with the compiler; it reads nodes and expressions only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy import special, stats

from exmc.ir.expression import EXPRESSIONS, Constant, DataRef, Expression, VariableRef
from exmc.ir.graph import ModelGraph
from exmc.ir.node import (
    Data,
    Deterministic,
    FreeVariable,
    Observation,
    PotentialTerm,
    Reparameterised,
)

Point = Mapping[str, Any]

LOG_DENSITY: dict[str, Callable[..., Any]] = {
    "Flat": lambda x: np.zeros(np.shape(x)),
    "HalfFlat": lambda x: np.zeros(np.shape(x)),
    "Normal": lambda x, *, mu, sigma: stats.norm.logpdf(x, mu, sigma),
    "HalfNormal": lambda x, sigma: stats.halfnorm.logpdf(x, scale=sigma),
    "Cauchy": lambda x, *, alpha, beta: stats.cauchy.logpdf(x, alpha, beta),
    "HalfCauchy": lambda x, beta: stats.halfcauchy.logpdf(x, scale=beta),
    "StudentT": lambda x, *, nu, mu, sigma: stats.t.logpdf(x, nu, mu, sigma),
    "HalfStudentT": lambda x, nu, sigma: np.log(2) + stats.t.logpdf(x, nu, scale=sigma),
    "Exponential": lambda x, lam: stats.expon.logpdf(x, scale=1 / np.asarray(lam)),
    "Gamma": lambda x, alpha, beta: stats.gamma.logpdf(x, alpha, scale=1 / beta),
    "Beta": lambda x, *, alpha, beta: stats.beta.logpdf(x, alpha, beta),
    "Uniform": lambda x, lower, upper: stats.uniform.logpdf(x, lower, upper - lower),
    "LogNormal": lambda x, mu, sigma: stats.lognorm.logpdf(x, sigma, scale=np.exp(mu)),
    "Laplace": lambda x, *, mu, b: stats.laplace.logpdf(x, mu, b),
    "Bernoulli": lambda x, p=None, logit_p=None: stats.bernoulli.logpmf(
        x, special.expit(logit_p) if p is None else p
    ),
    "Binomial": lambda x, n, p=None, logit_p=None: stats.binom.logpmf(
        x, n, special.expit(logit_p) if p is None else p
    ),
    "Poisson": lambda x, *, mu: stats.poisson.logpmf(x, mu),
}

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "getitem": lambda value, *index: value[index],
    "concatenate": lambda *parts, axis=0: np.concatenate(parts, axis),
    "stack": lambda *parts, axis=0: np.stack(parts, axis),
    "expit": special.expit,
    "log_expit": special.log_expit,
    "lgamma": special.gammaln,
    "logsumexp": special.logsumexp,
    "log1mexp": lambda x: np.log1p(-np.exp(-np.asarray(x))),
    "softplus": lambda x: np.logaddexp(0.0, x),
}


def joint_log_density(graph: ModelGraph, point: Point) -> float:
    """Add up the log-density of all nodes at values in the user's own units.

    Args:
        graph: Before or after the passes, without recorded functions.
        point: A value for each free variable, by the user's name.
    """
    return sum(_term(graph, node, point) for node in graph.nodes)


def unconstrained_log_density(graph: ModelGraph, point: Point) -> float:
    """The same as a density of the unconstrained coordinates of a rewritten graph."""
    jacobian = 0.0
    for node in graph.nodes:
        if isinstance(node, Reparameterised):
            scale = value_of(graph, node.scale, point)
            jacobian += np.sum(np.log(np.broadcast_to(scale, node.shape)))
        elif isinstance(node, FreeVariable):
            jacobian += np.sum(_log_slope(graph, node, point))
    return float(joint_log_density(graph, point) + jacobian)


def value_of(graph: ModelGraph, expression: Expression, point: Point) -> Any:
    """Compute an expression by recursion, references by the user's names."""
    if isinstance(expression, Constant):
        return expression.value
    if isinstance(expression, DataRef | VariableRef):
        return _named(graph, expression.name, point)
    arguments = [
        value_of(graph, argument, point)
        if isinstance(argument, EXPRESSIONS)
        else argument
        for argument in expression.arguments
    ]
    function = FUNCTIONS.get(expression.function)
    if function is None:
        function = getattr(np, expression.function)
    return function(*arguments, **dict(expression.keywords))


def _named(graph: ModelGraph, name: str, point: Point) -> Any:
    node = graph.node(name)
    match node:
        case Data():
            return node.array
        case Deterministic():
            return value_of(graph, node.expression, point)
        case Observation():
            return value_of(graph, node.value, point)
        case _:
            return np.asarray(point[name])


def _term(graph: ModelGraph, node: object, point: Point) -> float:
    match node:
        case FreeVariable():
            return _sum(graph, node, point[node.name], point)
        case Observation():
            return _sum(graph, node, value_of(graph, node.value, point), point)
        case Reparameterised():
            location = value_of(graph, node.location, point)
            scale = value_of(graph, node.scale, point)
            raw = (np.asarray(point[node.name]) - location) / scale
            shrunk = np.sum(np.log(np.broadcast_to(scale, node.shape)))
            return float(_sum(graph, node.raw, raw, point) - shrunk)
        case PotentialTerm():
            return float(np.sum(value_of(graph, node.expression, point)))
        case _:
            return 0.0


def _sum(
    graph: ModelGraph, node: FreeVariable | Observation, value: Any, point: Point
) -> float:
    parameters = {k: value_of(graph, p, point) for k, p in node.parameters.items()}
    terms = LOG_DENSITY[node.family](value, **parameters)
    return float(np.sum(np.broadcast_to(terms, node.shape)))


def _log_slope(graph: ModelGraph, node: FreeVariable, point: Point) -> Any:
    x = np.asarray(point[node.name])
    match node.transform:
        case "identity":
            return 0.0
        case "exp":
            return np.log(x)
        case "softplus":
            return np.log1p(-np.exp(-x))
        case "logit":
            ends = {k: value_of(graph, p, point) for k, p in node.parameters.items()}
            lower, upper = ends.get("lower", 0.0), ends.get("upper", 1.0)
            if node.family != "Uniform":
                lower, upper = 0.0, 1.0
            return np.log((x - lower) * (upper - x) / (upper - lower))
        case _:
            raise NotImplementedError(node.transform)
