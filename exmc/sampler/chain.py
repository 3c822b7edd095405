"""A NUTS chain that is driven one transition at a time.

Whoever drives it owns clock, process and storage. All that a chain is can be
written down between two steps as a few arrays (`checkpoint`) and continued
elsewhere with the same bits (`resumed`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from exmc.errors import OptionError, SamplingError
from exmc.numerics import guards, random
from exmc.sampler import metric, nuts, windows
from exmc.sampler.read_ahead import ReadAhead
from exmc.sampler.start import find_start, start_at
from exmc.sampler.step_size import DualAveraging, search_step_size
from exmc.sampler.warmup import Lesson, Warmup
from exmc.sampler.workspace import Workspace, uniforms_needed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from exmc.sampler.preconditioner import Diagonal
    from exmc.sampler.settings import ChainSettings
    from exmc.sampler.start import Start
    from exmc.typing import Density, Vector

STATS: Final = (
    "lp",
    "acceptance_rate",
    "step_size",
    "tree_depth",
    "n_steps",
    "diverging",
    "energy",
)
"""Columns of a record's statistics, all float64.

`lp` is the log-density of the draw in unconstrained coordinates, `energy` its
Hamiltonian (both in nats), `n_steps` the gradients used, `diverging` 1.0 or 0.0.
"""


@dataclass(frozen=True, slots=True)
class Record:
    """What one transition gives.

    Attributes:
        phase: "tune" during warm-up, then "draw".
        index: Place in its phase, from zero.
        position: Shape (dim,), in the model's unconstrained coordinates; a copy.
        stats: Shape (len(STATS),), in the order of STATS; a copy.
    """

    phase: Literal["tune", "draw"]
    index: int
    position: Vector
    stats: Vector


class NutsChain:
    """One Markov chain: `start` it, then `step` until `done`.

    Its draws depend on density, settings, seed, chain number and initial point only.

    Attributes:
        settings: As given.
    """

    def __init__(
        self,
        density: Density,
        dim: int,
        settings: ChainSettings,
        seed: int,
        chain: int,
        initial: Vector | None = None,
    ) -> None:
        """Prepare a chain; no density is evaluated before `start`.

        Args:
            density: Log-density and gradient in unconstrained coordinates.
            dim: Number of coordinates, one or more.
            settings: How to warm up and how long to go on.
            seed: Of the run.
            chain: Number of this chain in the run; each has its own random numbers.
            initial: Where to begin, shape (dim,); None for a random point.
        """
        self.settings = settings
        self._density = density
        self._dim = dim
        self._initial = initial
        self._seed, self._chain = seed, chain
        self._workspace = Workspace(dim, settings.max_treedepth)
        self._uniforms_needed = uniforms_needed(settings.max_treedepth)
        self._open_streams(momentum=0, tree=0)
        self._made = 0
        self._n_gradients = 0
        self._log_density = math.nan
        self._warmup = self._new_warmup(metric.unit(dim))
        self._enter(self._warmup.metric, np.zeros(dim), np.zeros(dim))

    @property
    def done(self) -> bool:
        """Whether every tuning draw and every draw has been made."""
        return self._made >= self.settings.tune + self.settings.draws

    @property
    def started(self) -> bool:
        """Whether the chain stands at a point, so that it can step."""
        return self._n_gradients > 0

    def start(self) -> None:
        """Find a first point, a first metric and a first step size.

        Raises:
            BadStartError: Log-density or gradient is not finite there, or at none of
                100 random points; its `coordinates` are the offending ones.
        """
        start = self._find_start()
        self._n_gradients += start.tries
        self._log_density = start.log_density
        if self.settings.warmup == "continuous":
            first = metric.from_gradient(start.position, start.gradient)
            self._warmup = self._new_warmup(first)
        self._enter(self._warmup.metric, start.position, start.gradient)
        if self.settings.step_size is None:
            self._search_step_size()

    def step(self) -> Record:
        """Make one transition.

        Raises:
            SamplingError: The chain has not been started, or is done.
        """
        if not self.started or self.done:
            state = "done" if self.started else "not started"
            raise SamplingError(
                f"The chain is {state}; call start() once and step() until done."
            )
        made, tune = self._made, self.settings.tune
        step_size = self._step_size
        self._move(step_size)
        position = self._warmup.metric.position(self._position)
        stats = self._stats(step_size)
        self._made += 1
        if made < tune:
            self._learn(made, position)
            return Record("tune", made, position, stats)
        return Record("draw", made - tune, position, stats)

    def adapted(self) -> dict[str, float | int | Vector]:
        """Return what warm-up has learnt: step size, metric, gradients spent so far.

        `scale` and `mean`, shape (dim,), are those of preconditioner.Diagonal.
        """
        return {
            "step_size": self._step_size,
            "scale": self._warmup.metric.scale.copy(),
            "mean": self._warmup.metric.mean.copy(),
            "n_gradients": self._n_gradients,
            "tuned": min(self._made, self.settings.tune),
        }

    def checkpoint(self) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
        """Return all that the chain is between two steps, as copies.

        The arrays are float64 or int64; their size is O(dim).
        """
        counts = (
            self._made,
            self._n_gradients,
            self._momentum.consumed,
            self._uniforms.consumed,
        )
        return {
            "position": self._position.copy(),
            "gradient": self._gradient.copy(),
            "log_density": np.array([self._log_density]),
            "counts": np.array(counts, dtype=np.int64),
            **self._warmup.state(),
        }

    @classmethod
    def resumed(
        cls,
        density: Density,
        dim: int,
        settings: ChainSettings,
        seed: int,
        chain: int,
        checkpoint: Mapping[str, NDArray[np.float64] | NDArray[np.int64]],
    ) -> NutsChain:
        """Continue from a checkpoint: the same records as without interruption.

        Settings may differ from those of the checkpoint in `draws` only.

        Raises:
            OptionError: The checkpoint is not of a chain with `dim` coordinates.
        """
        resumed = cls(density, dim, settings, seed, chain)
        resumed._restore(checkpoint)
        return resumed

    # -- one transition ----------------------------------------------------

    @property
    def _step_size(self) -> float:
        """While tuning the one to explore with, afterwards the averaged one."""
        dual_averaging = self._warmup.dual_averaging
        if self._made < self.settings.tune:
            return dual_averaging.step_size
        return dual_averaging.averaged

    def _move(self, step_size: float) -> None:
        self._workspace.momentum[:] = self._momentum.take(self._dim)
        self._log_density = self._workspace.transition(
            self._whitened_density,
            self._position,
            self._gradient,
            self._log_density,
            step_size,
            self._uniforms.ahead(self._uniforms_needed),
        )
        outcome = self._workspace.outcome
        self._uniforms.use(guards.count(outcome[nuts.N_UNIFORMS]))
        self._n_gradients += guards.count(outcome[nuts.N_STEPS])

    def _stats(self, step_size: float) -> Vector:
        outcome = self._workspace.outcome
        return np.array(
            [
                self._log_density,
                outcome[nuts.ACCEPTANCE_RATE],
                step_size,
                outcome[nuts.TREE_DEPTH],
                outcome[nuts.N_STEPS],
                outcome[nuts.DIVERGING],
                outcome[nuts.ENERGY],
            ]
        )

    # -- warm-up -----------------------------------------------------------

    def _learn(self, number: int, position: Vector) -> None:
        before = self._warmup.metric
        gradient = before.push_forward(self._gradient)
        outcome = self._workspace.outcome
        lesson = self._warmup.learn(
            number,
            np.stack([position, gradient]),
            guards.scalar(outcome[nuts.ACCEPTANCE_RATE], "acceptance rate"),
            diverging=outcome[nuts.DIVERGING] == 1.0,
        )
        if lesson is Lesson.STEP_SIZE:
            return
        self._enter(self._warmup.metric, position, gradient)
        if lesson is Lesson.METRIC_AND_SEARCH:
            self._search_step_size()

    def _search_step_size(self) -> None:
        dual_averaging = self._warmup.dual_averaging
        with np.errstate(all="ignore"):
            step_size, gradients = search_step_size(
                self._whitened_density,
                self._position,
                self._gradient,
                self._log_density,
                dual_averaging.step_size,
                lambda: self._momentum.take(self._dim),
            )
        self._n_gradients += gradients
        dual_averaging.restart(step_size)

    def _enter(self, coordinates: Diagonal, position: Vector, gradient: Vector) -> None:
        """Whiten the chain's point with a metric and go on in its coordinates."""
        self._whitened_density = coordinates.around(self._density)
        self._position = coordinates.whitened(position)
        self._gradient = coordinates.pull_back(gradient)

    # -- beginning and resuming --------------------------------------------

    def _open_streams(self, *, momentum: int, tree: int) -> None:
        """Read both streams from where so many of their numbers were used."""
        seed, chain = self._seed, self._chain
        normals = random.Stream.keyed(seed, chain, random.MOMENTUM, momentum).normals
        uniforms = random.Stream.keyed(seed, chain, random.TREE, tree).uniforms
        self._momentum = ReadAhead(normals, momentum)
        self._uniforms = ReadAhead(uniforms, tree)

    def _new_warmup(self, first: Diagonal) -> Warmup:
        settings = self.settings
        plan = windows.stan if settings.warmup == "stan" else windows.continuous
        step_size = 1.0 if settings.step_size is None else settings.step_size
        dual_averaging = DualAveraging(settings.target_accept, step_size)
        return Warmup(plan(settings.tune), dual_averaging, first)

    def _find_start(self) -> Start:
        with np.errstate(all="ignore"):
            if self._initial is not None:
                return start_at(self._density, np.array(self._initial, dtype=float))
            stream = random.Stream.keyed(self._seed, self._chain, random.START)
            return find_start(self._density, self._dim, ReadAhead(stream.uniforms))

    def _restore(
        self, checkpoint: Mapping[str, NDArray[np.float64] | NDArray[np.int64]]
    ) -> None:
        expected = {name: array.shape for name, array in self.checkpoint().items()}
        found = {name: array.shape for name, array in checkpoint.items()}
        if found != expected:
            raise OptionError(
                f"The checkpoint must hold arrays of shapes {expected}, got {found}; "
                f"resume with the model and the settings that it was made with."
            )
        self._made, self._n_gradients, momentum, tree = checkpoint["counts"].tolist()
        self._open_streams(momentum=momentum, tree=tree)
        self._warmup.restore(checkpoint)
        self._enter(self._warmup.metric, np.zeros(self._dim), np.zeros(self._dim))
        self._position[:] = checkpoint["position"]
        self._gradient[:] = checkpoint["gradient"]
        self._log_density = guards.scalar(checkpoint["log_density"], "log-density")
