from __future__ import annotations

from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis.strategies import DataObject, binary, data, integers, lists, sets

from exmc.actors.port.packets import PacketReader, header

Size = Literal[1, 2, 4]


class OneMessageAPiece(PacketReader):
    """Broken: believes that a stream is cut where messages end."""

    def feed(self, data: bytes) -> list[bytes]:
        return [data[4:]]


def fed(reader: PacketReader, stream: bytes, cuts: set[int]) -> list[bytes]:
    got = list[bytes]()
    for start, stop in pairwise(sorted({0, len(stream)} | cuts)):
        got += reader.feed(stream[start:stop])
    return got


def framed(size: Size, messages: list[bytes]) -> bytes:
    return b"".join(header(size, len(m)) + m for m in messages)


@pytest.mark.parametrize("size", [1, 2, 4])
@settings(max_examples=25, derandomize=True)
@given(sent=lists(binary(max_size=40)), draw=data())
def test_any_cutting_of_the_stream_gives_the_same_messages(
    size: Size, sent: list[bytes], draw: DataObject
) -> None:
    stream = framed(size, sent)
    cuts = draw.draw(sets(integers(0, len(stream))))
    assert fed(PacketReader(size, 40), stream, cuts) == sent


def test_a_reader_that_trusts_the_pieces_breaks_that_law() -> None:
    sent = [b"one", b"two"]
    assert fed(OneMessageAPiece(4, 40), framed(4, sent), {3}) != sent


def test_a_raw_stream_is_handed_on_as_it_comes() -> None:
    reader = PacketReader("raw", 3)
    assert [*reader.feed(b"abcdef"), *reader.feed(b""), *reader.feed(b"g")] == [
        b"abcdef",
        b"g",
    ]
    assert header("raw", 1 << 40) == b""


def test_a_length_is_written_as_erlang_writes_it() -> None:
    assert [header(1, 255), header(2, 258), header(4, 1)] == [
        b"\xff",
        b"\x01\x02",
        b"\0\0\0\x01",
    ]


def test_a_message_too_long_for_its_header_is_refused_with_a_remedy() -> None:
    with pytest.raises(ValueError, match=r"^A message of 256 .* 255 .*packet=4"):
        header(1, 256)


def test_a_length_out_of_range_ends_the_reading_after_what_came_before_it() -> None:
    reader = PacketReader(4, 100)
    assert reader.feed(header(4, 1) + b"x" + b"\0\0\0\x65y") == [b"x"]
    assert reader.too_long == 101
    assert reader.feed(header(4, 1) + b"x") == []
    assert len(reader._unread) == 5


@pytest.mark.timeout(5)
def test_a_large_message_in_small_pieces_is_put_together_in_linear_time() -> None:
    size = 1 << 22
    reader = PacketReader(4, size)
    reader.feed(header(4, size))
    got = [m for _ in range(size >> 10) for m in reader.feed(b"x" * 1024)]
    assert [len(m) for m in got] == [size]
