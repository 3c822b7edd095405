"""The loops of a level: row after row, eight entries at a time.

The lane axis is innermost, and what is left over is a block of its own with fewer live
lanes. The other axes are loops around it, in row-major order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exmc.gradient.llvm.flow import counted, nested
from exmc.gradient.llvm.matrix import has_many_rows
from exmc.gradient.llvm.panels import write_panels
from exmc.gradient.llvm.projections import FewProjections, ManyProjections
from exmc.gradient.llvm.reductions import reduction
from exmc.gradient.llvm.scatter import Scatter
from exmc.gradient.llvm.sweep import Sweep, needed
from exmc.gradient.llvm.writes import Output, Place, Store
from exmc.gradient.program import LANES
from exmc.gradient.schedule import summed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.gradient.llvm.effect import Effect
    from exmc.gradient.llvm.flow import Index
    from exmc.gradient.llvm.frame import Frame
    from exmc.gradient.schedule import Loop, Step
    from exmc.native.llvm_lanes import LlvmValue


WRITES: Final = {"store": Store, "keep": Store, "place": Place, "output": Output}


def write_loop(frame: Frame, loop: Loop) -> None:
    """Write a loop with all its steps."""
    effects = tuple(effect_of(frame, step) for step in loop.steps)
    for effect in effects:
        effect.begin()
    values = needed(frame, {summed(frame.program, step) for step in loop.steps})
    sweep = Sweep(frame, loop.shape, effects, values)
    if wants_panels(sweep):
        write_panels(sweep)
    else:
        write_rows(sweep)
    for effect in effects:
        effect.end()


def effect_of(frame: Frame, step: Step) -> Effect:
    """Return what a step of a loop does."""
    if step.kind != "compute":
        return WRITES[step.kind](frame, step)
    node = frame.node(step.number)
    if node.op == "scatter":
        return Scatter(frame, step)
    if node.op == "project":
        many = has_many_rows(frame, node)
        return (ManyProjections if many else FewProjections)(frame, step)
    return reduction(frame, step)


def wants_panels(sweep: Sweep) -> bool:
    """Tell whether a pass has a product with a matrix of many rows."""
    frame = sweep.frame
    made = (frame.node(n) for n in sweep.values if frame.access(n) is None)
    nodes = (*made, *(effect.node for effect in sweep.effects))
    return any(has_many_rows(frame, node) for node in nodes)


def write_rows(sweep: Sweep) -> None:
    """Write a pass as a nest of loops."""
    axis, shape = sweep.axis, sweep.shape
    scalars = sweep.scalars()
    with nested(sweep.frame.assembler, (*shape[:axis], *shape[axis + 1 :])) as outer:
        first = (*outer[:axis], 0, *outer[axis:])
        for effect in sweep.effects:
            effect.begin_row(first)
        _write_row(sweep, first, scalars | _steady(sweep, first))
        for effect in sweep.effects:
            effect.end_row(first)


def _steady(sweep: Sweep, first: tuple[Index, ...]) -> dict[int, LlvmValue]:
    """Read what is the same along a row, once."""
    block = sweep.block(first, LANES, {})
    found = ((number, sweep.frame.access(number)) for number in sweep.values)
    return {
        number: block.read(access)
        for number, access in found
        if access and access.strides and access.strides[sweep.axis] == 0
    }


def _write_row(
    sweep: Sweep, first: tuple[Index, ...], made: Mapping[int, LlvmValue]
) -> None:
    axis, whole = sweep.axis, sweep.length - sweep.length % LANES
    if whole:
        with counted(sweep.frame.assembler, whole, LANES) as at:
            index = (*first[:axis], at, *first[axis + 1 :])
            sweep.do(sweep.block(index, LANES, made))
    if whole < sweep.length:
        index = (*first[:axis], whole, *first[axis + 1 :])
        sweep.do(sweep.block(index, sweep.length - whole, made))
