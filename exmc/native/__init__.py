"""Machine code: from LLVM text, or from a subset of Python, to loaded functions.

The library llvmlite is imported when something is first compiled or loaded, never by
importing this package.
"""

from exmc.native.loading import Loaded, load
from exmc.native.object_cache import ObjectCache
from exmc.native.target import available, compile_ir, host_level, obstacle

__all__ = [
    "Loaded",
    "ObjectCache",
    "available",
    "compile_ir",
    "host_level",
    "load",
    "obstacle",
]
