from __future__ import annotations

from exmc.inference.pace import BLOCK_SECONDS, Pace


def blocks(seconds_each: float, count: int) -> list[int]:
    """The sizes of successive blocks when a transition takes so long."""
    pace, sizes = Pace(), []
    for _ in range(count):
        sizes.append(pace.block)
        pace.took(pace.block, pace.block * seconds_each)
    return sizes


def test_the_first_block_is_one_transition() -> None:
    assert Pace().block == 1


def test_blocks_grow_to_the_time_allowed_and_no_further() -> None:
    assert blocks(BLOCK_SECONDS / 100, 12) == [1, 2, 4, 8, 16, 32, 64, *[100] * 5]


def test_a_transition_longer_than_the_time_allowed_is_a_block() -> None:
    assert blocks(10 * BLOCK_SECONDS, 4) == [1, 1, 1, 1]


def test_a_clock_that_stood_still_is_no_division_by_zero() -> None:
    assert blocks(0.0, 4) == [1, 2, 4, 8]


def test_a_block_shrinks_at_once_when_transitions_become_dear() -> None:
    pace = Pace()
    for _ in range(8):
        pace.took(pace.block, pace.block * BLOCK_SECONDS / 1000)
    pace.took(pace.block, 10.0)
    assert pace.block == 1
