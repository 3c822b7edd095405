"""Python expressions as text that knows when it needs parentheses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from exmc.gradient.program import Shape

CHOICE: Final = 0
"""How tightly it holds together: `a if c else b`."""
SUM: Final = 1
PRODUCT: Final = 2
ATOM: Final = 3


@dataclass(frozen=True, slots=True)
class Expression:
    """Text of an expression.

    Attributes:
        text: Python.
        strength: Of its weakest operator.
        real: Shape of the array that it gives: that of the instruction, with 1 in
            place of axes along which all entries are the same; () is a Python float
            that stands for every entry.
    """

    text: str
    strength: int
    real: Shape

    def within(self, strength: int) -> str:
        """Return the text for use as an operand of an operator of that strength."""
        return self.text if self.strength >= strength else f"({self.text})"

    @property
    def is_scalar(self) -> bool:
        """Whether it gives a Python float."""
        return self.real == ()


def atom(text: str, real: Shape = ()) -> Expression:
    """Return a name, a call or a subscription."""
    return Expression(text, ATOM, real)


def number(value: float) -> Expression:
    """Return a literal; `inf` and `nan` are names."""
    if math.isnan(value):
        return atom("nan")
    negative = math.copysign(1.0, value) < 0.0
    return Expression(repr(value), PRODUCT if negative else ATOM, ())


def real_of(*expressions: Expression) -> Shape:
    """Return the real shape of a pointwise operation on these."""
    shapes = [e.real for e in expressions if not e.is_scalar]
    return tuple(max(lengths) for lengths in zip(*shapes, strict=True))


def tuple_text(items: tuple[int, ...]) -> str:
    """Return a tuple of whole numbers as Python reads it."""
    return repr(tuple(int(item) for item in items))
