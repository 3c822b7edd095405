"""The supervision tree of one run.

Root (one_for_one): zygote client, and a supervisor a run.
Run (rest_for_one): stream coordinator -> adaptation coordinator -> upgrader (if one
was asked for) -> chains (a keeper a chain) -> run monitor. Keeper: one transient port.
A lost chain touches nothing before it, and each keeper counts the losses of its own
chain only: when the zygote dies, every chain loses its worker at once, and none is
given up for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.actors import Backoff, ChildSpec, Supervisor
from exmc.inference.adaptation_coordinator import AdaptationCoordinator
from exmc.inference.chain_port import ChainPort
from exmc.inference.run_monitor import RunMonitor
from exmc.inference.run_names import ZYGOTE
from exmc.inference.stream_coordinator import StreamCoordinator
from exmc.inference.upgrader import Upgrader
from exmc.inference.zygote_client import ZygoteClient

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.gradient.executable import Executable
    from exmc.inference.chain_plan import ChainPlan
    from exmc.inference.run_names import RunNames
    from exmc.posterior import DrawLog

LOST_WITHOUT_PROGRESS = 5
"""Workers a chain may lose in a row before it is given up."""

QUIET_SECONDS = 60.0


def root_child() -> ChildSpec:
    """The root of a runtime: the zygote's client, and later the runs."""
    zygote = ChildSpec(ZYGOTE, ZygoteClient, name=ZYGOTE, backoff=Backoff())
    root = Supervisor(max_restarts=LOST_WITHOUT_PROGRESS, max_seconds=QUIET_SECONDS)
    return ChildSpec("root", root, args=([zygote],))


def run_child(
    names: RunNames,
    log: DrawLog,
    plans: Sequence[ChainPlan],
    strict: Executable | None = None,
) -> ChildSpec:
    """The specification of a run's supervisor, with everything below it.

    Args:
        names: Of its processes.
        log: Where the draws go.
        plans: One a chain.
        strict: The program to compile while the chains run on it, if any.
    """
    keepers = tuple(_keeper(names, plan) for plan in plans)
    children = [
        ChildSpec("stream", StreamCoordinator, args=(log,), name=names.stream),
        ChildSpec(
            "adaptation",
            AdaptationCoordinator,
            args=(len(plans),),
            name=names.adaptation,
        ),
        *_upgrader(names, strict),
        ChildSpec("chains", Supervisor, name=names.chains, restart="temporary"),
        ChildSpec("monitor", RunMonitor, args=(names, keepers), name=names.monitor),
    ]
    return ChildSpec(
        names.run, Supervisor("rest_for_one"), args=(children,), restart="temporary"
    )


def _upgrader(names: RunNames, strict: Executable | None) -> list[ChildSpec]:
    if strict is None:
        return []
    return [ChildSpec("upgrader", Upgrader, args=(names, strict), name=names.upgrader)]


def _keeper(names: RunNames, plan: ChainPlan) -> ChildSpec:
    return ChildSpec(
        f"keeper.{plan.assignment.chain}",
        Supervisor(max_restarts=LOST_WITHOUT_PROGRESS, max_seconds=QUIET_SECONDS),
        args=([_port(names, plan)],),
        restart="temporary",
    )


def _port(names: RunNames, plan: ChainPlan) -> ChildSpec:
    chain = plan.assignment.chain
    return ChildSpec(
        f"chain.{chain}",
        ChainPort,
        args=(names, plan),
        name=names.chain(chain),
        restart="transient",
        backoff=Backoff(minimum=0.05, maximum=5.0),
    )
