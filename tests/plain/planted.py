"""Plants one bug in a copy of a module, to show that a test would see it."""

from __future__ import annotations

import inspect
import sys
from types import ModuleType


def planted(module: ModuleType, right: str, wrong: str) -> ModuleType:
    """Return a copy of a module in which `right`, found exactly once, reads `wrong`."""
    source = inspect.getsource(module)
    assert source.count(right) == 1, f"{right!r} is not a place of {module.__name__}"
    copy = ModuleType(f"{module.__name__}_with_a_bug")
    sys.modules[copy.__name__] = copy  # Where a dataclass looks for its module.
    # A bug is Python text of this repository's own tests.
    exec(source.replace(right, wrong), copy.__dict__)  # noqa: S102
    return copy
