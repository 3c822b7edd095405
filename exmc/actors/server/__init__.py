"""Processes that handle one message after another."""

__all__: list[str] = []
