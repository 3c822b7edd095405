"""The log accepts each draw once, in order, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from exmc.errors import FrameError, ReplayMismatchError
from exmc.frames import Frame, Kind, Phase
from exmc.posterior import DrawLog
from tests.posterior.runs import SCHEMA, some_rows

ROWS = some_rows(30, seed=1)


def frame(first: int, stop: int, chain: int = 0, phase: Phase = Phase.DRAW) -> Frame:
    return Frame.draws(ROWS[first:stop], chain=chain, phase=phase, first=first)


def filled(*frames: Frame) -> DrawLog:
    log = DrawLog(SCHEMA, chains=2)
    for one in frames:
        log.append(one)
    return log


class Duplicating(DrawLog):
    """Broken: it stores a replayed row once more."""

    def append(self, frame: Frame) -> int:
        self._rows[frame.chain, frame.phase].add(frame.rows)
        return len(frame.rows)


def keeps_each_draw_once(log: DrawLog, pieces: list[tuple[int, int]]) -> bool:
    for start, size in [*pieces, (0, 30)]:
        before = log.length(0, Phase.DRAW)
        first = min(start, before)
        new = log.append(frame(first, min(first + size, 30)))
        assert log.length(0, Phase.DRAW) == before + new
    return log.rows(0, Phase.DRAW).tobytes() == ROWS.tobytes()


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=12))
def test_any_framing_and_any_replay_give_the_same_log(
    pieces: list[tuple[int, int]],
) -> None:
    assert keeps_each_draw_once(DrawLog(SCHEMA, chains=1), pieces)


def test_a_log_that_stores_replayed_rows_again_breaks_the_law() -> None:
    assert not keeps_each_draw_once(Duplicating(SCHEMA, chains=1), [(0, 5), (3, 9)])


def test_the_digest_does_not_know_frames_or_epochs() -> None:
    cut = filled(frame(0, 7), replace(frame(5, 20), epoch=3), frame(20, 30))
    assert cut.digest() == filled(frame(0, 30)).digest()


def test_phases_and_chains_are_numbered_apart() -> None:
    log = filled(frame(0, 4, phase=Phase.TUNE), frame(0, 2), frame(0, 3, chain=1))
    assert log.length(0, Phase.TUNE) == 4
    assert log.length(0, Phase.DRAW) == 2
    assert log.length(1, Phase.DRAW) == 3
    assert log.length(1, Phase.TUNE) == 0


def test_append_says_how_many_rows_were_new() -> None:
    log = filled(frame(0, 10))
    assert [log.append(f) for f in (frame(5, 12), frame(0, 12), frame(12, 13))] == [
        2,
        0,
        1,
    ]


def test_rows_are_read_by_index() -> None:
    rows = filled(frame(0, 10)).rows(0, Phase.DRAW, 3, 5)
    np.testing.assert_array_equal(rows, ROWS[3:5])
    assert not rows.flags.writeable


def test_rows_read_before_an_append_stay_as_they_were() -> None:
    log = filled(frame(0, 10))
    (before, _) = log.chain_rows()
    log.append(frame(10, 30))
    assert len(before.draw) == 10


def test_a_gap_is_refused_and_nothing_is_added() -> None:
    log = filled(frame(0, 3))
    with pytest.raises(
        FrameError, match=r"^Frame of chain 0 begins at draw 5, but only 3 are stored"
    ):
        log.append(frame(5, 7))
    assert log.length(0, Phase.DRAW) == 3


@pytest.mark.parametrize(
    ("column", "name"),
    [(0, "statistic 'lp'"), (2, "statistic 'diverging'"), (6, "position coordinate 3")],
)
def test_a_replayed_row_that_differs_in_one_bit_is_refused(
    column: int, name: str
) -> None:
    log, other = filled(frame(0, 10)), ROWS[4:15].copy()
    other[2, column] = np.nextafter(other[2, column], 10.0)
    wrong = Frame.draws(other, chain=0, phase=Phase.DRAW, first=4)
    with pytest.raises(
        ReplayMismatchError, match=rf"^Chain 0 replayed draw 6 differently: {name} was"
    ):
        log.append(wrong)
    assert log.length(0, Phase.DRAW) == 10


def test_a_replayed_nan_is_the_same_nan() -> None:
    rows = ROWS[:3].copy()
    rows[1, 0] = np.nan
    same = Frame.draws(rows, chain=0, phase=Phase.DRAW, first=0)
    assert filled(same).append(same) == 0


def test_a_replay_may_differ_in_values_that_follow_from_the_position() -> None:
    rows = ROWS[:3].copy()
    rows[:, SCHEMA.columns_of("theta")] += 1.0
    log = filled(frame(0, 3))
    log.append(Frame.draws(rows, chain=0, phase=Phase.DRAW, first=0))
    np.testing.assert_array_equal(log.rows(0, Phase.DRAW), ROWS[:3])


def test_a_message_is_no_draw() -> None:
    with pytest.raises(FrameError, match=r"^Frame to append must be of kind DRAWS, go"):
        filled(Frame(Kind.DONE))


def test_an_unknown_chain_is_refused() -> None:
    with pytest.raises(FrameError, match=r"^Frame is of chain 2, but the run has 2 ch"):
        filled(frame(0, 1, chain=2))


def test_another_models_row_is_refused() -> None:
    alien = Frame.draws(ROWS[:, :9], chain=0, phase=Phase.DRAW, first=0)
    with pytest.raises(FrameError, match=r"^Frame of chain 0 has 9 columns, but the m"):
        filled(alien)
