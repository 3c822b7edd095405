"""Which children one child's restart takes along."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar, get_args

if TYPE_CHECKING:
    from collections.abc import Reversible

Strategy: TypeAlias = Literal["one_for_one", "one_for_all", "rest_for_one"]

STRATEGIES: tuple[str, ...] = get_args(Strategy)

Id = TypeVar("Id")


def group_of(strategy: Strategy, ids: Reversible[Id], failed: Id) -> tuple[Id, ...]:
    """Return the ids to restart when `failed` is, itself among them, in start order.

    O(ids returned), however many there are.

    Args:
        strategy: one_for_one takes only the failed child, one_for_all every child,
            rest_for_one those that were started after it.
        ids: All children in start order.
        failed: The child to restart.
    """
    if strategy == "one_for_one":
        return (failed,)
    if strategy == "one_for_all":
        return tuple(ids)
    later = tuple(takewhile(lambda other: other != failed, reversed(ids)))
    return (failed, *reversed(later))
