"""From a model's two functions to the fastest form that can be had of them.

Both are traced once. A function with a step that has no rule keeps autograd's speed,
and says why: that is a fallback, not an error.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from exmc.errors import MissingExtraError, SlowGradientWarning
from exmc.gradient.executable import DENSITY, VALUES, Executable, Part, slot_name
from exmc.gradient.lowering import NoRuleError, program_of_density, program_of_values
from exmc.native import obstacle
from exmc.native.object_cache import ObjectCache

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from exmc.gradient.executable import Speed
    from exmc.gradient.lowering import Lowered
    from exmc.gradient.program import Program
    from exmc.numerics.autodiff import Traceable
    from exmc.typing import Vector

Backend: TypeAlias = Literal["auto", "native", "strict", "numpy", "autograd"]
"""What may be asked for."""


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
    dim = sources.dim
    try:
        with np.errstate(all="ignore"):
            lowered = {
                DENSITY: program_of_density(sources.density, dim, sources.at),
                VALUES: program_of_values(
                    sources.values, dim, sources.width, sources.at
                ),
            }
    except NoRuleError as error:
        return _fallback(str(error))
    if backend == "auto" and missing is not None:
        return _packed("numpy", lowered, missing)
    return _packed("native" if backend == "auto" else backend, lowered)


def native_of(strict: Executable) -> Executable:
    """Compile the programs of an executable to machine code; the bits are the same."""
    from exmc.gradient.parse import parse  # noqa: PLC0415

    programs = {name: parse(part.program) for name, part in strict.parts.items()}
    return _compiled(
        {name: part.slots for name, part in strict.parts.items()}, programs
    )


def _fallback(reason: str) -> Build:
    warnings.warn(
        f"Gradients are computed by autograd, 10 to 1000 times slower: {reason}",
        SlowGradientWarning,
        stacklevel=2,
    )
    return Build("autograd", reason)


def _packed(
    speed: Speed, lowered: Mapping[str, Lowered], reason: str | None = None
) -> Build:
    data = {
        slot_name(name, slot): array
        for name, part in lowered.items()
        for slot, array in enumerate(part.data)
    }
    slots = {name: len(part.data) for name, part in lowered.items()}
    programs = {name: part.program for name, part in lowered.items()}
    if speed == "native":
        return Build(speed, reason, _compiled(slots, programs), data)
    parts = {name: Part(programs[name].text, slots[name]) for name in lowered}
    return Build(speed, reason, Executable(speed=speed, parts=parts), data)


def _compiled(slots: Mapping[str, int], programs: Mapping[str, Program]) -> Executable:
    # Emitter and compiler are loaded only where machine code is made.
    from exmc.gradient.llvm import emit_llvm  # noqa: PLC0415

    module = emit_llvm(dict(programs))
    parts = {
        name: Part(program.text, slots[name], module.work[name])
        for name, program in programs.items()
    }
    return Executable(
        speed="native", parts=parts, objects=ObjectCache().compiled(module.text)
    )
