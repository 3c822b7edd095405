"""Frames out of a stream that was cut anywhere."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exmc.errors import FrameError
from exmc.frames import Frame, FrameReader, Kind, Phase, encode

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject


def draws(first: int, count: int) -> Frame:
    rows = np.arange(3.0 * count).reshape(count, 3)
    return Frame.draws(rows, chain=1, phase=Phase.DRAW, first=first)


def message(payload: bytes) -> Frame:
    return Frame(Kind.COMMAND, payload=payload)


FRAMES = st.lists(
    st.builds(draws, st.integers(0, 99), st.integers(0, 4))
    | st.builds(message, st.binary(max_size=40)),
    max_size=6,
)


def pieces(stream: bytes, cuts: set[int]) -> list[bytes]:
    edges = sorted({0, len(stream)} | cuts)
    return [stream[start:stop] for start, stop in pairwise(edges)]


def read(reader: FrameReader, stream: bytes, cuts: set[int]) -> list[Frame]:
    return [f for piece in pieces(stream, cuts) for f in reader.feed(piece)]


@given(FRAMES, st.data())
def test_any_cutting_of_the_stream_gives_the_same_frames(
    sent: list[Frame], choice: DataObject
) -> None:
    stream = b"".join(map(encode, sent))
    cuts = choice.draw(st.sets(st.integers(0, len(stream))))
    reader = FrameReader()
    assert read(reader, stream, cuts) == sent
    assert reader.offset == len(stream)
    reader.close()


@pytest.mark.parametrize("cut", [10, 60])
def test_a_reader_that_forgets_what_was_left_breaks_the_law(cut: int) -> None:
    class Forgetful(FrameReader):
        def feed(self, data: bytes | bytearray | memoryview) -> list[Frame]:
            self._buffer.clear()
            return super().feed(data)

    sent = [draws(0, 2), message(b"stop")]
    stream = b"".join(map(encode, sent))
    assert read(FrameReader(), stream, {cut}) == sent
    try:
        assert read(Forgetful(), stream, {cut}) != sent
    except FrameError:
        return


@given(FRAMES, st.data())
def test_what_came_whole_before_damage_is_delivered_however_it_was_cut(
    sent: list[Frame], choice: DataObject
) -> None:
    whole = b"".join(map(encode, sent))
    stream = whole + b"GET / HTTP/1.1\r\n".ljust(64)
    cuts = choice.draw(st.sets(st.integers(0, len(stream))))
    reader, got = FrameReader(), list[Frame]()
    with pytest.raises(FrameError, match=r"^Frame must begin with b'EXMC'"):  # noqa: PT012 -- any of the pieces may raise
        for piece in [*pieces(stream, cuts), b""]:
            got += reader.feed(piece)
    assert got == sent
    assert reader.offset == len(whole)


def test_a_damaged_stream_stays_damaged() -> None:
    reader = FrameReader()
    for piece in (b"x" * 48, b"", encode(draws(0, 1))):
        with pytest.raises(FrameError, match=r"^Frame must begin with"):
            reader.feed(piece)
    with pytest.raises(FrameError, match=r"^Frame must begin with"):
        reader.close()


def test_a_stream_that_ends_inside_a_frame_says_where() -> None:
    reader = FrameReader()
    reader.feed(encode(draws(0, 1)) + encode(draws(1, 1))[:50])
    with pytest.raises(FrameError, match=r"^Frame stream ended inside .* 50 .* 72\.$"):
        reader.close()


def test_a_limit_is_enforced_before_the_payload_arrives() -> None:
    reader = FrameReader(limit=100)
    with pytest.raises(FrameError, match=r"^Frame payload must not exceed 100 bytes"):
        reader.feed(encode(draws(0, 5))[:48])


def test_a_reader_keeps_nothing_of_the_callers_buffer() -> None:
    buffer, reader = bytearray(encode(draws(0, 2))), FrameReader()
    (frame,) = reader.feed(memoryview(buffer))
    buffer[:] = bytes(len(buffer))
    assert frame == draws(0, 2)
