from __future__ import annotations

import pytest

from exmc.errors import UnknownVariableError
from exmc.posterior.absent import absent


@pytest.mark.parametrize(
    ("known", "listed"),
    [
        (["mu", "theta"], "mu, theta"),
        ([], "none"),
        (["b"] * 23, ", ".join(["b"] * 20) + " and 3 more"),
    ],
)
def test_the_sentence_lists_the_names(known: list[str], listed: str) -> None:
    sentence = f"Nothing is called 'tau' here; the names are {listed}."
    assert str(absent("tau", known)) == sentence


@pytest.mark.parametrize("kind", [KeyError, UnknownVariableError])
def test_it_is_caught_as_either_kind(kind: type[Exception]) -> None:
    with pytest.raises(kind, match=r"^Nothing is called 'tau' here; the names are mu"):
        raise absent("tau", ["mu"])
