"""A program built again, operation for operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder
    from exmc.gradient.program import DataArray, Program


def replayed(
    b: PlainBuilder, program: Program, data: Sequence[DataArray]
) -> tuple[Node, Node]:
    """Return the outputs of a program, built in a builder."""
    nodes: list[Node] = []
    for _, instruction in program:
        match instruction.op:
            case "input":
                nodes.append(b.input())
            case "const":
                nodes.append(b.const(instruction["value"]))  # type: ignore[arg-type]
            case "data":
                array = data[instruction["slot"]]  # type: ignore[index]
                whole = b.index if array.dtype.kind == "i" else b.data
                nodes.append(whole(array))
            case _:
                args = tuple(nodes[number] for number in instruction.args)
                nodes.append(
                    b.make(
                        instruction.op, args, instruction.shape, instruction.attributes
                    )
                )
    return nodes[program.scalar], nodes[program.vector]
