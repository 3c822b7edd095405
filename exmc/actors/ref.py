"""A value equal to nothing but itself: it tells one monitor from another."""

from __future__ import annotations

import itertools

_numbers = itertools.count(1)


class Ref:
    """An opaque, unique reference."""

    __slots__ = ("_number",)

    def __init__(self) -> None:
        self._number = next(_numbers)

    def __repr__(self) -> str:
        return f"<ref {self._number}>"
