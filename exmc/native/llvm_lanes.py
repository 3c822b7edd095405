"""Numbers that are LLVM values: arithmetic on them writes instructions.

`LlvmLanes` is the third implementation of `exmc.numerics.lanes.Lanes`, beside numpy
arrays and Python floats. No instruction carries a fast-math flag, so each rounds as
IEEE 754 says and LLVM may not reorder or fuse them.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, TypeAlias

from exmc.native.assembler import Assembler
from exmc.numerics.elementary import ELEMENTARY
from exmc.numerics.lanes import LANES

if TYPE_CHECKING:
    from collections.abc import Callable

    Operand: TypeAlias = "LlvmValue | float"

INLINE: Final = frozenset(
    (
        *("neg", "recip", "sqrt", "abs", "sign", "floor"),
        *("max", "min", "lt", "le", "eq", "where"),
    )
)
"""What is written out at each use. The others are one function of the module for each
width: in a loop a call costs no time that can be measured, and compiling them once
is most of what a module costs."""

SQRT_HALF: Final = 0x3FE6A09E667F3BCD
"""Bits of the square root of 1/2, rounded up."""
MAGIC: Final = 0x4338000000000000
"""Bits of 1.5 * 2**52: a whole number added to it stands in the lowest bits."""


def literal(x: float) -> str:
    """Return a double as LLVM text, exact to the bit."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', x))[0]:016X}"


class LlvmValue:
    """A double, a mask, or eight of them, in one function.

    Operators write an instruction and give its value; the other operand may be a
    number. Comparisons give masks and are false for NaN; `&` and `|` join masks.

    Attributes:
        lanes: Of which function, and how wide.
        text: Its name, or a literal.
    """

    __slots__ = ("lanes", "text")

    def __init__(self, lanes: LlvmLanes, text: str) -> None:
        self.lanes = lanes
        self.text = text

    def __repr__(self) -> str:
        return f"<{self.lanes.number} {self.text}>"

    def __neg__(self) -> LlvmValue:
        return self.lanes.emit(f"fneg {self.lanes.number} {self.text}")

    def __add__(self, other: Operand) -> LlvmValue:
        return self.lanes.binary("fadd", self, other)

    def __radd__(self, other: Operand) -> LlvmValue:
        return self.lanes.binary("fadd", other, self)

    def __sub__(self, other: Operand) -> LlvmValue:
        return self.lanes.binary("fsub", self, other)

    def __rsub__(self, other: Operand) -> LlvmValue:
        return self.lanes.binary("fsub", other, self)

    def __mul__(self, other: Operand) -> LlvmValue:
        return self.lanes.binary("fmul", self, other)

    def __rmul__(self, other: Operand) -> LlvmValue:
        return self.lanes.binary("fmul", other, self)

    def __truediv__(self, other: Operand) -> LlvmValue:
        return self.lanes.binary("fdiv", self, other)

    def __rtruediv__(self, other: Operand) -> LlvmValue:
        return self.lanes.binary("fdiv", other, self)

    def __lt__(self, other: Operand) -> LlvmValue:
        return self.lanes.binary("fcmp olt", self, other)

    def __le__(self, other: Operand) -> LlvmValue:
        return self.lanes.binary("fcmp ole", self, other)

    def __gt__(self, other: Operand) -> LlvmValue:
        return self.lanes.binary("fcmp ogt", self, other)

    def __ge__(self, other: Operand) -> LlvmValue:
        return self.lanes.binary("fcmp oge", self, other)

    def __and__(self, other: LlvmValue) -> LlvmValue:
        return self.lanes.emit(f"and {self.lanes.mask} {self.text}, {other.text}")

    def __or__(self, other: LlvmValue) -> LlvmValue:
        return self.lanes.emit(f"or {self.lanes.mask} {self.text}, {other.text}")

    def __invert__(self) -> LlvmValue:
        return self.lanes.emit(f"xor {self.lanes.mask} {self.text}, {self.lanes.set}")


class LlvmLanes:
    """Numbers of one width in one function; see `exmc.numerics.lanes.Lanes`.

    Attributes:
        assembler: The function that is being written.
        width: 1 or 8.
        number: The type of a number, as text.
        integer: Of the integers of the same size.
        mask: Of a mask.
        set: The mask that is set in every lane, as text.
    """

    def __init__(self, assembler: Assembler, width: int) -> None:
        self.assembler = assembler
        self.width = width
        self.number, self.integer, self.mask = (
            kind if width == 1 else f"<{width} x {kind}>"
            for kind in ("double", "i64", "i1")
        )
        self.set = self._spread_literal("i1", "true")

    # --- what an elementary function may ask for ---------------------------------

    def constant(self, x: float) -> LlvmValue:
        """Return a number in every lane."""
        return LlvmValue(self, self._spread_literal("double", literal(x)))

    def divide(self, x: Operand, y: Operand) -> LlvmValue:
        """Return x / y."""
        return self.binary("fdiv", x, y)

    def equal(self, x: Operand, y: Operand) -> LlvmValue:
        """Return the mask of x == y."""
        return self.binary("fcmp oeq", x, y)

    def where(self, mask: LlvmValue, x: Operand, y: Operand) -> LlvmValue:
        """Return x where the mask is set, else y."""
        chosen = f"{self.number} {self._text(x)}, {self.number} {self._text(y)}"
        return self.emit(f"select {self.mask} {mask.text}, {chosen}")

    def abs(self, x: LlvmValue) -> LlvmValue:
        """Return |x|."""
        return self._intrinsic("fabs", x)

    def sqrt(self, x: LlvmValue) -> LlvmValue:
        """Return the square root, correctly rounded."""
        return self._intrinsic("sqrt", x)

    def scaled(self, x: LlvmValue, k: LlvmValue) -> LlvmValue:
        """Return x * 2**k by adding to the exponent's bits."""
        magic = k + 1.5 * 2.0**52
        shift = self._integer("shl", self._bits(magic), 52)
        return self._float(
            self.assembler.emit(f"add {self.integer} {self._bits(x)}, {shift}")
        )

    def split(self, x: LlvmValue) -> tuple[LlvmValue, LlvmValue]:
        """Return m and e with x = m * 2**e and m in [sqrt(1/2), sqrt(2))."""
        bits = self._bits(x)
        exponent = self._integer("ashr", self._integer("sub", bits, SQRT_HALF), 52)
        moved = self._integer("shl", exponent, 52)
        mantissa = self.assembler.emit(f"sub {self.integer} {bits}, {moved}")
        whole = self._float(self._integer("add", exponent, MAGIC)) - 1.5 * 2.0**52
        return self._float(mantissa), whole

    def exp(self, x: LlvmValue) -> LlvmValue:
        """Return the exponential, by a call."""
        return self.apply("exp", x)

    def log(self, x: LlvmValue) -> LlvmValue:
        """Return the logarithm, by a call."""
        return self.apply("log", x)

    # --- what the writers of loops need besides -----------------------------------

    def apply(self, name: str, *arguments: LlvmValue) -> LlvmValue:
        """Return an elementary function's value, written out or by a call.

        Args:
            name: A key of `ELEMENTARY`.
            arguments: Of this width and function.
        """
        if name in INLINE:
            value: LlvmValue = ELEMENTARY[name](self, *arguments)
            return value
        module = self.assembler.module
        callee = f"exmc.{name}.{self.width}"
        module.defined(callee, lambda: self._function(name, callee, len(arguments)))
        passed = ", ".join(f"{self.number} {value.text}" for value in arguments)
        return self.emit(f"call fastcc {self.number} @{callee}({passed})")

    def load(self, pointer: str) -> LlvmValue:
        """Return the number at a pointer to doubles, or the eight from it on."""
        return self.emit(f"load {self.number}, ptr {pointer}, align 8")

    def store(self, value: Operand, pointer: str) -> None:
        """Write a number to a pointer to doubles, or eight from it on."""
        target = f"{self.number} {self._text(value)}, ptr {pointer}, align 8"
        self.assembler.statement(f"store {target}")

    def spread(self, value: LlvmValue) -> LlvmValue:
        """Return a number of width 1 in every lane."""
        if self.width == 1:
            return value
        first = f"insertelement {self.number} poison, double {value.text}, i64 0"
        one = self.assembler.emit(first)
        order = f"<{self.width} x i32> zeroinitializer"
        none = f"{self.number} poison"
        return self.emit(f"shufflevector {self.number} {one}, {none}, {order}")

    def lane(self, value: LlvmValue, index: int) -> LlvmValue:
        """Return one lane as a number of width 1."""
        text = f"extractelement {self.number} {value.text}, i64 {index}"
        return LlvmLanes(self.assembler, 1).emit(text)

    def total(self, value: LlvmValue) -> LlvmValue:
        """Add eight partial sums pairwise, as `exmc.numerics.lanes.lane_sum` does."""
        parts = [self.lane(value, index) for index in range(LANES)]
        while len(parts) > 1:
            half = len(parts) // 2
            parts = [parts[i] + parts[i + half] for i in range(half)]
        return parts[0]

    # --- instructions ----------------------------------------------------------------

    def emit(self, text: str) -> LlvmValue:
        """Add an instruction to the function and return its value."""
        return LlvmValue(self, self.assembler.emit(text))

    def binary(self, instruction: str, x: Operand, y: Operand) -> LlvmValue:
        """Add an instruction of two numbers."""
        return self.emit(
            f"{instruction} {self.number} {self._text(x)}, {self._text(y)}"
        )

    def _text(self, x: Operand) -> str:
        return x.text if isinstance(x, LlvmValue) else self.constant(x).text

    def _spread_literal(self, kind: str, text: str) -> str:
        return text if self.width == 1 else f"splat ({kind} {text})"

    def _intrinsic(self, name: str, x: LlvmValue) -> LlvmValue:
        suffix = "f64" if self.width == 1 else f"v{self.width}f64"
        callee = f"{self.number} @llvm.{name}.{suffix}({self.number}"
        self.assembler.declare(f"declare {callee})")
        return self.emit(f"call {callee} {x.text})")

    def _bits(self, x: LlvmValue) -> str:
        return self.assembler.emit(f"bitcast {self.number} {x.text} to {self.integer}")

    def _float(self, bits: str) -> LlvmValue:
        return self.emit(f"bitcast {self.integer} {bits} to {self.number}")

    def _integer(self, instruction: str, x: str, y: int) -> str:
        other = self._spread_literal("i64", str(y))
        return self.assembler.emit(f"{instruction} {self.integer} {x}, {other}")

    def _function(self, name: str, callee: str, arguments: int) -> str:
        """Write an elementary function as one of the module."""
        inside = LlvmLanes(Assembler(self.assembler.module), self.width)
        names = [f"%x{index}" for index in range(arguments)]
        function: Callable[..., LlvmValue] = ELEMENTARY[name]
        value = function(inside, *(LlvmValue(inside, text) for text in names))
        inside.assembler.statement(f"ret {self.number} {value.text}")
        accepted = ", ".join(f"{self.number} {text}" for text in names)
        return inside.assembler.body(
            f"define internal fastcc {self.number} @{callee}({accepted}) "
            "noinline nounwind willreturn memory(none)"
        )
