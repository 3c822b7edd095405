from __future__ import annotations

from collections.abc import Iterator

import pytest

from exmc.actors.supervision.strategy import STRATEGIES, Strategy, group_of


@pytest.mark.parametrize(
    ("strategy", "group"),
    [
        ("one_for_one", ("b",)),
        ("one_for_all", ("a", "b", "c")),
        ("rest_for_one", ("b", "c")),
    ],
)
def test_a_strategy_says_who_is_restarted_with_the_failed(
    strategy: Strategy, group: tuple[str, ...]
) -> None:
    assert group_of(strategy, ("a", "b", "c"), "b") == group


def test_there_are_three_strategies() -> None:
    assert set(STRATEGIES) == {"one_for_one", "one_for_all", "rest_for_one"}


class Counted(dict[int, None]):
    """Counts how many ids were looked at."""

    looks = 0

    def __iter__(self) -> Iterator[int]:
        for key in super().__iter__():
            self.looks += 1
            yield key

    def __reversed__(self) -> Iterator[int]:
        for key in super().__reversed__():
            self.looks += 1
            yield key


@pytest.mark.parametrize("strategy", ["one_for_one", "rest_for_one"])
def test_only_those_who_are_restarted_are_looked_at(strategy: Strategy) -> None:
    ids = Counted(dict.fromkeys(range(1000)))
    assert group_of(strategy, ids, 999) == (999,)
    assert ids.looks <= 1
