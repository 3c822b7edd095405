"""Kernels that Python calls: compiled from the subset, with checked arguments."""

from __future__ import annotations

import ctypes
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from exmc.native.assembler import Module
from exmc.native.loading import load
from exmc.native.object_cache import key_of
from exmc.native.subset.function import export
from exmc.native.subset.origin import sources_of
from exmc.native.subset.source import Signature, signature_of
from exmc.native.target import LEVELS, compile_ir, host_level

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from exmc.native.loading import Loaded
    from exmc.native.object_cache import ObjectCache
    from exmc.native.subset.kinds import Kind


class Kernels:
    """Kernels that are compiled together.

    Attributes:
        functions: Those that Python is to call; the others come along.
    """

    def __init__(self, *functions: Callable[..., Any]) -> None:
        self.functions = functions

    @cached_property
    def text(self) -> str:
        """The LLVM module.

        Raises:
            SubsetError: A kernel steps outside the subset.
        """
        module = Module()
        for function in self.functions:
            export(module, function)
        return module.text

    def compiled(self, level: str | None = None) -> bytes:
        """Return the object file for a level of processors, the host's by default."""
        return compile_ir(self.text, level)

    def kept(self, cache: ObjectCache) -> bytes:
        """Return the object file for the host from a cache, compiled if need be.

        The key is made of the sources, so that a hit costs no compilation to LLVM
        text.
        """
        level = host_level()
        names = [function.__qualname__ for function in self.functions]
        key = key_of(level, LEVELS[level].cpu, *names, *sources_of(*self.functions))
        return cache.made(key, lambda: self.compiled(level))

    def load(self, object_file: bytes) -> Mapping[str, Kernel]:
        """Map an object file of these kernels; return them by name."""
        loaded = load(object_file)
        return {f.__name__: Kernel(f, loaded) for f in self.functions}


class Kernel:
    """A compiled kernel; called like the function that it is made from.

    Arrays must be C-contiguous, float64 or int64, and of the right number of axes.
    A density is an object with an attribute `pair`, such as a `NativeFunction`.
    """

    def __init__(self, function: Callable[..., Any], loaded: Loaded) -> None:
        self.__name__ = function.__name__
        self.__doc__ = function.__doc__
        self.address = loaded.address(function.__name__)
        self._keep = loaded
        signature = signature_of(function)
        self._parameters = signature.parameters
        self._call = _prototype(signature)(self.address)

    def __call__(self, *arguments: object) -> float | int | bool | None:
        """Run it.

        Raises:
            TypeError: An argument is not what the kernel takes; nothing has run.
        """
        passed: list[object] = []
        for (name, kind), argument in zip(self._parameters, arguments, strict=True):
            passed += self._prepared(name, kind, argument)
        result: float | int | bool | None = self._call(*passed)
        return result

    def bound(self, **fixed: object) -> BoundKernel:
        """Fix some arguments, checked now and kept alive; calls then take the others.

        Raises:
            TypeError: An argument is not what the kernel takes.
        """
        passed: list[object] = []
        others = []
        for name, kind in self._parameters:
            if name in fixed:
                passed += self._prepared(name, kind, fixed[name])
            else:
                place = slice(len(passed), len(passed) + len(kind.parts))
                others.append((place, partial(self._prepared, name, kind)))
                passed += [0] * len(kind.parts)
        return BoundKernel(self._call, passed, others, (self._keep, fixed))

    def _prepared(self, name: str, kind: Kind, argument: object) -> tuple[object, ...]:
        try:
            return PREPARE[kind.name](argument)
        except TypeError as error:
            message = f"argument {name!r} of {self.__name__}: {error}"
            raise TypeError(message) from error


class BoundKernel:
    """A kernel with some arguments fixed: for calls that should cost little.

    Not for two threads at once.
    """

    def __init__(
        self,
        call: Callable[..., Any],
        passed: list[object],
        others: Sequence[tuple[slice, Callable[[object], tuple[object, ...]]]],
        keep: object,
    ) -> None:
        self._call = call
        self._passed = passed
        self._others = others
        self._keep = keep

    def __call__(self, *arguments: object) -> float | int | bool | None:
        """Run it on the arguments that are not fixed, in their order.

        Raises:
            TypeError: An argument is not what the kernel takes; nothing has run.
        """
        passed = self._passed
        for (place, prepare), argument in zip(self._others, arguments, strict=True):
            passed[place] = prepare(argument)
        result: float | int | bool | None = self._call(*passed)
        return result


def _prototype(signature: Signature) -> Callable[[int], Callable[..., Any]]:
    kinds = [kind for _, kind in signature.parameters]
    parts = [C_TYPES[part] for kind in kinds for part in kind.parts]
    result = signature.result.parts
    return ctypes.CFUNCTYPE(C_TYPES[result[0]] if result else None, *parts)


C_TYPES: Final[Mapping[str, Any]] = {
    "double": ctypes.c_double,
    "i64": ctypes.c_int64,
    "i1": ctypes.c_bool,
    "ptr": ctypes.c_void_p,
}


def _number(argument: object) -> tuple[object, ...]:
    return (argument,)


def _density(argument: object) -> tuple[object, ...]:
    pair = getattr(argument, "pair", None)
    if pair is None:
        message = f"expected a density in machine code, got {argument!r}"
        raise TypeError(message)
    return (pair.ctypes.data,)


def _array(dtype: type, axes: int) -> Callable[[object], tuple[object, ...]]:
    def prepare(argument: object) -> tuple[object, ...]:
        if not isinstance(argument, np.ndarray) or argument.dtype != dtype:
            wanted = f"an array of {dtype.__name__}"
            message = f"expected {wanted}, got {getattr(argument, 'dtype', argument)!r}"
            raise TypeError(message)
        if argument.ndim != axes or not argument.flags.c_contiguous:
            message = (
                f"expected {axes} axes, C-contiguous, got shape {argument.shape} with "
                f"strides {argument.strides}; numpy.ascontiguousarray makes a copy."
            )
            raise TypeError(message)
        return (argument.ctypes.data, *argument.shape)

    return prepare


PREPARE: Final[Mapping[str, Callable[[object], tuple[object, ...]]]] = {
    "float": _number,
    "int": _number,
    "bool": _number,
    "Vector": _array(np.float64, 1),
    "Integers": _array(np.int64, 1),
    "Matrix": _array(np.float64, 2),
    "Density": _density,
}
