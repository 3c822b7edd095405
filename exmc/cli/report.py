"""Samples a model and prints what was learned, as a table or as JSON."""

from __future__ import annotations

import json
import math
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from exmc.errors import OptionError
from exmc.inference import sample

if TYPE_CHECKING:
    from argparse import Namespace

    from exmc.model import Model
    from exmc.posterior import Posterior


class NoDrawsError(Exception):
    """The run was stopped in its warm-up: there is nothing to show."""


def sample_and_report(model: Model, options: Namespace) -> int:
    """Sample with the command's options; print the summary; return the exit code."""
    if options.output is not None:
        check_folder(options.output)
    posterior = sample(
        model,
        draws=options.draws,
        tune=options.tune,
        chains=options.chains,
        seed=options.seed,
        noncentered=options.noncentered,
        max_treedepth=options.max_treedepth,
        target_accept=0.8 if options.target_accept is None else options.target_accept,
        backend=options.backend,
        progress=not options.quiet,
    )
    if options.output is not None:
        save(posterior, options.output)
    if min(posterior.lengths) == 0:
        lengths = ", ".join(map(str, posterior.lengths))
        raise NoDrawsError(f"stopped before every chain had a draw ({lengths}).")
    sys.stdout.write(as_json(posterior) if options.json else f"{posterior.summary()}")
    sys.stdout.write("\n")
    if not options.json:
        sys.stdout.write(f"seed {posterior.meta.seed}\n")
    return 130 if posterior.partial else 0


def check_folder(path: str) -> None:
    """Refuse an --output that has no folder to be in, before the time is spent.

    Raises:
        OptionError: The folder is not there, or nothing may be written in it.
    """
    folder = Path(path).parent
    if not folder.is_dir():
        raise OptionError(
            f"--output {path} cannot be written: there is no folder {folder}; make it "
            f"first."
        )
    if not os.access(folder, os.W_OK):
        raise OptionError(
            f"--output {path} cannot be written: the folder {folder} is not yours to "
            f"write in; choose another."
        )


def save(posterior: Posterior, path: str) -> None:
    """Save the posterior, or say why that is not possible."""
    try:
        posterior.save(path)
    except OSError as error:
        raise OptionError(f"--output {path} cannot be written: {error}.") from error


def as_json(posterior: Posterior) -> str:
    """The summary and what else a program needs; NaN and infinity become null."""
    report = {
        "summary": {
            label: {name: _finite_or_none(value) for name, value in row.items()}
            for label, row in posterior.summary().to_dict().items()
        },
        "divergences": posterior.divergences,
        "lengths": list(posterior.lengths),
        "partial": posterior.partial,
        "seed": posterior.meta.seed,
        "backend": posterior.meta.options.get("backend"),
    }
    return json.dumps(report, indent=2, allow_nan=False)


def _finite_or_none(value: float) -> float | None:
    return value if math.isfinite(value) else None
