from __future__ import annotations

import numpy as np

from exmc.frames import Frame, Phase
from exmc.inference.outbox import MOST_ROWS, MOST_SECONDS, Outbox


def put(box: Outbox, phase: Phase, index: int, now: float) -> list[Frame]:
    columns = box._rows.shape[1]
    closed = box.put(phase, index, np.full((1, columns), float(index)))
    return [f for f in (closed, box.due(now)) if f is not None]


def test_the_first_row_leaves_at_once() -> None:
    box = Outbox(chain=2, epoch=1, columns=3, now=0.0)
    (sent,) = put(box, Phase.TUNE, 0, 0.0)
    assert (sent.chain, sent.epoch, sent.first, sent.count) == (2, 1, 0, 1)


def test_a_batch_closes_when_it_is_old_and_not_before() -> None:
    box = Outbox(chain=0, epoch=0, columns=1, now=0.0)
    put(box, Phase.TUNE, 0, 0.0)
    assert put(box, Phase.TUNE, 1, 0.9 * MOST_SECONDS) == []
    (sent,) = put(box, Phase.TUNE, 2, 1.1 * MOST_SECONDS)
    assert (sent.first, sent.count) == (1, 2)


def test_a_batch_closes_when_it_is_full() -> None:
    box = Outbox(chain=0, epoch=0, columns=1, now=0.0)
    sent = [f for i in range(1 + 2 * MOST_ROWS) for f in put(box, Phase.TUNE, i, 0.0)]
    assert [f.count for f in sent] == [1, MOST_ROWS, MOST_ROWS]


def test_rows_that_no_longer_fit_close_the_batch_before_them() -> None:
    box = Outbox(chain=0, epoch=0, columns=1, now=0.0)
    put(box, Phase.TUNE, 0, 0.0)
    assert box.put(Phase.TUNE, 1, np.zeros((MOST_ROWS - 10, 1))) is None
    closed = box.put(Phase.TUNE, MOST_ROWS - 9, np.ones((20, 1)))
    assert closed is not None
    assert (closed.first, closed.count) == (1, MOST_ROWS - 10)
    rest = box.flush()
    assert rest is not None
    assert (rest.first, rest.count) == (MOST_ROWS - 9, 20)
    np.testing.assert_array_equal(rest.rows, np.ones((20, 1)))


def test_a_frame_never_mixes_phases() -> None:
    box = Outbox(chain=0, epoch=0, columns=1, now=0.0)
    put(box, Phase.TUNE, 0, 0.0)
    put(box, Phase.TUNE, 1, 0.0)
    (sent,) = put(box, Phase.DRAW, 0, 0.0)
    assert (sent.phase, sent.first, sent.count) == (Phase.TUNE, 1, 1)
    rest = box.flush()
    assert rest is not None
    assert (rest.phase, rest.first, rest.count) == (Phase.DRAW, 0, 1)


def test_a_frame_keeps_its_rows_when_the_next_are_written() -> None:
    box = Outbox(chain=0, epoch=0, columns=1, now=0.0)
    (first,) = put(box, Phase.TUNE, 7, 0.0)
    put(box, Phase.TUNE, 8, 0.0)
    np.testing.assert_array_equal(first.rows, [[7.0]])


def test_an_empty_box_gives_nothing() -> None:
    assert Outbox(chain=0, epoch=0, columns=1, now=0.0).flush() is None
