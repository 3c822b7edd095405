"""Object files in memory: addresses of their functions."""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Final

from exmc.native import elf
from exmc.native.target import binding, host_level, machine_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from llvmlite.binding import LLJIT, ResourceTracker

_numbers: Final = count()


class Loaded:
    """An object file in executable memory; its addresses are good while this lives."""

    def __init__(self, find: Callable[[str], int]) -> None:
        self._find = find

    def address(self, name: str) -> int:
        """Return where a function begins.

        Raises:
            KeyError: The file has no such function, or LLVM cannot link it.
        """
        return self._find(name)


def load(object_file: bytes) -> Loaded:
    """Map an object file made by `compile_ir`; about a millisecond.

    Raises:
        RuntimeError: It is damaged, or needs a function that it does not have: code
            of ours calls nothing outside itself but what copies and fills memory.
    """
    if elf.fits_here(object_file):
        return Loaded(elf.Image(object_file).find)
    return Loaded(Library(object_file).find)


class Library:
    """An object file that LLVM's own linker maps: for other systems than Linux."""

    def __init__(self, object_file: bytes) -> None:
        self._name = f"exmc-{next(_numbers)}"
        builder = binding().JITLibraryBuilder().add_object_img(object_file)
        self._found: dict[str, ResourceTracker] = {}
        self._tracker = builder.link(_linker(), self._name)

    def find(self, name: str) -> int:
        """Return the address of a function; KeyError if there is none."""
        if name not in self._found:
            try:
                self._found[name] = _linker().lookup(self._name, name)
            except RuntimeError as error:
                raise KeyError(name) from error
        address: int = self._found[name][name]
        return address


@cache
def _linker() -> LLJIT:
    return binding().create_lljit_compiler(
        machine_for(host_level()), suppress_errors=True
    )
