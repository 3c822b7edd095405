"""Reads the command line, and turns a person's mistake into one line on stderr."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, get_args

from exmc.cli.demo import demo
from exmc.cli.model_file import ModelFileError
from exmc.cli.report import NoDrawsError
from exmc.cli.run_file import run_file
from exmc.errors import ExmcError, MissingExtraError, ModelError, OptionError
from exmc.gradient.speed import Backend
from exmc.inference.progress import say_on
from exmc.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

MISTAKE = 2
FAILED = 1
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code.

    0: done. 1: sampling failed. 2: a mistake in the call or the model.
    130: stopped by Ctrl-C, with the draws so far shown.
    """
    options = parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except (ExmcError, ModelFileError, NoDrawsError) as error:
        say_on(sys.stderr, f"exmc: {error}\n")
        return code_of(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (a pager, `head`) has seen enough.
        sys.stderr.close()
        return 0


def code_of(error: Exception) -> int:
    """Say whose fault it was: the caller's, the run's, or the interruption's."""
    match error:
        case ModelError() | OptionError() | MissingExtraError() | ModelFileError():
            return MISTAKE
        case NoDrawsError():
            return INTERRUPTED
        case _:
            return FAILED


def parser() -> argparse.ArgumentParser:
    """The grammar of the command line."""
    top = argparse.ArgumentParser(
        prog="exmc",
        description="Bayesian inference: NUTS chains in supervised processes.",
    )
    top.add_argument("--version", action="version", version=f"exmc {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    show = commands.add_parser("demo", help="sample the eight schools")
    _sampling_options(show)
    show.set_defaults(command=demo)
    run = commands.add_parser("run", help="sample the model of a Python file")
    run.add_argument("file", metavar="FILE.py", help="a file that makes one Model")
    run.add_argument("--model", metavar="NAME", help="which, if it makes several")
    run.add_argument(
        "--noncentered",
        action="store_true",
        help="sample location-scale variables standardised",
    )
    _sampling_options(run)
    run.set_defaults(command=run_file)
    return top


def _sampling_options(command: argparse.ArgumentParser) -> None:
    for name, default, meaning in (
        ("draws", 1000, "draws a chain (1000)"),
        ("tune", 1000, "warm-up steps a chain (1000)"),
        ("chains", 4, "chains (4)"),
        ("seed", None, "0 .. 2**63-1 (drawn, and shown, if not given)"),
        ("max-treedepth", 10, "doublings a transition may make (10)"),
    ):
        command.add_argument(
            f"--{name}", type=int, metavar="N", default=default, help=meaning
        )
    command.add_argument(
        "--target-accept",
        type=float,
        metavar="P",
        help="mean acceptance that the step size aims at (0.8; demo: 0.9)",
    )
    command.add_argument(
        "--backend",
        choices=get_args(Backend),
        default="auto",
        help="how gradients are computed (auto: machine code where llvmlite is)",
    )
    command.add_argument(
        "--output", metavar="FILE.npz", help="save the posterior, whole or partial"
    )
    command.add_argument("--json", action="store_true", help="the summary as JSON")
    command.add_argument("--quiet", action="store_true", help="no progress")


if __name__ == "__main__":
    sys.exit(main())
