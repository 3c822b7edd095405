"""Object files in memory: addresses of their functions."""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Final

from exmc.native.target import binding, host_level, machine_for

if TYPE_CHECKING:
    from llvmlite.binding import LLJIT, ResourceTracker

_numbers: Final = count()


class Loaded:
    """An object file in executable memory; its addresses are good while this lives."""

    def __init__(self, library: str, tracker: ResourceTracker) -> None:
        self._library = library
        self._tracker = tracker
        self._found: dict[str, ResourceTracker] = {}

    def address(self, name: str) -> int:
        """Return where a function begins.

        Raises:
            KeyError: The file has no such function.
        """
        if name not in self._found:
            try:
                self._found[name] = _linker().lookup(self._library, name)
            except RuntimeError as error:
                raise KeyError(name) from error
        address: int = self._found[name][name]
        return address


def load(object_file: bytes) -> Loaded:
    """Map an object file made by `compile_ir`; a few milliseconds.

    Raises:
        RuntimeError: It is damaged, or needs a function that it does not have: code
            of ours calls nothing outside itself, the C library included.
    """
    library = f"exmc-{next(_numbers)}"
    builder = binding().JITLibraryBuilder().add_object_img(object_file)
    return Loaded(library, builder.link(_linker(), library))


@cache
def _linker() -> LLJIT:
    return binding().create_lljit_compiler(
        machine_for(host_level()), suppress_errors=True
    )
