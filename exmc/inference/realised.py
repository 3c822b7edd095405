"""The functions that a worker calls, made from what it was told and given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exmc.gradient.executable import DENSITY, VALUES, Executable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from exmc.inference.assignment import Work
    from exmc.run import RunSpec
    from exmc.typing import Density, Vector


@dataclass(frozen=True, slots=True)
class Realised:
    """A model that can be called.

    Attributes:
        density: Writes the gradient at z; returns the log-density in nats.
        values: Writes the values of the kept variables at z, flat; returns 0.
    """

    density: Density
    values: Density


def realised(work: Work, spec: RunSpec, data: Mapping[str, NDArray[Any]]) -> Realised:
    """Make a chain's functions.

    Args:
        work: Programs, machine code, or the model's text.
        spec: The options of the run.
        data: The arrays that the work reads.
    """
    if isinstance(work, Executable):
        functions = work.realise(data)
        return Realised(functions[DENSITY], functions[VALUES])
    return _differentiated(work.graph, spec, data)


def _differentiated(
    text: str, spec: RunSpec, data: Mapping[str, NDArray[Any]]
) -> Realised:
    # Only a worker that needs autograd loads it.
    from exmc.compiler import compile_model  # noqa: PLC0415
    from exmc.ir import from_parts  # noqa: PLC0415

    model = compile_model(from_parts(text, data), noncentered=spec.noncentered)

    def values(z: Vector, out: Vector) -> float:
        model.constrain_into(z, out)
        return 0.0

    return Realised(model.density, values)
