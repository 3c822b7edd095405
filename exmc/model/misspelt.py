"""What an argument was meant to be, when there is none of its name."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

ELSEWHERE: Final = (
    ("sigma", ("sd", "std", "stddev", "scale", "stdev")),
    ("mu", ("loc", "mean", "lam", "rate")),
    ("tau", ("prec", "precision")),
    ("lam", ("prec", "precision", "rate")),
    ("nu", ("df", "dof")),
    ("b", ("scale",)),
    ("beta", ("rate", "scale")),
    ("lower", ("low", "min", "a")),
    ("upper", ("high", "max", "b")),
    ("p", ("prob", "probs", "probability")),
    ("logit_p", ("logit", "logits", "eta")),
    ("n", ("trials", "total_count")),
    ("observed", ("obs", "data", "value")),
    ("shape", ("size", "length")),
    ("initval", ("init", "initial", "start", "testval")),
)
"""Our names, each with what other libraries call the same."""


def likely_meant(given: str, known: Sequence[str]) -> str | None:
    """Return the known name that was likely meant by another, or None.

    A name from elsewhere goes before one that is spelt alike.
    """
    for ours, theirs in ELSEWHERE:
        if ours in known and given.lower() in theirs:
            return ours
    return next(iter(get_close_matches(given.lower(), known, 1)), None)
