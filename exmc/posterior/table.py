"""Numbers as people read them: aligned text, or HTML."""

from __future__ import annotations

from html import escape
from math import floor, isfinite, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def digits_after_point(sd: float) -> int | None:
    """Return how many show three figures of a standard deviation.

    None where fixed point would be longer than it is clear.
    """
    if not (isfinite(sd) and 1e-4 <= sd < 1e6):
        return None
    return max(0, 2 - floor(log10(sd)))


def number(value: float, digits: int | None) -> str:
    """Return a number with so many digits after the point; None is for four figures."""
    if digits is None or not isfinite(value):
        return f"{value:.4g}"
    return f"{value:.{digits}f}"


def r_hat_text(value: float, digits: int = 3) -> str:
    """Return an R-hat with so many digits after the point; four figures if huge."""
    return number(value, digits if value < 1000.0 else None)


def as_text(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return lines of equal length: the first column to the left, the rest right."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        first, *rest = (
            cell.rjust(width) for cell, width in zip(cells, widths, strict=True)
        )
        return "  ".join([cells[0].ljust(len(first)), *rest])

    return "\n".join(map(line, [header, *rows]))


def as_html(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table element; every cell is escaped."""

    def row(tag: str, cells: Sequence[str]) -> str:
        return "".join(
            ["<tr>", *(f"<{tag}>{escape(c)}</{tag}>" for c in cells), "</tr>"]
        )

    body = "".join(row("td", cells) for cells in rows)
    return f"<table><thead>{row('th', header)}</thead><tbody>{body}</tbody></table>"
