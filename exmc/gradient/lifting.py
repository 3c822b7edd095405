"""Numbers become arguments, so that other numbers need no other code.

A model with another prior scale, or with data of other size whose sum was folded, has
a program of the same text. Numbers that say something about the form of a density
stay in the text: halves, small whole numbers and such, see `is_simple`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from exmc.gradient.attributes import place_of
from exmc.gradient.numbering import live

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder

BITS: Final = 5
"""Of a simple number's numerator; its denominator may have as many."""


def is_simple(number: float) -> bool:
    """Tell whether it is a fraction k / 2**j with |k| < 32 and j < 6, or not finite."""
    if not math.isfinite(number):
        return True
    if abs(number) >= 2.0**BITS:
        return False
    k = math.ldexp(number, BITS)
    return k == int(k) and _odd_part(int(k)) < 2**BITS


def _odd_part(k: int) -> int:
    return abs(k) // (k & -k) if k else 0


def lifted(b: PlainBuilder, outputs: Sequence[Node]) -> tuple[Node, ...]:
    """Return the outputs of the same program that reads its numbers from one slot.

    before: mul(0.3, x)    after: mul(view(data [0.3]) offset=0 : [], x)
    """
    order = live(outputs)
    numbers = [
        node.value
        for node in order
        if isinstance(node.value, float) and not is_simple(node.value)
    ]
    if not numbers:
        return tuple(outputs)
    slot = b.data(numbers)
    offsets = {number: offset for offset, number in enumerate(numbers)}
    images: dict[Node, Node] = {}
    for node in order:
        if isinstance(node.value, float) and node.value in offsets:
            images[node] = b.view(slot, (), offsets[node.value], ())
        elif node.op == "view" and node.args[0].op == "const":
            images[node] = _repeated(b, node, images[node.args[0]])
        elif node.args:
            images[node] = b.again(node, *(images[arg] for arg in node.args))
        else:
            images[node] = node
    return tuple(images[node] for node in outputs)


def _repeated(b: PlainBuilder, node: Node, number: Node) -> Node:
    """Return an array of one number that has been lifted, as one view."""
    if number.op == "const":
        return node
    offset, _ = place_of(number)
    return b.view(number.args[0], node.shape, offset, (0,) * len(node.shape))
