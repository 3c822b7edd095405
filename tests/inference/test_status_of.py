from __future__ import annotations

import pytest

from exmc.actors.testing import VirtualClock
from exmc.inference.assignment import Adapted
from exmc.inference.run_facts import RunFacts
from exmc.inference.run_monitor import ChainRecord, RunRecord
from exmc.inference.run_names import RunNames
from exmc.inference.status_of import eta, status_of
from exmc.inference.tally import Tally
from exmc.posterior import DrawLog
from exmc.run import ChainPhase, ChainStatus, RunSpec, RunState, Status
from tests.inference.rows import SCHEMA


def made_of(record: RunRecord, *tallies: Tally) -> Status:
    facts = RunFacts(
        names=RunNames("r"),
        spec=RunSpec(tune=10, draws=30, chains=len(tallies)),
        log=DrawLog(SCHEMA, len(tallies)),
        model_digest="d",
        noncentered=("theta",),
        backend="numpy",
        backend_reason="no llvmlite",
        versions={},
        clock=VirtualClock(),
        started=0.0,
    )
    adapted = [Adapted(0.5, [1.0, 2.0], [0.0, 0.0], 99), *[None] * (len(tallies) - 1)]
    return status_of(facts, record, tallies, adapted, elapsed=2.0)


def test_each_chain_reports_its_phase_and_pace() -> None:
    chains = (ChainRecord(os_pid=7), ChainRecord(), ChainRecord(ended=ChainPhase.DONE))
    status = made_of(
        RunRecord(RunState.RUNNING, None, chains),
        Tally(tuned=10, draws=10),
        Tally(tuned=4),
        Tally(tuned=10, draws=30),
    )
    assert (status.backend, status.backend_reason) == ("numpy", "no llvmlite")
    assert [c.phase for c in status.chains] == [
        ChainPhase.DRAW,
        ChainPhase.TUNE,
        ChainPhase.DONE,
    ]
    assert [c.draws_per_second for c in status.chains] == [10.0, 2.0, 20.0]
    assert status.chains[0].os_pid == 7
    assert status.eta == pytest.approx(2.0 * 36 / 4)


def test_what_a_chain_adapted_is_published() -> None:
    record = RunRecord(RunState.RUNNING, None, (ChainRecord(),) * 2)
    status = made_of(record, Tally(), Tally())
    first, second = status.adaptation
    assert first is not None
    assert first["step_size"] == 0.5
    assert second is None
    assert status.chains[0].phase is ChainPhase.STARTING


def test_an_ended_run_has_no_time_to_go() -> None:
    record = RunRecord(RunState.FINISHED, None, (ChainRecord(),))
    assert made_of(record, Tally(tuned=10, draws=30)).eta is None


def test_there_is_no_estimate_before_every_chain_has_moved() -> None:
    assert eta([ChainStatus(tuned=5), ChainStatus()], 100, 1.0) is None
