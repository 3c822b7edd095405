"""A chain as its driver sees it: records, determinism, checkpoints."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from exmc.errors import BadStartError, OptionError, SamplingError
from exmc.sampler import PYTHON, STATS, ChainSettings, NutsChain, Record, block, chain
from exmc.sampler.engine import PythonKernels
from exmc.sampler.memory import STATE, Memory
from exmc.sampler.windows import TEACHES_METRIC
from tests.plain.planted import planted
from tests.sampler.densities import half_line, quartic, standard_normal

if TYPE_CHECKING:
    from exmc.sampler import Engine
    from exmc.typing import Density, Matrix, Vector

SHORT = ChainSettings(tune=60, draws=15)
SHORT_STAN = ChainSettings(tune=60, draws=15, warmup="stan")


def started(
    settings: ChainSettings = SHORT,
    density: Density = quartic,
    seed: int = 1,
    number: int = 0,
    module: ModuleType = chain,
) -> NutsChain:
    one: NutsChain = module.NutsChain(density, 2, settings, seed, number)
    one.start()
    return one


def finished(one: NutsChain) -> list[Record]:
    records = []
    while not one.done:
        records.append(one.step())
    return records


def bits(records: list[Record]) -> list[tuple[str, int, bytes, bytes]]:
    return [
        (r.phase, r.index, r.position.tobytes(), r.stats.tobytes()) for r in records
    ]


def stat(records: list[Record], name: str) -> Vector:
    return np.array([record.stats[STATS.index(name)] for record in records])


def positions(records: list[Record]) -> Matrix:
    return np.array([record.position for record in records])


# -- records ---------------------------------------------------------------


def test_tuning_draws_come_first_and_both_phases_count_from_zero() -> None:
    records = finished(started())
    assert [(r.phase, r.index) for r in records] == [
        *(("tune", n) for n in range(60)),
        *(("draw", n) for n in range(15)),
    ]


def test_a_record_holds_its_own_copies() -> None:
    one = started()
    first = one.step()
    before = (first.position.copy(), first.stats.copy())
    one.step()
    np.testing.assert_array_equal(first.position, before[0])
    np.testing.assert_array_equal(first.stats, before[1])


def test_statistics_stand_in_the_order_of_their_names() -> None:
    records = finished(started())
    gradient = np.zeros(2)
    for record in records:
        assert record.stats.shape == (len(STATS),)
        assert record.stats.dtype == np.float64
    lp = [quartic(position, gradient) for position in positions(records)]
    # The chain knows the point by its whitened coordinates: equal but for rounding.
    np.testing.assert_allclose(stat(records, "lp"), lp, rtol=1e-9)
    assert (
        (stat(records, "acceptance_rate") >= 0) & (stat(records, "step_size") > 0)
    ).all()
    depth, steps = stat(records, "tree_depth"), stat(records, "n_steps")
    assert ((steps >= 2**depth - 1) & (steps <= 2 ** (depth + 1) - 1)).all()
    assert set(stat(records, "diverging")) <= {0.0, 1.0}
    assert (stat(records, "energy") >= -stat(records, "lp")).all()


def test_gradients_are_counted_one_by_one() -> None:
    calls = []

    def counted(position: Vector, gradient: Vector) -> float:
        calls.append(1)
        return quartic(position, gradient)

    one = started(density=counted)
    finished(one)
    assert one.adapted()["n_gradients"] == len(calls)


def test_a_chain_that_is_not_started_refuses_to_step() -> None:
    with pytest.raises(
        SamplingError, match=r"^The chain is not started; call start\(\)"
    ):
        NutsChain(quartic, 2, SHORT, 1, 0).step()


def test_a_chain_that_is_done_refuses_to_step() -> None:
    one = started(ChainSettings(tune=0, draws=1))
    one.step()
    assert one.done
    with pytest.raises(SamplingError, match=r"^The chain is done; call start\(\)"):
        one.step()


# -- beginning -------------------------------------------------------------


def test_a_chain_begins_at_the_given_point() -> None:
    settings = ChainSettings(tune=0, draws=1, step_size=1e-12, max_treedepth=1)
    one = NutsChain(quartic, 2, settings, 1, 0, initial=np.array([0.5, -1.5]))
    one.start()
    np.testing.assert_allclose(one.step().position, [0.5, -1.5], atol=1e-9)


def test_a_start_that_is_not_finite_tells_its_coordinates() -> None:
    one = NutsChain(half_line, 2, SHORT, 1, 0, initial=np.array([-3.0, 0.0]))
    with pytest.raises(BadStartError, match=r"^The initial point has no finite"):
        one.start()


def test_without_tuning_a_given_step_size_is_kept() -> None:
    one = started(ChainSettings(tune=0, draws=5, step_size=0.25))
    np.testing.assert_allclose(stat(finished(one), "step_size"), 0.25, rtol=1e-15)


# -- determinism -----------------------------------------------------------


def test_equal_seeds_give_equal_bits() -> None:
    assert bits(finished(started())) == bits(finished(started()))


@pytest.mark.parametrize(("seed", "number"), [(2, 0), (1, 1)])
def test_another_seed_or_chain_gives_other_draws(seed: int, number: int) -> None:
    other = started(seed=seed, number=number)
    assert bits(finished(started())) != bits(finished(other))


# -- checkpoints -----------------------------------------------------------


def assert_resumes(module: ModuleType, settings: ChainSettings, cut: int) -> None:
    """A chain stopped after `cut` transitions and resumed equals one never stopped."""
    whole = finished(started(settings, module=module))
    one = started(settings, module=module)
    before = [one.step() for _ in range(cut)]
    saved = {name: array.copy() for name, array in one.checkpoint().items()}
    if not one.done:
        one.step()  # What the first chain goes on to do must not touch the checkpoint.
    again = module.NutsChain.resumed(quartic, 2, settings, 1, 0, saved)
    assert bits(before + finished(again)) == bits(whole)
    finished(one)
    assert again.adapted()["n_gradients"] == one.adapted()["n_gradients"]


@pytest.mark.parametrize("settings", [SHORT, SHORT_STAN], ids=["continuous", "stan"])
@pytest.mark.parametrize("cut", [0, 1, 3, 4, 9, 10, 37, 51, 52, 59, 60, 61, 74, 75])
def test_a_resumed_chain_equals_one_never_stopped(
    settings: ChainSettings, cut: int
) -> None:
    assert_resumes(chain, settings, cut)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("normals=int(normals)", "normals=0"),
        ("uniforms=int(uniforms)", "uniforms=0"),
    ],
    ids=["momenta", "trees"],
)
def test_a_chain_that_reads_a_stream_again_is_noticed(right: str, wrong: str) -> None:
    with pytest.raises(AssertionError):
        assert_resumes(planted(chain, right, wrong), SHORT, 37)


@pytest.mark.parametrize("name", STATE)
def test_a_chain_that_forgets_a_part_is_noticed(name: str) -> None:
    forgotten = f"{{**checkpoint, {name!r}: self._memory.saved()[{name!r}]}}"
    restore = "self._memory.restore({})"
    broken = planted(chain, restore.format("checkpoint"), restore.format(forgotten))
    with pytest.raises((AssertionError, SamplingError)):
        assert_resumes(broken, SHORT, 37)


def test_a_checkpoint_is_floats_and_whole_numbers() -> None:
    one = started()
    one.step()
    kinds = {array.dtype for array in one.checkpoint().values()}
    assert kinds == {np.dtype(np.float64), np.dtype(np.int64)}


def test_a_checkpoint_of_another_model_is_refused() -> None:
    saved = started().checkpoint()
    with pytest.raises(
        OptionError, match=r"^The checkpoint must hold arrays of shapes"
    ):
        NutsChain.resumed(quartic, 3, SHORT, 1, 0, saved)


def test_more_draws_can_follow_a_finished_chain() -> None:
    one, more = started(), ChainSettings(tune=60, draws=40)
    first = finished(one)
    rest = NutsChain.resumed(quartic, 2, more, 1, 0, one.checkpoint())
    assert bits(first + finished(rest)) == bits(finished(started(more)))


# -- warm-up ---------------------------------------------------------------


def assert_frozen(settings: ChainSettings, engine: Engine = PYTHON) -> None:
    """No draw after warm-up changes step size or metric."""
    one = NutsChain(quartic, 2, settings, 1, 0, engine=engine)
    one.start()
    for _ in range(settings.tune):
        one.step()
    before: dict[str, Any] = one.adapted()
    draws = finished(one)
    after: dict[str, Any] = one.adapted()
    assert set(stat(draws, "step_size")) == {before["step_size"]}
    for name in ("step_size", "scale", "mean"):
        np.testing.assert_array_equal(before[name], after[name])


@pytest.mark.parametrize("settings", [SHORT, SHORT_STAN], ids=["continuous", "stan"])
def test_adaptation_ends_with_warm_up(settings: ChainSettings) -> None:
    assert_frozen(settings)


def test_adaptation_that_leaks_into_the_draws_is_noticed() -> None:
    class Leaking(PythonKernels):
        def __init__(self, memory: Memory) -> None:
            super().__init__(memory)
            memory.plan[block.TUNE] += SHORT.draws
            memory.lessons = np.append(memory.lessons, [TEACHES_METRIC] * SHORT.draws)

    with pytest.raises(AssertionError):
        assert_frozen(SHORT, Leaking)


@pytest.mark.parametrize(
    ("settings", "tolerance"),
    [(ChainSettings(300, 1), 1e-6), (ChainSettings(300, 1, warmup="stan"), 0.3)],
    ids=["continuous", "stan"],
)
def test_warm_up_finds_the_scales_of_the_posterior(
    settings: ChainSettings, tolerance: float
) -> None:
    sd = np.array([0.1, 1.0, 10.0])

    def density(position: Vector, gradient: Vector) -> float:
        log_density = standard_normal(position / sd, gradient)
        gradient /= sd
        return log_density

    one = NutsChain(density, 3, settings, 1, 0)
    one.start()
    finished(one)
    scale: Any = one.adapted()["scale"]
    np.testing.assert_allclose(scale, sd, rtol=tolerance)


@pytest.mark.slow
@pytest.mark.parametrize("target", [0.65, 0.8, 0.95])
def test_draws_are_accepted_at_the_target_rate(target: float) -> None:
    settings = ChainSettings(400, 400, target_accept=target)
    one = NutsChain(standard_normal, 10, settings, 1, 0)
    one.start()
    rate = stat(finished(one)[400:], "acceptance_rate").mean()
    assert rate == pytest.approx(target, abs=0.11)


# -- engines ---------------------------------------------------------------


def test_a_chain_goes_on_by_another_engine() -> None:
    whole = finished(started())
    one, made = started(), list[str]()

    class Other(PythonKernels):
        def advance(self, *arguments: Any) -> int:
            made.append("a block")
            return super().advance(*arguments)

    before = [one.step() for _ in range(37)]
    one.continue_with(quartic, engine=Other)
    assert bits(before + finished(one)) == bits(whole)
    assert len(made) == 75 - 37
