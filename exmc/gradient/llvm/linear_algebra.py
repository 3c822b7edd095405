"""Calls of the kernels of linear algebra."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exmc.gradient.llvm.frame import Frame
    from exmc.gradient.program import Instruction


def write_call(frame: Frame, number: int, node: Instruction) -> None:
    """Write a call that computes an operation of linear algebra."""
    raise NotImplementedError(node.op)
