"""Which of several partitions a key belongs to."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from exmc.actors.pid import Pid

if TYPE_CHECKING:
    from collections.abc import Hashable


def partition_of(key: Hashable, partitions: int) -> int:
    """Return the number of a key's partition, from 0.

    The same in every run and on every machine: an int modulo the number of
    partitions, anything else by the CRC-32 of what it is made of. Python's own hash
    of a str differs from run to run.

    Args:
        key: An int, str, bytes or Pid, or a tuple of such.
        partitions: How many there are, at least 1.

    Raises:
        TypeError: The key is of another type.
    """
    if isinstance(key, int):
        return key % partitions
    if isinstance(key, Pid):
        return key.number % partitions
    return zlib.crc32(fingerprint(key)) % partitions


def fingerprint(key: Hashable) -> bytes:
    """Return bytes that are equal for equal keys, and differ for others.

    Raises:
        TypeError: The key is of a type that has none.
    """
    match key:
        case bytes():
            return b"b%d:%b" % (len(key), key)
        case str():
            return b"s%b" % fingerprint(key.encode("utf-8", "surrogatepass"))
        case int():
            return b"i%d;" % key
        case Pid(number=number):
            return b"p%d;" % number
        case tuple():
            return b"(%b)" % b"".join(fingerprint(part) for part in key)
        case _:
            raise TypeError(
                f"A key of partitions is an int, str, bytes or Pid, or a tuple of "
                f"such, got {key!r}; route by its name or number instead."
            )
