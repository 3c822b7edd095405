from __future__ import annotations

import pytest

from exmc.actors import ChildSpec, run, which_children
from exmc.actors.testing import virtual_runtime
from exmc.inference.assignment import Assignment, ModelText
from exmc.inference.chain_plan import ChainPlan
from exmc.inference.run_names import RunNames
from exmc.inference.run_tree import root_child, run_child
from exmc.inference.shared_arrays import shared
from exmc.posterior import DrawLog
from exmc.run import RunSpec
from tests.inference.rows import SCHEMA


def test_a_lost_chain_touches_nothing_that_was_started_before_it() -> None:
    names = RunNames("r")
    assignment = Assignment(
        spec=RunSpec(), chain=0, epoch=0, work=ModelText(""), dim=1, width=1
    )
    plan = ChainPlan(assignment, shared({}), lambda failure: failure)
    spec = run_child(names, DrawLog(SCHEMA, 1), [plan])
    children: list[ChildSpec] = spec.args[0]  # type: ignore[assignment]
    assert [c.id for c in children] == ["stream", "adaptation", "chains", "monitor"]
    assert spec.restart == "temporary"
    keepers: tuple[ChildSpec, ...] = children[3].args[1]  # type: ignore[assignment]
    (keeper,) = keepers
    assert keeper.restart == "temporary"
    ports: list[ChildSpec] = keeper.args[0]  # type: ignore[assignment]
    (port,) = ports
    assert port.restart == "transient"
    assert port.backoff is not None


@pytest.mark.slow
@pytest.mark.end_to_end
def test_the_root_keeps_a_client_of_the_zygote() -> None:
    async def main() -> None:
        async with virtual_runtime() as (runtime, _clock):
            root = await runtime.start_child(root_child())
            (child,) = await which_children(root)
            assert child.pid is not None
            assert child.id == "exmc.zygote"

    run(main)
