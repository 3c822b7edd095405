"""The version of exmc: kept with every posterior, asked for by pyproject.toml."""

__version__ = "0.1.0"
