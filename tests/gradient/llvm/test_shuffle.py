from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from exmc.gradient.llvm.memory import read, write
from exmc.gradient.llvm.shuffle import filled, folded, joined, narrowed, widened
from exmc.native.assembler import Assembler, Module
from exmc.native.function import NativeFunction
from exmc.native.llvm_lanes import LlvmLanes, LlvmValue
from exmc.native.loading import load
from exmc.native.target import compile_ir
from exmc.numerics.lanes import lane_sum
from tests.gradient.llvm.machine import numbers

pytestmark = pytest.mark.native

Change = Callable[[LlvmLanes, LlvmValue], LlvmValue]


def changed(change: Change, x: np.ndarray) -> np.ndarray:
    """Return eight lanes that are made of eight lanes."""
    module = Module()
    lanes = LlvmLanes(Assembler(module), 8)
    write(lanes, change(lanes, read(lanes, "%z", 1)), "%out", 1)
    lanes.assembler.statement("ret double 0.0")
    header = "define double @f(ptr %z, ptr %out, ptr %context)"
    module.define("f", lanes.assembler.body(header))
    out = np.zeros(8)
    NativeFunction(load(compile_ir(module.text)), "f", (), 0)(x, out)
    return out


X = numbers(8)


@pytest.mark.parametrize("live", range(1, 9))
def test_lanes_that_are_not_live_are_filled(live: int) -> None:
    found = changed(lambda lanes, x: filled(lanes, x, live, lanes.constant(-7.0)), X)
    assert found.tolist() == [*X[:live], *[-7.0] * (8 - live)]


@pytest.mark.parametrize("live", range(1, 9))
def test_fewer_lanes_become_eight_again(live: int) -> None:
    def there_and_back(lanes: LlvmLanes, x: LlvmValue) -> LlvmValue:
        short = narrowed(lanes, x, live)
        return filled(lanes, widened(lanes, short, range(live)), live, x)

    assert changed(there_and_back, X).tolist() == X.tolist()


def test_lanes_can_be_turned_round() -> None:
    found = changed(lambda lanes, x: widened(lanes, x.text, range(7, -1, -1)), X)
    assert found.tolist() == X[::-1].tolist()


def test_numbers_are_joined_to_lanes() -> None:
    found = changed(
        lambda lanes, x: joined(lanes, [lanes.lane(x, i) for i in (3, 0)] * 4), X
    )
    assert found.tolist() == [X[3], X[0]] * 4


@pytest.mark.parametrize("seed", range(5))
def test_lanes_are_added_in_pairs(seed: int) -> None:
    x = numbers(8, seed=seed)
    found = changed(lambda lanes, v: lanes.spread(folded(lanes, v, "add")), x)
    assert found.tolist() == [lane_sum(x)] * 8


def test_the_greatest_lane_is_found() -> None:
    found = changed(lambda lanes, v: lanes.spread(folded(lanes, v, "max")), X)
    assert found.tolist() == [X.max()] * 8
