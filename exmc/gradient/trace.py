"""Functions as data: what a function does to its arrays, recorded step by step.

A recorded function travels as JSON where a Python function would need pickle. The
recorder is autograd's tracer with a node of our own that keeps every primitive, the
non-differentiable ones included.
"""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import autograd.numpy as autograd_numpy
import numpy as np
from autograd import builtins as autograd_builtins
from autograd.numpy import linalg as autograd_linalg
from autograd.numpy import numpy_wrapper
from autograd.numpy.numpy_boxes import ArrayBox
from autograd.tracer import isbox, new_box, trace_stack

from exmc.errors import ModelError, UnknownFormatError, UntraceableError
from exmc.gradient.agreement import check_agreement, copies, is_real
from exmc.gradient.literal import decode, encode
from exmc.gradient.watched import WatchedNode, node_of
from exmc.numerics import differentiable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exmc.typing import Array

Recorded: TypeAlias = Any
"""An array, a traced value, a literal, or whatever autograd hands over."""

FORMAT = "exmc-function"
VERSION = 1

SHADOWED = "_original_"
"""How autograd names a primitive that it has put a wrapper of the same name around."""

OPTIONAL = (
    "autograd.scipy.linalg",
    "autograd.scipy.signal",
    "autograd.scipy.special",
    "autograd.scipy.stats.beta",
    "autograd.scipy.stats.chi2",
    "autograd.scipy.stats.dirichlet",
    "autograd.scipy.stats.gamma",
    "autograd.scipy.stats.multivariate_normal",
    "autograd.scipy.stats.norm",
    "autograd.scipy.stats.poisson",
    "autograd.scipy.stats.t",
)
"""Modules whose functions may be recorded when the user has loaded them."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The result of an input or an earlier step, by number."""

    number: int


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One primitive applied to slots and literals."""

    function: str
    arguments: tuple[Any, ...]
    keywords: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class TracedFunction:
    """A recorded function; calling it repeats the steps on arrays or traced values.

    Attributes:
        shapes: Shape of each input; slots 0, 1, ... in this order.
        steps: Step i fills slot len(shapes) + i.
        result: A slot, or a literal if the function depends on no input.
    """

    shapes: tuple[tuple[int, ...], ...]
    steps: tuple[Step, ...]
    result: Any

    def __call__(self, *inputs: Recorded) -> Recorded:
        """Repeat the steps. O(steps)."""
        slots: list[Any] = list(inputs)

        def of(argument: Recorded) -> Recorded:
            return slots[argument.number] if isinstance(argument, Slot) else argument

        for step in self.steps:
            function = resolve(step.function)
            arguments = [of(argument) for argument in step.arguments]
            slots.append(function(*arguments, **dict(step.keywords)))
        return of(self.result)

    def to_data(self) -> dict[str, Any]:
        """Return the record as something json can write."""
        steps = [
            {
                "function": step.function,
                "arguments": [_encoded(a) for a in step.arguments],
                "keywords": {k: encode(v) for k, v in step.keywords},
            }
            for step in self.steps
        ]
        return {
            "format": FORMAT,
            "version": VERSION,
            "shapes": [list(shape) for shape in self.shapes],
            "steps": steps,
            "result": _encoded(self.result),
        }

    def to_json(self) -> str:
        """Return the record as JSON text."""
        return json.dumps(self.to_data())

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> TracedFunction:
        """Read back what to_data wrote.

        Raises:
            UnknownFormatError: Not a record of this version, or of functions that
                this installation does not have.
        """
        if data.get("format") != FORMAT or data.get("version") != VERSION:
            message = (
                f"Unknown format of a recorded function: {data.get('format')!r}, "
                f"version {data.get('version')!r}; this is exmc's version {VERSION}."
            )
            raise UnknownFormatError(message)
        steps = tuple(
            Step(
                step["function"],
                tuple(_decoded(a) for a in step["arguments"]),
                tuple((k, decode(v)) for k, v in step["keywords"].items()),
            )
            for step in data["steps"]
        )
        for step in steps:
            resolve(step.function)
        shapes = tuple(tuple(shape) for shape in data["shapes"])
        return cls(shapes, steps, _decoded(data["result"]))

    @classmethod
    def from_json(cls, text: str) -> TracedFunction:
        """Read back what to_json wrote; see from_data."""
        return cls.from_data(json.loads(text))


def record(function: Callable[..., Any], *inputs: Array) -> TracedFunction:
    """Run a function once and return what it did, as data.

    Args:
        function: Of as many arrays as there are inputs; written with numpy's ufuncs
            or with autograd.numpy.
        inputs: float64 arrays of the shapes that the function will get, at a point
            where it is defined. Scalars have shape ().

    Raises:
        UntraceableError: It branches on values, uses something that cannot be
            recorded, or gives another answer when its steps are repeated.
        ModelError: It fails on plain arrays already.
    """
    values = [_plain(value) for value in inputs]
    try:
        with np.errstate(all="ignore"):
            result = function(*copies(values))
    except Exception as error:
        message = (
            f"The function {_name(function)} fails at the initial point: "
            f"{type(error).__name__}: {error}; correct it, or the point."
        )
        raise ModelError(message) from error
    if not is_real(result):
        message = (
            f"The function {_name(function)} gives {result!r} at the initial point; "
            f"it must return a real number or an array of them."
        )
        raise ModelError(message)
    traced = _traced(function, values)
    check_agreement(_name(function), function, traced, values)
    return traced


def resolve(name: str) -> Callable[..., Any]:
    """Return the function of a step by its name.

    Raises:
        UnknownFormatError: No such function is installed.
    """
    table = functions()
    if name not in table:
        module = name.rpartition(".")[0]
        if module in OPTIONAL:
            table = _with_optional(module)
    if name not in table:
        message = (
            f"Unknown function {name!r} in a recorded function; it was recorded with "
            f"another version of exmc or autograd, or needs scipy."
        )
        raise UnknownFormatError(message)
    return table[name]


@cache
def functions() -> dict[str, Callable[..., Any]]:
    """Return every primitive that may be recorded, by its name."""
    table = {"getitem": vars(ArrayBox)["__getitem__"]}
    for prefix, module in (
        ("", numpy_wrapper),
        ("", autograd_numpy),
        ("linalg.", autograd_linalg),
        ("sequence.", autograd_builtins),
        ("exmc.", differentiable),
    ):
        table.update(_primitives(prefix, vars(module)))
    return table


def _primitives(
    prefix: str, namespace: dict[str, Any]
) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, value in namespace.items():
        if getattr(value, "_is_autograd_primitive", False):
            yield prefix + name.removeprefix(SHADOWED), value


def _with_optional(module: str) -> dict[str, Callable[..., Any]]:
    try:
        namespace = vars(importlib.import_module(module))
    except ImportError:
        return functions()
    functions().update(_primitives(f"{module}.", namespace))
    return functions()


def _name_of(primitive: Callable[..., Any]) -> str:
    """Return the name under which a primitive can be found again."""
    for module in OPTIONAL:
        if module in sys.modules:
            _with_optional(module)
    names = [name for name, known in functions().items() if known is primitive]
    if not names:
        message = (
            f"The function uses {_name(primitive)}, which cannot be recorded; write it "
            f"with the functions of autograd.numpy (numerical derivatives inside the "
            f"function cannot be recorded either)."
        )
        raise UntraceableError(message)
    return min(names, key=lambda name: (len(name), name))


class _Recorder(WatchedNode):
    """A node of the recording: knows the tape and its own slot."""

    __slots__ = ("slot", "tape")

    def __init__(
        self,
        value: Recorded,  # noqa: ARG002 - autograd's signature
        fun: Recorded,
        args: Recorded,
        kwargs: Recorded,
        parent_argnums: Recorded,
        parents: Recorded,
    ) -> None:
        self.tape: list[Step | None] = parents[0].tape
        slots = {n: p.slot for n, p in zip(parent_argnums, parents, strict=True)}
        given = [slots[n] if n in slots else _frozen(a) for n, a in enumerate(args)]
        keywords = tuple((key, _frozen(value)) for key, value in kwargs.items())
        self.slot = Slot(len(self.tape))
        self.tape.append(Step(_name_of(fun), tuple(given), keywords))

    def initialize_root(self, tape: list[Step | None]) -> None:
        self.tape = tape
        self.slot = Slot(len(tape))
        tape.append(None)


def _traced(function: Callable[..., Any], values: list[Any]) -> TracedFunction:
    tape: list[Step | None] = []
    depth = trace_stack.top
    try:
        with trace_stack.new_trace() as level, np.errstate(all="ignore"):
            roots = [_Recorder.new_root(tape) for _ in values]
            boxes = [
                new_box(value, level, root)
                for value, root in zip(values, roots, strict=True)
            ]
            end = function(*boxes)
    except UntraceableError:
        raise
    except Exception as error:
        message = (
            f"The function {_name(function)} cannot be recorded: "
            f"{type(error).__name__}: {error}; write it with autograd.numpy, without "
            f"float(), in-place assignment, or branches on values."
        )
        raise UntraceableError(message) from error
    finally:
        trace_stack.top = depth  # autograd leaves it raised after an exception
    result = node_of(end).slot if isbox(end) else _frozen(end)
    steps = tuple(step for step in tape if step is not None)
    shapes = tuple(np.shape(value) for value in values)
    return TracedFunction(shapes, steps, result)


def _plain(value: Array) -> Recorded:
    array = np.array(value, dtype=np.float64)
    return array if array.ndim else np.float64(array)


def _frozen(argument: Recorded) -> Recorded:
    """Return a literal that later changes of the original cannot reach."""
    try:
        return decode(encode(argument))
    except TypeError as error:
        message = (
            f"The function uses an argument that cannot be recorded: {error}; pass "
            f"plain numbers and arrays by position."
        )
        raise UntraceableError(message) from error


def _encoded(argument: Recorded) -> Recorded:
    return {"slot": argument.number} if isinstance(argument, Slot) else encode(argument)


def _decoded(argument: Recorded) -> Recorded:
    if isinstance(argument, dict) and set(argument) == {"slot"}:
        return Slot(argument["slot"])
    return decode(argument)


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__name__", repr(function))
