"""Lanes moved about: eight from fewer, fewer from eight, and their sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.gradient.program import LANES
from exmc.native.llvm_lanes import LlvmLanes, LlvmValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.native.llvm_lanes import Operand

EIGHT = f"<{LANES} x double>"


def vector(live: int) -> str:
    """Return the type of that many doubles side by side."""
    return f"<{live} x double>"


def widened(lanes: LlvmLanes, text: str, order: Sequence[int]) -> LlvmValue:
    """Return eight lanes: of a shorter vector those in `order`, then anything."""
    live = len(order)
    if [*order] == [*range(LANES)]:
        return LlvmValue(lanes, text)
    kind = vector(live)
    return lanes.emit(f"shufflevector {kind} {text}, {kind} poison, {_mask(order)}")


def narrowed(lanes: LlvmLanes, value: LlvmValue, live: int) -> str:
    """Return the name of a vector of the first lanes only."""
    if live == LANES:
        return value.text
    order = ", ".join(f"i32 {index}" for index in range(live))
    return lanes.assembler.emit(
        f"shufflevector {EIGHT} {value.text}, {EIGHT} poison, <{live} x i32> <{order}>"
    )


def joined(lanes: LlvmLanes, entries: Sequence[LlvmValue]) -> LlvmValue:
    """Return eight lanes that begin with these numbers of width 1."""
    value = LlvmValue(lanes, "poison")
    for index, entry in enumerate(entries):
        text = f"insertelement {EIGHT} {value.text}, double {entry.text}, i64 {index}"
        value = lanes.emit(text)
    return value


def filled(
    lanes: LlvmLanes, value: LlvmValue, live: int, filling: LlvmValue
) -> LlvmValue:
    """Return the value with every lane from `live` on taken from the filling."""
    if live == LANES:
        return value
    order = [*range(live), *range(LANES + live, 2 * LANES)]
    text = f"{EIGHT} {value.text}, {EIGHT} {filling.text}, {_mask(order)}"
    return lanes.emit(f"shufflevector {text}")


def folded(lanes: LlvmLanes, value: LlvmValue, op: str) -> LlvmValue:
    """Return all lanes as one number; of eight, (0+4, 1+5, ...), (0+2, 1+3), (0+1).

    Args:
        lanes: Of any width.
        value: The partial sums.
        op: "add", or "max" instead.
    """
    width = lanes.width
    while width > 1:
        half = LlvmLanes(lanes.assembler, width // 2)
        low, high = (_part(half, value, start) for start in (0, width // 2))
        value = half.apply("max", low, high) if op == "max" else low + high
        width //= 2
    return value


def _part(half: LlvmLanes, value: LlvmValue, start: int) -> LlvmValue:
    if half.width == 1:
        return value.lanes.lane(value, start)
    order = ", ".join(f"i32 {start + index}" for index in range(half.width))
    kind = value.lanes.number
    text = f"{kind} {value.text}, {kind} poison, <{half.width} x i32> <{order}>"
    return half.emit(f"shufflevector {text}")


def constant(lanes: LlvmLanes, x: Operand) -> LlvmValue:
    """Return a number, known now or of width 1, in every lane."""
    return lanes.spread(x) if isinstance(x, LlvmValue) else lanes.constant(x)


def _mask(order: Sequence[int]) -> str:
    rest = ["i32 poison"] * (LANES - len(order))
    return f"<{LANES} x i32> <{', '.join([f'i32 {index}' for index in order] + rest)}>"
