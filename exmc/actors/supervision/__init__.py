"""Processes that start others, and start them again."""

__all__: list[str] = []
