"""One frame, byte for byte."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from exmc.errors import FrameError
from exmc.frames import Frame, Kind, Phase, encode
from exmc.frames.frame import HEADER_SIZE, decode_header, with_payload

ROWS = np.array([[1.0, -2.5], [np.nan, np.inf], [0.0, -0.0]])
DRAWS = Frame.draws(ROWS, chain=3, phase=Phase.DRAW, first=7, epoch=1)
MESSAGE = Frame(Kind.FAILED, chain=2, payload=b"why")

# Never changed: a version that can no longer read this needs a new number.
GOLDEN_DRAWS = bytes.fromhex(
    "45584d43010001010300000001000000070000000000000003000000020000003000000000000000"
    "62777f616d26b1b2000000000000f03f00000000000004c0000000000000f87f000000000000f07f"
    "00000000000000000000000000000080"
)
GOLDEN_MESSAGE = bytes.fromhex(
    "45584d43010005000200000000000000000000000000000000000000000000000300000000000000"
    "f08f022aecf6ed95776879"
)


def decode(data: bytes) -> Frame:
    return with_payload(decode_header(data[:HEADER_SIZE]), data[HEADER_SIZE:])


@pytest.mark.golden
@pytest.mark.parametrize(
    ("frame", "golden"),
    [(DRAWS, GOLDEN_DRAWS), (MESSAGE, GOLDEN_MESSAGE)],
    ids=["draws", "message"],
)
def test_version_1_reads_and_writes_its_golden_bytes(
    frame: Frame, golden: bytes
) -> None:
    assert encode(frame).hex() == golden.hex()
    assert decode(golden) == frame


def test_rows_come_back_bit_for_bit() -> None:
    rows = decode(encode(DRAWS)).rows
    assert rows.tobytes() == ROWS.tobytes()
    assert rows.shape == (3, 2)


def test_rows_cannot_be_written() -> None:
    assert not DRAWS.rows.flags.writeable


def test_a_column_of_a_larger_array_is_taken_as_it_stands() -> None:
    frame = Frame.draws(ROWS[:, 1:], chain=0, phase=Phase.TUNE, first=0)
    np.testing.assert_array_equal(frame.rows, ROWS[:, 1:])


def test_stop_is_the_index_after_the_last_row() -> None:
    assert DRAWS.stop == 10


def test_a_frame_of_no_rows_keeps_its_columns() -> None:
    frame = Frame.draws(np.empty((0, 5)), chain=0, phase=Phase.TUNE, first=0)
    assert decode(encode(frame)).rows.shape == (0, 5)


@pytest.mark.parametrize("position", range(len(GOLDEN_DRAWS)))
def test_a_flipped_bit_anywhere_is_found(position: int) -> None:
    data = bytearray(GOLDEN_DRAWS)
    data[position] ^= 0x10
    with pytest.raises(FrameError, match=r"^Frame "):
        decode(bytes(data))


def test_alien_bytes_are_refused_by_name() -> None:
    with pytest.raises(FrameError, match=r"^Frame must begin with b'EXMC', got b'GET "):
        decode(b"GET / HTTP/1.1".ljust(HEADER_SIZE))


def test_another_version_is_refused_with_both_numbers() -> None:
    data = bytearray(GOLDEN_DRAWS)
    data[4] = 2
    with pytest.raises(FrameError, match=r"^Frame version must be 1, got 2; use one"):
        decode(bytes(data))


def test_a_damaged_header_says_so() -> None:
    data = bytearray(GOLDEN_DRAWS)
    data[33] ^= 1
    with pytest.raises(FrameError, match=r"^Frame header is damaged: its CRC"):
        decode(bytes(data))


def test_a_damaged_payload_names_chain_and_index() -> None:
    data = bytearray(GOLDEN_DRAWS)
    data[-1] ^= 1
    with pytest.raises(FrameError, match=r"^Frame payload of chain 3 at index 7 is"):
        decode(bytes(data))


def test_an_unknown_kind_lists_the_known_ones() -> None:
    alien = replace(MESSAGE, kind=99)
    with pytest.raises(FrameError, match=r"^Frame kind 99 is unknown; .*1 \(DRAWS\)"):
        decode(encode(alien))


def test_a_shape_that_does_not_fit_the_payload_is_refused() -> None:
    with pytest.raises(FrameError, match=r"^Frame DRAWS of 4 rows by 2 columns does"):
        encode(replace(DRAWS, count=4))


def test_a_message_has_no_rows() -> None:
    with pytest.raises(FrameError, match=r"^Frame FAILED of 1 rows by 1 columns does"):
        encode(replace(MESSAGE, count=1, columns=1))


def test_a_payload_over_the_limit_is_refused_from_its_header() -> None:
    with pytest.raises(FrameError, match=r"^Frame payload must not exceed 40 bytes, g"):
        decode_header(GOLDEN_DRAWS[:HEADER_SIZE], limit=40)
