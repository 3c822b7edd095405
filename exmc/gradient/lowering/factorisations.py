"""Rules of linear systems, by Cholesky's factorisation.

Programs have no other factorisation, so a matrix must be symmetric and positive
definite, as covariances and precisions are. It is judged where the function was
recorded; a program that is wrong elsewhere does not agree with autograd, and is not
used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exmc.gradient.attributes import place_of
from exmc.gradient.lowering.places import rearranged

if TYPE_CHECKING:
    from exmc.gradient.lowering.lowering import Given, Lowering
    from exmc.gradient.lowering.table import Rules
    from exmc.gradient.lowering.term import Term
    from exmc.gradient.node import Node
    from exmc.typing import Matrix


def _value(low: Lowering) -> Matrix:
    """Return the matrix that a function was given when it was recorded.

    Raises:
        NoRuleError: It is a stack of matrices.
    """
    argument = low.step.arguments[0]
    value = np.asarray(getattr(argument, "value", argument))
    if value.ndim != 2:
        raise low.refuse("is given a stack of matrices")
    return value


def _factor(low: Lowering, a: Given) -> Node:
    """Return the lower factor of a symmetric matrix.

    Raises:
        NoRuleError: It is not one, or is not positive definite.
    """
    value = _value(low)
    if not np.allclose(value, value.T, rtol=1e-10, atol=0.0):
        raise low.refuse("is given a matrix that is not symmetric")
    try:
        np.linalg.cholesky(value)
    except np.linalg.LinAlgError as error:
        raise low.refuse("is given a matrix that is not positive definite") from error
    return low.build.apply("cholesky", _untransposed(low.node(a)))


def _untransposed(a: Node) -> Node:
    """Return the matrix that a node is the transpose of, or the node itself."""
    if a.op == "view" and a.args[0].shape == a.shape:
        offset, strides = place_of(a)
        if offset == 0 and strides == (1, a.shape[0]):
            return a.args[0]
    return a


def solved(low: Lowering, factor: Node, b: Node) -> Node:
    """Return x with l l' x = b."""
    half = low.build.apply("solve_lower", factor, b, transposed=False)
    return low.build.apply("solve_lower", factor, half, transposed=True)


def log_det(low: Lowering, factor: Node) -> Term:
    """Return the log of the determinant of l l'."""
    diagonal = rearranged(low.build, factor, np.diagonal)
    return 2.0 * low.term(diagonal).log().sum()


def _cholesky(low: Lowering, a: Given, **_more: Given) -> Node:
    if len(low.shape) != 2:
        raise low.refuse("is given a stack of matrices")
    return low.build.apply("cholesky", low.node(a))


def _cholesky_back(low: Lowering, factor: Given, gradient: Given) -> Node:
    return low.build.apply("cholesky_back", low.node(factor), low.node(gradient))


def _solve(low: Lowering, a: Given, b: Given) -> Node:
    """Solve by one triangle if the other one is empty, else by both factors."""
    value, right = _value(low), low.node(b)
    if len(right.shape) > 2:
        raise low.refuse("is given a stack of right-hand sides")
    if not np.triu(value, 1).any():
        return low.build.apply("solve_lower", low.node(a), right, transposed=False)
    if not np.tril(value, -1).any():
        lower = low.build.transpose(low.node(a))
        return low.build.apply("solve_lower", lower, right, transposed=True)
    return solved(low, _factor(low, a), right)


def _inverse(low: Lowering, a: Given) -> Node:
    factor = _factor(low, a)
    return solved(low, factor, low.build.data(np.eye(factor.shape[0])))


def _slogdet(low: Lowering, a: Given) -> tuple[Node, Node]:
    return low.build.const(1.0), log_det(low, _factor(low, a)).node


def _det(low: Lowering, a: Given) -> Node:
    return log_det(low, _factor(low, a)).exp().node


def _gaussian(low: Lowering, k: Given, r: Given) -> Node:
    return low.build.apply("gaussian", low.node(k), low.node(r))


def _solve_lower(
    low: Lowering, lower: Given, b: Given, *, transposed: Given = False
) -> Node:
    nodes = low.node(lower), low.node(b)
    return low.build.apply("solve_lower", *nodes, transposed=bool(transposed))


def _solve_triangular(
    low: Lowering,
    a: Given,
    b: Given,
    trans: Given = 0,
    lower: Given = False,  # noqa: FBT002 - scipy's signature
    **more: Given,
) -> Node:
    """An upper factor is the transpose of a lower one."""
    if more.get("unit_diagonal"):
        raise low.refuse("has a unit diagonal")
    matrix, flipped = low.node(a), trans not in {0, "N"}
    if not lower:
        matrix, flipped = low.build.transpose(matrix), not flipped
    return low.build.apply("solve_lower", matrix, low.node(b), transposed=flipped)


LINALG_RULES: Rules = {
    "cholesky": _cholesky,
    "det": _det,
    "inv": _inverse,
    "slogdet": _slogdet,
    "solve": _solve,
}
"""By the names of autograd's numpy.linalg."""

SCIPY_RULES: Rules = {"solve_triangular": _solve_triangular}
"""By the names of autograd's scipy.linalg."""

OURS: Rules = {
    "cholesky": _cholesky,
    "cholesky_back": _cholesky_back,
    "gaussian": _gaussian,
    "solve_lower": _solve_lower,
}
"""By the names of `exmc.numerics.differentiable`."""
