"""The result of a run."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from exmc.errors import OptionError
from exmc.frames import Frame, Phase, Schema, VariableSchema
from exmc.posterior import Posterior
from tests.posterior.runs import META, SCHEMA, a_posterior, log_of, some_rows


def test_draws_are_labelled_by_chain_draw_and_dims() -> None:
    posterior = a_posterior()
    assert posterior.names == ("mu", "theta", "grid")
    assert posterior["theta"].shape == (2, 10, 3)
    assert posterior.dims["theta"] == ("school",)
    assert posterior.coords["school"] == ("A", "B", "C")
    assert posterior.chains == 2


def test_statistics_of_warm_up_and_draws_stand_apart() -> None:
    posterior = a_posterior()
    assert posterior.stats["lp"].shape == (2, 10)
    assert posterior.warmup_stats["lp"].shape == (2, 5)


def test_positions_are_unconstrained_coordinates() -> None:
    posterior = a_posterior((10, 7))
    np.testing.assert_array_equal(posterior.positions[0], some_rows(7, 0)[:, 3:7])
    assert posterior.chain(0).positions.shape == (10, 4)


def test_divergences_are_counted_over_every_chain() -> None:
    rows = [some_rows(10, 1), some_rows(12, 2)]
    rows[0][[2, 3], SCHEMA.stats.index("diverging")] = 1.0
    rows[1][11, SCHEMA.stats.index("diverging")] = 1.0
    assert Posterior.from_log(log_of([], rows), META).divergences == 3


def test_a_method_without_divergences_has_none() -> None:
    schema = Schema(1, ("lp",), ())
    assert a_posterior((10, 10), schema=schema).divergences == 0


def test_paths_that_were_cut_short_are_told_under_the_table() -> None:
    schema = Schema(1, ("tree_depth",), (VariableSchema("x"),))
    rows = [
        np.random.Generator(np.random.PCG64(c)).normal(size=(200, 3)) for c in (0, 1)
    ]
    meta = replace(META, draws=200, options={"max_treedepth": 10})
    for depth, told in ((10.0, True), (9.0, False)):
        for block in rows:
            block[:, 0] = depth
        text = str(Posterior.from_log(log_of([], rows, schema), meta).summary())
        assert ("400 of 400 paths were cut short" in text) is told


def test_a_full_run_is_not_partial() -> None:
    assert not a_posterior((10, 10)).partial


@pytest.mark.parametrize("lengths", [(10, 9), (0, 10), (5, 5)])
def test_missing_draws_make_it_partial(lengths: tuple[int, int]) -> None:
    posterior = a_posterior(lengths)
    assert posterior.partial
    assert posterior.lengths == lengths


def test_a_run_that_says_it_is_partial_is_partial() -> None:
    assert a_posterior((10, 10), replace(META, partial=True, reason="stopped")).partial


def test_unequal_chains_share_their_common_length_and_keep_the_rest() -> None:
    posterior = a_posterior((10, 7))
    assert posterior["mu"].shape == (2, 7)
    assert posterior.chain(0)["mu"].shape == (10,)
    assert posterior.chain(0).length == 10
    assert posterior.chain(1).stats["lp"].shape == (7,)
    assert posterior.chain(0).warmup_stats["lp"].shape == (5,)


def test_no_draw_is_padding() -> None:
    posterior = a_posterior((10, 7))
    np.testing.assert_array_equal(posterior.chain(1)["mu"], some_rows(7, 1)[:, 7])


def test_a_snapshot_does_not_grow_with_its_log() -> None:
    rows = some_rows(30, 0)
    log = log_of([], [rows[:10]])
    posterior = Posterior.from_log(log, META)
    log.append(Frame.draws(rows[10:], chain=0, phase=Phase.DRAW, first=10))
    assert log.length(0, Phase.DRAW) == 30
    np.testing.assert_array_equal(posterior.chain(0)["mu"], rows[:10, 7])


def test_its_digest_is_its_logs_digest() -> None:
    log = log_of([some_rows(5, 9)] * 2, [some_rows(10, 0)] * 2)
    assert Posterior.from_log(log, META).digest() == log.digest()


def test_its_repr_names_variables_and_lengths() -> None:
    assert repr(a_posterior((10, 7))) == (
        "<Posterior mu, theta, grid; 10 + 7 draws, partial>"
    )


def test_a_summary_has_a_row_for_every_number() -> None:
    summary = a_posterior().summary()
    assert summary.labels[:4] == ("mu", "theta[A]", "theta[B]", "theta[C]")
    assert summary.labels[4:] == tuple(
        f"grid[{i}, {s}]" for i in (0, 1) for s in ("left", "right")
    )
    assert summary["theta[B]"].mean == pytest.approx(
        a_posterior()["theta"][..., 1].mean()
    )
    assert summary["grid[1, left]"].mean == pytest.approx(
        a_posterior()["grid"][..., 1, 0].mean()
    )


@pytest.mark.parametrize("names", ["theta", ["theta"], ("theta",)])
def test_a_summary_shows_the_variables_asked_for(names: str | list[str]) -> None:
    assert a_posterior().summary(names).labels == ("theta[A]", "theta[B]", "theta[C]")


def test_a_summary_of_an_unknown_variable_lists_the_known_ones() -> None:
    with pytest.raises(
        OptionError, match=r"^Variable 'tau' is not in this posterior; there are mu, th"
    ):
        a_posterior().summary(["mu", "tau"])


def test_a_summary_of_a_partial_run_says_so() -> None:
    meta = replace(META, partial=True, reason="stopped before its end")
    (sentence, *_) = a_posterior((10, 7), meta).summary().warnings
    assert sentence.startswith("Partial run (stopped before its end): the chains have")


def test_a_run_whose_chain_has_no_draw_yet_has_a_summary_of_nan() -> None:
    summary = a_posterior((10, 0)).summary()
    assert np.isnan(summary["mu"].mean)
    assert len(summary.warnings) == 1
