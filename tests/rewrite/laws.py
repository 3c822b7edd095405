"""What every pass promises; inherited once for each pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import pytest

from exmc.ir.graph import ModelGraph
from exmc.ir.serialise import digest
from exmc.ir.validate import validate
from tests.ir.graphs import MAKERS, POINTS
from tests.plain.evaluator import joint_log_density

Pass = Callable[[ModelGraph], ModelGraph]

GRAPHS = sorted(MAKERS)


class PassLaws:
    rewrite: ClassVar[Pass]

    def rewritten(self, name: str) -> tuple[ModelGraph, ModelGraph]:
        before = MAKERS[name]()
        return before, type(self).rewrite(before)

    def test_a_well_formed_graph_stays_well_formed(self) -> None:
        for name in GRAPHS:
            assert validate(self.rewritten(name)[1]) == ()

    def test_running_it_twice_changes_nothing(self) -> None:
        for name in GRAPHS:
            _, once = self.rewritten(name)
            assert digest(type(self).rewrite(once)) == digest(once)

    def test_the_joint_density_of_constrained_values_is_kept(self) -> None:
        for name in GRAPHS:
            before, after = self.rewritten(name)
            expected = joint_log_density(before, POINTS[name])
            got = joint_log_density(after, POINTS[name])
            assert got == pytest.approx(expected, rel=1e-12)

    def test_names_and_order_survive(self) -> None:
        for name in GRAPHS:
            before, after = self.rewritten(name)
            assert after.names == before.names
            assert after.coords == before.coords

    def test_shapes_and_starts_survive(self) -> None:
        for name in GRAPHS:
            before, after = self.rewritten(name)
            for old, new in zip(before.sampled, after.sampled, strict=True):
                assert (old.shape, old.dims) == (new.shape, new.dims)
                assert (old.initval is None) == (new.initval is None)
