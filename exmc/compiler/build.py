"""From a model's two functions to the fastest form that can be had of them.

Both are traced once. A function with a step that has no rule keeps autograd's speed,
and says why: that is a fallback, not an error.
"""

from __future__ import annotations

import gc
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from exmc.errors import MissingExtraError, SlowGradientWarning
from exmc.gradient.executable import DENSITY, VALUES, Executable, Part, slot_name
from exmc.gradient.llvm import emit_llvm
from exmc.gradient.lowering import (
    NoRuleError,
    check_agreement,
    check_values,
    numpy_function,
    unchecked_density,
    unchecked_values,
)
from exmc.gradient.parse import parse
from exmc.native import obstacle
from exmc.native.object_cache import ObjectCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from exmc.gradient.lowering import Lowered
    from exmc.gradient.program import Program
    from exmc.gradient.speed import Backend, Speed
    from exmc.numerics.autodiff import Traceable
    from exmc.typing import Vector


@dataclass(frozen=True, slots=True)
class Build:
    """How a model's gradients will be computed.

    Attributes:
        backend: "native", "strict", "numpy" or "autograd".
        reason: Why not faster, when a faster way was wanted; else None.
        executable: What travels to a worker; None for "autograd".
        data: The arrays it reads, by name.
    """

    backend: str
    reason: str | None = None
    executable: Executable | None = None
    data: Mapping[str, NDArray[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sources:
    """The two functions of a model, traceable, of a vector z of shape (dim,).

    Attributes:
        dim: Number of unconstrained coordinates.
        density: The log-density in nats, shape ().
        values: The values of the kept variables, in order.
        width: Numbers in all values together.
        at: Where both can be evaluated, shape (dim,); zero without it.
    """

    dim: int
    density: Callable[[Traceable], Traceable]
    values: Callable[[Traceable], list[Traceable]]
    width: int
    at: Vector | None = None


def build(sources: Sources, backend: Backend) -> Build:
    """Return the fastest form up to the backend asked for.

    Warns:
        SlowGradientWarning: It is autograd's, though another was wanted.

    Raises:
        MissingExtraError: "native" was asked for by name, without llvmlite.
    """
    if backend == "autograd":
        return Build("autograd")
    missing = obstacle()
    if backend == "native" and missing is not None:
        raise MissingExtraError(
            f"backend='native' cannot be had: {missing}. Change that, or choose "
            f"backend='numpy' or 'strict'."
        )
    speed, reason = _speed(backend, missing)
    try:
        with _garbage_kept():
            return _checked(sources, speed, reason)
    except NoRuleError as error:
        return _fallback(str(error))


def native_of(strict: Executable) -> Executable:
    """Compile the programs of an executable to machine code; the bits are the same."""
    programs = {name: parse(part.program) for name, part in strict.parts.items()}
    return _compiled(
        {name: part.slots for name, part in strict.parts.items()}, programs
    )


def _speed(
    wanted: Literal["auto", "native", "strict", "numpy"], missing: str | None
) -> tuple[Speed, str | None]:
    """Return the fastest speed up to the one wanted, and why it is not faster."""
    if wanted != "auto":
        return wanted, None
    return ("numpy", missing) if missing else ("native", None)


@contextmanager
def _garbage_kept() -> Iterator[None]:
    """Let nobody look for garbage for a few milliseconds.

    A build makes many small objects that it needs until its end: to look through them,
    and through all that the process holds, would take a fifth of its time.
    """
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()


def _checked(sources: Sources, speed: Speed, reason: str | None) -> Build:
    """Return a build whose functions agree with the model's.

    Machine code is run for that. The strict program is slow, and numpy's is the same.

    Raises:
        NoRuleError: There is none.
    """
    dim, at = sources.dim, sources.at
    with np.errstate(all="ignore"):
        density = unchecked_density(sources.density, dim, at)
        values = unchecked_values(sources.values, dim, sources.width, at)
    lowered = {DENSITY: density, VALUES: values}
    made, executable = _packed(speed, lowered, reason)
    if speed == "native":
        run = executable.realise(made.data)
    else:
        run = {name: numpy_function(part) for name, part in lowered.items()}
    centre = np.zeros(dim) if at is None else at
    check_agreement(run[DENSITY], sources.density, centre, mended=density.mended)
    check_values(run[VALUES], sources.values, centre, sources.width)
    return made


def _fallback(reason: str) -> Build:
    warnings.warn(
        f"Gradients are computed by autograd, 10 to 1000 times slower: {reason}",
        SlowGradientWarning,
        stacklevel=2,
    )
    return Build("autograd", reason)


def _packed(
    speed: Speed, lowered: Mapping[str, Lowered], reason: str | None
) -> tuple[Build, Executable]:
    data = {
        slot_name(name, slot): array
        for name, part in lowered.items()
        for slot, array in enumerate(part.data)
    }
    slots = {name: len(part.data) for name, part in lowered.items()}
    programs = {name: part.program for name, part in lowered.items()}
    if speed == "native":
        executable = _compiled(slots, programs)
    else:
        parts = {name: Part(programs[name].text, slots[name]) for name in lowered}
        executable = Executable(speed=speed, parts=parts)
    return Build(speed, reason, executable, data), executable


def _compiled(slots: Mapping[str, int], programs: Mapping[str, Program]) -> Executable:
    module = emit_llvm(dict(programs))
    parts = {
        name: Part(program.text, slots[name], module.work[name])
        for name, program in programs.items()
    }
    return Executable(
        speed="native", parts=parts, objects=ObjectCache().compiled(module.text)
    )
