from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from exmc.frames import Phase
from exmc.inference.cursor import MOST_ROWS, Cursor
from exmc.posterior import DrawLog
from exmc.run import Batch
from tests.inference.rows import SCHEMA, frame


def drain(cursor: Cursor, log: DrawLog) -> list[Batch]:
    batches = []
    while (batch := cursor.take(log)) is not None:
        batches.append(batch)
    return batches


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(1, 9), st.booleans()), max_size=30
    )
)
def test_however_draws_arrive_each_is_read_exactly_once_in_order(
    arrivals: list[tuple[int, int, bool]],
) -> None:
    log, cursor = DrawLog(SCHEMA, 3), Cursor(3)
    lengths, read = [0, 0, 0], [list[float](), [], []]
    for chain, count, reads_now in arrivals:
        log.append(frame(lengths[chain], count, chain=chain))
        lengths[chain] += count
        for batch in drain(cursor, log) if reads_now else []:
            read[batch.chain] += batch["mu"].tolist()
    for batch in drain(cursor, log):
        read[batch.chain] += batch["mu"].tolist()
    assert read == [list(map(float, range(n))) for n in lengths]


def test_reading_starts_at_the_draw_that_is_wanted() -> None:
    log = DrawLog(SCHEMA, 1)
    log.append(frame(0, 10))
    (batch,) = drain(Cursor(1, from_draw=7), log)
    assert (batch.first_draw, len(batch)) == (7, 3)


def test_warm_up_is_read_only_when_asked_for() -> None:
    log = DrawLog(SCHEMA, 1)
    log.append(frame(0, 4, phase=Phase.TUNE))
    assert drain(Cursor(1), log) == []
    (batch,) = drain(Cursor(1, warmup=True), log)
    assert (batch.phase, len(batch)) == (Phase.TUNE, 4)


def test_no_chain_starves_behind_one_that_has_much_to_read() -> None:
    log = DrawLog(SCHEMA, 2)
    log.append(frame(0, 3 * MOST_ROWS, chain=0))
    log.append(frame(0, 1, chain=1))
    assert [b.chain for b in drain(Cursor(2), log)] == [0, 1, 0, 0]
