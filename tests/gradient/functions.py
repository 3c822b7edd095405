"""What people write as a log-density, one function an idiom, each of twelve numbers.

Beside each stands nothing: autograd is the judge.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd.scipy import linalg, special
from autograd.scipy.stats import beta, chi2, dirichlet, gamma, norm, poisson, t
from autograd.scipy.stats import multivariate_normal as mvn

from exmc.numerics import differentiable as ours

Function = Callable[[Any], Any]

DIM = 12
_STREAM = np.random.Generator(np.random.PCG64(20261201))
GROUP = _STREAM.integers(0, 4, 20)
SEX = _STREAM.integers(0, 3, 20)
X = _STREAM.standard_normal((20, 4))
Y = _STREAM.integers(0, 5, 20).astype(float)
MASK = np.arange(DIM) % 3 != 1
GAP = np.abs(np.subtract.outer(np.arange(5.0), np.arange(5.0)))


def cov(z: Any) -> Any:
    rough = anp.exp(-0.5 * GAP**2 * anp.exp(-2.0 * z[1]))
    return anp.exp(z[0]) * rough + 0.5 * anp.eye(5)


def ar1(z: Any) -> Any:
    total, last = -0.5 * z[0] ** 2, z[0]
    for n in range(1, 6):
        total = total - 0.5 * (z[n] - 0.7 * last) ** 2
        last = z[n]
    return total


def mixture(z: Any) -> Any:
    parts = [
        anp.log(0.3) - 0.5 * (Y - z[0]) ** 2,
        anp.log(0.7) - 0.5 * ((Y - z[1]) / anp.exp(z[2])) ** 2 - z[2],
    ]
    return anp.sum(special.logsumexp(anp.stack(parts), axis=0))


def ordered(z: Any) -> Any:
    cuts = anp.concatenate([z[:1], z[0] + anp.cumsum(anp.exp(z[1:4]))])
    ends = anp.concatenate([anp.zeros(1), special.expit(cuts), anp.ones(1)])
    chance = ends[1:] - ends[:-1]
    return anp.sum(anp.log(chance[Y.astype(int)])) + anp.sum(z[1:4])


def simplex(z: Any) -> Any:
    share = anp.exp(z[:4]) / anp.sum(anp.exp(z[:4]))
    return anp.sum(np.bincount(GROUP, minlength=4) * anp.log(share))


def quadratic_form(z: Any) -> Any:
    factor = anp.linalg.cholesky(cov(z))
    half = linalg.solve_triangular(factor, z[2:7], lower=True)
    return -0.5 * anp.sum(half**2) - anp.sum(anp.log(anp.diag(factor)))


def upper_solve(z: Any) -> Any:
    factor = anp.linalg.cholesky(cov(z))
    half = linalg.solve_triangular(factor.T, z[2:7], lower=False)
    return anp.sum(linalg.solve_triangular(factor, half, trans="T", lower=True))


def masked_tails(z: Any) -> Any:
    inside = anp.logical_and(z > -1.0, z <= 1.0)
    return anp.sum(anp.where(inside, -(z**2), -2.0 * anp.abs(z) + 1.0))


def inplace_free_loop(z: Any) -> Any:
    level = [z[0]]
    for n in range(1, 4):
        level.append(anp.tanh(level[-1] + z[n]))
    return anp.sum(anp.array(level) ** 2)


FUNCTIONS: dict[str, Function] = {
    "gather": lambda z: anp.sum(z[:4][GROUP] ** 2),
    "gather in two axes": lambda z: anp.sum(z.reshape(4, 3)[GROUP, SEX] ** 3),
    "a list as index": lambda z: anp.prod(z[[0, 2, 2]]),
    "a mask as index": lambda z: anp.sum(anp.exp(z[MASK])),
    "slices joined": lambda z: anp.sum(anp.concatenate([z[2:5], z[::-1], z[:1]]) ** 2),
    "steps": lambda z: anp.sum(z[1::3] * z[-2::-4][:3].sum()),
    "new axes": lambda z: anp.sum((z[:3, None] * z[None, 3:7]) ** 2 + z[0]),
    "an ellipsis": lambda z: anp.sum(z.reshape(2, 3, 2)[..., 1] ** 3),
    "stack": lambda z: anp.sum(anp.stack([z[:3], z[3:6]], axis=1) ** 3),
    "vstack": lambda z: anp.sum(anp.vstack([z[:3], 2 * z[3:6]]) ** 2 * X[:2, :3]),
    "hstack": lambda z: anp.sum(anp.hstack([z[:3], anp.ones(2), z[3:6]]) ** 3),
    "array of numbers": lambda z: anp.sum(anp.array([z[0], z[1] ** 2, 1.0]) ** 2),
    "array of arrays": lambda z: anp.sum(anp.array([z[:2], z[2:4]]) ** 3),
    "append": lambda z: anp.sum(anp.append(z[:3], z[4]) ** 2),
    "matrix times vector": lambda z: anp.sum(anp.tanh(X @ z[:4])),
    "vector times matrix": lambda z: anp.sum(anp.tanh(Y @ X * z[:4])),
    "dot": lambda z: anp.dot(z[:4], anp.dot(X.T, anp.dot(X, z[4:8]))),
    "matrix times matrix": lambda z: anp.sum((X @ z.reshape(4, 3)) ** 2),
    "traced matrices": lambda z: anp.sum(
        (z[:6].reshape(2, 3) @ z[6:].reshape(3, 2)) ** 2
    ),
    "stacked matrices": lambda z: anp.sum(
        anp.matmul(z.reshape(2, 3, 2), X[:4].reshape(2, 2, 4)) ** 2
    ),
    "einsum": lambda z: anp.einsum("ij,j,i->", X, z[:4], Y),
    "einsum of three": lambda z: anp.sum(
        anp.einsum("ij,jk,k->i", X, z.reshape(4, 3), z[:3]) ** 2
    ),
    "einsum of one": lambda z: anp.sum(anp.einsum("ij->j", anp.outer(z, z)) ** 2),
    "tensordot": lambda z: anp.sum(anp.tensordot(X, z.reshape(3, 4), axes=(1, 1)) ** 2),
    "inner": lambda z: anp.inner(z[:4], X[0]) ** 2,
    "outer": lambda z: anp.sum(anp.outer(z[:3], z[3:7]) ** 3),
    "sums by axis": lambda z: anp.sum(anp.sum(z.reshape(3, 4) ** 2, axis=1) ** 1.5),
    "kept axes": lambda z: anp.sum(
        (z.reshape(3, 4) - anp.mean(z.reshape(3, 4), axis=0, keepdims=True)) ** 2
    ),
    "moments": lambda z: anp.mean(z**2) + anp.var(z) + anp.std(z, ddof=1),
    "extremes": lambda z: anp.max(z) * anp.min(z) + anp.sum(anp.maximum(z, 0.1)),
    "extremes by axis": lambda z: anp.sum(anp.max(z.reshape(3, 4), axis=1) ** 2),
    "cumsum": lambda z: anp.sum(anp.cumsum(z) ** 2),
    "cumsum by axis": lambda z: anp.sum(anp.cumsum(z.reshape(3, 4), axis=0) ** 2),
    "diff": lambda z: -0.5 * anp.sum(anp.diff(z) ** 2) - anp.sum(anp.diff(z, 2) ** 2),
    "prod": lambda z: anp.prod(anp.exp(z)) + anp.sum(anp.prod(z.reshape(3, 4), axis=0)),
    "repeat and tile": lambda z: anp.sum(
        anp.repeat(z[:3], 4) * anp.tile(z[3:6], 4) * anp.arange(12.0)
    ),
    "rolled": lambda z: (
        anp.sum(z * anp.roll(z, 2)) + anp.sum(z[::-1] * anp.flipud(z**2))
    ),
    "transposed": lambda z: anp.sum(
        anp.transpose(z.reshape(2, 3, 2), (2, 0, 1)) ** 2 * X[:2, :2, None]
    ),
    "diagonals": lambda z: anp.trace(anp.diag(z[:3]) @ z[3:].reshape(3, 3)),
    "triangles": lambda z: anp.sum(anp.tril(z[:9].reshape(3, 3)) ** 2),
    "split": lambda z: sum(anp.sum(part**k) for k, part in enumerate(anp.split(z, 3))),
    "padded": lambda z: anp.sum(anp.pad(z, (1, 2), "constant")[2:] ** 2),
    "where": lambda z: anp.sum(anp.where(z > 0, z**2, anp.exp(z))),
    "where of data": lambda z: anp.sum(anp.where(MASK, z**2, anp.exp(z))),
    "where, twice": lambda z: anp.sum(
        anp.where(z > 0, anp.log(anp.where(z > 0, z, 1.0)), 0.0)
    ),
    "masked tails": masked_tails,
    "clip": lambda z: anp.sum(anp.clip(z, -0.2, 0.5) ** 2),
    "abs and sign": lambda z: anp.sum(anp.abs(z) + anp.sign(z) * z),
    "counts": lambda z: z[0] * anp.sum(z > 0.0) + anp.sum((z > 0) * z),
    "floor": lambda z: anp.sum(z * anp.floor(2 * z)) + anp.sum(anp.mod(z, 0.7) ** 2),
    "powers": lambda z: anp.sum(
        anp.exp(z) ** z + anp.exp(z) ** 0.5 + anp.exp(z) ** -1 + z**3
    ),
    "a number to a power": lambda z: anp.sum(2.0**z),
    "trigonometry": lambda z: anp.sum(anp.sin(z) * anp.cos(2 * z) + anp.tan(z / 9)),
    "inverse trigonometry": lambda z: anp.sum(
        anp.arcsin(anp.tanh(z)) + anp.arccos(anp.tanh(z) / 2) + anp.arctan2(z, 1 + z**2)
    ),
    "hyperbolic": lambda z: (
        anp.sum(
            anp.sinh(z) / anp.cosh(z) + anp.arcsinh(z) + anp.arccosh(1 + anp.exp(z))
        )
        + anp.sum(anp.arctanh(anp.tanh(z) / 2))
    ),
    "logarithms": lambda z: anp.sum(
        anp.log1p(z**2) + anp.log2(1 + z**2) + anp.log10(2 + z**2) + anp.exp2(z)
    ),
    "hypot and square": lambda z: anp.sum(
        anp.sqrt(anp.square(z) + 1) + anp.hypot(z, 2.0)
    ),
    "logaddexp": lambda z: anp.sum(anp.logaddexp(0, z) + anp.logaddexp(z, 2 * z[0])),
    "logsumexp": lambda z: (
        special.logsumexp(z)
        + anp.sum(special.logsumexp(z.reshape(3, 4), axis=1, keepdims=True))
    ),
    "our logsumexp": lambda z: (
        ours.logsumexp(z) + anp.sum(ours.logsumexp(z.reshape(3, 4), axis=0))
    ),
    "gamma functions": lambda z: anp.sum(
        special.gammaln(anp.exp(z))
        + special.digamma(anp.exp(z))
        + special.polygamma(0, anp.exp(z))
    ),
    "beta functions": lambda z: anp.sum(
        special.betaln(anp.exp(z), 2.0) + special.beta(anp.exp(z), 1.5)
    ),
    "error functions": lambda z: anp.sum(special.erf(z) - special.erfc(z)),
    "expit and logit": lambda z: anp.sum(special.logit(special.expit(z)) ** 2),
    "our transforms": lambda z: (
        anp.sum(
            ours.open_interval(z, -1.0, 3.0)
            + ours.log_expit_slope(z)
            + ours.log_expit(z)
        )
        + anp.sum(ours.softplus(z) + ours.log1mexp(anp.exp(z)))
    ),
    "our families": lambda z: anp.sum(
        ours.xlogy(Y[:12], anp.exp(z))
        + ours.xlog1py(Y[:12], anp.exp(z))
        + ours.lgamma_half_step(anp.exp(z))
        + ours.betaln(anp.exp(z), anp.exp(-z))
        + ours.log1p_square(z)
        + ours.lgamma(anp.exp(z))
        + ours.logit(ours.expit(z)) ** 2
    ),
    "normal of scipy": lambda z: (
        anp.sum(norm.logpdf(z, 0.3, anp.exp(z[0])))
        + anp.sum(
            norm.logcdf(z) + norm.logsf(z, 0.1, 2.0) + norm.cdf(z, z[0]) + norm.sf(z)
        )
    ),
    "t of scipy": lambda z: (
        anp.sum(t.logpdf(z, 4.0, z[0], anp.exp(z[1]))) + t.logpdf(0.3, anp.exp(z[0]))
    ),
    "others of scipy": lambda z: anp.sum(
        gamma.logpdf(anp.exp(z), 2.0)
        + beta.logpdf(special.expit(z), anp.exp(z[0]), 2.0)
        + chi2.logpdf(anp.exp(z), 3.0)
        + poisson.logpmf(Y[:12], anp.exp(z))
    ),
    "dirichlet of scipy": lambda z: dirichlet.logpdf(
        anp.exp(z[:4]) / anp.sum(anp.exp(z[:4])), np.array([1.0, 2.0, 0.5, 3.0])
    ),
    "multivariate normal": lambda z: mvn.logpdf(z[2:7], np.zeros(5), cov(z)),
    "cholesky": quadratic_form,
    "upper triangles": upper_solve,
    "solve and slogdet": lambda z: (
        z[2:7] @ anp.linalg.solve(cov(z), z[2:7]) + anp.linalg.slogdet(cov(z))[1]
    ),
    "inv and det": lambda z: (
        anp.sum(anp.linalg.inv(cov(z)) * GAP) + anp.log(anp.linalg.det(cov(z)))
    ),
    "norm": lambda z: (
        anp.linalg.norm(z) + anp.sum(anp.linalg.norm(z.reshape(3, 4), axis=1))
    ),
    "ar1": ar1,
    "a recurrence": lambda z: anp.sum(ours.recurrence(anp.tanh(z[0]), z[1:]) ** 2),
    "a recurrence from the end": lambda z: anp.sum(
        ours.recurrence(anp.tanh(z[:6]), z[6:], reverse=True) ** 2
    ),
    "rows of recurrences": lambda z: anp.sum(
        ours.recurrence(anp.tanh(z.reshape(3, 4)), X[:3] * z[0]) ** 2
    ),
    "mixture": mixture,
    "ordered": ordered,
    "simplex": simplex,
    "a loop that collects": inplace_free_loop,
    "linear regression": lambda z: (
        -0.5 * anp.sum(((Y - X @ z[:4]) / anp.exp(z[4])) ** 2) - 20 * z[4]
    ),
    "poisson regression": lambda z: anp.sum(Y * (X @ z[:4]) - anp.exp(X @ z[:4])),
    "logistic regression": lambda z: (
        -anp.sum(anp.logaddexp(0.0, -(2.0 * (Y > 1) - 1.0) * (z[0] + X @ z[1:5])))
    ),
    "hierarchical": lambda z: (
        -0.5 * anp.sum((Y - (z[0] + anp.exp(z[1]) * z[2:6])[GROUP]) ** 2)
        - 0.5 * anp.sum(z**2)
    ),
    "student regression": lambda z: anp.sum(
        -(anp.exp(z[5]) + 1) / 2 * anp.log1p((Y - X @ z[:4]) ** 2 / anp.exp(z[5]))
    ),
    "funnel": lambda z: (
        -(z[0] ** 2) / 18 - 0.5 * anp.sum(z[1:] ** 2) * anp.exp(-z[0]) - 5.5 * z[0]
    ),
    "rosenbrock": lambda z: (
        -anp.sum(5.0 * (z[1:] - z[:-1] ** 2) ** 2 + (1 - z[:-1]) ** 2)
    ),
    "plain numpy": lambda z: np.sum(np.log1p(z * z)) + np.tanh(z)[0],
    "methods": lambda z: (
        (z.reshape((3, 4)).T.sum(axis=0) ** 2).sum() + z.mean() * z.max()
    ),
    "a constant": lambda _: 3.0,
    "nothing of the input": lambda z: anp.sum(anp.floor(z)),
    "the input itself": lambda z: z[3],
}
