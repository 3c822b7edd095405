"""A run in this process: worker processes, their actors, `sample` and `start`.

Names are loaded when they are first used: the zygote and its workers live in this
package too, and need neither actors nor an event loop.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exmc.inference.local_run import LocalRun
    from exmc.inference.sampling import sample, sample_logp
    from exmc.inference.starting import Starting, start

__all__ = ["LocalRun", "Starting", "sample", "sample_logp", "start"]

_HOME_OF = {
    "LocalRun": "exmc.inference.local_run",
    "Starting": "exmc.inference.starting",
    "sample": "exmc.inference.sampling",
    "sample_logp": "exmc.inference.sampling",
    "start": "exmc.inference.starting",
}


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        message = f"module 'exmc.inference' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(_HOME_OF[name]), name)
