"""`exmc run FILE.py`: sample the model of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.cli.model_file import model_in
from exmc.cli.report import sample_and_report

if TYPE_CHECKING:
    from argparse import Namespace


def run_file(options: Namespace) -> int:
    """Sample the file's model and print the summary."""
    return sample_and_report(model_in(options.file, options.model), options)
