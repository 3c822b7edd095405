"""Random streams: resumable anywhere, the same for ever, and honest."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers, lists
from scipy import stats

from exmc.errors import OptionError
from exmc.numerics import random
from exmc.numerics.random import Stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.typing import Vector

FALSE_ALARM = 1e-6
LARGEST_WORD = 2**64 - 1

GOLDEN_WORDS = [2725711297894471254, 13375353106855701477]
GOLDEN_UNIFORMS = [0.08528099886834906, 0.9260342601273711]
GOLDEN_NORMALS = [-1.2805203418278197, -1.391588534962988, -0.2835893443611862]


def a_stream(consumed: int = 0) -> Stream:
    return Stream.keyed(20, 3, random.TREE, consumed)


def law_of_splitting(read: Callable[[Stream, int], Vector], sizes: list[int]) -> None:
    """Cutting a block into pieces leaves the numbers unchanged."""
    stream = a_stream()
    pieces = [read(stream, size) for size in sizes]
    whole = read(a_stream(), sum(sizes))
    np.testing.assert_array_equal(np.concatenate([np.empty(0), *pieces]), whole)
    assert stream.consumed == sum(sizes)


@settings(max_examples=40, derandomize=True)
@given(lists(integers(0, 9), max_size=6))
def test_splitting_a_block_anywhere_leaves_the_numbers_unchanged(
    sizes: list[int],
) -> None:
    law_of_splitting(Stream.uniforms, sizes)
    law_of_splitting(Stream.normals, sizes)


def test_the_splitting_law_rejects_numbers_made_in_pairs() -> None:
    def in_pairs(stream: Stream, n: int) -> Vector:
        """Box and Muller's cosine half: the sine half is thrown away."""
        u = stream.uniforms(n + n % 2)
        return np.repeat(np.sqrt(-2 * np.log(u[::2])) * np.cos(6.28 * u[1::2]), 2)[:n]

    with pytest.raises(AssertionError):
        law_of_splitting(in_pairs, [3, 2])


@settings(max_examples=40, derandomize=True)
@given(integers(0, 50), integers(0, 50))
def test_a_stream_resumes_from_the_count_of_words_alone(used: int, more: int) -> None:
    stream = a_stream()
    stream.normals(used)
    resumed = a_stream(consumed=stream.consumed)
    np.testing.assert_array_equal(resumed.uniforms(more), stream.uniforms(more))
    assert resumed.consumed == stream.consumed


def test_a_stream_resumes_after_more_words_than_could_be_read_again() -> None:
    stream = a_stream(consumed=10**15)
    ahead = a_stream(consumed=10**15 + 2)
    assert stream.words(3)[2] == ahead.words(1)[0]


@pytest.mark.golden
def test_the_first_numbers_of_a_key_never_change() -> None:
    stream = Stream.keyed(1, 0, random.MOMENTUM)
    assert [int(word) for word in stream.words(2)] == GOLDEN_WORDS
    np.testing.assert_array_equal(stream.uniforms(2), GOLDEN_UNIFORMS)
    np.testing.assert_allclose(stream.normals(3), GOLDEN_NORMALS, rtol=1e-15)


def test_the_purposes_never_change() -> None:
    purposes = (random.MOMENTUM, random.TREE, random.START, random.DRAW)
    assert purposes == (0, 1, 2, 3)


def test_each_part_of_the_key_gives_other_numbers() -> None:
    keys = [(1, 0, 0), (2, 0, 0), (1, 1, 0), (1, 0, 1), (0, 1, 0), (2**70, 0, 0)]
    firsts = {int(Stream.keyed(*key).words(1)[0]) for key in keys}
    assert len(firsts) == len(keys)


@pytest.mark.parametrize("word", [0, LARGEST_WORD])
def test_the_extreme_words_stay_strictly_inside_the_unit_interval(word: int) -> None:
    u = random.uniforms_from_words(np.array([word], dtype=np.uint64))
    assert 0.0 < u[0] < 1.0


def test_uniforms_are_symmetric_about_one_half() -> None:
    words = np.array([0, 5, 2**40, 2**63 - 1], dtype=np.uint64)
    mirrored = random.uniforms_from_words(np.uint64(LARGEST_WORD) - words)
    np.testing.assert_array_equal(random.uniforms_from_words(words), 1.0 - mirrored)


def test_a_fifty_third_bit_would_have_given_one() -> None:
    word = np.array([LARGEST_WORD], dtype=np.uint64)
    with_53_bits = ((word >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    assert with_53_bits[0] == 1.0


@pytest.mark.parametrize("key", [(-1, 0, 0, 0), (0, -1, 0, 0), (0, 0, -1, 0)])
def test_a_negative_key_is_refused(key: tuple[int, int, int, int]) -> None:
    with pytest.raises(OptionError, match=r"must be zero or more, got -1"):
        Stream.keyed(*key)


def test_nothing_can_be_read_before_the_front() -> None:
    with pytest.raises(OptionError, match=r"^consumed must be zero or more, got -5"):
        a_stream(consumed=-5)


def p_value(sample: Vector, distribution: object) -> float:
    return float(stats.kstest(sample, distribution.cdf).pvalue)  # type: ignore[attr-defined]


@pytest.mark.statistical
def test_numbers_follow_their_distributions() -> None:
    assert p_value(a_stream().uniforms(20_000), stats.uniform()) > FALSE_ALARM
    assert p_value(a_stream().normals(20_000), stats.norm()) > FALSE_ALARM


@pytest.mark.statistical
def test_a_scale_four_hundredths_too_large_would_be_caught() -> None:
    wide = 1.08 * a_stream().normals(20_000)
    assert p_value(wide, stats.norm()) < FALSE_ALARM


@pytest.mark.statistical
def test_streams_of_neighbouring_keys_are_uncorrelated() -> None:
    n = 10_000
    keys = [(1, 0, 0), (1, 0, 1), (1, 1, 0), (2, 0, 0)]
    numbers = np.array([Stream.keyed(*key).normals(n) for key in keys])
    pairs = np.asarray(np.corrcoef(numbers))[np.triu_indices(4, 1)]
    limit = float(stats.norm.isf(FALSE_ALARM / 12)) / sqrt(n)
    assert np.abs(pairs).max() < limit


@pytest.mark.statistical
def test_a_shared_tenth_of_the_variance_would_be_caught() -> None:
    n, stream = 10_000, a_stream()
    shared = sqrt(0.1) * stream.normals(n)
    pair = [shared + sqrt(0.9) * stream.normals(n) for _ in range(2)]
    limit = float(stats.norm.isf(FALSE_ALARM / 12)) / sqrt(n)
    assert abs(np.asarray(np.corrcoef(pair))[0, 1]) > limit
