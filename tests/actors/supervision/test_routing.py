from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

import pytest
from hypothesis import given
from hypothesis.strategies import binary, integers, recursive, text, tuples

from exmc.actors.pid import Pid
from exmc.actors.supervision.routing import fingerprint, partition_of

PARTS = integers() | text() | binary()
KEYS = recursive(
    PARTS, lambda parts: tuples(parts, parts) | tuples(parts), max_leaves=5
)


@given(KEYS, integers(1, 20))
def test_a_key_has_one_partition_and_it_exists(key: Hashable, partitions: int) -> None:
    number = partition_of(key, partitions)
    assert 0 <= number < partitions
    assert partition_of(key, partitions) == number


@given(KEYS, KEYS)
def test_keys_have_the_same_fingerprint_only_if_they_are_equal(
    one: Hashable, other: Hashable
) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (one == other)


def test_an_int_goes_by_its_remainder() -> None:
    assert [partition_of(n, 3) for n in (0, 1, 2, 3, -1)] == [0, 1, 2, 0, 2]


def test_a_pid_goes_by_its_number() -> None:
    assert partition_of(Pid(7), 4) == 3
    assert fingerprint((Pid(7),)) == b"(p7;)"


def test_other_keys_go_where_they_have_always_gone() -> None:
    keys = ("", "chain-3", b"chain-3", ("chain", 3), ("é", (b"", -1)))
    assert [partition_of(key, 1000) for key in keys] == [689, 181, 957, 831, 271]


def test_equal_shares_fall_to_all_partitions() -> None:
    shares = Counter(partition_of(f"chain-{n}", 8) for n in range(8000))
    assert len(shares) == 8
    assert max(shares.values()) < 1.2 * min(shares.values())


@pytest.mark.parametrize("key", [1.0, None, frozenset(), ("a", 1.5)])
def test_a_key_of_another_type_is_refused(key: Hashable) -> None:
    with pytest.raises(TypeError, match="A key of partitions is an int, str, bytes or"):
        partition_of(key, 4)
