import logging
import subprocess
import sys

from tests.architecture.tree import ROOT

LINT = (
    "from importlinter.cli import lint_imports; "
    "raise SystemExit(lint_imports(is_debug_mode=False, no_cache=True))"
)


def broken_contracts() -> str:
    """What the linter says; in a process of its own, whose loggers it disables."""
    command = [sys.executable, "-c", LINT]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_every_import_contract_is_kept_and_no_logger_disabled() -> None:
    logger = logging.getLogger("exmc.actors")
    before = logger.disabled
    assert broken_contracts() == ""
    assert logger.disabled is before
