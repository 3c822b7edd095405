"""What a function does to a vector, kept step by step while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from exmc.gradient.library import (
    ARRAY_NAMES,
    NOT_FOLLOWED,
    isbox,
    new_box,
    register_notrace,
    trace_stack,
)
from exmc.gradient.watched import WatchedNode, node_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exmc.numerics.autodiff import Traceable
    from exmc.typing import Vector

Argument: TypeAlias = Any
"""A step, or whatever else the primitive was given: arrays, axes, an index."""

_SEQUENCES: Final = (tuple, list)

OF_SHAPES: Final = ("iscomplex", "iscomplexobj", "isreal", "isscalar", "ndim", "size")
"""What depends on no entry of its argument, and so is not a step."""


class Tape:
    """The steps of one recording, in the order in which they ran.

    Attributes:
        steps: The first is the input.
        level: The number that autograd gives this recording.
    """

    def __init__(self, level: int) -> None:
        """Begin with nothing."""
        self.steps: list[Step] = []
        self.level = level
        self._kept: dict[int, tuple[Argument, Argument]] = {}

    def begin(self, value: Vector) -> Traceable:
        """Return the input as a value that is recorded."""
        return self.box(Step.new_root(self, value))

    def box(self, step: Step) -> Traceable:
        """Return the value of a step as one that is recorded."""
        return new_box(step.value, self.level, step)

    def kept(self, argument: Argument) -> Argument:
        """Return an argument as it is now: later changes of an array do not reach it.

        An array that is used again, unchanged, is the same array again.
        """
        if isinstance(argument, np.ndarray):
            return self._kept_array(argument)
        if type(argument) in _SEQUENCES:
            return type(argument)(map(self.kept, argument))
        return argument

    def _kept_array(self, array: Argument) -> Argument:
        if array.flags.owndata and not array.flags.writeable:
            return array
        _, copy = self._kept.get(id(array), (None, None))
        if copy is None or not _same(copy, array):
            copy = array.copy()
            copy.flags.writeable = False
            # The original is held as well, so that its id is not given away.
            self._kept[id(array)] = array, copy
        return copy


class Step(WatchedNode):
    """One primitive applied to earlier steps and to constants.

    Attributes:
        tape: Where it stands.
        number: Its place there.
        function: The primitive; None for the input.
        arguments: With a step where a recorded value was passed.
        keywords: Likewise, by name; none of them recorded.
        places: Numbers of the arguments that are steps.
        parents: The steps there.
        value: What it gave when it was recorded.
        active: Whether a gradient goes through it to the input.
    """

    __slots__ = (
        "active",
        "arguments",
        "function",
        "keywords",
        "number",
        "parents",
        "places",
        "tape",
        "value",
    )

    def __init__(
        self,
        value: Any,  # noqa: ANN401 - whatever a primitive gives
        fun: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        parent_argnums: tuple[int, ...],
        parents: tuple[Step, ...],
    ) -> None:
        """Append itself to the tape of its parents; autograd calls this."""
        tape = parents[0].tape
        arguments = list(args)
        if len(parents) < len(args):
            arguments = list(map(tape.kept, args))
        for place, parent in zip(parent_argnums, parents, strict=True):
            arguments[place] = parent
        self.function: Callable[..., Any] | None = fun
        self.arguments: tuple[Argument, ...] = tuple(arguments)
        self.keywords: dict[str, Any] = {k: tape.kept(v) for k, v in kwargs.items()}
        self.places: tuple[int, ...] = parent_argnums
        self.parents: tuple[Step, ...] = parents
        followed = fun not in NOT_FOLLOWED
        self.active: bool = followed and any(p.active for p in parents)
        self._join(tape, value)

    def initialize_root(self, tape: Tape, value: Vector) -> None:
        """Be the input."""
        self.function, self.keywords = None, {}
        self.arguments = self.places = self.parents = ()
        self.active = True
        self._join(tape, value)

    def _join(self, tape: Tape, value: Argument) -> None:
        self.tape: Tape = tape
        self.number: int = len(tape.steps)
        self.value: Any = value
        tape.steps.append(self)

    def ways_back(self) -> Iterator[tuple[int, Step]]:
        """Yield (argument number, step) for each argument that takes a gradient."""
        if self.active:
            for place, parent in zip(self.places, self.parents, strict=True):
                if parent.active:
                    yield place, parent

    @property
    def name(self) -> str:
        """What the primitive is called."""
        return getattr(self.function, "__name__", "the input")

    def __repr__(self) -> str:
        return f"<step {self.number}: {self.name}>"


def step_of(value: Argument, tape: Tape) -> Step | None:
    """Return the step that a value is the result of; None if it is a constant."""
    node = node_of(value) if isbox(value) else None
    return node if isinstance(node, Step) and node.tape is tape else None


class Recording:
    """A context in which values of one tape are recorded."""

    def __enter__(self) -> Tape:
        self._depth = trace_stack.top
        trace_stack.top += 1
        return Tape(trace_stack.top)

    def __exit__(self, *_error: object) -> None:
        trace_stack.top = self._depth


def _same(one: Argument, other: Argument) -> bool:
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    return bool(np.array_equal(one, other, equal_nan=one.dtype.kind in "fc"))


for _name in OF_SHAPES:
    register_notrace(Step, ARRAY_NAMES[_name])
