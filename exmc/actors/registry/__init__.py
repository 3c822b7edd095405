"""Processes found by a key, alone or many together; and what they subscribe to."""

__all__: list[str] = []
