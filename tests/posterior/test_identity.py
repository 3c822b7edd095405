"""What makes two runs the same."""

from __future__ import annotations

import hashlib
import struct

import numpy as np
import pytest

from exmc.frames import Schema
from exmc.posterior.identity import digest
from exmc.posterior.rows import ChainRows
from tests.posterior.runs import SCHEMA, some_rows

TINY = Schema(dim=1, stats=("lp",), variables=())
NONE = np.empty((0, 2))


def chains() -> list[ChainRows]:
    return [ChainRows(some_rows(5, seed), some_rows(10, 50 + seed)) for seed in (1, 2)]


def plain_digest(schema: Schema, rows: list[ChainRows]) -> str:
    """The byte layout as documented, one number at a time."""
    data = b"exmc-draws-1" + struct.pack("<QQ", schema.dim, len(schema.stats))
    for chain, phases in enumerate(rows):
        for phase, block in enumerate((phases.tune, phases.draw)):
            for index, row in enumerate(block):
                data += struct.pack("<QQQ", chain, phase, index)
                for value in row[: len(schema.stats) + schema.dim]:
                    data += struct.pack("<d", value)
    return hashlib.sha256(data).hexdigest()


def test_the_digest_follows_the_stated_layout() -> None:
    assert digest(SCHEMA, chains()) == plain_digest(SCHEMA, chains())


def test_a_block_boundary_does_not_show() -> None:
    rows = np.arange(2.0 * 5000).reshape(5000, 2)
    both = [ChainRows(rows, NONE)]
    assert digest(TINY, both) == plain_digest(TINY, both)


@pytest.mark.golden
def test_the_digest_of_one_draw_never_changes() -> None:
    rows = [ChainRows(NONE, np.array([[-1.5, 0.25]]))]
    assert digest(TINY, rows) == (
        "24926ab706a4751a4cdeb6aca824b8eaa794d9046cbf57dc6e266150cedecd9f"
    )


def test_values_that_follow_from_the_position_do_not_enter() -> None:
    changed = chains()
    changed[0].draw[:, SCHEMA.columns_of("theta")] += 1.0
    assert digest(SCHEMA, changed) == digest(SCHEMA, chains())


@pytest.mark.parametrize("column", range(7))
def test_one_bit_of_a_statistic_or_position_changes_the_digest(column: int) -> None:
    changed = chains()
    changed[1].draw[9, column] = np.nextafter(changed[1].draw[9, column], 10.0)
    assert digest(SCHEMA, changed) != digest(SCHEMA, chains())


def test_the_sign_of_zero_changes_the_digest() -> None:
    plus, minus = ([ChainRows(NONE, np.array([[0.0, zero]]))] for zero in (0.0, -0.0))
    assert digest(TINY, plus) != digest(TINY, minus)


def test_a_row_in_another_phase_or_chain_changes_the_digest() -> None:
    one = np.array([[1.0, 2.0]])
    placements = [
        [ChainRows(one, NONE), ChainRows(NONE, NONE)],
        [ChainRows(NONE, one), ChainRows(NONE, NONE)],
        [ChainRows(NONE, NONE), ChainRows(one, NONE)],
    ]
    assert len({digest(TINY, rows) for rows in placements}) == 3
