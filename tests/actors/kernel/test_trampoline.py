from __future__ import annotations

import pytest

from exmc.actors.kernel.trampoline import Trampoline


def test_a_step_started_inside_a_step_comes_after_it() -> None:
    trampoline, done = Trampoline(), list[str]()

    def outer() -> None:
        trampoline.run(lambda: done.append("inner"))
        done.append("outer")

    trampoline.run(outer)
    assert done == ["outer", "inner"]


def test_a_long_chain_of_steps_does_not_grow_the_stack() -> None:
    trampoline, left = Trampoline(), 100_000

    def step() -> None:
        nonlocal left
        left -= 1
        if left:
            trampoline.run(step)

    trampoline.run(step)
    assert left == 0


def test_a_step_that_raises_leaves_it_usable() -> None:
    trampoline, done = Trampoline(), list[str]()

    def bad() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trampoline.run(bad)
    trampoline.run(lambda: done.append("after"))
    assert done == ["after"]
