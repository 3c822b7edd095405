from __future__ import annotations

from typing import Any

import pytest

from exmc.actors.testing import RandomOrder
from exmc.actors.testing.scheduling import BUDGETS


class Ready:
    """Stands in a queue."""

    suspended = False

    def activate(self, _budget: int) -> int:
        raise NotImplementedError

    async def resumed(self, _task: Any) -> None:
        raise NotImplementedError

    def rest(self) -> None:
        raise NotImplementedError


def order_of(seed: int, count: int = 8) -> list[int]:
    """In which order processes come out that went in one after another."""
    order, processes = RandomOrder(seed), [Ready() for _ in range(count)]
    for process in processes:
        order.append(process)  # type: ignore[arg-type]
    return [processes.index(order.popleft()) for _ in processes]  # type: ignore[arg-type]


def test_every_process_that_went_in_comes_out_once() -> None:
    assert all(sorted(order_of(seed)) == list(range(8)) for seed in range(50))


def test_the_same_seed_gives_the_same_order() -> None:
    assert [order_of(seed) for seed in range(20)] == [order_of(s) for s in range(20)]


def test_every_order_of_three_comes_up() -> None:
    # One of 6 is missed in 200 draws with probability 6 * (5/6)**200 < 1e-15.
    assert len({tuple(order_of(seed, 3)) for seed in range(200)}) == 6


def test_every_budget_comes_up() -> None:
    assert {RandomOrder(seed).budget for seed in range(100)} == set(BUDGETS)


def test_it_is_true_while_a_process_is_ready() -> None:
    order = RandomOrder(0)
    assert not order
    order.append(Ready())  # type: ignore[arg-type]
    assert order
    assert len(order) == len(list(order)) == 1
    order.popleft()
    assert not order


def test_nothing_comes_out_of_an_empty_one() -> None:
    with pytest.raises(IndexError):
        RandomOrder(0).popleft()


def test_it_shows_its_seed() -> None:
    assert repr(RandomOrder(7)) == "RandomOrder(7)"
