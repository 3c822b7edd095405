"""From nodes to the numbered instructions of a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from exmc.gradient.program import Instruction, Program

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exmc.gradient.node import Attributes, Node
    from exmc.gradient.program import DataArray, Shape


def live(outputs: Iterable[Node]) -> list[Node]:
    """Return the nodes that outputs need, each after what it reads.

    The order depends on the outputs alone, not on the order in which nodes were made:
    depth first, arguments from left to right.
    """
    order: list[Node] = []
    seen: set[Node] = set()
    stack: list[Node | None] = [*outputs]
    stack.reverse()
    opened: list[Node] = []
    while stack:
        node = stack.pop()
        if node is None:
            order.append(opened.pop())
        elif node not in seen:
            seen.add(node)
            if node.args:
                opened.append(node)
                stack.append(None)
                stack.extend(node.args[::-1])
            else:
                order.append(node)
    return order


def numbered(dim: int, scalar: Node, vector: Node) -> tuple[Program, list[DataArray]]:
    """Return the program of two outputs, and the data for its slots in order.

    Raises:
        ValueError: The outputs are not of shapes () and (n,).
    """
    if scalar.shape != () or len(vector.shape) != 1:
        message = f"Outputs have shapes {scalar.shape} and {vector.shape}."
        raise ValueError(message)
    numbers: dict[Node, int] = {}
    slots: list[tuple[str, Shape]] = []
    data: list[DataArray] = []
    instructions: list[Instruction] = []
    for node in live((scalar, vector)):
        op, attributes = node.op, node.attributes
        if op in {"data", "index"}:
            op, attributes = "data", _slot(node, slots, data)
        args = tuple(numbers[arg] for arg in node.args)
        numbers[node] = len(instructions)
        instructions.append(Instruction(op, args, node.shape, attributes))
    program = Program(
        dim, tuple(slots), tuple(instructions), numbers[scalar], numbers[vector]
    )
    return program, data


def _slot(
    node: Node, slots: list[tuple[str, Shape]], data: list[DataArray]
) -> Attributes:
    array = cast("DataArray", node.value)
    slots.append((array.dtype.name, array.shape))
    data.append(array)
    return (("slot", len(slots) - 1),)
