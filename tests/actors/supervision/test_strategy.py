from __future__ import annotations

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
