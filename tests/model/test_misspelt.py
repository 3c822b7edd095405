from __future__ import annotations

import pytest

from exmc.model.misspelt import ELSEWHERE, likely_meant

NORMAL = ("mu", "sigma", "tau", "shape", "dims", "observed", "initval")


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("sd", "sigma"),
        ("SD", "sigma"),
        ("scale", "sigma"),
        ("obs", "observed"),
        ("size", "shape"),
        ("sigm", "sigma"),
        ("dim", "dims"),
        ("observe", "observed"),
        ("zzz", None),
    ],
)
def test_the_likely_name_is_found(given: str, meant: str | None) -> None:
    assert likely_meant(given, NORMAL) == meant


def test_what_a_name_from_elsewhere_means_depends_on_the_family() -> None:
    assert likely_meant("scale", ("beta", "shape")) == "beta"
    assert likely_meant("precision", ("nu", "mu", "sigma", "lam")) == "lam"


def test_no_name_is_its_own_translation() -> None:
    assert all(ours not in theirs for ours, theirs in ELSEWHERE)
