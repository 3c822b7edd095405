"""The `exmc` command."""

from exmc.cli.main import main

__all__ = ["main"]
