"""A model ready to run anywhere: its programs, or machine code of them, as plain data.

What a worker needs beside it are the data arrays, which travel apart. Nothing here
can trace, differentiate or compile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from exmc.gradient.numpy_emitter import emit_numpy
from exmc.gradient.parse import parse
from exmc.gradient.speed import Speed  # noqa: TC001 - msgspec reads the annotations
from exmc.gradient.strict_emitter import emit_strict
from exmc.native import load
from exmc.native.function import NativeFunction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from exmc.typing import Density

DENSITY = "density"
VALUES = "values"


class Part(msgspec.Struct, frozen=True):
    """One function of a model.

    Attributes:
        program: Its canonical text.
        slots: How many data arrays it reads; they are named "density.0" and so on.
        work: Float64 numbers of scratch memory of its machine code.
    """

    program: str
    slots: int
    work: int = 0


class Executable(msgspec.Struct, frozen=True, kw_only=True, tag="executable"):
    """Both functions of a model, at one speed.

    Attributes:
        speed: Which emitter.
        parts: `density` (log-density and gradient) and `values` (of the variables).
        objects: The machine code of all parts; empty unless the speed is "native".
    """

    speed: Speed
    parts: dict[str, Part]
    objects: bytes = b""

    def realise(self, data: Mapping[str, NDArray[Any]]) -> dict[str, Density]:
        """Return the functions, by the names of the parts.

        Args:
            data: The arrays of all slots, by their names; kept.

        Raises:
            UnknownFormatError: A program is damaged.
        """
        if self.speed == "native":
            return self._loaded(data)
        return self._emitted(data)

    def _loaded(self, data: Mapping[str, NDArray[Any]]) -> dict[str, Density]:
        loaded = load(self.objects)
        return {
            name: NativeFunction(loaded, name, arrays(name, part, data), part.work)
            for name, part in self.parts.items()
        }

    def _emitted(self, data: Mapping[str, NDArray[Any]]) -> dict[str, Density]:
        emit = emit_strict if self.speed == "strict" else emit_numpy
        return {
            name: emit(parse(part.program)).bind(arrays(name, part, data))
            for name, part in self.parts.items()
        }


def arrays(
    name: str, part: Part, data: Mapping[str, NDArray[Any]]
) -> list[NDArray[Any]]:
    """Return the data of a part in the order of its slots."""
    return [data[slot_name(name, slot)] for slot in range(part.slots)]


def slot_name(part: str, slot: int) -> str:
    """Return the name under which a slot's array travels."""
    return f"{part}.{slot}"
