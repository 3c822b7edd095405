"""Counted loops in the text of a function."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exmc.native.assembler import Assembler

Index: TypeAlias = "int | str"
"""A number that is known now, or the name of an i64."""


@contextmanager
def counted(assembler: Assembler, stop: int, step: int = 1) -> Iterator[Index]:
    """Write what the `with` block writes as a loop over range(0, stop, step).

    Yields:
        The index; 0 if the body runs once, and then there is no loop.
    """
    if 0 < stop <= step:
        yield 0
        return
    head, done = assembler.fresh("loop"), assembler.fresh("done")
    if not stop:
        assembler.jump(done)
        assembler.place(head)  # never reached
        yield 0
        assembler.jump(done)
        assembler.place(done)
        return
    slot = assembler.reserve("i64")
    assembler.statement(f"store i64 0, ptr {slot}")
    assembler.jump(head)
    assembler.place(head)
    index = assembler.emit(f"load i64, ptr {slot}")
    yield index
    following = assembler.emit(f"add nuw nsw i64 {index}, {step}")
    assembler.statement(f"store i64 {following}, ptr {slot}")
    more = assembler.emit(f"icmp ult i64 {following}, {stop}")
    assembler.branch(more, head, done)
    assembler.place(done)


@contextmanager
def nested(assembler: Assembler, counts: Sequence[int]) -> Iterator[tuple[Index, ...]]:
    """Write a nest of loops, the last index fastest."""
    with ExitStack() as stack:
        yield tuple(stack.enter_context(counted(assembler, n)) for n in counts)
