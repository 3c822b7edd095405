"""How far from the plain evaluator rounding may lead an emitter, program by program."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.gradient.programs import Case, evaluated
from tests.plain import program_evaluator as plain

EXACT = frozenset(
    ("view", "gather", "assemble", "neg", "abs", "sign", "floor", "max", "min")
) | frozenset(("lt", "le", "eq", "where", "amax", "const"))
"""Ops that round nothing."""

MATRICES = frozenset(("cholesky", "cholesky_back", "solve_lower", "gaussian"))
"""Ops whose errors are relative to the largest entry."""

NOISE = 1e-13


def noisy(case: Case, rng: np.random.Generator) -> tuple[Any, Any]:
    """Evaluate with a relative error of about 1e-13 in everything that is rounded."""

    def jittered(x: Any, *, size: Any = None) -> Any:
        x = np.asarray(x)
        if x.dtype != np.float64:
            return x
        if size is None:
            size = np.where(x == np.floor(x), 0.0, x)
        return x + NOISE * size * rng.standard_normal(x.shape)

    values: list[Any] = []
    for _, node in case.program:
        args = [values[n] for n in node.args]
        match node.op:
            case "input":
                values.append(jittered(case.z))
            case "data":
                values.append(jittered(case.data[node["slot"]]))  # type: ignore[index]
            case "const":
                values.append(np.float64(node["value"]))  # type: ignore[arg-type]
            case op:
                value = evaluated(node, args)
                size = np.max(np.abs(value)) if op in MATRICES else None
                values.append(value if op in EXACT else jittered(value, size=size))
    return values[case.program.scalar], np.ravel(values[case.program.vector])


def tolerance(case: Case) -> tuple[float, Any]:
    """Return the largest harmless errors of the scalar and of each vector entry.

    Six evaluations with noise of 1e-13 are spread about as far as any order of
    summation, or functions of 1e-14, could lead; where a comparison or a step hangs
    on the noise, that is far.
    """
    rng = np.random.Generator(np.random.PCG64(3))
    with np.errstate(all="ignore"):
        runs = [noisy(case, rng) for _ in range(6)]
        scalar, vector = plain.evaluate(case.program, case.data, case.z)
        lost = max(abs(float(s) - scalar) for s, _ in runs)
        spread = np.max([np.abs(v - vector) for _, v in runs], axis=0)
        floor = NOISE * np.abs(vector) + 1e-300
    return lost + NOISE * abs(scalar) + 1e-300, spread + floor


def assert_close_to_plain(case: Case, scalar: float, vector: Any) -> None:
    """Fail if a calm program's outputs are off by more than rounding explains."""
    right, rights = plain.evaluate(case.program, case.data, case.z)
    about, abouts = tolerance(case)
    assert abs(scalar - right) <= about, (scalar, right, about, case.program.text)
    off = ~(np.abs(vector - rights) <= abouts)
    assert not off.any(), (np.flatnonzero(off), vector, rights, case.program.text)
