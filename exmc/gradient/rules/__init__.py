"""Simplifications of programs, by topic."""

__all__: list[str] = []
