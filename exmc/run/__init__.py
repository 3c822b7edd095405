"""What a run looks like to anybody who watches it, in this process or another."""

from exmc.run.batch import Batch
from exmc.run.run import Run
from exmc.run.run_spec import RunSpec
from exmc.run.status import ChainPhase, ChainStatus, RunState, Status

__all__ = [
    "Batch",
    "ChainPhase",
    "ChainStatus",
    "Run",
    "RunSpec",
    "RunState",
    "Status",
]
