from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest

from exmc.gradient.lowering import NoRuleError, program_of_density, program_of_values
from exmc.gradient.lowering.contractions import ADJOINT_RULES, RULES
from tests.gradient.lowering.agreement import agrees, values_agree

Function = Callable[[Any], Any]

STREAM = np.random.Generator(np.random.PCG64(11))
A = STREAM.standard_normal((6, 4))
B = STREAM.standard_normal((4, 5))
CUBE = STREAM.standard_normal((2, 4, 3))
SYMMETRIC = B[:, :4] + B[:, :4].T


def matrix(z: Any) -> Any:
    return anp.reshape(z, (4, 3))


DOTS: dict[str, Function] = {
    "two vectors": lambda z: anp.dot(z, z[::-1]),
    "a number and a vector": lambda z: anp.dot(z[0], z),
    "a long matrix and a vector": lambda z: anp.dot(A, z[:4]),
    "a wide matrix and a vector": lambda z: anp.dot(A.T, z[:6]),
    "a vector and a matrix": lambda z: anp.dot(z[:4], B),
    "a symmetric matrix": lambda z: anp.dot(z[:4], anp.dot(SYMMETRIC, z[:4])),
    "two matrices": lambda z: anp.dot(A, matrix(z)),
    "a cube and a vector": lambda z: anp.dot(CUBE, z[:3]),
    "a vector and a cube": lambda z: anp.dot(z[:4], CUBE),
    "two traced matrices": lambda z: anp.dot(matrix(z).T, matrix(z)),
    "a column and a row": lambda z: anp.dot(z[:4, None], z[None, 4:8]),
    "matmul of vectors": lambda z: anp.matmul(z[:4], z[4:8]),
    "matmul of a stack": lambda z: anp.matmul(anp.reshape(z, (2, 2, 3)), CUBE[:1, :3]),
    "matmul of a stack and a vector": lambda z: anp.matmul(CUBE, z[:3]),
    "matmul of a vector and a stack": lambda z: anp.matmul(z[:4], CUBE),
    "inner of matrices": lambda z: anp.inner(B, anp.reshape(z[:10], (2, 5))),
    "inner with a number": lambda z: anp.inner(z[0], z),
    "outer": lambda z: anp.outer(z[:3], z[4:]),
    "outer of matrices": lambda z: anp.outer(matrix(z), matrix(z)[:2]),
    "kron": lambda z: anp.kron(B[:2, :3], anp.reshape(z[:6], (2, 3))),
    "kron of two ranks": lambda z: anp.kron(z[:2], anp.reshape(z[2:6], (2, 2))),
    "cross": lambda z: anp.cross(anp.reshape(z, (4, 3)), z[3:6]),
    "vdot": lambda z: anp.vdot(matrix(z), matrix(z[::-1])),
    "tensordot by count": lambda z: anp.tensordot(CUBE, anp.reshape(z, (4, 3, 1)), 2),
    "tensordot by axes": lambda z: anp.tensordot(
        CUBE, matrix(z), axes=([2, 1], [1, 0])
    ),
    "tensordot by one axis": lambda z: anp.tensordot(CUBE, matrix(z), axes=(-1, 1)),
    "einsum, outer": lambda z: anp.einsum("i,j->ji", z[:3], z[3:7]),
    "einsum, implicit": lambda z: anp.einsum("ij,jk", A, matrix(z)),
    "einsum, traced trace": lambda z: anp.einsum("ij,ji->", matrix(z), B[:3, :4]),
    "einsum, batched": lambda z: anp.einsum("bij,bj->bi", CUBE, matrix(z)[:2]),
    "einsum, dots": lambda z: anp.einsum("...i,...i->...", CUBE, matrix(z)[0]),
    "einsum, three": lambda z: anp.einsum("i,ij,j->", z[:4], B, z[:5]),
    "einsum, one": lambda z: anp.einsum("ij->ji", matrix(z)),
    "einsum, a number": lambda z: anp.einsum(",i->i", z[0], z),
}
NO_DERIVATIVE = {"vdot", "outer of matrices", "cross"}
"""In autograd, or not where arguments broadcast."""


@pytest.mark.parametrize("name", DOTS)
def test_a_product_is_numpys(name: str) -> None:
    assert values_agree(DOTS[name], 12)


@pytest.mark.parametrize("name", [name for name in DOTS if name not in NO_DERIVATIVE])
def test_its_gradient_is_autograds(name: str) -> None:
    assert agrees(lambda z: anp.sum(DOTS[name](z) ** 3), 12)


def test_every_rule_is_used() -> None:
    assert set(RULES) == {
        *("cross", "dot", "einsum", "inner", "kron"),
        *("matmul", "outer", "tensordot", "vdot"),
    }
    assert set(ADJOINT_RULES) == {
        f"{name}_adjoint_{n}" for name in ("dot", "tensordot") for n in (0, 1)
    }


def test_a_matrix_of_data_stands_in_one_slot_for_both_directions() -> None:
    lowered = program_of_density(lambda z: anp.sum(anp.exp(A @ z)), 4)
    ops = [i.op for i in lowered.program.instructions]
    assert (ops.count("data"), ops.count("combine"), ops.count("project")) == (1, 1, 1)


def test_a_symmetric_matrix_is_multiplied_once() -> None:
    lowered = program_of_density(lambda z: z @ (SYMMETRIC @ z), 4)
    ops = [i.op for i in lowered.program.instructions]
    assert ops.count("combine") + ops.count("project") == 1


def test_a_cross_product_has_its_gradient() -> None:
    assert agrees(lambda z: anp.sum(anp.cross(z[:3], z[3:]) ** 3), 6)


def test_a_cross_product_along_another_axis_has_no_rule() -> None:
    with pytest.raises(NoRuleError, match="^cross is not of vectors of three"):
        program_of_values(
            lambda z: [anp.cross(anp.reshape(z, (3, 2)), CUBE[:, 0], 0)], 6, 6
        )


def test_subscripts_must_be_text() -> None:
    message = "^einsum is not given its subscripts as text$"
    with pytest.raises(NoRuleError, match=message):
        program_of_values(lambda z: [anp.einsum(z, [0], z, [0], [])], 3, 1)


def test_the_diagonal_of_an_operand_may_be_meant() -> None:
    assert values_agree(lambda z: anp.einsum("ii->i", anp.reshape(z, (3, 3))), 9)
