"""Plants one bug in a copy of a module, to show that a test would see it."""

from __future__ import annotations

import inspect
import linecache
import sys
from itertools import count
from types import ModuleType

_numbers = count(1)


def planted(module: ModuleType, right: str, wrong: str) -> ModuleType:
    """Return a copy of a module in which `right`, found exactly once, reads `wrong`.

    The copy can be imported from, and its source can be read and compiled.
    """
    source = inspect.getsource(module)
    assert source.count(right) == 1, f"{right!r} is not a place of {module.__name__}"
    text = source.replace(right, wrong)
    copy = ModuleType(f"{module.__name__}_with_bug_{next(_numbers)}")
    path = f"<{copy.__name__}>"
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
    sys.modules[copy.__name__] = copy  # Where a dataclass looks for its module.
    # A bug is Python text of this repository's own tests.
    exec(compile(text, path, "exec"), copy.__dict__)  # noqa: S102
    return copy
