"""The levels of processors that this host can run."""

from __future__ import annotations

from exmc.native import available
from exmc.native.target import LEVELS, host_level

_NAMES = list(LEVELS)
HERE = _NAMES[: _NAMES.index(host_level()) + 1] if available() else ["generic"]
