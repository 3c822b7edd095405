"""Nodes of a recording: no one may ask for the truth of a value that they stand for.

A branch on such a value would be frozen into the record. Importing this module makes
asking an error, for values that are being recorded only.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from exmc.errors import UntraceableError
from exmc.gradient.library import Box, Node

if TYPE_CHECKING:
    from exmc.numerics.autodiff import Traceable


class WatchedNode(Node):  # type: ignore[misc]  # autograd has no types
    """What stands behind a value that is being recorded."""

    __slots__ = ()


node_of: Any = attrgetter("_node")
value_of: Any = attrgetter("_value")

_truth_of_others = Box.__bool__


def _truth(box: Traceable) -> bool:
    if isinstance(node_of(box), WatchedNode):
        message = (
            "The function branches on a value that depends on its arguments; choose "
            "with np.where(condition, a, b), so that both branches are recorded."
        )
        raise UntraceableError(message)
    return bool(_truth_of_others(box))


Box.__bool__ = _truth
