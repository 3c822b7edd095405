from __future__ import annotations

import os

import pytest

from exmc.actors.port.descriptor import Descriptor


def test_a_bare_descriptor_is_closed_once() -> None:
    read, write = os.pipe()
    os.close(write)
    descriptor = Descriptor(read)
    descriptor.close()
    descriptor.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(read)


def test_a_descriptor_that_nobody_keeps_is_closed() -> None:
    read, write = os.pipe()
    os.close(write)
    Descriptor(read)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(read)
