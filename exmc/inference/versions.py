"""Which versions made a run's draws: what could change a bit of them."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

from exmc.native import host_level
from exmc.version import __version__

LIBRARIES = {"native": ("llvmlite",), "autograd": ("autograd",)}
"""What rounds, beside numpy, by backend."""


def versions_of(backend: str) -> dict[str, str]:
    """Return the versions of exmc and of the libraries that a backend rests on.

    Machine code adds the level of processors it was made for. Every level gives the
    same bits; it is told for whoever doubts it.
    """
    found = {"exmc": __version__, "numpy": _version("numpy")}
    found |= {name: _version(name) for name in LIBRARIES.get(backend, ())}
    if backend == "native":
        found["level"] = host_level()
    return found


@cache
def _version(library: str) -> str:
    # Its metadata is a mail that takes a millisecond to parse.
    return version(library)
